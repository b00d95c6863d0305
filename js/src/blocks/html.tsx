import { useState } from "preact/hooks";
import type { Block } from "../protocol";
import { Code } from "./code";
import type { WritingProps } from "./text";

type HtmlBlock = Extract<Block, { type: "html" }>;

/** No script, no style sheet, no frame and no picture from elsewhere, whatever stands after it. */
const HEAD =
  "<!doctype html><meta http-equiv=Content-Security-Policy content=\"default-src 'none';img-src data:;style-src 'unsafe-inline'\">";
const FILL = "<style>html,body,iframe{border:0;height:100%;margin:0;width:100%;overflow:hidden}</style>";

/** Source text; rendered only when asked for, and only apart from the page. */
export function Html({ block, loadFull }: WritingProps<HtmlBlock>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {block.rendered === null ? (
        <p class="hitl-rest">Too long to be shown rendered.</p>
      ) : (
        <button type="button" class="hitl-link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Hide it rendered" : "Show it rendered"}
        </button>
      )}
      {isOpen && block.rendered !== null && (
        <>
          <iframe class="hitl-frame" title={`${block.field}, rendered`} sandbox="" srcDoc={framed(block.rendered)} />
          <p class="hitl-rest">
            {isAsWritten(block.rendered, block)
              ? "Rendered as it is written: nothing is left out. "
              : "Sanitised: what there was of scripts, style sheets, links, forms and all that would be fetched is left out. "}
            The source:
          </p>
        </>
      )}
      <Code block={{ ...block, type: "code", language: "HTML" }} loadFull={loadFull} />
    </>
  );
}

/** Whether nothing was taken out of the source, as far as it has come. */
function isAsWritten(rendered: string, { text, clipped }: HtmlBlock): boolean {
  return clipped === undefined ? rendered === text : rendered.startsWith(text);
}

/** In a frame within a frame: a document may take itself elsewhere by a link, but not where its parent allows no frame. */
function framed(html: string): string {
  const inner = (HEAD + html).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `${HEAD}${FILL}<iframe sandbox title=rendered srcdoc="${inner}"></iframe>`;
}
