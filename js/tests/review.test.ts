import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { outboxPrefix } from "../src/outbox";
import type { Decide, Recordable } from "../src/protocol";
import { FakeKernel, type FakeKernelOptions, FakeLog } from "./fake_kernel";
import { currentId, forgetPage, LABELS, look, type Opened, openPage, painted, ticket, tickets } from "./mounted";

const opened: Opened[] = [];

async function open(n: number, more: Partial<FakeKernelOptions> = {}): Promise<Opened> {
  const page = openPage({ items: tickets(n), ...more });
  opened.push(page);
  await painted();
  look(page.review);
  return page;
}

function decided(log: FakeLog): [string, string | null, unknown][] {
  return log
    .standing()
    .reverse()
    .map(({ item_id, action, value }) => [item_id, action, value]);
}

/** As another tab of the same reviewer makes it. */
function fromElsewhere(item_id: string, replaces: string | null, more: Partial<Decide> = {}): Decide {
  return {
    kind: "decide",
    event_id: `elsewhere-${item_id}-${replaces}`,
    client_id: "c2",
    client_seq: 1,
    session_id: "s-1",
    reviewer: "ada",
    item_id,
    content_hash: item_id.replace("t", "h"),
    shown_at: "",
    decided_at: "",
    seconds: 1,
    model_version: "v1",
    action: "correct",
    value: "other",
    first_value: null,
    reason: null,
    comment: null,
    replaces,
    blind: false,
    explained: false,
    ...more,
  };
}

beforeEach(() => {
  forgetPage();
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  for (const { closing } of opened.splice(0)) closing.abort();
});

