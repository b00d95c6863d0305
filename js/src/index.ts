import type { AnyModel } from "@anywidget/types";
import { isLeftOver } from "./connection";
import { openKernel } from "./model";
import type { Traits } from "./protocol";
import { Review } from "./review";
import { mountCard } from "./view";

interface Props {
  readonly model: AnyModel<Traits>;
  readonly signal: AbortSignal;
}

/** One review a model, shared by all its views. Synchronous: anywidget gives up on what takes over two seconds. */
export default function widget() {
  let review: Review | null = null;
  return {
    initialize({ model, signal }: Props): void {
      // Where the card would be, its reader finds the summary that the notebook keeps.
      if (isLeftOver(model as AnyModel)) return;
      const kernel = openKernel(model, signal);
      review = new Review({ kernel, ...openStorages(), abort: signal });
    },
    render({ el, signal }: { readonly el: HTMLElement; readonly signal: AbortSignal }): void {
      if (review !== null) mountCard(review, el, signal);
    },
  };
}

function openStorages(): { readonly localStorage: Storage | null; readonly sessionStorage: Storage | null } {
  return { localStorage: storage("localStorage"), sessionStorage: storage("sessionStorage") };
}

function storage(name: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return window[name];
  } catch {
    return null; // forbidden by the browser's settings
  }
}
