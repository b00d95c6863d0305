import { VisibleText } from "../blocks/visible_text";
import { percent } from "../words";
import type { Choice } from "./choice";

/** What stands in a row: key, label, and the model's probability as number and bar. */
export function LabelRow({
  choice: { value, key, probability, isPredicted, isAnswered, isChosen },
}: {
  readonly choice: Choice;
}) {
  return (
    <>
      <kbd aria-hidden="true" data-empty={key === null}>
        {key}
      </kbd>
      {isChosen !== null && <span class="hitl-tick" data-on={isChosen} aria-hidden="true" />}
      <span class="hitl-label-text">
        <VisibleText text={value} />
      </span>
      {isAnswered && <span class="hitl-tag">your answer</span>}
      {isPredicted && <span class="hitl-unseen">predicted</span>}
      <span class="hitl-share">{probability === null ? "" : percent(probability)}</span>
    </>
  );
}
