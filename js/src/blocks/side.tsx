import type { ComponentChildren } from "preact";
import { VisibleText } from "./visible_text";

interface Props {
  readonly side: string | undefined;
  readonly or: "for" | "against";
}

/** The class that a weight of one sign speaks for; where it is not known, the word for that sign. */
export function For({ side, or }: Props): ComponentChildren {
  if (side === undefined) return or;
  return (
    <>
      for <VisibleText text={side} />
    </>
  );
}
