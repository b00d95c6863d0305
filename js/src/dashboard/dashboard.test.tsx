/** The dashboard's page over a kernel in small and the real Vega. */
import type { AnyModel } from "@anywidget/types";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as library from "../chart/vega";
import dashboard from "./index";
import type { DashboardDown, DashboardTraits, DashboardUp, FigureDown } from "./messages";

const BARS = {
  data: { name: "data" },
  mark: "bar",
  encoding: { x: { field: "day", type: "nominal" }, y: { field: "n", type: "quantitative" } },
  params: [{ name: "selected", select: { type: "point", fields: ["day"] } }],
};
const rows = (...counts: readonly number[]) => ({ data: counts.map((n, i) => ({ day: `day ${i}`, n })) });
let opened = 0;

class Kernel {
  readonly sent: DashboardUp[] = [];
  readonly library = `dashboard chunk ${opened++}`;
  readonly #listeners = new Set<readonly [event: string, listener: (...parts: readonly unknown[]) => void]>();

  readonly model = {
    get: () => this.library,
    send: (message: DashboardUp) => void this.sent.push(message),
    on: (event: string, listener: () => void) => void this.#listeners.add([event, listener]),
    off: (event: string, listener: () => void) => {
      for (const known of this.#listeners) {
        if (known[0] === event && known[1] === listener) this.#listeners.delete(known);
      }
    },
  } as unknown as AnyModel<DashboardTraits>;

  say(...messages: readonly DashboardDown[]): void {
    for (const message of messages) this.tell("msg:custom", message, []);
  }

