import { useLayoutEffect, useRef } from "preact/hooks";
import type { Draft } from "../draft";
import { isComposed } from "../keys";

/** A remark that goes with the next decision on this item. */
export function CommentField({ draft, close }: { readonly draft: Draft; readonly close: () => void }) {
  const { form, comment } = draft.fields.value;
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (form === "comment") field.current?.focus({ preventScroll: true });
  }, [form]);
  return (
    <input
      ref={field}
      class="hitl-comment"
      type="text"
      aria-label="Comment on your decision"
      placeholder="Add a comment to your decision"
      value={comment}
      onInput={(event) => draft.change({ comment: event.currentTarget.value })}
      onKeyDown={(event) => {
        if (event.key === "Tab") return;
        event.stopPropagation();
        if (isComposed(event)) return;
        if (event.key === "Enter" || event.key === "Escape") close();
      }}
    />
  );
}
