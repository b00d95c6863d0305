import { render } from "preact";
import { Card } from "./components/card";
import type { Review } from "./review";

/** Views of a review that are on the page: the first one shows the pictures, the others copies. */
const VIEWS = new WeakMap<Review, Set<HTMLElement>>();

/** Draws the card into `host` until `abort`. */
export function mountCard(review: Review, host: HTMLElement, abort: AbortSignal): void {
  if (abort.aborted) return;
  const views = VIEWS.get(review) ?? new Set();
  VIEWS.set(review, views);
  const ownsImages = views.size === 0;
  views.add(host);
  render(<Card review={review} ownsImages={ownsImages} />, host);
  abort.addEventListener("abort", () => {
    views.delete(host);
    render(null, host);
  });
}
