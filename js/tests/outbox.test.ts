import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Outbox, outboxPrefix } from "../src/outbox";
import type { Recordable, Skip } from "../src/protocol";
import { forgetPage } from "./mounted";

const SESSION = { store_id: "st", session_id: "s", reviewer: "ada" };

function skip(n: number, more: Partial<Skip> = {}): Skip {
  return {
    kind: "skip",
    event_id: `e${n}`,
    client_id: "c",
    client_seq: n,
    session_id: "s",
    reviewer: "ada",
    item_id: `t${n}`,
    content_hash: "h",
    shown_at: "2026-11-21T09:30:00.000Z",
    decided_at: "2026-11-21T09:30:01.000Z",
    seconds: 1,
    ...more,
  };
}

const opened: AbortController[] = [];
let isOpen = true;

function open(storage: Storage | null = localStorage, session = SESSION) {
  const sent: string[] = [];
  const closing = new AbortController();
  opened.push(closing);
  const send = (event: Recordable) => sent.push(event.event_id) > 0;
  const outbox = new Outbox({ session, storage, send, isOpen: () => isOpen, abort: closing.signal });
  return { sent, closing, outbox };
}

function ids(outbox: Outbox): string[] {
  return outbox.pending.value.map(({ event_id }) => event_id);
}

beforeEach(() => {
  localStorage.clear();
  forgetPage();
  isOpen = true;
  vi.useFakeTimers();
});
afterEach(() => {
  for (const closing of opened.splice(0)) closing.abort();
  vi.useRealTimers();
});

describe("an event", () => {
  test("is in the browser's storage before it is sent, and until it is acknowledged", () => {
    const { sent, outbox } = open();
    outbox.add(skip(1));
    expect(localStorage.length).toBe(1);
    expect(sent).toEqual([]);
    outbox.flush();
    expect(sent).toEqual(["e1"]);
    expect(localStorage.length).toBe(1);
    outbox.settle(["e1"]);
    expect(localStorage.length).toBe(0);
    expect(ids(outbox)).toEqual([]);
  });

  test("that another page left is sent again, as that page numbered its events, whatever the clock said", () => {
    vi.setSystemTime(1_000);
    open().outbox.add(skip(2));
    open().outbox.add(skip(1));
    vi.setSystemTime(500);
    open().outbox.add(skip(9));
    const { sent, outbox } = open();
    outbox.flush();
    expect(sent).toEqual(["e1", "e2", "e9"]);
  });

  test("that was kept before the clock was set back is sent before the change that a later page made to it", () => {
    vi.setSystemTime(10_000);
    const before = open();
    before.outbox.add(skip(1, { client_id: "before" }));
    before.closing.abort();
    vi.setSystemTime(500);
    open().outbox.add(skip(2, { client_id: "after", client_seq: 1 }));
    const { sent, outbox } = open();
    outbox.flush();
    expect(sent).toEqual(["e1", "e2"]);
  });

  test("of any number of pages, one after another under any clock, is sent in the order of making", () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant("make" as const) },
      { weight: 2, arbitrary: fc.constantFrom("reload" as const, "save the oldest" as const) },
      { weight: 2, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        localStorage.clear();
        let [made, loads, seq] = [0, 0, 0];
        let left: string[] = [];
        let page = open();
        for (const one of steps) {
          if (typeof one === "number") vi.setSystemTime(Math.max(1, Date.now() + one));
          else if (one === "make") {
            const event = skip(++made, { client_id: `page ${loads}`, client_seq: ++seq });
            page.outbox.add(event);
            left.push(event.event_id);
          } else if (one === "reload") {
            page.closing.abort();
            page = open();
            [loads, seq] = [loads + 1, 0];
          } else {
            page.outbox.settle(left.slice(0, 1));
            left = left.slice(1);
          }
          expect(ids(page.outbox)).toEqual(left);
        }
        page.closing.abort();
      }),
    );
  });

  test.each([
    ["another store", { ...SESSION, store_id: "other" }],
    ["another session", { ...SESSION, session_id: "other" }],
    ["another reviewer", { ...SESSION, reviewer: "bo" }],
  ])("of %s is neither sent nor touched", (_, session) => {
    open(localStorage, session).outbox.add(skip(1, { session_id: session.session_id, reviewer: session.reviewer }));
    const { outbox, sent } = open();
    outbox.flush();
    expect(sent).toEqual([]);
    expect(localStorage.length).toBe(1);
  });

  test.each([
    ["no JSON", "{"],
    ["another shape", '{"created":1,"event":{"kind":"skip"}}'],
    ["nothing", "null"],
    ["another reviewer's event", JSON.stringify({ created: 1, event: skip(1, { reviewer: "bo" }) })],
    ["an event under a wrong name", JSON.stringify({ created: 1, event: skip(7) })],
  ])("that is %s is never sent", (_, text) => {
    localStorage.setItem(`${outboxPrefix(SESSION)}e1`, text);
    const { outbox, sent } = open();
    outbox.flush();
    expect(sent).toEqual([]);
    expect(ids(outbox)).toEqual([]);
  });

  test("is sent again after 10, 20, 40 and then every 60 seconds while nothing answers", () => {
    const { sent, outbox } = open();
    outbox.add(skip(1));
    outbox.flush();
    const after = [10, 20, 40, 60, 60].map((seconds) => {
      vi.advanceTimersByTime(seconds * 1_000 - 1);
      const before = sent.length;
      vi.advanceTimersByTime(1);
      return sent.length - before;
    });
    expect(after).toEqual([1, 1, 1, 1, 1]);
  });

  test("is no longer sent once the page is closed", () => {
    const { sent, outbox, closing } = open();
    outbox.add(skip(1));
    outbox.flush();
    closing.abort();
    vi.advanceTimersByTime(600_000);
    expect(sent).toEqual(["e1"]);
  });
});

