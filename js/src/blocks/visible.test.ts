import { describe, expect, test } from "vitest";
import { type Piece, terminalCodes, visible } from "./visible";

/** As it reads on screen, marks in angle brackets. */
function read(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : `<${piece.mark}>`)).join("");
}

describe("text that hides nothing comes back as it is, in one piece", () => {
  test.each([
    "plain text\twith a tab\nand lines",
    "naïve café, 東京, Ω",
    "family 👩‍👩‍👧, thumbs 👍🏽, rocket 👩🏽‍🚀, heart ❤️‍🔥",
    "می‌خواهم",
    "क्‍ष",
    "",
  ])("%s", (text) => {
    expect(visible(text)).toEqual([text]);
  });
});

describe("what hides stands as a mark", () => {
  test.each([
    ["user\u202egpj.exe", "user<U+202E>gpj.exe"],
    ["re\u200bfund", "re<U+200B>fund"],
    ["a\u200b\u200b\u200bb", "a<U+200B ×3>b"],
    ["pay\u200dpal", "pay<U+200D>pal"],
    ["\0", "<U+0000>"],
    ["half \ud83d", "half <U+D83D>"],
    ["soft\xadhyphen", "soft<U+00AD>hyphen"],
    ["a\ufe01\ufe02\ufe03\ufe04\ufe05b", "a<5 hidden characters>b"],
    ["hi\u{e0068}\u{e0069}", "hi<U+E0068><U+E0069>"],
  ])("%j", (text, expected) => {
    expect(read(visible(text))).toBe(expected);
  });

  test("and says what it does", () => {
    expect(visible("\u202e")).toEqual([{ mark: "U+202E", meaning: "right-to-left override" }]);
  });
});

test("ten thousand hidden characters make at most two hundred marks, and all stay visible", () => {
  const pieces = visible("a\u200b".repeat(10_000));
  expect(pieces.filter((piece) => typeof piece !== "string")).toHaveLength(200);
  expect(read(pieces).match(/U\+200B/g)).toHaveLength(10_000);
});

test("terminal colours are left out and counted", () => {
  const text = "\x1b[1;31mred\x1b[0m and plain";
  expect(visible(text)).toEqual(["red and plain"]);
  expect(terminalCodes(text)).toBe(2);
  expect(terminalCodes("plain")).toBe(0);
});

test("words inside a terminal code are not lost", () => {
  expect(read(visible("\x1b]0;the title\x07after"))).toBe("<U+001B>]0;the title<U+0007>after");
});

test("what a carriage return would overwrite is seen", () => {
  expect(visible("first\rsecond\r\nthird")).toEqual(["first\nsecond\nthird"]);
});
