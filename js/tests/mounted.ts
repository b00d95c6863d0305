/** A review over the kernel in small, as anywidget would mount it. */
import * as markdown from "../src/blocks/markdown_tokens";
import type { FormattingOptions } from "../src/formatting";
import { openKernel } from "../src/model";
import type { Item, Json } from "../src/protocol";
import { Review } from "../src/review";
import { mountCard } from "../src/view";
import { FakeKernel, type FakeKernelOptions } from "./fake_kernel";

export function ticket(i: number, extra: Partial<Item> = {}): Item {
  return {
    item_id: `t${i}`,
    content_hash: `h${i}`,
    model_version: "v1",
    blind: false,
    blocks: [{ type: "text", field: "subject", text: `ticket number ${i}` }],
    prediction: { value: "refund", confidence: 0.6 },
    earlier: null,
    candidates: [
      { value: "refund", probability: 0.6 },
      { value: "card lost", probability: 0.3 },
    ],
    explanation: [],
    ...extra,
  };
}

export function tickets(n: number, extra: Partial<Item> = {}): Item[] {
  return Array.from({ length: n }, (_, i) => ticket(i, extra));
}

export const LABELS = {
  labels: [
    { value: "refund", key: "1" },
    { value: "card lost", key: "2" },
    { value: "other", key: "3" },
  ],
};

/** How a page comes from what the kernel sends to what formats Markdown. */
export type Unpack = NonNullable<FormattingOptions["unpack"]>;

export interface Opened {
  readonly kernel: FakeKernel;
  readonly review: Review;
  readonly closing: AbortController;
  readonly host: HTMLElement;
}

/** One page load: what is in `localStorage` and in the kernel's log was there before. */
export function openPage(
  options: FakeKernelOptions,
  kernel = new FakeKernel({ labels: LABELS, ...options }),
  unpack: Unpack = async () => markdown,
): Opened {
  const closing = new AbortController();
  const opened = openKernel(kernel.model, closing.signal);
  const review = new Review({ kernel: opened, localStorage, sessionStorage, abort: closing.signal, unpack });
  const host = document.body.appendChild(document.createElement("div"));
  return { kernel, review, closing, host };
}

/** With the card on the page and its first item painted. */
export async function openCard(options: FakeKernelOptions, unpack?: Unpack): Promise<Opened> {
  const opened = openPage(options, undefined, unpack);
  mountCard(opened.review, opened.host, opened.closing.signal);
  await painted();
  return opened;
}

/** Until what was drawn has been painted and what was sent after it has been answered. */
export async function painted(): Promise<void> {
  for (let i = 0; i < 2; i++) {
    await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
    await new Promise<void>((resolve) => setTimeout(resolve, 5));
  }
}

/** The review's own paint, for tests without a card. */
export function look(review: Review): void {
  review.sight.painted(review.scene.peek());
}

export function currentId(review: Review): string | null {
  return review.scene.peek().place?.item_id ?? null;
}

export function press(host: HTMLElement, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const root = host.querySelector('[data-hitl="review"]') as HTMLElement;
  const target = root.contains(document.activeElement) ? (document.activeElement as HTMLElement) : root;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

/** Keys one after the other, each on what was painted. */
export async function pressAll(host: HTMLElement, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    press(host, key);
    await painted();
  }
}

/** The newest event of the log as what it decided. */
export function newestDecision({
  log,
}: FakeKernel): readonly [action: string | null | undefined, value: Json | undefined] {
  const { action, value } = log.newest() ?? {};
  return [action, value];
}

/** What a page keeps for all its cards is gone with it. */
export function forgetPage(): void {
  delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for("hitl_notebook/outbox")];
}

/** As a browser that was never here, for each test anew. */
export function forget(page: Opened | undefined): void {
  page?.closing.abort();
  page?.host.remove();
  forgetPage();
  localStorage.clear();
  sessionStorage.clear();
}
