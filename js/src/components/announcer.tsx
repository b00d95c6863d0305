import { Fragment } from "preact";
import type { Item, Json } from "../protocol";
import type { Review } from "../review";
import { percent, plainly } from "../words";

/** Tells a screen reader what has happened and what is there now. */
export function Announcer({ review }: { readonly review: Review }) {
  const said = review.said.value;
  return (
    <div class="hitl-unseen" role="status" aria-live="polite" aria-atomic="true">
      {/* Words that are said again are put in anew: of the same ones in their place no screen reader says anything. */}
      <Fragment key={said}>{`${said.text} ${sceneInWords(review)}`.trim()}</Fragment>
    </div>
  );
}

function sceneInWords(review: Review): string {
  const { stage, held } = review.scene.value;
  switch (stage) {
    case "loading":
      return "The next item is being fetched.";
    case "empty":
      return "There is nothing to review.";
    case "end":
      return "You are at the end of your queue.";
    case "item": {
      if (held === null) return "";
      const { item_id, prediction, earlier, blind } = held.item;
      if (blind) return `Item ${plainly(item_id)}: answer first, the prediction is shown after that.`;
      if (prediction === null && earlier === null) return `Item ${plainly(item_id)}, without a prediction.`;
      const confidence = prediction?.confidence ?? null;
      const sure = confidence === null ? "" : `, ${percent(confidence)} sure`;
      return `Item ${plainly(item_id)}: ${predictionInWords(review, held.item)}${sure}.`;
    }
  }
}

function predictionInWords(review: Review, { prediction, earlier, model_version }: Item): string {
  const inWords = (value: Json | undefined) => (value == null ? "nothing" : plainly(review.text(value)));
  if (earlier === null) return `predicted ${inWords(prediction?.value)}`;
  const [before, now] = [earlier.model_version, model_version].map(plainly);
  return `${before} said ${inWords(earlier.value)}, ${now} says ${inWords(prediction?.value)}`;
}
