import type { EditorCommand } from "../editors/editor";
import type { Review } from "../review";

/** What a reviewer can do to the current item, by key or by button. */
export type Verdict =
  | { readonly kind: "accept" | "correct" | "flag" | "skip" | "undo" | "comment" | "keep" }
  | EditorCommand
  | { readonly kind: "send_flag"; readonly reason: string; readonly comment: string };

/**
 * Whether a second click in quick succession means it twice: a step back does, and so does a tick. A decision does not,
 * whose second click would fall on the next item.
 */
export function bearsDoubleClick({ kind }: Verdict): boolean {
  return !["accept", "answer", "keep", "send_flag", "skip"].includes(kind);
}

/** Whether an event was made of it; opening a form makes none. */
export function act(review: Review, verdict: Verdict): boolean {
  switch (verdict.kind) {
    case "accept":
      return review.accept();
    case "answer":
      return review.answer(verdict.value);
    case "send_flag":
      return review.flag(verdict.reason, verdict.comment);
    case "skip":
      return review.skip();
    case "undo":
      return review.undo();
    case "keep":
      return review.keep();
    case "draft":
      review.draft.change(verdict.change);
      return false;
    case "correct":
      review.openForm("editor");
      return false;
    case "flag":
      review.openForm("flag");
      return false;
    case "comment":
      review.openForm("comment");
      return false;
  }
}
