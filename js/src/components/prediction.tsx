import { VisibleText } from "../blocks/visible_text";
import type { Item } from "../protocol";
import type { Review } from "../review";
import { percent } from "../words";

/** What the model says and how sure it is of it. */
export function Prediction({ review, item }: { readonly review: Review; readonly item: Item }) {
  const { prediction, blind } = item;
  if (prediction === null) {
    return (
      <section class="hitl-prediction" aria-label="Prediction">
        <h3>Prediction</h3>
        <p class="hitl-said hitl-quiet">{blind ? "Hidden until you have answered" : "The model said nothing here"}</p>
        <div class="hitl-confidence" />
      </section>
    );
  }
  const { value, confidence } = prediction;
  const Value = review.editor.value?.Value;
  return (
    <section class="hitl-prediction" aria-label="Prediction">
      <h3>
        Prediction
        <span>{confidence === null ? "confidence unknown" : `${percent(confidence)} sure`}</span>
      </h3>
      <div class="hitl-said">{Value ? <Value value={value} /> : <VisibleText text={review.text(value)} />}</div>
      <div class="hitl-confidence" data-known={confidence !== null} style={{ "--share": confidence ?? 0 }} />
    </section>
  );
}
