/** The widget around a chart, over a model in small and the real Vega. */
import type { AnyModel } from "@anywidget/types";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mountChart } from "./live_chart";
import type { ChartTraits, ChartUp } from "./messages";
import * as library from "./vega";

const BARS = {
  data: { name: "data" },
  mark: "bar",
  encoding: { x: { field: "day", type: "nominal" }, y: { field: "n", type: "quantitative" } },
};
const rows = (...counts: readonly number[]) => ({ data: counts.map((n, i) => ({ day: `day ${i}`, n })) });
let opened = 0;

class Kernel {
  readonly sent: ChartUp[] = [];
  readonly #listeners = new Map<string, Set<() => void>>();
  traits: ChartTraits = {
    library: `chart library ${opened++}`,
    spec: BARS,
    rows: rows(3, 5),
    problem: null,
    keeps: false,
  };

  readonly model = {
    get: (name: keyof ChartTraits) => this.traits[name],
    send: (message: ChartUp) => void this.sent.push(message),
    on: (name: string, listener: () => void) => void this.#of(name).add(listener),
    off: (name: string, listener: () => void) => void this.#of(name).delete(listener),
  } as unknown as AnyModel<ChartTraits>;

  set(traits: Partial<ChartTraits>): void {
    this.traits = { ...this.traits, ...traits };
    for (const name of Object.keys(traits)) this.tell(`change:${name}`);
  }

  tell(event: string): void {
    for (const listener of [...this.#of(event)]) listener();
  }

  get listening(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #of(name: string): Set<() => void> {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known);
    return known;
  }
}

let host: HTMLElement;
let kernel: Kernel;
let closing: AbortController;

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  kernel = new Kernel();
  closing = new AbortController();
});
afterEach(() => {
  closing.abort();
  host.remove();
  vi.useRealTimers();
});

/** As if a chart before it had fetched what draws. */
function lay(name: string): void {
  const shelf = { library: Promise.resolve(library), isArriving: true, asked_at: 0 };
  Object.assign(globalThis, { [Symbol.for(`hitl_notebook/${name}`)]: shelf });
}

const said = () => host.querySelector<HTMLElement>("[role=status]");
const lost = () => host.querySelector<HTMLElement>("[role=alert]");
const bars = () => host.querySelectorAll(".mark-rect path").length;

test("it asks for what draws, and says when the kernel is waited for", async () => {
  vi.useFakeTimers();
  void mountChart(kernel.model, host, closing.signal);
  await vi.advanceTimersByTimeAsync(10);
  expect(kernel.sent).toEqual([{ kind: "library", library: kernel.traits.library }]);
  expect(said()?.hidden).toBe(true);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(said()?.textContent).toContain("Waiting for the kernel");
});

test("it draws the traits, follows them, and says what the kernel says", async () => {
  lay(kernel.traits.library);
  void mountChart(kernel.model, host, closing.signal);
  await expect.poll(bars).toBe(2);
  kernel.set({ rows: rows(3, 5, 8) });
  await expect.poll(bars).toBe(3);
  kernel.set({ problem: "The new data has no column n." });
  await expect.poll(() => said()?.textContent).toBe("The new data has no column n.");
  expect(bars()).toBe(3);
  kernel.set({ problem: null });
  await expect.poll(() => said()?.hidden).toBe(true);
});

test("a chart that the kernel could not make is nothing but words", async () => {
  lay(kernel.traits.library);
  kernel.traits = { ...kernel.traits, spec: null, rows: {}, problem: "Altair cannot make this chart: <b>x</b>" };
  void mountChart(kernel.model, host, closing.signal);
  await expect.poll(() => said()?.textContent).toContain("<b>x</b>");
  expect(host.querySelector("svg, b")).toBe(null);
});

test("a view that goes leaves no listener and nothing on the page", async () => {
  lay(kernel.traits.library);
  void mountChart(kernel.model, host, closing.signal);
  await expect.poll(bars).toBe(2);
  closing.abort();
  expect(kernel.listening).toBe(0);
  expect(host.childElementCount).toBe(0);
});

test("a chart whose kernel has ended says so, and waits for it no longer", async () => {
  vi.useFakeTimers();
  void mountChart(kernel.model, host, closing.signal);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(said()?.textContent).toContain("Waiting for the kernel");
  expect(lost()?.hidden).toBe(true);
  kernel.tell("comm:close");
  expect(lost()?.textContent).toContain("run the cell again");
  expect(said()?.hidden).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said()?.hidden).toBe(true);
});

test("what was drawn stays where its kernel has ended", async () => {
  lay(kernel.traits.library);
  void mountChart(kernel.model, host, closing.signal);
  await expect.poll(bars).toBe(2);
  kernel.tell("comm:close");
  expect(lost()?.hidden).toBe(false);
  expect(bars()).toBe(2);
});
