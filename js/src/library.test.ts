import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { libraryOf } from "./library";
import type { WantedLibrary } from "./protocol";

type Listener = (message: unknown, buffers: readonly DataView[]) => void;

const LIBRARY = {};
const PACKED = new DataView(new ArrayBuffer(4));
let opened = 0;

/** A widget's line to a kernel that answers when it is told to. */
class Line {
  asked = 0;
  waited = 0;
  readonly closing = new AbortController();
  readonly #listeners = new Set<Listener>();

  constructor(readonly name: string) {}

  send({ library }: WantedLibrary) {
    expect(library).toBe(this.name);
    this.asked += 1;
  }

  listen(listener: Listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  answer(library = this.name) {
    for (const listener of [...this.#listeners]) listener({ kind: "library", library }, [PACKED]);
  }

  fetch(unpack = async () => LIBRARY): Promise<object | null> {
    const onWait = () => {
      this.waited += 1;
    };
    return libraryOf({ name: this.name, line: this, abort: this.closing.signal, onWait, unpack });
  }
}

/** A library that this page does not have yet. */
const newName = () => `library ${opened++}`;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("of two widgets one asks, and both have what it is sent", async () => {
  const name = newName();
  const [one, other] = [new Line(name), new Line(name)];
  const both = Promise.all([one.fetch(), other.fetch()]);
  expect([one.asked, other.asked]).toEqual([1, 0]);
  one.answer();
  expect(await both).toEqual([LIBRARY, LIBRARY]);
  const later = new Line(name);
  expect(await later.fetch()).toBe(LIBRARY);
  expect(later.asked).toBe(0);
});

test("another library than the one that is there is asked for", async () => {
  const one = new Line(newName());
  const first = one.fetch();
  one.answer();
  await first;
  const newer = new Line(newName());
  void newer.fetch();
  expect(newer.asked).toBe(1);
});

test("a kernel that does not answer is asked again, ever more patiently, and the widget hears that it waits", async () => {
  const line = new Line(newName());
  const had = line.fetch();
  await vi.advanceTimersByTimeAsync(2_100);
  expect([line.asked, line.waited]).toEqual([2, 1]);
  await vi.advanceTimersByTimeAsync(4_000);
  expect([line.asked, line.waited]).toEqual([3, 2]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(line.asked).toBeLessThan(10);
  line.answer();
  expect(await had).toBe(LIBRARY);
});

test("where the widget that asked is gone, another one asks", async () => {
  const name = newName();
  const [one, other] = [new Line(name), new Line(name)];
  const gone = one.fetch();
  const waiting = other.fetch();
  one.closing.abort();
  expect(await gone).toBe(null);
  await vi.advanceTimersByTimeAsync(6_100);
  expect(other.asked).toBeGreaterThan(0);
  other.answer();
  expect(await waiting).toBe(LIBRARY);
});

test("a library that cannot be loaded is told, and the next widget tries again", async () => {
  const name = newName();
  const [one, next] = [new Line(name), new Line(name)];
  const failed = one.fetch(() => Promise.reject(new Error("blocked")));
  one.answer();
  await expect(failed).rejects.toThrow("blocked");
  const had = next.fetch();
  next.answer();
  expect(await had).toBe(LIBRARY);
});
