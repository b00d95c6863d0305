import { shown } from "../blocks/visible_text";
import type { Figure, Progress, Summary } from "../protocol";
import type { Review } from "../review";
import { count, counted, percent } from "../words";
import { Button } from "./button";

/** What stands at the end of the queue, and what to do with it. */
export function EndSummary({ review }: { readonly review: Review }) {
  const { total, reviewed, ...counts } = review.ledger.progress.value;
  const summary = review.kernel.traits.summary.value;
  const waiting = review.outbox.pending.value.length;
  return (
    <section class="hitl-end" aria-label="Summary">
      <h3>{reviewed === total ? "All reviewed" : "Nothing left in your queue"}</h3>
      <p class="hitl-quiet">
        {waiting === 0
          ? `${counted(reviewed, "item")} of ${count(total)} decided; everything is saved.`
          : `${counted(waiting, "decision")} on the way to the store.`}
      </p>
      <Tally counts={counts} />
      {summary !== null && <Findings summary={summary} />}
      <Button shortcut="u" onPress={() => review.undo()}>
        Undo
      </Button>
    </section>
  );
}

function Tally({ counts }: { readonly counts: Pick<Progress, "accepted" | "corrected" | "flagged" | "skipped"> }) {
  const rows = [
    ["accept", counts.accepted, "accepted"],
    ["correct", counts.corrected, "corrected"],
    ["flag", counts.flagged, "flagged"],
    ["skip", counts.skipped, "skipped"],
  ] as const;
  return (
    <dl class="hitl-tally">
      {rows.map(([part, n, name]) => (
        <div key={part} data-part={part}>
          <dt>{name}</dt>
          <dd>{count(n)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Findings({ summary: { accuracy, changed, next_steps } }: { readonly summary: Summary }) {
  return (
    <>
      <h4>Accuracy of the model</h4>
      <p>{shown(figureInWords(accuracy))}</p>
      {changed > 0 && <p>{counted(changed, "item")} had changed since an earlier review and were asked again.</p>}
      {next_steps.length > 0 && (
        <>
          <h4>Next</h4>
          <ul class="hitl-next">
            {next_steps.map((step) => (
              <li key={step}>
                <code>{shown(step)}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function figureInWords({ value, low, high, level, n, method, note }: Figure): string {
  if (value === null) return note === "" ? "It cannot be stated." : note;
  const isExact = low === null || high === null || low === high;
  const interval = isExact ? "" : `, between ${share(low)} and ${share(high)} with ${percent(level)} confidence`;
  return `${share(value)}${interval} (${counted(n, "decision")}, ${method}). ${note}`.trim();
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}
