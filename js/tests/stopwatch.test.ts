/** Seconds count only while the item was on screen and the tab visible. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stopwatch } from "../src/stopwatch";

const VIEW = {};
let now: number;
let isVisible: boolean;
let closing: AbortController;
let watch: Stopwatch;

beforeEach(() => {
  [now, isVisible, closing] = [5_000, true, new AbortController()];
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => (isVisible ? "visible" : "hidden"));
  watch = new Stopwatch(closing.signal, () => now);
});
afterEach(() => {
  closing.abort();
  vi.restoreAllMocks();
});

function pass(ms: number): void {
  now += ms;
}

function setVisible(visible: boolean): void {
  isVisible = visible;
  document.dispatchEvent(new Event("visibilitychange"));
}

/** An item has just been painted in a view that is on screen. */
function begin(): void {
  watch.setOnScreen(VIEW, true);
  watch.restart();
}

test("nothing is counted before an item is there", () => {
  watch.setOnScreen(VIEW, true);
  pass(4_000);
  expect(watch.seconds).toBe(0);
});

test("the item's time is counted, to the millisecond, and goes on while it is asked for", () => {
  begin();
  pass(1_234.4);
  expect(watch.seconds).toBe(1.234);
  pass(1_000);
  expect(watch.seconds).toBe(2.234);
});

test("each item begins at nothing", () => {
  begin();
  pass(3_000);
  watch.restart();
  expect(watch.seconds).toBe(0);
  pass(500);
  expect(watch.seconds).toBe(0.5);
});

test("the time between items is nobody's", () => {
  begin();
  pass(1_000);
  watch.stop();
  pass(7_000);
  expect(watch.seconds).toBe(1);
  watch.restart();
  pass(250);
  expect(watch.seconds).toBe(0.25);
});

test("a hidden tab does not count, and goes on where it was", () => {
  begin();
  pass(1_000);
  setVisible(false);
  pass(60_000);
  expect(watch.seconds).toBe(1);
  setVisible(true);
  pass(500);
  expect(watch.seconds).toBe(1.5);
});

test("a card that was scrolled away does not count, and goes on where it was", () => {
  begin();
  pass(1_000);
  watch.setOnScreen(VIEW, false);
  pass(60_000);
  expect(watch.seconds).toBe(1);
  watch.setOnScreen(VIEW, true);
  pass(500);
  expect(watch.seconds).toBe(1.5);
});

test("an item painted where nobody sees it counts from when it is seen", () => {
  setVisible(false);
  watch.restart();
  pass(60_000);
  setVisible(true);
  pass(60_000);
  expect(watch.seconds).toBe(0);
  watch.setOnScreen(VIEW, true);
  pass(750);
  expect(watch.seconds).toBe(0.75);
});

test("of several views one on screen is enough, and two count once", () => {
  const other = {};
  begin();
  watch.setOnScreen(other, true);
  pass(1_000);
  watch.setOnScreen(VIEW, false);
  pass(1_000);
  expect(watch.seconds).toBe(2);
  watch.setOnScreen(other, false);
  pass(1_000);
  expect(watch.seconds).toBe(2);
});

test("a view that tells twice of the same counts once", () => {
  begin();
  watch.setOnScreen(VIEW, true);
  setVisible(true);
  pass(1_000);
  watch.setOnScreen(VIEW, true);
  expect(watch.seconds).toBe(1);
});

test("the clock on the wall is not asked: set back, it changes nothing", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const own = new Stopwatch(closing.signal);
  own.setOnScreen(VIEW, true);
  own.restart();
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(own.seconds).toBeGreaterThanOrEqual(0);
  expect(own.seconds).toBeLessThan(60);
  vi.useRealTimers();
});

test("once its card is closed it listens to the page no longer", () => {
  begin();
  closing.abort();
  pass(1_000);
  setVisible(false);
  pass(1_000);
  expect(watch.seconds).toBe(2);
});
