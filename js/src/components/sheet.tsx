import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { isComposed } from "../keys";
import type { Review } from "../review";
import { Button } from "./button";
import { LastStep } from "./last_step";

/** Which of them is open. */
export type Sheet = "history" | "help" | null;

interface SheetProps {
  readonly review: Review;
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** Lies over the item while it is open: nothing around it moves. */
export function SheetFrame({ review, title, close, children }: SheetProps) {
  const id = useId();
  const before = useRef(review.said.peek());
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.focus({ preventScroll: true }), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") return;
    event.stopPropagation();
    if (isComposed(event)) return;
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key === "Escape" || (event.key === "?" && !isTyping)) {
      event.preventDefault();
      close();
    }
  };
  return (
    <div class="hitl-sheet" role="dialog" aria-labelledby={id} tabIndex={-1} ref={box} onKeyDown={onKeyDown}>
      <div class="hitl-sheet-head">
        <h3 id={id}>{title}</h3>
        {review.said.value !== before.current && <LastStep review={review} />}
        <Button look="quiet" onPress={close} shortcut="Esc">
          Close
        </Button>
      </div>
      <div class="hitl-sheet-body">{children}</div>
    </div>
  );
}