describe("what another card leaves later", () => {
  test.each([
    ["when it is closed", (other: AbortController) => other.abort()],
    ["when the page is looked at", () => window.dispatchEvent(new Event("focus"))],
    ["when the tab is", () => document.dispatchEvent(new Event("visibilitychange"))],
  ])("is told and sent %s, once", (_, look) => {
    const { sent, outbox } = open();
    const other = open();
    other.outbox.add(skip(1));
    expect(ids(outbox)).toEqual([]);
    for (let i = 0; i < 2; i++) look(other.closing);
    expect(ids(outbox)).toEqual(["e1"]);
    expect(sent).toEqual(["e1"]);
    outbox.settle(["e1"]);
    expect(localStorage.length).toBe(0);
  });

  test("in another tab is told at once, sent before what is made after it, and again until it is acknowledged", () => {
    const { sent, outbox } = open();
    open().outbox.add(skip(1, { client_id: "other" }));
    window.dispatchEvent(new StorageEvent("storage", { key: `${outboxPrefix(SESSION)}e1` }));
    expect(ids(outbox)).toEqual(["e1"]);
    expect(sent).toEqual([]);
    outbox.add(skip(2));
    outbox.flush();
    expect(sent).toEqual(["e1", "e2"]);
    vi.advanceTimersByTime(10_000);
    expect(sent).toEqual(["e1", "e2", "e1", "e2"]);
  });

  test("is left to others where the kernel cannot be reached, and taken over once it can", () => {
    const { sent, outbox } = open();
    open().outbox.add(skip(1));
    isOpen = false;
    window.dispatchEvent(new Event("focus"));
    expect(ids(outbox)).toEqual([]);
    isOpen = true;
    outbox.resendNow();
    expect(sent).toEqual(["e1"]);
  });
});

test("five seconds without an answer are told, and an answer takes that back", () => {
  const { outbox } = open();
  outbox.add(skip(1));
  outbox.flush();
  vi.advanceTimersByTime(4_999);
  expect(outbox.unanswered.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(outbox.unanswered.value).toBe(true);
  outbox.settle(["e1"]);
  expect(outbox.unanswered.value).toBe(false);
});

test("a thousand events go out in order, and never more than five hundred in a second", () => {
  const { sent, outbox } = open();
  for (let n = 0; n < 1_000; n++) outbox.add(skip(n));
  outbox.flush();
  vi.advanceTimersByTime(900);
  expect(sent.length).toBeLessThanOrEqual(500);
  vi.advanceTimersByTime(1_500);
  expect(sent).toEqual(Array.from({ length: 1_000 }, (_, n) => `e${n}`));
});

test("leaving the page warns only while something is not saved", () => {
  const leave = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const { outbox, closing } = open();
  expect(leave()).toBe(true);
  outbox.add(skip(1));
  expect(leave()).toBe(false);
  outbox.settle(["e1"]);
  expect(leave()).toBe(true);
  outbox.add(skip(2));
  closing.abort();
  expect(leave()).toBe(true);
});

describe("where the browser's storage is", () => {
  const full = {
    length: 0,
    key: () => null,
    getItem: () => null,
    removeItem: () => undefined,
    clear: () => undefined,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  test.each([
    ["full", full],
    ["forbidden", null],
  ])("%s, events are kept in memory, sent, and that is said", (_, storage) => {
    const { sent, outbox } = open(storage);
    outbox.add(skip(1));
    outbox.flush();
    expect(outbox.durable.value).toBe(false);
    expect(ids(outbox)).toEqual(["e1"]);
    expect(sent).toEqual(["e1"]);
  });

  test.each([
    ["full", full],
    ["forbidden", null],
  ])("%s, the next card of the page sends what the one before it had left, and no other's", (_, storage) => {
    const { outbox } = open(storage);
    outbox.add(skip(2));
    outbox.add(skip(1, { client_seq: 3 }));
    open(storage, { ...SESSION, reviewer: "bo" }).outbox.add(skip(9, { reviewer: "bo" }));
    const next = open(storage);
    next.outbox.flush();
    expect(next.sent).toEqual(["e2", "e1"]);
    next.outbox.settle(["e1", "e2"]);
    expect(ids(open(storage).outbox)).toEqual([]);
  });

  test("full and has room again, what could not be written is, and that it is kept is said again", () => {
    let isFull = true;
    const storage = new Proxy(localStorage, {
      get: (target, name) => {
        if (name === "setItem" && isFull) return full.setItem;
        const part: unknown = Reflect.get(target, name);
        return typeof part === "function" ? part.bind(target) : part;
      },
    });
    const { outbox } = open(storage);
    outbox.add(skip(1));
    outbox.add(skip(2));
    expect([outbox.durable.value, localStorage.length]).toEqual([false, 0]);
    isFull = false;
    outbox.add(skip(3));
    expect([outbox.durable.value, localStorage.length]).toEqual([true, 3]);
    isFull = true;
    outbox.add(skip(4));
    isFull = false;
    outbox.resend();
    expect([outbox.durable.value, localStorage.length]).toEqual([true, 4]);
    isFull = true;
    outbox.add(skip(5));
    outbox.settle(["e5"]);
    expect(outbox.durable.value).toBe(true);
  });
});
