import { expect, test } from "vitest";
import { largest, level, signed } from "./weight";

test("the largest weight counts by its size, and nothing has none", () => {
  expect(largest([0.2, -0.7, 0.1])).toBe(0.7);
  expect(largest([])).toBe(0);
});

test("levels are shares of the largest, five each way", () => {
  // 0.1 / 0.5 is the first fifth, 0.35 / 0.5 the fourth
  expect([0.5, 0.35, 0.1, 0.001, 0, -0.1, -0.5].map((weight) => level(weight, 0.5))).toEqual([5, 4, 1, 0, 0, -1, -5]);
});

test("weights at the ends of what a number can be keep their level", () => {
  expect([level(1e308, 1e308), level(-1e308, 1e308), level(5e-324, 5e-324), level(0, 0)]).toEqual([5, -5, 5, 0]);
});

test("a weight is said with its sign and the digits of its column", () => {
  expect([signed(0.25), signed(-0.25), signed(0), signed(12.345), signed(1e308), signed(-2e-9)]).toEqual([
    "+0.250",
    "−0.250",
    "0",
    "+12.3",
    "+1.0e+308",
    "−2.0e-9",
  ]);
  expect([signed(0.04, 12), signed(-3, 1200)]).toEqual(["+0.0", "−3"]);
});
