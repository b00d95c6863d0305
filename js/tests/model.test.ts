import type { AnyModel } from "@anywidget/types";
import { expect, test } from "vitest";
import { openKernel } from "../src/model";
import type { Message, Traits } from "../src/protocol";

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