describe("deciding", () => {
  test("accepts, corrects, flags and skips, each one step through the queue", async () => {
    const { review, kernel } = await open(6);
    for (const [act, next] of [
      [() => review.accept(), "t1"],
      [() => review.answer("other"), "t2"],
      [() => review.flag("unclear", "which one?"), "t3"],
      [() => review.skip(), "t4"],
    ] as const) {
      expect(act()).toBe(true);
      expect(currentId(review)).toBe(next);
      await painted();
      look(review);
    }
    expect(decided(kernel.log)).toEqual([
      ["t0", "accept", "refund"],
      ["t1", "correct", "other"],
      ["t2", "flag", null],
      ["t3", null, null],
    ]);
    expect(kernel.log.of("t2")).toMatchObject({ reason: "unclear", comment: "which one?" });
  });

  test("a correction to the predicted value is an accept", async () => {
    const { review, kernel } = await open(2);
    review.answer("refund");
    await painted();
    expect(decided(kernel.log)).toEqual([["t0", "accept", "refund"]]);
  });

  test("without a prediction there is nothing to accept", async () => {
    const { review, kernel } = await open(2, { items: tickets(2, { prediction: null }) });
    expect(review.accept()).toBe(false);
    expect(review.said.value.tone).toBe("warning");
    expect(currentId(review)).toBe("t0");
    expect(review.answer("refund")).toBe(true);
    await painted();
    expect(kernel.log.of("t0")?.action).toBe("correct");
  });

  test("a skipped item comes back at the end, again and again", async () => {
    const { review } = await open(2);
    review.skip();
    expect(currentId(review)).toBe("t1");
    review.accept();
    expect(currentId(review)).toBe("t0");
    review.skip();
    expect(currentId(review)).toBe("t0");
    await painted();
    review.accept();
    expect(currentId(review)).toBeNull();
    expect(review.scene.value.stage).toBe("end");
  });

  test("the last item, skipped, is there again, though the kernel's queue has not changed by it", async () => {
    const { review } = await open(2);
    review.accept();
    await painted();
    const before = review.kernel.traits.queue.peek();
    for (let i = 0; i < 2; i++) {
      review.skip();
      await painted();
      expect(review.kernel.traits.queue.peek()).toBe(before);
      expect(currentId(review)).toBe("t1");
    }
  });

  test("goes on while the kernel is busy, and everything arrives in order afterwards", async () => {
    const { review, kernel } = await open(40);
    kernel.pause();
    for (let i = 0; i < 30; i++) review.accept();
    await painted();
    expect(currentId(review)).toBe("t30");
    expect(review.ledger.progress.value).toMatchObject({ reviewed: 30, accepted: 30, remaining: 10 });
    expect(review.outbox.pending.value.length).toBe(30);
    kernel.resume();
    expect(kernel.log.events.map((event) => event.client_seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(review.outbox.pending.value).toEqual([]);
    expect(review.ledger.progress.value).toMatchObject({ reviewed: 30, accepted: 30, remaining: 10 });
    expect(currentId(review)).toBe("t30");
  });
});

describe("undo", () => {
  test("takes back everything, step by step, and shows each item again", async () => {
    const { review, kernel } = await open(4);
    review.accept();
    review.skip();
    review.answer("other");
    for (const id of ["t2", "t1", "t0"]) {
      await painted();
      expect(review.undo()).toBe(true);
      expect(currentId(review)).toBe(id);
    }
    await painted();
    expect(review.undo()).toBe(false);
    expect(kernel.log.standing()).toEqual([]);
    expect(review.ledger.progress.value).toMatchObject({ reviewed: 0, skipped: 0, remaining: 4 });
    review.accept();
    expect(currentId(review)).toBe("t1");
  });

  test("reaches what is on its way, and what an earlier page did", async () => {
    const log = new FakeLog();
    const first = await open(4, { log });
    first.review.accept();
    await painted();
    first.closing.abort();
    const { review, kernel } = await open(4, { log });
    kernel.pause();
    review.accept();
    review.undo();
    expect(currentId(review)).toBe("t1");
    review.undo();
    expect(currentId(review)).toBe("t0");
    await painted();
    kernel.resume();
    expect(log.standing()).toEqual([]);
    expect(review.ledger.progress.value.reviewed).toBe(0);
  });

  test("of a change puts back what stood before, and stays in the queue", async () => {
    const { review, kernel } = await open(4);
    review.accept();
    await painted();
    review.step("back");
    expect(currentId(review)).toBe("t0");
    look(review);
    review.answer("other");
    expect(currentId(review)).toBe("t1");
    await painted();
    expect(decided(kernel.log)).toEqual([["t0", "correct", "other"]]);
    review.undo();
    expect(currentId(review)).toBe("t1");
    await painted();
    expect(decided(kernel.log)).toEqual([["t0", "accept", "refund"]]);
  });
});

describe("before the kernel has told its history", () => {
  async function openBefore(log: FakeLog, n = 6): Promise<Opened> {
    const kernel = new FakeKernel({ labels: LABELS, items: tickets(n), log });
    kernel.holdHistory();
    const page = openPage({ items: [] }, kernel);
    opened.push(page);
    await painted();
    look(page.review);
    return page;
  }

  function logOf(...item_ids: readonly string[]): FakeLog {
    const log = new FakeLog();
    for (const item_id of item_ids) log.append(fromElsewhere(item_id, null));
    return log;
  }

  test("an undo says that it waits, and however often it was asked for it is one", async () => {
    const { review, kernel } = await openBefore(logOf("t0", "t1", "t2"));
    for (let i = 0; i < 3; i++) expect(review.undo()).toBe(false);
    expect(review.said.value.text).toBe("Waiting for the kernel's history…");
    kernel.tellHistory();
    await painted();
    expect(kernel.log.events.map(({ kind }) => kind)).toEqual(["decide", "decide", "decide", "undo"]);
    expect(currentId(review)).toBe("t2");
  });

  test("an undo takes back nothing that was made or told of after it", async () => {
    const { review, kernel } = await openBefore(logOf());
    review.undo();
    review.accept();
    await painted();
    kernel.tellHistory();
    await painted();
    expect(decided(kernel.log)).toEqual([["t0", "accept", "refund"]]);
    kernel.holdHistory();
    const other = await openBefore(logOf("t0"));
    other.review.undo();
    other.kernel.elsewhere(fromElsewhere("t3", null));
    other.kernel.tellHistory();
    await painted();
    expect(other.kernel.log.events.map(({ kind }) => kind)).toEqual(["decide", "decide"]);
    expect(other.review.said.value.text).toBe("Nothing was undone: something newer was recorded meanwhile.");
  });

  test("an undo of nothing says so once that is known", async () => {
    const { review, kernel } = await openBefore(logOf());
    review.undo();
    kernel.tellHistory();
    await painted();
    expect(review.said.value.text).toBe("There is nothing to undo.");
  });

  test("a step back leaves an item on which something was begun meanwhile, and one that was gone to", async () => {
    const { review, kernel } = await openBefore(logOf("t0"));
    review.step("back");
    expect(review.said.value.text).toBe("Waiting for the kernel's history…");
    review.draft.change({ comment: "a long remark" });
    kernel.tellHistory();
    await painted();
    expect(currentId(review)).toBe("t1");
    expect(review.draft.fields.value.comment).toBe("a long remark");
    expect(review.said.value.text).toBe("Nothing was done: you went on before the kernel answered.");
    review.step("back");
    expect(currentId(review)).toBe("t0");
  });

  test("a step back is made once the kernel has answered", async () => {
    const { review, kernel } = await openBefore(logOf("t0"));
    review.step("back");
    kernel.tellHistory();
    await painted();
    expect(currentId(review)).toBe("t0");
  });

  test("a kernel that does not answer is told", async () => {
    vi.useFakeTimers();
    try {
      const kernel = new FakeKernel({ labels: LABELS, items: tickets(2), log: logOf("t0") });
      kernel.holdHistory();
      const page = openPage({ items: [] }, kernel);
      opened.push(page);
      page.review.undo();
      await vi.advanceTimersByTimeAsync(30_000);
      expect(page.review.said.value.text).toBe("Nothing was done: the kernel has not told its history.");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("an earlier item", () => {
  test("is shown with what stands on it, and a new decision names the one it replaces", async () => {
    const { review, kernel } = await open(5);
    for (let i = 0; i < 3; i++) review.accept();
    await painted();
    const first = kernel.log.of("t0")?.event_id;
    review.step("back");
    review.step("back");
    review.step("back");
    expect(currentId(review)).toBe("t0");
    expect(review.standing()?.action).toBe("accept");
    look(review);
    review.flag("broken", "");
    await painted();
    expect(kernel.log.of("t0")).toMatchObject({ action: "flag", replaces: first });
    expect(currentId(review)).toBe("t3");
  });

  test("is left again without a decision", async () => {
    const { review } = await open(5);
    review.accept();
    review.accept();
    await painted();
    review.step("back");
    review.step("back");
    review.step("forward");
    expect(currentId(review)).toBe("t1");
    review.step("forward");
    expect(currentId(review)).toBe("t2");
  });

  test("is reached where fewer come than were asked for, and nothing is taken for the beginning before it is", async () => {
    const log = new FakeLog();
    for (let i = 0; i < 25; i++) log.append(fromElsewhere(`t${i}`, null));
    const { review } = await open(30, { log, history_entries: 10 });
    expect(review.ledger.historyComplete.value).toBe(false);
    for (let i = 24; i >= 0; i--) {
      review.step("back");
      await painted();
      expect(currentId(review)).toBe(`t${i}`);
    }
    expect(review.ledger.historyComplete.value).toBe(true);
  });

  test("is reached beyond what the page has loaded", async () => {
    const log = new FakeLog();
    for (let i = 0; i < 150; i++) log.append(fromElsewhere(`t${i}`, null));
    const { review } = await open(152, { log });
    for (let i = 0; i < 100; i++) review.step("back");
    expect(currentId(review)).toBe("t50");
    review.step("back");
    await painted();
    expect(currentId(review)).toBe("t49");
  });
});

describe("what happens elsewhere", () => {
  test("to the current item ends its turn, and that is said", async () => {
    const { review, kernel } = await open(4);
    kernel.elsewhere(fromElsewhere("t0", null));
    expect(currentId(review)).toBe("t1");
    expect(review.said.value).toEqual({ text: "Decided elsewhere meanwhile: Corrected to other.", tone: "warning" });
  });

  test("on its way from another card is shown before the kernel tells of it, and is saved once", async () => {
    const log = new FakeLog();
    const one = await open(4, { log });
    const other = await open(4, { log });
    one.kernel.pause();
    one.review.answer("other");
    window.dispatchEvent(new Event("focus"));
    expect(currentId(other.review)).toBe("t1");
    expect(other.review.said.value).toEqual({
      text: "Decided elsewhere meanwhile: Corrected to other.",
      tone: "warning",
    });
    await painted();
    expect(log.events.length).toBe(1);
    one.kernel.resume();
    await painted();
    expect(log.events.length).toBe(1);
    for (const { review } of [one, other]) expect(review.outbox.pending.value).toEqual([]);
  });

  test("told of by the kernel and still kept by another card is undone like any other", async () => {
    const { review, kernel } = await open(4);
    const event = fromElsewhere("t0", null);
    kernel.elsewhere(event);
    const kept = JSON.stringify({ created: 1, event });
    localStorage.setItem(`${outboxPrefix(review.kernel.traits.session.peek())}${event.event_id}`, kept);
    kernel.pause();
    window.dispatchEvent(new Event("focus"));
    review.undo();
    expect(currentId(review)).toBe("t0");
    expect(review.ledger.of("t0")).toBeNull();
    kernel.resume();
    await painted();
    expect(review.outbox.pending.value).toEqual([]);
    expectAgreement({ ...opened[0], review, kernel } as Opened, kernel.log);
  });

  test("is settled by what is saved already, however it comes to be known", async () => {
    const { review, kernel } = await open(4);
    review.accept();
    await painted();
    const [event] = kernel.log.events;
    const kept = JSON.stringify({ created: 1, event });
    localStorage.setItem(`${outboxPrefix(review.kernel.traits.session.peek())}${event?.event_id}`, kept);
    kernel.pause();
    window.dispatchEvent(new Event("focus"));
    expect(review.outbox.pending.value).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  test("to a later item leaves the current one alone", async () => {
    const { review, kernel } = await open(4);
    kernel.elsewhere(fromElsewhere("t1", null));
    expect(currentId(review)).toBe("t0");
    review.accept();
    expect(currentId(review)).toBe("t2");
  });

  test("while the kernel was busy makes a conflict: it is told, and what is true is shown", async () => {
    const { review, kernel } = await open(4);
    kernel.pause();
    review.accept();
    kernel.log.append(fromElsewhere("t0", null));
    await painted();
    kernel.resume();
    await painted();
    expect(review.said.value).toEqual({ text: "Not recorded: decided meanwhile in another tab", tone: "warning" });
    expect(review.outbox.pending.value).toEqual([]);
    expect(review.ledger.of("t0")?.value).toBe("other");
    expect(review.ledger.progress.value).toMatchObject({ reviewed: 1, accepted: 0, corrected: 1 });
    expect(currentId(review)).toBe("t1");
  });

  test("much at once is read again, and what was known before it is let go of until it is read again too", async () => {
    const { review, kernel } = await open(400);
    review.accept();
    review.accept();
    await painted();
    const others = Array.from({ length: 150 }, (_, i) => fromElsewhere(`t${i + 2}`, null));
    kernel.muchElsewhere([fromElsewhere("t0", kernel.log.of("t0")?.event_id ?? null), ...others], 100);
    await painted();
    expect(currentId(review)).toBe("t152");
    expect(review.said.value.tone, "its item was decided").toBe("warning");
    expect(review.ledger.of("t0"), "it was changed, which nobody has told").toBeNull();
    expect(review.ledger.of("t151")?.value).toBe("other");
    expect(review.ledger.historyComplete.value).toBe(false);
    await review.ledger.loadMoreHistory();
    expect(review.ledger.of("t0")?.value).toBe("other");
    expect(review.ledger.of("t1")?.action).toBe("accept");
    expect(review.ledger.timeline().map(({ seq }) => seq)).toEqual(kernel.log.standing().map(({ seq }) => seq));
    expect(review.ledger.historyComplete.value).toBe(true);
  });

  test("much at once ends a look at an earlier item that is no longer known, and the history still has it", async () => {
    const { review, kernel } = await open(400);
    review.accept();
    await painted();
    review.step("back");
    expect(currentId(review)).toBe("t0");
    kernel.muchElsewhere(Array.from({ length: 150 }, (_, i) => fromElsewhere(`t${i + 1}`, null)));
    await painted();
    expect(review.said.value.text).toMatch(/^Much was recorded elsewhere meanwhile/);
    expect(currentId(review)).toBe("t151");
    for (let i = 0; i < 100; i++) review.step("back");
    expect(currentId(review)).toBe("t51");
    review.step("back");
    await painted();
    expect(currentId(review)).toBe("t50");
  });

  test("much at once is asked for until the kernel has answered", async () => {
    const { review, kernel } = await open(400);
    vi.useFakeTimers();
    try {
      kernel.pause();
      kernel.muchElsewhere([fromElsewhere("t1", null)]);
      const asked = () => kernel.received.filter(({ kind }) => kind === "history").length;
      const before = asked();
      await vi.advanceTimersByTimeAsync(61_000);
      kernel.resume();
      await vi.advanceTimersByTimeAsync(0);
      expect(asked() - before).toBe(2);
      expect(review.ledger.of("t1")?.value).toBe("other");
    } finally {
      vi.useRealTimers();
    }
  });

  test("an item whose content changed is shown anew", async () => {
    const { review, kernel } = await open(2);
    kernel.items = [ticket(0, { content_hash: "new" }), ticket(1)];
    kernel.publish();
    await painted();
    expect(currentId(review)).toBe("t0");
    expect(review.scene.value.held?.item.content_hash).toBe("new");
    expect(review.said.value.text).toBe("This item has changed: look again.");
  });

  test("an answer made before the queue of newer content comes after it, and what is asked is the newer content", async () => {
    const { review, kernel } = await open(3);
    const former = kernel.items;
    kernel.update(
      former.map((item, i) => ({ ...item, model_version: "v2", content_hash: `new ${i}` })),
      "v2",
    );
    await painted();
    kernel.answerLate(former);
    expect(review.scene.value.held?.item.content_hash).toBe("new 0");
    look(review);
    review.accept();
    await painted();
    expect(kernel.log.events[0]).toMatchObject({ item_id: "t0", content_hash: "new 0", model_version: "v2" });
    expect(review.scene.value.held?.item.content_hash).toBe("new 1");
  });

  test.each([
    ["content", { content_hash: "new" }],
    ["model", {}],
  ])("an item of the former %s that comes in place of the newer one is not left at that", async (_, more) => {
    const { review, kernel } = await open(1);
    const former = kernel.items;
    kernel.pause();
    kernel.update([ticket(0, { model_version: "v2", ...more })], "v2");
    kernel.answerLate(former);
    if ("content_hash" in more) expect(review.scene.value.stage).toBe("loading");
    kernel.resume();
    vi.useFakeTimers();
    try {
      kernel.answerLate(former);
      review.retry();
      await vi.advanceTimersByTimeAsync(1_000);
    } finally {
      vi.useRealTimers();
    }
    expect(review.scene.value.held?.item).toMatchObject({ model_version: "v2", ...more });
  });

  test("a decision that is refused because its item has changed has the item asked for again", async () => {
    const { review, kernel } = await open(3);
    kernel.log.conflict = (event) => ("content_hash" in event && event.content_hash === "h0" ? "it has changed" : null);
    kernel.items = [ticket(0, { content_hash: "new" }), ticket(1), ticket(2)];
    review.accept();
    await painted();
    expect(review.said.value.text).toBe("Not recorded: it has changed");
    await painted();
    expect(review.scene.value.held?.item.content_hash).toBe("h1");
    look(review);
    review.accept();
    await painted();
    look(review);
    expect(review.scene.value.held?.item.content_hash).toBe("new");
    review.accept();
    await painted();
    expect(kernel.log.of("t0")?.content_hash).toBe("new");
  });

  test("so has an earlier item, which no queue names", async () => {
    const { review, kernel } = await open(3);
    kernel.elsewhere(fromElsewhere("t1", null));
    kernel.publish(true);
    review.step("back");
    await painted();
    look(review);
    kernel.log.conflict = (event) => ("content_hash" in event && event.content_hash === "h1" ? "it has changed" : null);
    kernel.items = [ticket(0), ticket(1, { content_hash: "new" }), ticket(2)];
    review.accept();
    await painted();
    expect(review.said.value.text).toBe("Not recorded: it has changed");
    review.step("back");
    await painted();
    expect(currentId(review)).toBe("t1");
    expect(review.scene.value.held?.item.content_hash).toBe("new");
  });

  test("a key that was pressed on an item's former content does not count for the newer one", async () => {
    const { review, kernel } = await open(2);
    kernel.elsewhere(fromElsewhere("t1", null));
    review.step("back");
    look(review);
    kernel.publish(true);
    kernel.sendAgain(ticket(1, { content_hash: "new" }));
    expect(review.scene.value.held?.item.content_hash).toBe("new");
    expect(review.sight.counts({ timeStamp: performance.now() + 1 })).toBe(false);
    look(review);
    expect(review.sight.counts({ timeStamp: performance.now() + 1 })).toBe(true);
  });

  test("an item that is no longer in the frame is passed over", async () => {
    const { review } = await open(3, { absent: new Set(["t0", "t1"]) });
    expect(currentId(review)).toBe("t2");
    expect(review.scene.value.stage).toBe("item");
  });

  test("an item of which another notebook has newer content leaves the screen, and comes back with it", async () => {
    const { review, kernel } = await open(3);
    kernel.withhold(["t0"]);
    await painted();
    expect(currentId(review)).toBe("t1");
    expect(review.said.value.text).toBe("This item is no longer in the data as it was shown.");
    review.accept();
    await painted();
    kernel.restore();
    await painted();
    review.accept();
    await painted();
    expect(currentId(review)).toBe("t0");
    expect(review.scene.value.stage).toBe("item");
  });

  test("labels that come later are taken, and other words about the session leave the editor as it is", async () => {
    const { review, kernel } = await open(3, { labels: { labels: [{ value: "refund", key: "1" }] } });
    const editor = review.editor.value;
    kernel.session = { order: "another notebook has newer content of 1 item" };
    kernel.publish();
    expect(review.editor.value).toBe(editor);
    kernel.session = {
      editor: {
        labels: [
          { value: "refund", key: "1" },
          { value: "thanks", key: "2" },
        ],
      },
    };
    kernel.publish();
    expect(review.editor.value?.press("2", { item: ticket(0), answered: undefined, draft: review.draft })).toEqual({
      kind: "answer",
      value: "thanks",
    });
  });
});

describe("a key", () => {
  test("counts only after the item was painted, and never when it repeats", async () => {
    const { review } = await open(3);
    const now = performance.now();
    expect(review.sight.counts({ timeStamp: now + 1 })).toBe(true);
    expect(review.sight.counts({ timeStamp: now + 1, repeat: true })).toBe(false);
    review.accept();
    expect(review.sight.counts({ timeStamp: performance.now() + 1 })).toBe(false);
    look(review);
    expect(review.sight.counts({ timeStamp: now })).toBe(false);
    expect(review.sight.counts({ timeStamp: performance.now() + 1 })).toBe(true);
  });
});

describe("without a kernel", () => {
  test.each(["dead", "restarting", "autorestarting", "terminating"])(
    "(%s) nothing is taken, for good",
    async (status) => {
      const { review, kernel } = await open(3);
      kernel.host.set({ status });
      expect(review.accept()).toBe(false);
      kernel.host.set({ status: "idle" });
      expect(review.accept()).toBe(false);
      expect(review.said.value.tone).toBe("warning");
      expect(currentId(review)).toBe("t0");
    },
  );

  test("what waits is sent by the next page, once each", async () => {
    const log = new FakeLog();
    const first = await open(5, { log });
    first.kernel.pause();
    first.review.accept();
    first.review.answer("other");
    await painted();
    first.kernel.host.set({ status: "dead" });
    first.closing.abort();
    expect(log.events).toEqual([]);
    const { review } = await open(5, { log });
    expect(decided(log)).toEqual([
      ["t0", "accept", "refund"],
      ["t1", "correct", "other"],
    ]);
    expect(currentId(review)).toBe("t2");
    expect(review.ledger.progress.value.reviewed).toBe(2);
    expect(localStorage.length).toBe(0);
  });
});

test("a problem of the store keeps everything, and it is sent when the problem is over", async () => {
  const { review, kernel } = await open(5);
  kernel.problem = { message: "the disk is full", remedy: "free some space" };
  kernel.publish();
  review.accept();
  review.accept();
  await painted();
  expect(kernel.log.events).toEqual([]);
  expect(currentId(review)).toBe("t2");
  kernel.problem = null;
  kernel.publish();
  await painted();
  expect(decided(kernel.log).map(([id]) => id)).toEqual(["t0", "t1"]);
});

test("a draft outlives a reload, and goes with its item", async () => {
  const first = await open(3);
  first.review.openForm("flag");
  first.review.draft.change({ reason: "needs an expert", comment: "half a word" });
  first.closing.abort();
  const { review } = await open(3);
  expect(review.draft.fields.value).toMatchObject({ form: "flag", reason: "needs an expert", comment: "half a word" });
  review.accept();
  expect(review.draft.fields.value).toMatchObject({ form: null, reason: "", comment: "" });
});

describe("any sequence of steps, busy spells, reloads and other tabs", () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))("ends as the log says (seed %i)", async (seed) => {
    const random = mulberry32(seed);
    const log = new FakeLog();
    const lags = seed % 2 === 1;
    let page = await open(8, { log, lags });
    const sent = new Set<string>();
    const refused = new Set<string>();
    for (let step = 0; step < 40; step++) {
      const { review, kernel } = page;
      look(review);
      const before = currentId(review);
      const roll = Math.floor(random() * 12);
      if (roll < 3 && review.accept()) expect(currentId(review)).not.toBe(before);
      else if (roll === 3) review.answer("other");
      else if (roll === 4) review.flag("unclear", "");
      else if (roll === 5) review.skip();
      else if (roll < 8) review.undo();
      else if (roll === 8) review.step(random() < 0.7 ? "back" : "forward");
      else if (roll === 9) kernel.pause();
      else if (roll === 10) kernel.resume();
      else {
        page.closing.abort();
        page = await open(8, { log, lags });
      }
      if (random() < 0.3) await painted();
      for (const event of page.review.outbox.pending.value) sent.add(event.event_id);
      for (const { event_id } of kernel.model.get("refused")) refused.add(event_id);
    }
    page.kernel.resume();
    await painted();
    await painted();
    for (const { event_id } of page.kernel.model.get("refused")) refused.add(event_id);
    for (const event_id of sent) expect(log.has(event_id) || refused.has(event_id)).toBe(true);
    expectAgreement(page, log);
  });
});

function expectAgreement({ review, kernel }: Opened, log: FakeLog): void {
  const stored = log.events.map((event: Recordable) => event.event_id);
  expect(new Set(stored).size).toBe(stored.length);
  expect(review.outbox.pending.value).toEqual([]);
  expect(localStorage.length).toBe(0);
  expect(review.ledger.progress.value).toEqual(kernel.truth.progress);
  expect(review.ledger.timeline().map(({ event_id }) => event_id)).toEqual(log.standing().map((e) => e.event_id));
  const open = kernel.truth.queue.entries.map(([item_id]) => item_id);
  expect(review.ledger.upcoming.value.map(([item_id]) => item_id)).toEqual(open);
}

function mulberry32(seed: number): () => number {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe("answering blind", () => {
  const blind = new Set(["t0", "t1", "t2"]);

  test("shows the prediction after the answer, which is then kept", async () => {
    const { review, kernel } = await open(3, { blind });
    expect(review.scene.value.held?.item).toMatchObject({ blind: true, prediction: null, candidates: [] });
    expect(review.accept()).toBe(false);
    expect(review.said.value.text).toContain("Answer first");
    review.answer("other");
    expect(currentId(review)).toBe("t0");
    await painted();
    look(review);
    expect(review.scene.value.held?.item.prediction?.value).toBe("refund");
    expect(review.keep()).toBe(true);
    expect(currentId(review)).toBe("t1");
    await painted();
    expect(decided(kernel.log)).toEqual([["t0", "correct", "other"]]);
    expect(kernel.log.events[0]).toMatchObject({ blind: true, first_value: "other" });
  });

  test("keeps an answer that is given again, and takes the prediction's place for an accept", async () => {
    const { review, kernel } = await open(3, { blind });
    for (const again of [() => review.answer("refund"), () => review.accept()]) {
      review.answer("refund");
      await painted();
      expect(review.said.value.text).toBe("Accepted as refund.");
      look(review);
      expect(again()).toBe(true);
      await painted();
      look(review);
    }
    expect(currentId(review)).toBe("t2");
    expect(decided(kernel.log)).toEqual([
      ["t0", "accept", "refund"],
      ["t1", "accept", "refund"],
    ]);
  });

  test("lets the answer be changed once the prediction is there", async () => {
    const { review, kernel } = await open(3, { blind });
    review.answer("other");
    await painted();
    look(review);
    review.accept();
    expect(currentId(review)).toBe("t1");
    await painted();
    expect(decided(kernel.log)).toEqual([["t0", "accept", "refund"]]);
    expect(kernel.log.events[1]).toMatchObject({ replaces: kernel.log.events[0]?.event_id });
  });

  test("goes on without the prediction while the kernel is busy", async () => {
    const { review, kernel } = await open(3, { blind });
    kernel.pause();
    review.answer("other");
    await painted();
    look(review);
    expect(review.scene.value.held?.item.prediction).toBeNull();
    expect(review.accept()).toBe(false);
    expect(review.said.value.text).toContain("not here yet");
    review.step("forward");
    expect(currentId(review)).toBe("t1");
    kernel.resume();
    await painted();
    expect(decided(kernel.log)).toEqual([["t0", "correct", "other"]]);
    review.step("back");
    await painted();
    expect(review.scene.value.held?.item.prediction?.value).toBe("refund");
  });

  test("an undone answer is asked again, open: what was seen was seen", async () => {
    const { review, kernel } = await open(3, { blind });
    review.answer("other");
    await painted();
    look(review);
    review.undo();
    await painted();
    look(review);
    expect(currentId(review)).toBe("t0");
    expect(review.scene.value.held?.item.prediction?.value).toBe("refund");
    review.accept();
    expect(currentId(review)).toBe("t1");
    await painted();
    expect(kernel.log.events.at(-1)).toMatchObject({ blind: false, first_value: null });
  });

  test("an answer given elsewhere is told, and what was hidden is fetched when the item is looked at", async () => {
    const { review, kernel } = await open(3, { blind });
    kernel.elsewhere(fromElsewhere("t0", null));
    await painted();
    look(review);
    expect(currentId(review)).toBe("t1");
    review.step("back");
    await painted();
    expect(currentId(review)).toBe("t0");
    expect(review.scene.value.held?.item.prediction?.value).toBe("refund");
  });

  test("another answer from another tab stands, and says so", async () => {
    const { review, kernel } = await open(3, { blind });
    kernel.pause();
    review.answer("other");
    kernel.log.append(fromElsewhere("t0", null));
    kernel.resume();
    await painted();
    expect(review.said.value.text).toContain("Decided elsewhere");
    expect(currentId(review)).toBe("t1");
  });

  test("an answer taken back in another tab is asked for again", async () => {
    const { review, kernel } = await open(3, { blind });
    review.answer("other");
    await painted();
    look(review);
    const { event_id, ...on } = kernel.log.events[0] as Decide;
    kernel.elsewhere({ ...on, kind: "undo", event_id: "undo", replaces: event_id } as Recordable);
    await painted();
    look(review);
    expect(currentId(review)).toBe("t0");
    expect(review.keep()).toBe(false);
    review.answer("card lost");
    expect(currentId(review)).toBe("t1");
  });
});
