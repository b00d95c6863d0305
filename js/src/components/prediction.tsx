import type { ComponentChildren } from "preact";
import { VisibleText } from "../blocks/visible_text";
import type { Item, Json } from "../protocol";
import type { Review } from "../review";
import { percent, plainly } from "../words";

interface PredictionProps {
  readonly review: Review;
  readonly item: Item;
}

/** What the model says and how sure it is of it; beside it what the version before said, where that was another thing. */
export function Prediction({ review, item }: PredictionProps) {
  const { prediction, earlier, blind } = item;
  const said = prediction !== null && <Said review={review} value={prediction.value} />;
  return (
    <section class="hitl-prediction" aria-label="Prediction">
      <h3>
        Prediction
        {prediction !== null && <span>{sureness(prediction.confidence)}</span>}
      </h3>
      {earlier !== null ? (
        <dl class="hitl-versions">
          <Version name={earlier.model_version} verb="said">
            {earlier.value !== null && <Said review={review} value={earlier.value} />}
          </Version>
          <Version name={item.model_version} verb="says">
            {said}
          </Version>
        </dl>
      ) : (
        said || (
          <p class="hitl-said hitl-quiet">{blind ? "Hidden until you have answered" : "The model said nothing here"}</p>
        )
      )}
      <Bar prediction={prediction} />
    </section>
  );
}

function sureness(confidence: number | null): string {
  return confidence === null ? "confidence unknown" : `${percent(confidence)} sure`;
}

function Said({ review, value }: { readonly review: Review; readonly value: Json }) {
  const Value = review.editor.value?.Value;
  const text = review.text(value);
  return (
    <div class="hitl-said" title={plainly(text)}>
      {Value ? <Value value={value} /> : <VisibleText text={text} />}
    </div>
  );
}

interface VersionProps {
  readonly name: string;
  readonly verb: "said" | "says";
  /** What it said, if anything. */
  readonly children: ComponentChildren;
}

function Version({ name, verb, children }: VersionProps) {
  return (
    <div data-verb={verb}>
      <dt title={plainly(name)}>
        <VisibleText text={name} /> <span>{verb}</span>
      </dt>
      <dd>{children || <p class="hitl-said hitl-quiet">nothing</p>}</dd>
    </div>
  );
}

function Bar({ prediction }: Pick<Item, "prediction">) {
  if (prediction === null) return <div class="hitl-confidence" />;
  const { confidence } = prediction;
  return <div class="hitl-confidence" data-known={confidence !== null} style={{ "--share": confidence ?? 0 }} />;
}
