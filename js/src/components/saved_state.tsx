import type { Review } from "../review";
import { counted } from "../words";
import { Button } from "./button";

/** "Saved" is said only when the store has everything. */
export function SavedState({ review }: { readonly review: Review }) {
  const waiting = review.outbox.pending.value.length;
  const isStuck =
    waiting > 0 &&
    (review.kernel.traits.problem.value !== null || !review.isOpen.value || review.outbox.unanswered.value);
  if (isStuck) {
    const where = review.outbox.durable.value ? "this browser" : "this page only";
    return (
      <div class="hitl-saved" data-state="stuck">
        <span>
          Not saved — {counted(waiting, "decision")} kept in {where}
        </span>
        <Button look="quiet" onPress={() => review.retry()}>
          Retry
        </Button>
      </div>
    );
  }
  return (
    <div class="hitl-saved" data-state={waiting === 0 ? "saved" : "saving"}>
      <span>{waiting === 0 ? "Saved" : waiting === 1 ? "Saving…" : `Saving ${waiting}…`}</span>
    </div>
  );
}
