/** One chart with the real Vega, as it is sent to the page. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Points, Rows } from "./messages";
import { onPaper } from "./picture";
import { Plot, type PlotListeners } from "./plot";
import * as library from "./vega";
import type { Spec, Vega } from "./vega/parts";

const BARS: Spec = {
  data: { name: "data" },
  title: "Items a day",
  mark: "bar",
  encoding: { x: { field: "day", type: "nominal" }, y: { field: "n", type: "quantitative" } },
  params: [{ name: "selected", select: { type: "point", fields: ["day"] } }],
};
const rows = (...counts: readonly number[]): Rows => ({ data: counts.map((n, i) => ({ day: `day ${i}`, n })) });

let host: HTMLElement;
let plot: Plot;
let selected: Points[];
let problems: (string | null)[];
let drawn: number;
const listeners: PlotListeners = {
  onSelect: (points) => selected.push(points),
  onProblem: (words) => problems.push(words),
  onDrawn: () => {
    drawn += 1;
  },
};

/** Shows it and waits until it is there, or is said not to be. */
async function show(spec: Spec, data: Rows): Promise<void> {
  const before = problems.length;
  plot.show(spec, data);
  await expect.poll(() => problems.length).toBeGreaterThan(before);
}

const bars = () => [...host.querySelectorAll(".mark-rect path")];

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  [selected, problems, drawn] = [[], [], 0];
  plot = new Plot(library as unknown as Vega, host, listeners);
});
afterEach(() => {
  plot.close();
  host.remove();
  vi.restoreAllMocks();
});

test("new rows change the drawing that is there: marks that stay are the same elements", async () => {
  await show(BARS, rows(3, 5));
  const before = bars();
  expect(before).toHaveLength(2);
  const svg = plot.svg;
  await show(BARS, rows(4, 5, 6));
  expect(bars()).toHaveLength(3);
  expect(plot.svg).toBe(svg);
  expect(host.querySelectorAll("svg")).toHaveLength(1);
  expect(problems).toEqual([null, null]);
});

test("rows exchanged in place keep their marks", async () => {
  plot.close();
  plot = new Plot(library as unknown as Vega, host, listeners, "in place");
  await show(BARS, rows(3, 5));
  const [first, second] = bars();
  await show(BARS, rows(4, 5, 6));
  expect(bars()).toHaveLength(3);
  expect([bars()[0] === first, bars()[1] === second]).toEqual([true, true]);
  expect(bars().map((bar) => bar.getAttribute("aria-label"))).toEqual(
    [4, 5, 6].map((n, i) => `day: day ${i}; n: ${n}`),
  );
  await show(BARS, rows(7));
  expect(bars().map((bar) => bar === first)).toEqual([true]);
});

test("what stands beside the marks has room when it becomes wider", async () => {
  await show(BARS, rows(3, 5));
  const width = () => plot.svg?.width.baseVal.value ?? 0;
  const before = width();
  await show(BARS, rows(3_000_000, 5));
  expect(width()).toBeGreaterThan(before + 20);
});

test("of many updates at once the newest is drawn", async () => {
  plot.show(BARS, rows(1));
  for (let n = 2; n < 30; n++) plot.show(BARS, rows(...Array.from({ length: n }, () => 1)));
  await expect.poll(() => bars().length).toBe(29);
  expect(drawn).toBeLessThan(5);
});

test("another specification is drawn anew, an equal one is not", async () => {
  await show(BARS, rows(3));
  const svg = plot.svg;
  await show(structuredClone(BARS), rows(3, 4));
  expect(plot.svg).toBe(svg);
  await show({ ...BARS, mark: "point" }, rows(3, 4));
  expect(plot.svg).not.toBe(svg);
  expect(host.querySelectorAll("svg")).toHaveLength(1);
});

test("the rows that it is given stay as they are", async () => {
  const given = rows(3, 5);
  const kept = structuredClone(given);
  await show(BARS, given);
  expect(given).toEqual(kept);
  expect(Object.getOwnPropertySymbols(given.data?.[0] ?? {})).toEqual([]);
});

test("what cannot be drawn is said in words, and the next chart is drawn", async () => {
  await show({ ...BARS, mark: "no such mark" }, rows(3));
  expect(problems.at(-1)).toEqual(expect.any(String));
  await show(BARS, rows(3));
  expect(problems.at(-1)).toBe(null);
  expect(bars()).toHaveLength(1);
});

test("nothing that a chart names is fetched", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  const encoding = { url: { field: "day", type: "nominal" }, href: { field: "day", type: "nominal" } };
  await show({ data: { name: "data" }, mark: "image", encoding }, { data: [{ day: "https://example.org/a.png" }] });
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await show({ data: { url: "https://example.org/data.json" }, mark: "point" }, {});
  expect(warned).toHaveBeenCalled();
  expect(fetched).not.toHaveBeenCalled();
  expect(host.innerHTML).not.toContain("example.org");
});

