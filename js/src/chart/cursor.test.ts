/** A chart met by keyboard, drawn by the real Vega. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Points, Rows } from "./messages";
import { Plot } from "./plot";
import * as library from "./vega";
import type { Spec, Vega } from "./vega/parts";

const SELECT = { name: "selected", select: { type: "point", fields: ["day"] } };
const BARS: Spec = {
  data: { name: "data" },
  title: "Items a day",
  mark: "bar",
  encoding: {
    x: { field: "day", type: "nominal" },
    y: { field: "n", type: "quantitative" },
    tooltip: [
      { field: "day", title: "Day" },
      { field: "n", title: "Items" },
    ],
  },
  params: [SELECT],
};
const rows = (...counts: readonly number[]): Rows => ({ data: counts.map((n, i) => ({ day: `day ${i}`, n })) });

let host: HTMLElement;
let plot: Plot;
let selected: Points[];
let problems: (string | null)[];
let reached: string[];

async function show(spec: Spec, data: Rows): Promise<void> {
  const before = problems.length;
  plot.show(spec, data);
  await expect.poll(() => problems.length).toBeGreaterThan(before);
  expect(problems.at(-1)).toBe(null);
}

const list = () => host.querySelector<HTMLElement>("[role=listbox]");
const option = () => host.querySelector<HTMLElement>("[role=option]");
const tip = () => host.querySelector<HTMLElement>("[role=tooltip]");
const aria = (name: string) => option()?.getAttribute(`aria-${name}`);
const label = () => aria("label");
const days = () => selected.at(-1)?.map((point) => point.map((condition) => "any" in condition && condition.any[0]));
const press = (key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.activeElement?.dispatchEvent(event);
  return event;
};

/** Goes into the chart as Tab does, once there is something to go to. */
async function enter(): Promise<void> {
  await expect.poll(option).not.toBe(null);
  option()?.focus();
}

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  [selected, problems, reached] = [[], [], []];
  host.parentElement?.addEventListener("keydown", note);
  plot = new Plot(library as unknown as Vega, host, {
    onSelect: (points) => selected.push(points),
    onProblem: (words) => problems.push(words),
    onDrawn: () => undefined,
  });
});
afterEach(() => {
  plot.close();
  document.body.removeEventListener("keydown", note);
  host.remove();
});

/** What a notebook around the chart would hear. */
function note(event: KeyboardEvent): void {
  reached.push(event.key);
}

test("one mark is in the order of the page, and is told by its tooltip's words", async () => {
  await show(BARS, rows(3, 5));
  await enter();
  expect(host.querySelectorAll("[tabindex='0']")).toHaveLength(1);
  expect(list()?.getAttribute("aria-label")).toBe("Marks of Items a day");
  expect(label()).toBe("Day: day 0, Items: 3");
  expect([aria("posinset"), aria("setsize")]).toEqual(["1", "2"]);
  expect(tip()?.hidden).toBe(false);
  expect(tip()?.textContent).toContain("day 0");
  option()?.blur();
  expect(tip()?.hidden).toBe(true);
});

test("a line that says nothing of any row is nothing to go to", async () => {
  const { data, title, params, ...bars } = BARS;
  const line = { mark: { type: "rule", tooltip: false }, encoding: { y: { datum: 4 } } };
  await show({ data, title, layer: [{ ...line, params }, bars] }, rows(3, 5));
  await enter();
  expect(label()).toBe("Day: day 0, Items: 3");
  expect(aria("setsize")).toBe("2");
});

test("arrow keys, Home and End go from mark to mark and not beyond the ends", async () => {
  await show(BARS, rows(3, 5, 8, 1));
  await enter();
  const went = ["ArrowRight", "ArrowDown", "End", "ArrowRight", "ArrowLeft", "Home", "ArrowUp", "PageDown"].map(
    (key) => {
      press(key);
      expect(document.activeElement).toBe(option());
      return label()?.slice(0, "Day: day 0".length);
    },
  );
  expect(went).toEqual([1, 2, 3, 3, 2, 0, 0, 3].map((day) => `Day: day ${day}`));
  expect(host.querySelectorAll("[role=option]")).toHaveLength(1);
});

test("Enter selects as a click does, with Shift one more, and Escape takes it back", async () => {
  await show(BARS, rows(3, 5, 8));
  await enter();
  expect(aria("selected")).toBe("false");
  press("Enter");
  await expect.poll(days).toEqual([["day 0"]]);
  await expect.poll(() => aria("selected")).toBe("true");
  press("ArrowRight");
  expect(aria("selected")).toBe("false");
  press(" ", { shiftKey: true });
  await expect.poll(days).toEqual([["day 0"], ["day 1"]]);
  press("Escape");
  await expect.poll(days).toEqual([]);
  await expect.poll(() => aria("selected")).toBe("false");
});

