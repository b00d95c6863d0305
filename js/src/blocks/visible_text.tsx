import type { ComponentChildren } from "preact";
import { visible } from "./visible";

/** The text as elements: plain where it is plain, hidden characters as marks. */
export function shown(text: string): ComponentChildren {
  const pieces = visible(text);
  if (pieces.length === 1 && typeof pieces[0] === "string") return pieces[0];
  return pieces.map((piece) =>
    typeof piece === "string" ? (
      piece
    ) : (
      <span class="hitl-mark" title={piece.meaning}>
        {piece.mark}
      </span>
    ),
  );
}

/** A short text from outside, cut off from the direction of the words around it. */
export function VisibleText({ text }: { text: string }) {
  return <bdi>{shown(text)}</bdi>;
}
