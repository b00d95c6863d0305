import { render } from "preact";
import { expect, test } from "vitest";
import type { Block } from "../protocol";
import { dangers } from "./dangers";
import { Blocks, Explanation } from "./index";

const ATTACKS = [
  "<script>globalThis.pwned = 1</script>",
  '<img src=x onerror="globalThis.pwned = 1">',
  '"><svg onload=globalThis.pwned=1>',
  "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
  "[click](javascript:globalThis.pwned=1)",
  "[click](JaVaScRiPt&colon;globalThis.pwned=1)",
  "[click](&#106;avascript:globalThis.pwned=1)",
  "[click](data:text/html,<script>1</script>)",
  "[click](vbscript:x) [file](file:///etc/passwd) [b](blob:http://x/1) [rel](//evil.example/x)",
  "[a][b]\n\n[b]: javascript:globalThis.pwned=1",
  "<javascript:globalThis.pwned=1>",
  "![x](http://evil.example/pixel.png) ![y](javascript:alert(1)) ![z](data:image/svg+xml,<svg/onload=alert(1)>)",
  '<a href="javascript:alert(1)" id=document name=cookie class=jp-Button style="position:fixed;inset:0">x</a>',
  "<style>*{display:none}</style><link rel=stylesheet href=//evil.example>",
  "[x](https://ok.example/'onmouseover=alert(1)) **<b onclick=alert(1)>**",
  "```html\n</code></pre><script>1</script>\n```",
  "| <img src=x onerror=1> |\n|-|\n| [x](javascript:1) |",
  "__proto__",
  "constructor",
  "{{constructor.constructor('alert(1)')()}}",
];

/** Every string of every kind of block is the attack. */
function blocksOf(attack: string): readonly Block[] {
  return [
    { type: "text", field: attack, text: attack },
    { type: "markdown", field: attack, text: attack, clipped: 1_000_000 },
    { type: "code", field: attack, text: attack, language: attack },
    { type: "image", field: attack, buffer: 0, mime: "image/png", width: 8, height: 8 },
    { type: "image", field: attack, buffer: 9, mime: "image/png", width: 8, height: 8 },
    { type: "table", field: attack, columns: [attack], rows: [[attack]] },
    { type: "table", field: attack, columns: null, rows: [[attack, attack]] },
    { type: "chat", field: attack, messages: [{ role: attack, text: attack }] },
    { type: "missing", field: attack },
    { type: "unreadable", field: attack, message: attack },
    { type: "token_weights", field: attack, tokens: [{ text: attack, weight: 1 }] },
    { type: "contributions", field: attack, rows: [[attack, -1, attack]] },
    { type: "heat_map", field: attack, buffer: 0, width: 1, height: 1, scale: 1 },
    { type: "similar", field: attack, examples: [{ text: attack, label: attack, similarity: 0.5, buffer: 0 }] },
  ];
}

function page(): HTMLElement {
  return document.body.appendChild(document.createElement("main"));
}

test.each(ATTACKS)("nothing runs, is fetched or breaks out in any field: %s", (attack) => {
  const blocks = blocksOf(attack);
  const image = new Image();
  image.src = "blob:nodedata:here";
  Object.defineProperty(image, "naturalWidth", { value: 8 });
  const props = {
    blocks,
    images: new Map([[0, image]]),
    buffers: [new DataView(new ArrayBuffer(1))],
    overlay: { heatMap: null, words: null },
    loadFull: async () => attack,
  };
  const root = page();
  render(<Blocks {...props} />, root);
  expect(root.querySelectorAll("dt")).toHaveLength(blocks.length);
  expect(dangers(root)).toEqual([]);
  render(<Explanation {...props} />, root);
  expect(dangers(root)).toEqual([]);
  expect(globalThis).not.toHaveProperty("pwned");
});

test("every attack is still there to be read", () => {
  const root = page();
  for (const attack of ATTACKS) {
    render(
      <Blocks
        blocks={[{ type: "text", field: "f", text: attack }]}
        images={new Map()}
        buffers={[]}
        overlay={{ heatMap: null, words: null }}
        loadFull={async () => ""}
      />,
      root,
    );
    expect(root.querySelector(".hitl-text")?.textContent).toBe(attack);
  }
});

test("control: drawn without protection, the same attacks are noticed", () => {
  const root = document.createElement("main");
  const seen = ATTACKS.flatMap((attack) => {
    root.innerHTML = attack;
    return dangers(root);
  }).join("\n");
  for (const danger of ["script", "img onerror", "svg onload", "iframe", "a href=javascript:", "a id=", "link"]) {
    expect(seen).toContain(danger);
  }
  root.innerHTML = '<a href="javascript:alert(1)" rel="noopener">x</a><img src="http://evil.example/p.png">';
  expect(dangers(root)).toEqual(["a href=javascript:alert(1)", "img src=http://evil.example/p.png"]);
});