test("a key that is held selects once", async () => {
  await show(BARS, rows(3, 5));
  await enter();
  press("Enter", { repeat: true });
  press("Enter", { repeat: true, shiftKey: true });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(selected.flat()).toEqual([]);
  press("Enter");
  await expect.poll(days).toEqual([["day 0"]]);
});

test("no key reaches the notebook but Tab and what is pressed with Control", async () => {
  await show(BARS, rows(3, 5));
  await enter();
  for (const key of ["ArrowRight", "Enter", " ", "Escape", "b", "d", "j", "Tab"]) press(key);
  press("s", { ctrlKey: true });
  expect(reached).toEqual(["Tab", "s"]);
  expect(press("Tab").defaultPrevented).toBe(false);
  expect(press("ArrowLeft").defaultPrevented).toBe(true);
});

test("it stays at its mark while the data changes, and says what is new of it", async () => {
  await show(BARS, rows(3, 5, 8));
  await enter();
  press("ArrowRight");
  const before = option();
  await show(BARS, { data: [{ day: "a day before", n: 1 }, ...(rows(3, 6, 8).data ?? [])] });
  await expect.poll(label).toBe("Day: day 1, Items: 6");
  expect(option()).toBe(before);
  expect(document.activeElement).toBe(before);
  await show(BARS, rows(2));
  await expect.poll(label).toBe("Day: day 0, Items: 2");
  await show(BARS, rows());
  await expect.poll(() => list()?.hidden).toBe(true);
});

const TABLE: Spec = {
  data: { name: "data" },
  encoding: {
    x: { field: "value", type: "nominal", sort: null },
    y: { field: "said", type: "nominal", sort: null },
  },
  layer: [
    {
      mark: { type: "rect", tooltip: { content: "data" } },
      params: [{ ...SELECT, select: { type: "point", fields: ["said", "value"] } }],
    },
    { mark: "text", encoding: { text: { field: "n", type: "quantitative" } } },
  ],
};
const CELLS = { data: ["a", "b", "c"].flatMap((said) => ["a", "b", "c"].map((value) => ({ said, value, n: 1 }))) };

test("a table is read line by line, and up and down go along its columns; a cell and its number are one", async () => {
  await show(TABLE, CELLS);
  await enter();
  expect(aria("setsize")).toBe("9");
  const cell = () =>
    /said: (.), value: (.)/
      .exec(label() ?? "")
      ?.slice(1)
      .join("");
  const went = ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp", "End"].map((key) => {
    press(key);
    return cell();
  });
  expect(went).toEqual(["ab", "bb", "bc", "ca", "ca", "ba", "cc"]);
  press("Enter");
  await expect
    .poll(() => selected.at(-1))
    .toEqual([
      [
        { field: "said", any: ["c"] },
        { field: "value", any: ["c"] },
      ],
    ]);
});

test("a bin is selected by its range", async () => {
  const spec: Spec = {
    data: { name: "data" },
    mark: "bar",
    encoding: { x: { field: "p", bin: { step: 0.5 }, type: "quantitative" }, y: { aggregate: "count" } },
    params: [{ name: "selected", select: { type: "point", encodings: ["x"] } }],
  };
  await show(spec, { data: [0.1, 0.2, 0.7].map((p) => ({ p })) });
  await enter();
  expect(aria("setsize")).toBe("2");
  press("End");
  press("Enter");
  await expect.poll(() => selected.at(-1)).toEqual([[{ field: "p", from: 0.5, to: 1, open: true }]]);
});

test("the nearest mark is selected where that is what the pointer would do", async () => {
  const nearest = { name: "selected", select: { type: "point", fields: ["n"], nearest: true } };
  const encoding = { x: { field: "n", type: "quantitative" }, y: { field: "m", type: "quantitative" } };
  await show(
    { data: { name: "data" }, mark: "point", encoding, params: [nearest] },
    { data: [1, 2, 3].map((n) => ({ n, m: n * n })) },
  );
  await enter();
  expect(aria("setsize")).toBe("3");
  press("ArrowRight");
  press("Enter");
  await expect.poll(() => selected.at(-1)).toEqual([[{ field: "n", any: [2] }]]);
});

test("a chart in which nothing is selected is passed by", async () => {
  await show({ ...BARS, params: [] }, rows(3, 5));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(list()).toBe(null);
  expect(host.querySelectorAll("[tabindex='0']")).toHaveLength(0);
});

test("a closed chart leaves neither marks nor words", async () => {
  await show(BARS, rows(3));
  await enter();
  plot.close();
  expect(list()).toBe(null);
  expect(tip()).toBe(null);
});
