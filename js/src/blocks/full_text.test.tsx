import { act } from "preact/test-utils";
import { describe, expect, test } from "vitest";
import { button, NOTHING, render, root } from "../../tests/drawn";
import type { Block } from "../protocol";
import { Blocks } from "./index";

describe("a text that came cut", () => {
  const cut: Block = { type: "text", field: "body", text: "It began", clipped: 120_000 };

  test("says how long it is and shows all of it on demand, by its place among the fields", async () => {
    const asked: number[] = [];
    const loadFull = async (index: number) => {
      asked.push(index);
      return "It began and it ended";
    };
    render(<Blocks {...NOTHING} blocks={[{ type: "missing", field: "a" }, cut]} loadFull={loadFull} />, root);
    expect(root.textContent).toContain("The first 8 characters.");
    await act(async () => button(/^Show all 120,000 characters$/).click());
    expect(asked).toEqual([1]);
    expect(root.textContent).toContain("It began and it ended");
    expect(root.querySelector("button")).toBeNull();
  });

  test.each(["text", "markdown", "code"] as const)("leaves who asked for it on the text: %s", async (type) => {
    const block: Block = type === "code" ? { ...cut, type, language: null } : { ...cut, type };
    let answered: (text: string) => void = () => {};
    const loadFull = () => new Promise<string>((resolve) => (answered = resolve));
    render(<Blocks {...NOTHING} blocks={[block]} loadFull={loadFull} />, root);
    button(/Show all/).focus();
    await act(async () => button(/Show all/).click());
    expect(document.activeElement).toBe(button(/Loading/));
    await act(async () => answered("It began and it ended"));
    expect(document.activeElement?.getAttribute("aria-label")).toBe("body");
    expect(document.activeElement?.textContent).toContain("it ended");
  });

  test("does not call back who went elsewhere meanwhile", async () => {
    const elsewhere = document.body.appendChild(document.createElement("input"));
    let answered: (text: string) => void = () => {};
    const loadFull = () => new Promise<string>((resolve) => (answered = resolve));
    render(<Blocks {...NOTHING} blocks={[cut]} loadFull={loadFull} />, root);
    button(/Show all/).focus();
    await act(async () => button(/Show all/).click());
    elsewhere.focus();
    await act(async () => answered("It began and it ended"));
    expect(document.activeElement).toBe(elsewhere);
  });

  test("can be asked for again when it did not come", async () => {
    const loadFull = () => Promise.reject(new Error("no kernel"));
    render(<Blocks {...NOTHING} blocks={[cut]} loadFull={loadFull} />, root);
    await act(async () => button(/Show all/).click());
    expect(root.textContent).toContain("the kernel did not answer");
    expect(button(/Show all/).getAttribute("aria-disabled")).toBe("false");
  });

  test("is asked for message by message in a chat", async () => {
    const asked: unknown[] = [];
    const loadFull = async (...which: unknown[]) => {
      asked.push(which);
      return "It began and it ended";
    };
    const messages = [
      { role: "user", text: "whole" },
      { role: "assistant", text: "It began", clipped: 30_000 },
    ];
    render(<Blocks {...NOTHING} blocks={[{ type: "chat", field: "m", messages }]} loadFull={loadFull} />, root);
    await act(async () => button(/^Show all 30,000 characters$/).click());
    expect(asked).toEqual([[0, 1]]);
    expect(root.querySelectorAll("li")[1]?.textContent).toContain("It began and it ended");
  });

  test("does not reach the next item when it comes late", async () => {
    let answered: (text: string) => void = () => {};
    const loadFull = () => new Promise<string>((resolve) => (answered = resolve));
    render(<Blocks {...NOTHING} blocks={[cut]} loadFull={loadFull} />, root);
    await act(async () => button(/Show all/).click());
    render(<Blocks {...NOTHING} blocks={[{ ...cut, text: "The next" }]} />, root);
    await act(async () => answered("the first one's whole text"));
    expect(root.textContent).toContain("The next");
    expect(root.textContent).not.toContain("whole text");
  });
});
