import type { HeldItem } from "../item_window";
import type { Review } from "../review";
import { Actions } from "./actions";
import { CommentField } from "./comment_field";
import { FirstAnswer } from "./first_answer";
import { FlagForm } from "./flag_form";
import { LastStep } from "./last_step";
import { Prediction } from "./prediction";
import type { Verdict } from "./verdict";

interface PanelProps {
  readonly review: Review;
  readonly held: HeldItem;
  readonly perform: (verdict: Verdict, event: Event) => void;
  readonly closeForm: () => void;
}

/** The prediction and everything to decide with: it keeps its place and its size from item to item. */
export function Panel({ review, held: { item }, perform, closeForm }: PanelProps) {
  const { draft } = review;
  const editor = review.editor.value;
  const { form } = draft.fields.value;
  const isOpen = review.isOpen.value;
  const standing = review.standing();
  const decided = standing?.kind === "decide" ? standing : null;
  return (
    // What is typed before the item is on the screen was meant for the one before it.
    <div class="hitl-panel" onInputCapture={(event) => review.sight.counts(event) || event.stopPropagation()}>
      <Prediction review={review} item={item} />
      {review.kernel.traits.session.value.blind && (
        <FirstAnswer
          place={review.scene.value.place}
          isHidden={item.blind}
          standing={decided}
          text={review.text}
          keep={(event) => perform({ kind: "keep" }, event)}
        />
      )}
      <Actions
        isOpen={isOpen}
        canAccept={item.prediction !== null}
        isDecided={decided !== null}
        form={form}
        press={(kind, event) => perform({ kind }, event)}
      />
      <div class="hitl-answers">
        {form === "flag" && (
          <FlagForm
            draft={draft}
            reasons={editor?.reasons ?? []}
            flag={(reason, comment, event) => perform({ kind: "send_flag", reason, comment }, event)}
            close={closeForm}
          />
        )}
        <div class="hitl-editor" hidden={form === "flag"}>
          {editor === null ? (
            <p class="hitl-quiet">This page has no editor for this task: accept, flag or skip.</p>
          ) : (
            <editor.Editor
              item={item}
              answered={review.answered()}
              draft={draft}
              isOpen={form === "editor"}
              isOff={!isOpen}
              answer={(value, event) => perform({ kind: "answer", value }, event)}
              close={closeForm}
            />
          )}
        </div>
      </div>
      {form !== "flag" && <CommentField draft={draft} close={closeForm} />}
      <LastStep review={review} />
    </div>
  );
}
