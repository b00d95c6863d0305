import { expect, test } from "vitest";
import { pointsOf } from "./points";

const field = (name: string, type: string) => ({ field: name, channel: "x", type });

test("a click is a value for each field", () => {
  const store = [{ unit: "", fields: [field("day", "E"), field("label", "E")], values: ["Mon", null] }];
  expect(pointsOf(store)).toEqual([
    [
      { field: "day", any: ["Mon"] },
      { field: "label", any: [null] },
    ],
  ]);
});

test("a bin is a range without its upper end, a brush one with both, whichever way it was drawn", () => {
  const store = [
    { unit: "", fields: [field("p", "R-RE")], values: [[0.1, 0.2]] },
    { unit: "", fields: [field("p", "R")], values: [[0.9, 0.5]] },
    { unit: "", fields: [field("day", "E")], values: [["Mon", "Tue"]] },
  ];
  expect(pointsOf(store)).toEqual([
    [{ field: "p", from: 0.1, to: 0.2, open: true }],
    [{ field: "p", from: 0.5, to: 0.9, open: false }],
    [{ field: "day", any: ["Mon", "Tue"] }],
  ]);
});

test("a time is told in milliseconds", () => {
  const store = [{ unit: "", fields: [field("at", "E")], values: [new Date(1_700_000_000_000)] }];
  expect(pointsOf(store)).toEqual([[{ field: "at", any: [1_700_000_000_000] }]]);
});

test("what names no columns is left out", () => {
  expect(pointsOf([{ unit: "", _vgsid_: 3 }, null, { unit: "", fields: [{}], values: [1] }])).toEqual([]);
});

test("a column goes by its own name, not by that in which Vega-Lite has its full stops escaped", () => {
  const store = [{ unit: "", fields: [field("petal\\.length", "E")], values: [3] }];
  expect(pointsOf(store)).toEqual([[{ field: "petal.length", any: [3] }]]);
});
