import { afterEach, beforeEach, expect, test } from "vitest";
import { openTooltip, type Tooltip } from "./tooltip";

const HOSTILE = "<img src=x onerror=alert(1)>";

let host: HTMLElement;
let tooltip: Tooltip;

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  tooltip = openTooltip(host);
});
afterEach(() => host.remove());

const show = (value: unknown) =>
  tooltip.show(null, new MouseEvent("mousemove", { clientX: 5, clientY: 5 }), null, value);
const box = () => host.querySelector<HTMLElement>(".hitl-tip");

test("names and values are text", () => {
  show({ [HOSTILE]: HOSTILE, n: 3, missing: null, note: "" });
  expect(box()?.hidden).toBe(false);
  expect(host.querySelector("img")).toBe(null);
  expect([...host.querySelectorAll("dt, dd")].map((part) => part.textContent)).toEqual([
    ...[HOSTILE, HOSTILE],
    ...["n", "3", "missing", "–"],
  ]);
});

test("what hides in a text is written out", () => {
  show("pay\u202Eer");
  expect(box()?.textContent).toContain("U+202E");
});

test.each([null, undefined, ""])("nothing to say hides it: %s", (nothing) => {
  show("here");
  show(nothing);
  expect(box()?.hidden).toBe(true);
});

test("it goes with its chart", () => {
  show("here");
  tooltip.close();
  expect(box()).toBe(null);
});
