/** A drawing whose rows were exchanged, beside one of the same rows that was drawn at once, with the real Vega. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Row } from "./messages";
import { Plot } from "./plot";
import type { Exchange } from "./shown_rows";
import * as library from "./vega";
import type { Spec, Vega } from "./vega/parts";

const quantity = (field: string) => ({ field, type: "quantitative" });
const kind = (field: string, more: object = {}) => ({ field, type: "nominal", ...more });
const of = (spec: object): Spec => ({ data: { name: "data" }, width: 90, height: 60, ...spec });

/** What Vega-Lite makes each kind of transform from: what is patched goes through all of them. */
const CHARTS: { readonly [what: string]: Spec } = {
  "bars on one another": of({
    mark: "bar",
    encoding: { x: kind("who"), y: { ...quantity("n"), aggregate: "sum" }, color: kind("what") },
  }),
  "a histogram": of({ mark: "bar", encoding: { x: { ...quantity("n"), bin: true }, y: { aggregate: "count" } } }),
  "a column computed from itself": of({
    transform: [{ calculate: "isValid(datum.n) ? datum.n * 2 + 1 : null", as: "n" }],
    mark: { type: "point", tooltip: true },
    encoding: { x: quantity("n"), y: kind("who") },
  }),
  "lines and points in panels, in the order of the rows": of({
    transform: [{ window: [{ op: "row_number", as: "place" }] }],
    facet: kind("who", { sort: { field: "place", op: "min" } }),
    spec: {
      width: 60,
      height: 40,
      layer: [
        { mark: "line", encoding: { x: quantity("place"), y: quantity("n") } },
        {
          transform: [
            { window: [{ op: "lag", field: "n", as: "before" }], groupby: ["who"], sort: [{ field: "place" }] },
          ],
          mark: "point",
          encoding: {
            x: quantity("place"),
            y: quantity("n"),
            size: { condition: { test: "datum.n > datum.before", value: 90 }, value: 20 },
          },
        },
      ],
    },
  }),
  "panels in the order of the rows, as this package draws them": of({
    transform: [
      { window: [{ op: "row_number", as: "hitl_place" }] },
      { calculate: "'panel ' + datum.who", as: "panel" },
    ],
    facet: kind("panel", { sort: { field: "hitl_place", op: "min" } }),
    spec: { width: 60, height: 40, mark: "point", encoding: { x: quantity("at"), y: quantity("n") } },
  }),
  "some of the rows, as shares of all": of({
    transform: [
      { filter: "datum.n > 1" },
      { joinaggregate: [{ op: "sum", field: "n", as: "all" }] },
      { calculate: "datum.n / datum.all", as: "share" },
    ],
    mark: "rect",
    encoding: { x: kind("who"), y: kind("what"), color: { ...quantity("share"), aggregate: "mean" } },
  }),
  "columns one below another, by the hour": of({
    transform: [{ fold: ["n", "at"] }, { timeUnit: "hours", field: "when", as: "hour" }],
    mark: "area",
    encoding: {
      x: { field: "hour", type: "temporal" },
      y: { aggregate: "median", ...quantity("value") },
      row: kind("key"),
    },
  }),
};

const row = fc.record({
  who: fc.constantFrom("ada", "bo", "eve"),
  what: fc.constantFrom("a", "b", null),
  n: fc.option(fc.integer({ min: -2, max: 6 })),
  at: fc.integer({ min: 0, max: 20 }),
  when: fc.constantFrom("2026-01-05T10:00:00Z", "2026-01-05T11:30:00Z", "2026-01-06T00:00:00Z"),
});
/** Mostly as before but for some cells, as after one more decision; at times longer, shorter or something else. */
const tables = fc
  .tuple(
    fc.array(row, { maxLength: 8 }),
    fc.array(fc.tuple(fc.nat(7), row, fc.constantFrom("change", "add", "drop")), { maxLength: 5 }),
  )
  .map(([first, steps]) => {
    const all: Row[][] = [first];
    for (const [place, next, how] of steps) {
      const rows = [...(all.at(-1) ?? [])];
      rows.splice(place, how === "add" ? 0 : 1, ...(how === "drop" ? [] : [next]));
      all.push(rows);
    }
    return all;
  });

let host: HTMLElement;

interface Parts {
  /** Without their order: which of two is in front. */
  readonly marks: readonly string[];
  /** Of axes, legends and panels. */
  readonly texts: readonly string[];
}

function partsOf(svg: SVGSVGElement): Parts {
  const attributes = (mark: Element) => mark.getAttributeNames().map((name) => `${name}=${mark.getAttribute(name)}`);
  return {
    marks: [...svg.querySelectorAll(".role-mark > path")].map((mark) => attributes(mark).sort().join(" ")).sort(),
    texts: [...svg.querySelectorAll("text")].map(({ textContent }) => textContent).sort(),
  };
}

/** What is drawn of the last of these tables, each having been shown. */
async function drawn(exchange: Exchange, spec: Spec, shown: readonly (readonly Row[])[]): Promise<Parts> {
  const place = host.appendChild(document.createElement("div"));
  let [told, problem]: [number, string | null] = [0, null];
  const plot = new Plot(
    library as unknown as Vega,
    place,
    {
      onSelect: () => undefined,
      onProblem: (words) => {
        told += 1;
        problem = words;
      },
      onDrawn: () => undefined,
    },
    exchange,
  );
  for (const data of shown) {
    const before = told;
    plot.show(spec, { data });
    await expect.poll(() => told, { interval: 1 }).toBeGreaterThan(before);
    expect(problem).toBe(null);
  }
  const parts = partsOf(plot.svg as SVGSVGElement);
  plot.close();
  place.remove();
  return parts;
}

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
});
afterEach(() => host.remove());

const WAYS = (["in place", "anew"] as const).flatMap((exchange) =>
  Object.keys(CHARTS).map((what) => [exchange, what] as const),
);

test.each(WAYS)(
  "rows exchanged %s, %s: it is what is drawn at once",
  async (exchange, what) => {
    const spec = CHARTS[what] as Spec;
    const property = fc.asyncProperty(tables, async (all) => {
      const [exchanged, atOnce] = [await drawn(exchange, spec, all), await drawn(exchange, spec, all.slice(-1))];
      expect(exchanged.marks).toEqual(atOnce.marks);
      expect(exchanged.texts).toEqual(atOnce.texts);
    });
    await fc.assert(property, { numRuns: 10 });
  },
  60_000,
);
