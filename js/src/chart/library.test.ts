import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Channel } from "./channel";
import { vegaOf } from "./library";
import type { Vega } from "./vega/parts";

type Listener = (message: unknown, buffers: readonly DataView[]) => void;

const VEGA = {} as Vega;
const PACKED = new DataView(new ArrayBuffer(4));
let opened = 0;

/** A chart's line to a kernel that answers when it is told to. */
class Line implements Channel<{ readonly kind: "library" }> {
  asked = 0;
  waited = 0;
  readonly closing = new AbortController();
  readonly #listeners = new Set<Listener>();

  constructor(readonly library: string) {}

  send() {
    this.asked += 1;
  }

  listen(listener: Listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  answer(library = this.library) {
    for (const listener of [...this.#listeners]) listener({ kind: "library", library }, [PACKED]);
  }

  vega(unpack = async () => VEGA): Promise<Vega | null> {
    const onWait = () => {
      this.waited += 1;
    };
    return vegaOf({ library: this.library, channel: this, abort: this.closing.signal, onWait, unpack });
  }
}

/** A chunk that this page does not have yet. */
const newName = () => `chunk ${opened++}`;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("of two charts one asks, and both draw with what it is sent", async () => {
  const name = newName();
  const [one, other] = [new Line(name), new Line(name)];
  const both = Promise.all([one.vega(), other.vega()]);
  expect([one.asked, other.asked]).toEqual([1, 0]);
  one.answer();
  expect(await both).toEqual([VEGA, VEGA]);
  const later = new Line(name);
  expect(await later.vega()).toBe(VEGA);
  expect(later.asked).toBe(0);
});

test("another chunk than the one that is there is asked for", async () => {
  const one = new Line(newName());
  const first = one.vega();
  one.answer();
  await first;
  const newer = new Line(newName());
  void newer.vega();
  expect(newer.asked).toBe(1);
});

test("a kernel that does not answer is asked again, ever more patiently, and the chart says that it waits", async () => {
  const line = new Line(newName());
  const drawn = line.vega();
  await vi.advanceTimersByTimeAsync(2_100);
  expect([line.asked, line.waited]).toEqual([2, 1]);
  await vi.advanceTimersByTimeAsync(4_000);
  expect([line.asked, line.waited]).toEqual([3, 2]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(line.asked).toBeLessThan(10);
  line.answer();
  expect(await drawn).toBe(VEGA);
});

test("where the chart that asked is gone, another one asks", async () => {
  const name = newName();
  const [one, other] = [new Line(name), new Line(name)];
  const gone = one.vega();
  const waiting = other.vega();
  one.closing.abort();
  expect(await gone).toBe(null);
  await vi.advanceTimersByTimeAsync(6_100);
  expect(other.asked).toBeGreaterThan(0);
  other.answer();
  expect(await waiting).toBe(VEGA);
});

test("a chunk that cannot be loaded is said, and the next chart tries again", async () => {
  const name = newName();
  const [one, next] = [new Line(name), new Line(name)];
  const failed = one.vega(() => Promise.reject(new Error("blocked")));
  one.answer();
  await expect(failed).rejects.toThrow("blocked");
  const drawn = next.vega();
  next.answer();
  expect(await drawn).toBe(VEGA);
});
