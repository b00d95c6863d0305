import type { ComponentChildren } from "preact";

interface ScrollerProps {
  /** What is inside, for who cannot see it. */
  readonly name: string;
  readonly kind: "text" | "code" | "table" | "example";
  /** Bounded in height too. */
  readonly tall?: boolean;
  readonly children: ComponentChildren;
}

/** A part that scrolls by itself, and by keyboard. */
export function Scroller({ name, kind, tall = false, children }: ScrollerProps) {
  return (
    <div class={`hitl-scroll hitl-${kind}${tall ? " hitl-tall" : ""}`} role="group" aria-label={name} tabIndex={0}>
      {children}
    </div>
  );
}
