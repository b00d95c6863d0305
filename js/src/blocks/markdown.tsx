import type { MarkedToken, Token, Tokens } from "marked";
import type { ComponentChildren, JSX } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { PageFormatter } from "./formatter";
import { useFullText } from "./full_text";
import { Link, PictureOf } from "./link";
import { LONGEST_PART, Parts } from "./parts";
import { Scroller } from "./scroller";
import { Blank, LongText, TerminalNote, type WritingProps } from "./text";
import { unescaped } from "./unescaped";
import { shown } from "./visible_text";

export function Markdown({ block, loadFull }: WritingProps) {
  const { text, loaded, rest } = useFullText(block, loadFull);
  return (
    <>
      {loaded ? (
        <Scroller name={block.field} kind="long" tall takesFocus={loaded.takesFocus}>
          <MarkdownText text={text} />
        </Scroller>
      ) : (
        <MarkdownText text={text} />
      )}
      {rest}
    </>
  );
}

/**
 * Markdown as elements, never as HTML: tags in it are text, links lead to the web only, pictures are not loaded. Where
 * what formats it is not there, it stands as it is written.
 */
export function MarkdownText({ text }: { text: string }) {
  const formatter = useContext(PageFormatter).value;
  return useMemo(() => {
    if (text.trim() === "") return <Blank text={text} />;
    if (formatter === null) {
      return (
        <>
          <LongText text={text} />
          <TerminalNote text={text} />
        </>
      );
    }
    const tokens = formatter.markdownTokens(text);
    if (tokens === null) {
      return (
        <>
          <p class="hitl-rest">Too long to be formatted: this is the text as it is written.</p>
          <LongText text={text} />
        </>
      );
    }
    return (
      <>
        <div class="hitl-markdown" dir="auto">
          {drawn(tokens)}
        </div>
        <TerminalNote text={text} />
      </>
    );
  }, [text, formatter]);
}

function drawn(tokens: readonly MarkedToken[]): ComponentChildren {
  const parts: MarkedToken[][] = [[]];
  let length = 0;
  for (const token of tokens) {
    if (length > LONGEST_PART) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(token);
    length += token.raw.length;
  }
  return <Parts contents={parts.map(elements)} />;
}

function elements(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token) => element(token as MarkedToken));
}

function element(token: MarkedToken): ComponentChildren {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "text":
      return token.tokens ? elements(token.tokens) : shown(unescaped(token.text));
    case "escape":
      return shown(token.text);
    case "html":
      return token.block ? <p class="hitl-raw">{shown(token.raw.trimEnd())}</p> : shown(token.raw);
    case "paragraph":
      return <p dir="auto">{elements(token.tokens)}</p>;
    case "heading":
      // Not a heading of the page: what an item says has no place in the page's outline.
      return (
        <p dir="auto" class={`hitl-heading hitl-heading-${Math.min(Math.max(token.depth, 1), 6)}`}>
          {elements(token.tokens)}
        </p>
      );
    case "strong":
      return <strong>{elements(token.tokens)}</strong>;
    case "em":
      return <em>{elements(token.tokens)}</em>;
    case "del":
      return <del>{elements(token.tokens)}</del>;
    case "codespan":
      return <code>{shown(token.text)}</code>;
    case "code":
      return (
        <pre dir="ltr">
          <code>{shown(token.text)}</code>
        </pre>
      );
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "blockquote":
      return <blockquote>{elements(token.tokens)}</blockquote>;
    case "list":
      return <List list={token} />;
    case "list_item":
      return <li>{elements(token.tokens)}</li>;
    case "checkbox":
      return (
        <span role="img" aria-label={token.checked ? "done" : "to do"}>
          {token.checked ? "☑ " : "☐ "}
        </span>
      );
    case "table":
      return <Grid table={token} />;
    case "link":
      return (
        <Link address={token.autolink ? token.href : unescaped(token.href)} words={token.text}>
          {elements(token.tokens)}
        </Link>
      );
    case "image":
      return <PictureOf address={unescaped(token.href)} words={unescaped(token.text)} />;
  }
}

function List({ list }: { list: Tokens.List }): JSX.Element {
  const items = list.items.map((item, index) => (
    <li key={index} class={item.task ? "hitl-task" : undefined}>
      {elements(item.tokens)}
    </li>
  ));
  return list.ordered ? <ol start={Number(list.start)}>{items}</ol> : <ul>{items}</ul>;
}

function Grid({ table }: { table: Tokens.Table }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          {table.header.map((cell, index) => (
            <th key={index} scope="col" class={alignment(cell)}>
              {elements(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column} class={alignment(cell)}>
                {elements(cell.tokens)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function alignment({ align }: Tokens.TableCell): string | undefined {
  return align === "right" ? "hitl-right" : align === "center" ? "hitl-center" : undefined;
}
