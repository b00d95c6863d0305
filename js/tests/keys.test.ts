import { describe, expect, test } from "vitest";
import { commandOf } from "../src/keys";

const LABELS = new Map([
  ["1", "refund"],
  ["x", "exchange"],
  ["m", "money"],
  ["@", "mail"],
  ["ы", "сыр"],
]);

function command(key: string, more: Partial<KeyboardEventInit> & { readonly target?: EventTarget } = {}) {
  const { target = document.createElement("div"), ...init } = more;
  const event = new KeyboardEvent("keydown", { key, ...init });
  Object.defineProperty(event, "target", { value: target });
  // The page in small knows no modifiers by name.
  event.getModifierState = (name) => name === "AltGraph" && init.modifierAltGraph === true;
  return commandOf(event, (one) => {
    const value = LABELS.get(one);
    return value === undefined ? null : { kind: "answer", value };
  });
}

test.each([
  ["a", "accept"],
  ["c", "correct"],
  ["/", "correct"],
  ["f", "flag"],
  ["s", "skip"],
  ["u", "undo"],
  ["?", "help"],
  ["ArrowLeft", "back"],
  ["[", "back"],
  ["ArrowRight", "forward"],
  ["]", "forward"],
  ["Escape", "leave"],
  ["Enter", "keep"],
])("%s means %s", (key, kind) => {
  expect(command(key)).toEqual({ kind });
});

test("a label's own key answers with that label, whatever Caps Lock says", () => {
  expect(command("1")).toEqual({ kind: "answer", value: "refund" });
  expect(command("X")).toEqual({ kind: "answer", value: "exchange" });
});

test("a label comes before the keys that are the card's only where they are free", () => {
  expect(command("m")).toEqual({ kind: "answer", value: "money" });
});

test("with a modifier, or while a word is being composed, a key is not the card's", () => {
  for (const more of [
    { ctrlKey: true },
    { metaKey: true },
    { altKey: true },
    { isComposing: true },
    { keyCode: 229 },
  ]) {
    expect(command("a", more)).toBeNull();
  }
});

test("a sign that a keyboard writes with AltGr is the key of that name", () => {
  for (const more of [{ ctrlKey: true, altKey: true }, {}]) {
    const altGr = { ...more, modifierAltGraph: true };
    expect(command("[", altGr)).toEqual({ kind: "back" });
    expect(command("@", altGr)).toEqual({ kind: "answer", value: "mail" });
  }
  expect(command("a", { ctrlKey: true, altKey: true, modifierAltGraph: true })).toBeNull();
  expect(command("1", { ctrlKey: true, altKey: true, modifierAltGraph: true })).toBeNull();
  expect(command("[", { metaKey: true, modifierAltGraph: true })).toBeNull();
  expect(command("[", { ctrlKey: true, altKey: true })).toBeNull();
});

test.each([
  ["ф", "KeyA", { kind: "accept" }],
  ["Г", "KeyU", { kind: "undo" }],
  ["х", "BracketLeft", { kind: "back" }],
  ["ч", "KeyX", { kind: "answer", value: "exchange" }],
  ["ี", "KeyU", { kind: "undo" }],
  ["ы", "KeyS", { kind: "answer", value: "сыр" }],
  ["ж", "Semicolon", null],
  ["q", "KeyA", null],
  ["ß", "KeyS", null],
])("%s on the place %s means what is there on a Latin keyboard, unless a label has it", (key, code, meant) => {
  expect(command(key, { code })).toEqual(meant);
});

test("Enter presses what has the focus", () => {
  for (const name of ["button", "summary", "a"]) {
    expect(command("Enter", { target: document.createElement(name) })).toBeNull();
  }
});

test("Tab and keys of no meaning are left alone", () => {
  for (const key of ["Tab", " ", "b", "Shift", "F5", "Unidentified"]) expect(command(key)).toBeNull();
});

describe("typing", () => {
  test.each(["input", "textarea", "select"])("into a field (%s) is typing", (name) => {
    expect(command("a", { target: document.createElement(name) })).toBeNull();
  });

  test("is not what a radio button or a button takes", () => {
    const radio = Object.assign(document.createElement("input"), { type: "radio" });
    expect(command("a", { target: radio })).toEqual({ kind: "accept" });
    expect(command("a", { target: document.createElement("button") })).toEqual({ kind: "accept" });
  });
});
