import type { Block } from "../protocol";
import { useFullText } from "./full_text";
import { LONGEST_PART, Parts } from "./parts";
import { Scroller } from "./scroller";
import { terminalCodes } from "./visible";
import { shown } from "./visible_text";

export type Writing = Pick<Extract<Block, { text: string }>, "field" | "text" | "clipped">;

export interface WritingProps<B extends Writing = Writing> {
  readonly block: B;
  readonly loadFull: () => Promise<string>;
}

export function Text({ block, loadFull }: WritingProps) {
  const { text, loaded, rest } = useFullText(block, loadFull);
  if (text.trim() === "") return <Blank text={text} />;
  return (
    <>
      {loaded ? (
        <Scroller name={block.field} kind="long" tall takesFocus={loaded.takesFocus}>
          <LongText text={text} />
        </Scroller>
      ) : (
        <LongText text={text} />
      )}
      <TerminalNote text={text} />
      {rest}
    </>
  );
}

/** Any text, as it is written. */
export function LongText({ text }: { text: string }) {
  return (
    <div class="hitl-text" dir="auto">
      <Parts contents={parts(text).map((part) => shown(part))} />
    </div>
  );
}

/** Cut at line ends only: a cut shows as one. */
function parts(text: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  while (text.length - from > LONGEST_PART) {
    const newline = text.indexOf("\n", from + LONGEST_PART);
    if (newline === -1) break;
    found.push(text.slice(from, newline));
    from = newline + 1;
  }
  found.push(text.slice(from));
  return found;
}

export function Blank({ text }: { text: string }) {
  const white = text.length === 1 ? "1 character" : `${text.length} characters`;
  return <p class="hitl-placeholder">{text === "" ? "empty text" : `only white space, ${white}`}</p>;
}

export function TerminalNote({ text }: { text: string }) {
  const codes = terminalCodes(text);
  if (codes === 0) return null;
  return (
    <p class="hitl-rest">{codes === 1 ? "1 terminal code is left out." : `${codes} terminal codes are left out.`}</p>
  );
}