test("what is selected is told, kept while the rows change, and taken back", async () => {
  await show(BARS, rows(3, 5));
  bars()[1]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  await expect.poll(() => selected.at(-1)).toEqual([[{ field: "day", any: ["day 1"] }]]);
  await show(BARS, rows(4, 5, 6));
  expect(selected.at(-1)).toEqual([[{ field: "day", any: ["day 1"] }]]);
  plot.clearSelection();
  await expect.poll(() => selected.at(-1)).toEqual([]);
});

test("what is selected stays so where the chart has to be drawn anew, with the place of the keys", async () => {
  const inPanels = (columns: number): Spec => ({
    data: { name: "data" },
    title: "Items a day",
    columns,
    facet: { field: "who", type: "nominal" },
    spec: { mark: BARS.mark, encoding: BARS.encoding, params: BARS.params, name: "selected_bars" },
  });
  const of = (...people: readonly string[]): Rows => ({
    data: people.flatMap((who) => rows(3, 5).data?.map((row) => ({ ...row, who })) ?? []),
  });
  await show(inPanels(1), of("ada"));
  const mark = () => host.querySelector<HTMLElement>("[role=option]");
  await expect.poll(() => mark()?.getAttribute("aria-label")).toContain("day 0");
  mark()?.focus();
  mark()?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  mark()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  const second = [[{ field: "day", any: ["day 1"] }]];
  await expect.poll(() => selected.at(-1)).toEqual(second);
  const svg = plot.svg;
  const told = selected.length;
  await show(inPanels(2), of("ada", "bo"));
  expect(plot.svg).not.toBe(svg);
  for (const points of selected.slice(told)) expect(points).toEqual(second);
  await expect.poll(() => document.activeElement).toBe(mark());
  expect(mark()?.getAttribute("aria-selected")).toBe("true");
  expect(mark()?.getAttribute("aria-label")).toContain("day 1");
  plot.clearSelection();
  await expect.poll(() => selected.at(-1)).toEqual([]);
  await show(inPanels(3), of("ada", "bo"));
  await expect.poll(() => mark()?.getAttribute("aria-selected")).toBe("false");
});

test("what was selected in a chart of another name, or by other fields, is selected no longer, and that is told", async () => {
  const select = async (bar: number) => {
    bars()[bar]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await expect.poll(() => selected.at(-1)).toHaveLength(1);
  };
  await show(BARS, rows(3, 5));
  await select(1);
  await show({ ...BARS, title: "Items a week" }, rows(3, 5));
  expect(selected.at(-1)).toEqual([]);
  await select(0);
  const byCount = [{ name: "selected", select: { type: "point", fields: ["n"] } }];
  await show({ ...BARS, title: "Items a week", params: byCount }, rows(3, 5));
  expect(selected.at(-1)).toEqual([]);
});

test("a drawing has a name: the chart's own, its title, or what it is", async () => {
  const nameOf = () => host.querySelector("[role=graphics-document]")?.getAttribute("aria-label");
  await show({ ...BARS, description: "Three bars" }, rows(3));
  expect(nameOf()).toBe("Three bars");
  await show({ ...BARS, title: { text: ["Items", "a day"] } }, rows(3));
  expect(nameOf()).toBe("Items a day");
  await show({ ...BARS, title: "" }, rows(3));
  expect(nameOf()).toBe("Chart");
});

test("a chart without marks has no image without a name", async () => {
  await show({ ...BARS, mark: "point" }, rows());
  expect(host.querySelector("svg")).not.toBe(null);
  expect(host.querySelectorAll('[role="graphics-symbol"]:not([aria-label])')).toHaveLength(0);
});

test("it is drawn in variables, and leaves the page in colours", async () => {
  await show(BARS, rows(3));
  expect(host.innerHTML).toContain("var(--hitl-chart-ink)");
  const paper = onPaper(plot.svg as SVGSVGElement);
  expect(paper).not.toContain("var(");
  expect(paper).toContain("#1b1f24");
});

test("on a background of its own a chart has the colours that can be read there, whatever the page's are", async () => {
  const title = () => host.querySelector(".role-title-text text")?.getAttribute("fill");
  for (const own of [{ background: "white" }, { config: { background: "rgb(240, 240, 240)" } }]) {
    await show({ ...BARS, ...own }, rows(3));
    expect(title()).toBe("#1b1f24");
    expect(plot.svg?.outerHTML).not.toContain("var(");
  }
  await show({ ...BARS, background: "#222" }, rows(3));
  expect(title()).toBe("#e8eaed");
  expect(onPaper(plot.svg as SVGSVGElement)).toContain("#e8eaed");
  for (const background of ["transparent", "no colour", null]) {
    await show({ ...BARS, background }, rows(3));
    expect(title()).toBe("var(--hitl-chart-ink)");
  }
});

test("a closed chart leaves nothing behind", async () => {
  await show(BARS, rows(3));
  plot.close();
  plot.show(BARS, rows(3, 4));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(drawn).toBe(1);
  expect(document.querySelectorAll(".hitl-tip")).toHaveLength(0);
});
