import { VisibleText } from "../blocks/visible_text";
import type { Review } from "../review";
import { count, duration } from "../words";
import { Button } from "./button";
import { SavedState } from "./saved_state";
import type { Sheet } from "./sheet";

interface HeaderProps {
  readonly review: Review;
  readonly sheet: Sheet;
  readonly open: (sheet: Sheet) => void;
}

/** Whose review this is, how far it is, whether it is saved. */
export function Header({ review, sheet, open }: HeaderProps) {
  const { name, reviewer } = review.kernel.traits.session.value;
  const toggle = (one: Exclude<Sheet, null>) => () => open(sheet === one ? null : one);
  return (
    <div class="hitl-header">
      <div class="hitl-title">
        <h2>
          <VisibleText text={name} />
        </h2>
        <span class="hitl-quiet hitl-reviewer">
          <VisibleText text={reviewer} />
        </span>
      </div>
      <ProgressLine review={review} />
      <SavedState review={review} />
      <div class="hitl-tools">
        <Button look="quiet" onPress={toggle("history")} expanded={sheet === "history"}>
          History
        </Button>
        <Button look="quiet" onPress={toggle("help")} expanded={sheet === "help"} shortcut="?">
          Keys
        </Button>
      </div>
    </div>
  );
}

function ProgressLine({ review }: { readonly review: Review }) {
  const { total, reviewed, accepted, corrected, flagged, skipped, remaining, seconds_per_item } =
    review.ledger.progress.value;
  const left = seconds_per_item === null || remaining === 0 ? "" : `${duration(seconds_per_item * remaining)} left`;
  const parts = [
    `${count(accepted)} accepted`,
    `${count(corrected)} corrected`,
    `${count(flagged)} flagged`,
    `${count(skipped)} skipped`,
  ];
  const shares = [
    ["accept", accepted],
    ["correct", corrected],
    ["flag", flagged],
    ["rest", total === 0 ? 1 : total - reviewed],
  ] as const;
  return (
    <div class="hitl-progress">
      <div
        class="hitl-done"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={Math.max(1, total)}
        aria-valuenow={reviewed}
        aria-valuetext={`${count(reviewed)} of ${count(total)} reviewed: ${parts.join(", ")}`}
      >
        {shares.map(([part, n]) => n > 0 && <span key={part} data-part={part} style={{ flexGrow: n }} />)}
      </div>
      <p class="hitl-counts">
        <span>
          <b>{count(reviewed)}</b> of {count(total)}
        </span>
        <span class="hitl-quiet hitl-parts">{parts.join(" · ")}</span>
        <span class="hitl-quiet hitl-left">{left}</span>
      </p>
    </div>
  );
}
