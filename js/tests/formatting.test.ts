/** What formats Markdown comes before it is needed; without it, texts stand as they are written. */
import { afterEach, expect, test } from "vitest";
import * as markdown from "../src/blocks/markdown_tokens";
import type { Item } from "../src/protocol";
import type { FakeKernel, FakeKernelOptions } from "./fake_kernel";
import { currentId, forget, type Opened, openCard, openPage, painted, press, ticket, type Unpack } from "./mounted";

let page: Opened | undefined;

afterEach(() => forget(page));

function written(i: number, text = `**number ${i}**`): Item {
  return ticket(i, { blocks: [{ type: "markdown", field: "body", text }] });
}

function asked({ received }: FakeKernel): number {
  return received.filter(({ kind }) => kind === "library").length;
}

const item = ({ host }: Opened) => host.querySelector(".hitl-item") as HTMLElement;
const foot = ({ host }: Opened) => host.querySelector(".hitl-foot")?.textContent ?? "";

async function open(options: FakeKernelOptions, unpack?: Unpack): Promise<Opened> {
  page = await openCard(options, unpack);
  page.host.querySelector<HTMLElement>('[data-hitl="review"]')?.focus();
  return page;
}

test("a review without Markdown asks for nothing", async () => {
  const opened = await open({ items: [ticket(0), ticket(1)] });
  expect(asked(opened.kernel)).toBe(0);
});

test.each<readonly [string, Partial<Item>]>([
  ["a field", { blocks: [{ type: "markdown", field: "body", text: "*x*" }] }],
  ["a chat", { blocks: [{ type: "chat", field: "talk", messages: [] }] }],
  ["an explanation", { explanation: [{ type: "markdown", field: "why", text: "*x*" }] }],
])("it is asked for once, when %s comes that is far from its turn", async (_, extra) => {
  const opened = await open({ items: [ticket(0), ticket(1), ticket(2, extra), ticket(3, extra), ticket(4)] });
  expect(currentId(opened.review)).toBe("t0");
  expect(asked(opened.kernel)).toBe(1);
  expect(opened.review.formatting.formatter.peek()).not.toBeNull();
});

test("it is asked for before anything else where the kernel knows that it will be needed", async () => {
  const session = { guidelines: "Be **kind**.", formatted: true };
  const opened = await open({ items: [ticket(0), written(1)], session });
  expect(opened.kernel.received[0]?.kind).toBe("library");
  expect(asked(opened.kernel)).toBe(1);
  expect(opened.host.querySelector(".hitl-guidelines strong")?.textContent).toBe("kind");
});

test("the next item is formatted in the frame in which it comes", async () => {
  const opened = await open({ items: [written(0), written(1)] });
  press(opened.host, "a");
  await Promise.resolve(); // the page draws in a microtask, before the frame
  expect(item(opened).dataset.itemId).toBe("t1");
  expect(item(opened).querySelector("strong")?.textContent).toBe("number 1");
});

test("another page of the same browser tab has it at once", async () => {
  const opened = await open({ items: [written(0)] });
  const again = openPage({ items: [] }, opened.kernel);
  await painted();
  expect(again.review.formatting.formatter.peek()).not.toBeNull();
  expect(asked(opened.kernel)).toBe(1);
  forget(again);
});

test("until it has come texts stand as they are written, the foot says so in time, and reviewing goes on", async () => {
  let arrive: () => void = () => undefined;
  const unpack: Unpack = () =>
    new Promise((resolve) => {
      arrive = () => resolve(markdown);
    });
  const opened = await open({ items: [written(0), written(1)] }, unpack);
  expect(item(opened).textContent).toContain("**number 0**");
  expect(foot(opened)).not.toContain("Markdown");
  press(opened.host, "a");
  await painted();
  expect(item(opened).textContent).toContain("**number 1**");
  await expect.poll(() => foot(opened), { timeout: 4_000 }).toContain("Markdown as it is written, until");
  const field = item(opened).querySelector(".hitl-field");
  arrive();
  await painted();
  expect(item(opened).querySelector("strong")?.textContent).toBe("number 1");
  expect(item(opened).querySelector(".hitl-field")).toBe(field);
  expect(foot(opened)).not.toContain("Markdown");
});

test("what cannot be unpacked leaves texts as they are written, the foot says so, and reviewing goes on", async () => {
  const opened = await open({ items: [written(0), written(1)] }, () => Promise.reject(new Error("blocked")));
  expect(item(opened).textContent).toContain("**number 0**");
  expect(foot(opened)).toContain("it could not be formatted in this browser");
  press(opened.host, "a");
  await painted();
  expect(item(opened).textContent).toContain("**number 1**");
  expect(opened.kernel.log.events.map(({ kind }) => kind)).toEqual(["decide"]);
});
