import { render } from "preact";
import { Card } from "./components/card";
import type { Review } from "./review";

/** Draws the card into `host` until `abort`. */
export function mountCard(review: Review, host: HTMLElement, abort: AbortSignal): void {
  if (abort.aborted) return;
  render(<Card review={review} />, host);
  abort.addEventListener("abort", () => render(null, host), { once: true });
}