  tell(event: string, ...parts: readonly unknown[]): void {
    for (const [name, listener] of [...this.#listeners]) if (name === event) listener(...parts);
  }

  of<K extends DashboardUp["kind"]>(kind: K) {
    return this.sent.filter((message): message is Extract<DashboardUp, { kind: K }> => message.kind === kind);
  }

  get listening(): number {
    return this.#listeners.size;
  }
}

/** A page on which everything is on screen. */
class OnScreen {
  constructor(readonly tell: (entries: readonly { readonly isIntersecting: boolean }[]) => void) {}
  observe(): void {
    this.tell([{ isIntersecting: true }]);
  }
  disconnect(): void {}
}

const figure = (name: string, more: Partial<FigureDown> = {}): FigureDown => ({
  kind: "figure",
  name,
  tab: "Accuracy",
  title: `What is ${name}?`,
  words: [`${name} is 3.`],
  problem: null,
  spec: BARS,
  rows: rows(3, 5),
  ...more,
});

const behind = (name: string, count: number, undecided = count, which = "") =>
  ({ kind: "behind", name, count, undecided, which, selected: true }) as const;

/** Tells of sizes when it is told them. */
class Sizes {
  static readonly all = new Set<Sizes>();
  readonly of = new Set<Element>();
  constructor(
    readonly tell: (entries: readonly { readonly contentRect: { width: number; height: number } }[]) => void,
  ) {
    Sizes.all.add(this);
  }
  observe(element: Element): void {
    this.of.add(element);
  }
  disconnect(): void {
    Sizes.all.delete(this);
  }
}

let host: HTMLElement;
let kernel: Kernel;
let closing: AbortController;

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", OnScreen);
  host = document.body.appendChild(document.createElement("div"));
  kernel = new Kernel();
  closing = new AbortController();
  const shelf = { library: Promise.resolve(library), isArriving: true, asked_at: 0 };
  Object.assign(globalThis, { [Symbol.for(`hitl_notebook/${kernel.library}`)]: shelf });
});
afterEach(() => {
  closing.abort();
  host.remove();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function open(...figures: readonly FigureDown[]): Promise<void> {
  dashboard.render({ model: kernel.model, el: host, signal: closing.signal });
  kernel.say({ kind: "tabs", tabs: ["Accuracy", "Agreement", "Progress"], open: "Accuracy" }, ...figures);
  kernel.say({ kind: "round", tab: "Accuracy", names: figures.map(({ name }) => name) });
  await expect.poll(() => host.querySelectorAll(".hitl-figure svg").length).toBe(figures.length);
}

const tabs = () => [...host.querySelectorAll<HTMLElement>("[role=tab]")];
const bars = (name: string) => [...host.querySelectorAll(`[data-figure=${name}] .mark-rect path`)];
const button = (words: string) => [...host.querySelectorAll("button")].find((one) => one.textContent?.includes(words));
const panel = () => host.querySelector("[role=tabpanel]");

test("a page that can be seen says so, and again when it no longer can", async () => {
  await open();
  await expect.poll(() => kernel.of("watch").map(({ visible }) => visible)).toEqual([true]);
  closing.abort();
  expect(kernel.of("watch").map(({ visible }) => visible)).toEqual([true, false]);
  expect(kernel.listening).toBe(0);
  expect(host.childElementCount).toBe(0);
});

test("a tab is busy until its figures have all been told, and again when it is opened anew", async () => {
  dashboard.render({ model: kernel.model, el: host, signal: closing.signal });
  const isBusy = () => panel()?.getAttribute("aria-busy");
  kernel.say({ kind: "tabs", tabs: ["Accuracy", "Agreement"], open: "Accuracy" }, figure("one"));
  await expect.poll(isBusy).toBe("true");
  kernel.say({ kind: "round", tab: "Accuracy", names: ["one"] });
  await expect.poll(isBusy).toBe("false");
  tabs()[1]?.click();
  await expect.poll(isBusy).toBe("true");
  tabs()[0]?.click();
  await expect.poll(() => panel()?.getAttribute("aria-label")).toBe("Accuracy");
  expect(isBusy()).toBe("true");
  kernel.say({ kind: "round", tab: "Accuracy", names: ["one"] });
  await expect.poll(isBusy).toBe("false");
});

test("a kernel that does not answer is asked again, and waited for in words", async () => {
  vi.useFakeTimers();
  dashboard.render({ model: kernel.model, el: host, signal: closing.signal });
  await vi.advanceTimersByTimeAsync(100);
  expect(host.textContent).toContain("Preparing the figures");
  await vi.advanceTimersByTimeAsync(6_000);
  expect(host.textContent).toContain("Waiting for the kernel");
  expect(kernel.of("watch").filter(({ lacks_all }) => lacks_all).length).toBeGreaterThan(1);
});

test("a figure is its name, its words and its chart, and is patched in place", async () => {
  await open(figure("one"), figure("other"));
  expect(panel()?.textContent).toContain("one is 3.");
  const svg = host.querySelector("[data-figure=one] svg");
  const notes = ["2 of 5 are left out"];
  kernel.say({ kind: "figure", name: "one", tab: "Accuracy", words: ["one is 4."], notes, rows: rows(3, 5, 4) });
  await expect.poll(() => bars("one").length).toBe(3);
  expect(host.querySelector("[data-figure=one] svg")).toBe(svg);
  expect(panel()?.textContent).toContain("one is 4.2 of 5 are left out");
  expect(bars("other")).toHaveLength(2);
});

test("what is said above a chart keeps the height that it had, until its width is another or its tab is opened anew", async () => {
  vi.stubGlobal("ResizeObserver", Sizes);
  await open(figure("one"));
  const above = () => host.querySelector<HTMLElement>(".hitl-above");
  const box = () => above()?.parentElement?.style.minBlockSize;
  const measure = (width: number, height: number) => {
    for (const sizes of Sizes.all)
      if (sizes.of.has(above() as Element)) sizes.tell([{ contentRect: { width, height } }]);
  };
  const heights = [
    [400, 40, "40px"],
    [400, 59.5, "59.5px"],
    [400, 40, "59.5px"],
    [300, 50, "50px"],
    [300, 31, "50px"],
  ] as const;
  for (const [width, height, kept] of heights) {
    measure(width, height);
    expect(box()).toBe(kept);
  }
  tabs()[1]?.click();
  await expect.poll(above).toBe(null);
  tabs()[0]?.click();
  await expect.poll(above).not.toBe(null);
  expect(box()).toBe("");
  closing.abort();
  await expect.poll(() => Sizes.all.size).toBe(0);
});

test("a name is cut off from the direction of the words around it, and what hides in it is seen", async () => {
  const name = (text: string) => `\u2068${text}\u2069`;
  await open(figure("one", { title: `${name("דוד")}: 3`, words: [`300 ${name("דוד כהן")} of 300`] }));
  kernel.say({ kind: "alarms", words: [`${name("a\u202Eb")} accepts more.\u2069`] });
  await expect.poll(() => host.querySelector("li")?.innerHTML).toContain("U+202E");
  const said = [...host.querySelectorAll("h2, .hitl-words, li")].map(({ textContent }) => textContent);
  expect(said).toEqual(["Look at this", "aU+202Eb accepts more.U+2069", "דוד: 3", "300 דוד כהן of 300"]);
  const names = [...host.querySelectorAll("bdi")].map(({ textContent }) => textContent);
  expect(names).toEqual(["aU+202Eb", "דוד", "דוד כהן"]);
});

test("a figure that cannot be drawn is said in its place", async () => {
  await open(figure("one"));
  kernel.say({ kind: "figure", name: "one", tab: "Accuracy", problem: "It cannot: <b>no</b>" });
  await expect.poll(() => host.querySelector(".hitl-figure .hitl-notice")?.textContent).toBe("It cannot: <b>no</b>");
  expect(host.querySelector("b")).toBe(null);
});

test("what draws and cannot be unpacked is said of the figures, and no error where there are none yet", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const failed = Promise.reject(new Error("no gzip"));
  failed.catch(() => undefined); // as of a shelf
  Object.assign(globalThis, {
    [Symbol.for(`hitl_notebook/${kernel.library}`)]: { library: failed, isArriving: true, asked_at: 0 },
  });
  dashboard.render({ model: kernel.model, el: host, signal: closing.signal });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
  kernel.say({ kind: "tabs", tabs: ["Accuracy"], open: "Accuracy" }, figure("one"));
  kernel.say({ kind: "round", tab: "Accuracy", names: ["one"] });
  await expect
    .poll(() => host.querySelector(".hitl-figure .hitl-notice")?.textContent)
    .toBe("This chart cannot be drawn: Error: no gzip");
});

test("alarms are told to a screen reader", async () => {
  await open(figure("one"));
  const region = host.querySelector(".hitl-alarms");
  expect(region?.getAttribute("role")).toBe("status");
  kernel.say({ kind: "alarms", words: ["bo accepts more than before."] });
  await expect.poll(() => region?.textContent).toContain("bo accepts more than before.");
});

test("tabs are opened by keyboard, one of them in the order of the page", async () => {
  await open(figure("one"));
  const press = (key: string) =>
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  tabs()[0]?.focus();
  for (const key of ["ArrowRight", "End", "ArrowRight", "ArrowLeft"]) {
    press(key);
    await expect.poll(() => document.activeElement?.getAttribute("aria-selected")).toBe("true");
  }
  expect(kernel.of("open").map(({ tab }) => tab)).toEqual(["Agreement", "Progress", "Accuracy", "Progress"]);
  expect(tabs().map((tab) => tab.tabIndex)).toEqual([-1, -1, 0]);
  expect(panel()?.getAttribute("aria-label")).toBe("Progress");
  expect(panel()?.textContent).toContain("Preparing");
});

test("what is selected in one chart is no longer selected in another, and its items can be queued", async () => {
  await open(figure("one"), figure("other"));
  const click = (mark: Element | undefined) => mark?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  const faded = (name: string) =>
    kernel
      .of("select")
      .filter((sent) => sent.name === name)
      .at(-1)?.points;
  click(bars("one")[0]);
  await expect.poll(() => faded("one")).toEqual([[{ field: "day", any: ["day 0"] }]]);
  click(bars("other")[1]);
  await expect.poll(() => faded("other")).toEqual([[{ field: "day", any: ["day 1"] }]]);
  await expect.poll(() => faded("one")).toEqual([]);

  kernel.say(behind("other", 1_200));
  await expect.poll(() => button("Queue these 1,200 items")).toBeDefined();
  button("Queue these")?.click();
  expect(kernel.of("queue")).toHaveLength(1);
  kernel.say({ kind: "queued", words: "1,200 items come next." });
  await expect.poll(() => panel()?.textContent).toContain("1,200 items come next.");
  button("Clear")?.click();
  await expect.poll(() => faded("other")).toEqual([]);
  kernel.say({ ...behind("other", 0), selected: false });
  await expect.poll(() => button("Clear")).toBeUndefined();
});

test("the button says how many items it would queue, and which", async () => {
  await open(figure("one"));
  const said = async (message: ReturnType<typeof behind>) => {
    kernel.say(message);
    await new Promise(requestAnimationFrame);
    return host.querySelector(".hitl-behind")?.firstElementChild?.textContent;
  };
  expect(await said(behind("one", 1))).toBe("Queue this item");
  expect(await said(behind("one", 7, 3))).toBe("Queue 3 of 7 items");
  expect(await said(behind("one", 7, 7, "on which they differ"))).toBe("Queue the 7 items on which they differ");
  expect(await said(behind("one", 7, 1, "on which they differ"))).toBe("Queue 1 of 7 items on which they differ");
  expect(await said(behind("one", 0, 0, "on which they differ"))).toBe("There is no item on which they differ.");
  expect(await said(behind("one", 0))).toBe("No item is behind this.");
});

test("what the reviewer has decided is not queued but gone back to", async () => {
  await open(figure("one"));
  kernel.say(behind("one", 7, 0));
  await expect.poll(() => button("7 items, all decided by you")?.getAttribute("aria-disabled")).toBe("true");
  button("all decided")?.click();
  expect(kernel.of("queue")).toEqual([]);
  expect(host.querySelector(".hitl-behind")?.textContent).toContain("← in the card goes back to what you decided.");
  kernel.say(behind("one", 1, 0));
  await expect.poll(() => button("1 item, decided by you")).toBeDefined();
});

test("after a connection that was lost everything is asked for again, at once", async () => {
  await open(figure("one"));
  await expect.poll(() => kernel.of("watch").length).toBeGreaterThan(0);
  kernel.tell("comm_live_update");
  const before = kernel.of("watch").length;
  kernel.tell("comm_live_update");
  expect(kernel.of("watch").slice(before)).toMatchObject([{ visible: true, lacks_all: true }]);
});

test("figures whose kernel has ended are said to be those of before, and nothing can be asked of it", async () => {
  await open(figure("one"));
  kernel.say(behind("one", 2));
  await expect.poll(() => button("Queue these 2 items")).toBeDefined();
  kernel.tell("comm:close");
  await expect.poll(() => host.querySelector("[role=alert]")?.textContent).toContain("run the cell again");
  expect(button("Queue")).toBeUndefined();
});
