import { VisibleText } from "../blocks/visible_text";
import type { Item } from "../protocol";
import { jsonText, percent } from "../words";

interface PredictionProps {
  readonly prediction: Item["prediction"];
  /** The reviewer answers first. */
  readonly isHidden: boolean;
}

/** What the model says and how sure it is of it. */
export function Prediction({ prediction, isHidden }: PredictionProps) {
  if (prediction === null) {
    return (
      <section class="hitl-prediction" aria-label="Prediction">
        <h3>Prediction</h3>
        <p class="hitl-said hitl-quiet">
          {isHidden ? "Hidden until you have answered" : "The model said nothing here"}
        </p>
        <div class="hitl-confidence" />
      </section>
    );
  }
  const { value, confidence } = prediction;
  return (
    <section class="hitl-prediction" aria-label="Prediction">
      <h3>
        Prediction
        <span>{confidence === null ? "confidence unknown" : `${percent(confidence)} sure`}</span>
      </h3>
      <p class="hitl-said">
        <VisibleText text={jsonText(value)} />
      </p>
      <div class="hitl-confidence" data-known={confidence !== null} style={{ "--share": confidence ?? 0 }} />
    </section>
  );
}
