import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface ScrollerProps {
  /** What is inside, for who cannot see it. */
  readonly name: string;
  readonly kind: "long" | "code" | "table" | "example";
  /** Bounded in height too. */
  readonly tall?: boolean;
  readonly takesFocus?: boolean | undefined;
  readonly children: ComponentChildren;
}

/** A part that scrolls by itself, and by keyboard. */
export function Scroller({ name, kind, tall = false, takesFocus = false, children }: ScrollerProps) {
  const part = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (takesFocus) part.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <div
      ref={part}
      class={`hitl-scroll hitl-${kind}${tall ? " hitl-tall" : ""}`}
      role="group"
      aria-label={name}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
