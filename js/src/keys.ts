import type { EditorCommand } from "./editors/editor";

export type Command =
  | {
      readonly kind: "accept" | "correct" | "flag" | "skip" | "undo" | "comment" | "keep";
    }
  | { readonly kind: "help" | "back" | "forward" | "leave" }
  | EditorCommand;

/** The keys of the card, which no label can take. */
const CARD = new Map<string, Command>([
  ["a", { kind: "accept" }],
  ["c", { kind: "correct" }],
  ["f", { kind: "flag" }],
  ["s", { kind: "skip" }],
  ["u", { kind: "undo" }],
  ["/", { kind: "correct" }],
  ["?", { kind: "help" }],
  ["arrowleft", { kind: "back" }],
  ["arrowright", { kind: "forward" }],
  ["escape", { kind: "leave" }],
]);
/** Further keys, unless the editor has them. */
const FREE = new Map<string, Command>([
  ["[", { kind: "back" }],
  ["]", { kind: "forward" }],
  ["m", { kind: "comment" }],
  ["enter", { kind: "keep" }],
]);

export type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "getModifierState" | "isComposing" | "keyCode" | "target"
>;

/**
 * What a key means on the card, `press` being what it means to the editor; null where it means nothing, or is being
 * typed into a field.
 */
export function commandOf(event: Pressed, press: (key: string) => EditorCommand | null): Command | null {
  if (isComposed(event) || isTyping(event.target) || isModified(event)) return null;
  // Caps Lock never turns a label into another verdict.
  const written = event.key.toLowerCase();
  const place = OF_OTHER_SCRIPTS.test(written) && press(written) === null ? placeOf(event.code) : null;
  const key = place ?? written;
  const command = CARD.get(key);
  if (command !== undefined) return command;
  if (pressesButtons(event.key) && isPressed(event.target)) return null;
  return press(key) ?? FREE.get(key) ?? null;
}

/** What a key writes where its keyboard has no Latin letters. */
const OF_OTHER_SCRIPTS = /^(?!.*\p{sc=Latin})[\p{L}\p{M}]+$/u;
const BRACKETS = new Map([
  ["BracketLeft", "["],
  ["BracketRight", "]"],
]);

/** What a Latin keyboard has in this place, where that is a letter or a bracket. */
function placeOf(code: string): string | null {
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : (BRACKETS.get(code) ?? null);
}

/** Whether a modifier makes another key of it. AltGr does not where it writes a sign, as `[` and `@` on many. */
function isModified(event: Pressed): boolean {
  if (event.metaKey || !(event.ctrlKey || event.altKey)) return event.metaKey;
  // Letters and digits stay with those whose shortcuts are made of Ctrl and Alt, which some systems call AltGr too.
  return !(event.getModifierState("AltGraph") && /^[^a-z\d]$/iu.test(event.key));
}

/** Of a key that an input method takes, whatever it is. */
const TAKEN = 229;

/** Whether a key is of a word being composed. Safari says so of the one that ends it by its code alone. */
export function isComposed({ isComposing, keyCode }: Pick<Pressed, "isComposing" | "keyCode">): boolean {
  return isComposing || keyCode === TAKEN;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "radio" && target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, summary, a, input") !== null;
}

/** The keys that press a button by themselves, again and again while they are held. */
export function pressesButtons(key: string): boolean {
  return key === "Enter" || key === " ";
}
