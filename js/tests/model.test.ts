import type { AnyModel } from "@anywidget/types";
import { describe, expect, test, vi } from "vitest";
import widget from "../src/index";
import { openKernel } from "../src/model";
import type { Message, Traits } from "../src/protocol";
import { FakeKernel } from "./fake_kernel";
import { painted, tickets } from "./mounted";

/** A model whose messages arrive as its host decides. */
function modelOf(send: (message: Message) => unknown): AnyModel<Traits> {
  return { get: () => ({}), on: () => undefined, off: () => undefined, send } as unknown as AnyModel<Traits>;
}

function kernelOf(send: (message: Message) => unknown) {
  return openKernel(modelOf(send), new AbortController().signal);
}

const shown = (item_id: string): Message => ({ kind: "shown", item_id, content_hash: "h" });

test("where a host promises arrival, a message waits for the one before it, and outlives its failure", async () => {
  const under_way: { readonly message: Message; readonly resolve: () => void; readonly reject: () => void }[] = [];
  const kernel = kernelOf(
    (message) =>
      new Promise<void>((resolve, reject) => {
        under_way.push({ message, resolve, reject: () => reject(new Error("Forbidden")) });
      }),
  );
  for (const item_id of ["t0", "t1", "t2"]) expect(kernel.send(shown(item_id))).toBe(true);
  expect(under_way.map(({ message }) => message)).toEqual([shown("t0")]);
  under_way[0]?.reject();
  await expect.poll(() => under_way.length).toBe(2);
  under_way[1]?.resolve();
  await expect.poll(() => under_way.length).toBe(3);
  expect(under_way.map(({ message }) => message)).toEqual([shown("t0"), shown("t1"), shown("t2")]);
  under_way[2]?.resolve();
});

test("a message whose arrival is never told holds up the ones after it for five seconds each, in order", async () => {
  vi.useFakeTimers();
  try {
    const sent: Message[] = [];
    const kernel = kernelOf((message) => {
      sent.push(message);
      return new Promise(() => undefined);
    });
    for (const item_id of ["t0", "t1", "t2"]) kernel.send(shown(item_id));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(sent).toEqual([shown("t0")]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([shown("t0"), shown("t1")]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([shown("t0"), shown("t1"), shown("t2")]);
  } finally {
    vi.useRealTimers();
  }
});

test("where a host promises nothing, messages go at once", () => {
  const sent: Message[] = [];
  const kernel = kernelOf((message) => void sent.push(message));
  kernel.send(shown("t0"));
  kernel.send(shown("t1"));
  expect(sent).toEqual([shown("t0"), shown("t1")]);
});

test("a message that could not be handed over is told", () => {
  const kernel = kernelOf(() => {
    throw new Error("the comm is closed");
  });
  expect(kernel.send(shown("t0"))).toBe(false);
});

describe("a model out of a saved notebook", () => {
  /** As ipywidgets brings models back: with their state, and live only where a kernel has them. */
  function broughtBack(kernel: FakeKernel, layout: object): AnyModel<Traits> {
    const { model } = kernel;
    const get = (name: keyof Traits | "layout") => (name === "layout" ? layout : model.get(name));
    return { ...model, get } as unknown as AnyModel<Traits>;
  }

  test.each([
    ["whose kernel is there is a card", { comm_live: true, comm: {} }, "connected", 1],
    [
      "whose kernel has just ended is a card, which the host tells of that",
      { comm_live: false, comm: {} },
      "connected",
      1,
    ],
    ["whose kernel is another one draws nothing, asks nothing and waits for nothing", { comm_live: false }, "gone", 0],
  ])("%s", async (_, layout, connection, cards) => {
    const kernel = new FakeKernel({ items: tickets(3) });
    const model = broughtBack(kernel, layout);
    const closing = new AbortController();
    const host = document.body.appendChild(document.createElement("div"));
    const { initialize, render } = widget();
    initialize({ model, signal: closing.signal });
    render({ el: host, signal: closing.signal });
    await painted();
    expect(host.querySelectorAll('[data-hitl="review"]').length).toBe(cards);
    expect(host.childElementCount).toBe(cards);
    expect(kernel.received.length > 0).toBe(cards > 0);
    expect(kernel.listenerCount > 0).toBe(cards > 0);
    expect(openKernel(model, closing.signal).connection.value).toBe(connection);
    closing.abort();
    host.remove();
  });
});
