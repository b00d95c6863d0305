import { signal } from "@preact/signals";
import { type ComponentChild, render as renderBare } from "preact";
import { afterEach, expect, test } from "vitest";
import { CORPUS } from "../../tests/corpus";
import type { Block } from "../protocol";
import { dangers } from "./dangers";
import { type Formatter, PageFormatter } from "./formatter";
import { Blocks, Explanation } from "./index";
import * as markdown from "./markdown_tokens";

/** Every string of every kind of block is the attack. */
function blocksOf(attack: string): readonly Block[] {
  const sides = [attack, attack] as const;
  return [
    { type: "text", field: attack, text: attack },
    { type: "markdown", field: attack, text: attack, clipped: 1_000_000 },
    { type: "code", field: attack, text: attack, language: attack },
    { type: "html", field: attack, text: attack, rendered: attack },
    { type: "image", field: attack, buffer: 0, mime: "image/png", width: 8, height: 8 },
    { type: "image", field: attack, buffer: 9, mime: "image/png", width: 8, height: 8 },
    { type: "table", field: attack, columns: [attack], rows: [[attack]] },
    { type: "table", field: attack, columns: null, rows: [[attack, attack]] },
    { type: "chat", field: attack, messages: [{ role: attack, text: attack }] },
    { type: "missing", field: attack },
    { type: "missing", field: attack, message: attack },
    { type: "unreadable", field: attack, message: attack },
    { type: "token_weights", field: attack, tokens: [{ text: attack, weight: 1 }] },
    { type: "token_weights", field: attack, tokens: [{ text: attack, weight: -1 }], sides },
    { type: "contributions", field: attack, rows: [[attack, -1, attack]] },
    { type: "contributions", field: attack, rows: [[attack, -1, attack]], sides },
    { type: "heat_map", field: attack, buffer: 0, width: 1, height: 1, scale: 1 },
    { type: "heat_map", field: attack, buffer: 0, width: 1, height: 1, scale: 1, sides },
    { type: "similar", field: attack, examples: [{ text: attack, label: attack, similarity: 0.5, buffer: 0 }] },
  ];
}

afterEach(() => {
  document.body.replaceChildren();
});

function page(): HTMLElement {
  return document.body.appendChild(document.createElement("main"));
}

function render(blocks: ComponentChild, root: HTMLElement, formatter: Formatter | null): void {
  renderBare(<PageFormatter.Provider value={signal(formatter)}>{blocks}</PageFormatter.Provider>, root);
}

test.each(CORPUS)("nothing runs, is fetched or breaks out in any field: %s", (_, attack) => {
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
  render(<Blocks {...props} />, root, markdown);
  expect(root.querySelectorAll("dt")).toHaveLength(blocks.length);
  expect(dangers(root)).toEqual([]);
  render(<Explanation {...props} />, root, markdown);
  expect(dangers(root)).toEqual([]);
  const unformatted = blocks.filter(({ type }) => type === "markdown" || type === "chat");
  render(<Blocks {...props} blocks={unformatted} />, root, null);
  expect(dangers(root)).toEqual([]);
  expect(globalThis).not.toHaveProperty("pwned");
});

test("control: drawn without protection, the same attacks are noticed", () => {
  const root = document.createElement("main");
  const seen = CORPUS.flatMap(([, attack]) => {
    root.innerHTML = attack;
    return dangers(root);
  }).join("\n");
  for (const danger of ["script", "img onerror", "svg onload", "iframe", "a href=javascript:", "a id=", "link"]) {
    expect(seen).toContain(danger);
  }
  root.innerHTML = '<a href="javascript:alert(1)" rel="noopener">x</a><img src="http://evil.example/p.png">';
  expect(dangers(root)).toEqual(["a href=javascript:alert(1)", "img src=http://evil.example/p.png"]);
});
