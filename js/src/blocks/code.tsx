import type { Block } from "../protocol";
import { useFullText } from "./full_text";
import { Scroller } from "./scroller";
import { Blank, TerminalNote, type WritingProps } from "./text";
import { shown, VisibleText } from "./visible_text";

export function Code({ block, loadFull }: WritingProps<Extract<Block, { type: "code" }>>) {
  const { text, loaded, rest } = useFullText(block, loadFull);
  if (text.trim() === "") return <Blank text={text} />;
  return (
    <>
      {block.language !== null && (
        <p class="hitl-language">
          <VisibleText text={block.language} />
        </p>
      )}
      <Scroller name={block.field} kind="code" tall={loaded !== null} takesFocus={loaded?.takesFocus}>
        <pre class="hitl-line-numbers" aria-hidden="true">
          {lineNumbers(text)}
        </pre>
        <pre class="hitl-code-text" dir="ltr">
          <code>{shown(text)}</code>
        </pre>
      </Scroller>
      <TerminalNote text={text} />
      {rest}
    </>
  );
}

function lineNumbers(text: string): string {
  const lines = text.split(/\r\n|[\r\n]/).length;
  return Array.from({ length: lines }, (_, index) => index + 1).join("\n");
}
