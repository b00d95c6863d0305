import type { Review } from "../review";
import { counted } from "../words";
import { Button } from "./button";

/** "Saved" is said only when the store has everything. */
export function SavedState({ review }: { readonly review: Review }) {
  const waiting = review.outbox.pending.value.length;
  const { kernel, outbox, isOpen } = review;
  // A kernel that is busy will answer: that is no reason to be alarmed.
  const isSilent = outbox.unanswered.value && !kernel.busy.value;
  const isStuck = waiting > 0 && (kernel.traits.problem.value !== null || !isOpen.value || isSilent);
  if (isStuck) {
    const where = outbox.durable.value ? "this browser" : "this page only";
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
