import { signal } from "@preact/signals";
import { type ComponentChild, render as renderBare } from "preact";
import { act } from "preact/test-utils";
import { beforeEach } from "vitest";
import type { BlocksProps } from "../src/blocks";
import { PageFormatter } from "../src/blocks/formatter";
import * as markdown from "../src/blocks/markdown_tokens";

/** What blocks need beside what they are. */
export const NOTHING: BlocksProps = {
  blocks: [],
  images: new Map(),
  buffers: [],
  overlay: { heatMap: null, words: null },
  loadFull: async () => "",
};
const FORMATTER = signal(markdown);

/** Where the blocks of a test are drawn, anew for each. */
export let root: HTMLElement;

beforeEach(() => {
  document.body.replaceChildren();
  root = document.body.appendChild(document.createElement("main"));
});

/** In a page that has what formats Markdown. */
export function render(blocks: ComponentChild, into: HTMLElement): void {
  renderBare(<PageFormatter.Provider value={FORMATTER}>{blocks}</PageFormatter.Provider>, into);
}

/** Into the search of what is open. */
export function type(wanted: string): Promise<void> {
  return act(() => {
    const input = root.querySelector("input") as HTMLInputElement;
    input.value = wanted;
    input.dispatchEvent(new InputEvent("input"));
  });
}

export function button(words: RegExp): HTMLButtonElement {
  const found = Array.from(root.querySelectorAll("button")).find((one) => words.test(one.textContent ?? ""));
  if (found === undefined) throw new Error(`no button says ${words}`);
  return found;
}
