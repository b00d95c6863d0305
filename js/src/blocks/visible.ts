/** A character that is there and cannot be seen, or a run of such. */
export interface Mark {
  /** What stands in its place: "U+202E", "U+200B ×12". */
  readonly mark: string;
  /** What it does, in words. */
  readonly meaning: string;
}
export type Piece = string | Mark;

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
// biome-ignore-start lint/suspicious/noMisleadingCharacterClass: each by itself
// Colours and cursor moves only: what could carry words stays, behind a mark for its escape character.
const TERMINAL_CODE = /\x1b\[[0-?]{0,32}[ -/]?[@-~]/g;
const HIDDEN =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|\p{Cs}|[\u{e0000}-\u{e0fff}]/u;
const RUN = new RegExp(`(?:${HIDDEN.source})+`, "gu");

/** Marks are elements; what comes after this many is written into the text instead. */
const MOST_MARKS = 200;

/** At most one choice of a character's form and one joiner. */
const FORM_AND_JOINER = /^[\u180b-\u180d\ufe00-\ufe0f]?([\u200c\u200d]?)$/;
const PICTURE_BEFORE = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
// biome-ignore-end lint/suspicious/noMisleadingCharacterClass: up to here
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: up to here
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;
const JOINING_BEFORE =
  /^[\p{sc=Arab}\p{sc=Beng}\p{sc=Deva}\p{sc=Gujr}\p{sc=Guru}\p{sc=Khmr}\p{sc=Knda}\p{sc=Mlym}\p{sc=Mong}\p{sc=Mymr}\p{sc=Orya}\p{sc=Sinh}\p{sc=Syrc}\p{sc=Taml}\p{sc=Telu}]/u;

const MEANINGS: ReadonlyMap<number, string> = new Map([
  [0x00, "null character"],
  [0xad, "soft hyphen"],
  [0x061c, "Arabic letter mark"],
  [0x200b, "zero-width space"],
  [0x200c, "zero-width non-joiner"],
  [0x200d, "zero-width joiner"],
  [0x200e, "left-to-right mark"],
  [0x200f, "right-to-left mark"],
  [0x2028, "line separator"],
  [0x2029, "paragraph separator"],
  [0x202a, "left-to-right embedding"],
  [0x202b, "right-to-left embedding"],
  [0x202c, "end of a change of direction"],
  [0x202d, "left-to-right override"],
  [0x202e, "right-to-left override"],
  [0x2060, "word joiner"],
  [0x2066, "left-to-right isolate"],
  [0x2067, "right-to-left isolate"],
  [0x2068, "first strong isolate"],
  [0x2069, "end of an isolate"],
  [0xfeff, "byte order mark"],
]);

function meaning(code: number): string {
  const known = MEANINGS.get(code);
  if (known !== undefined) return known;
  if (code < 0xa0) return "control character";
  if (code >= 0xd800 && code <= 0xdfff) return "half of a character";
  if (code >= 0xe0000 && code < 0xe0100) return "hidden tag character";
  return "invisible character";
}

/** Emoji families, Persian and Indic words are written with characters that are hidden elsewhere. */
function isAtHome(run: string, text: string, index: number): boolean {
  const before = characterBefore(text, index);
  const after = text.slice(index + run.length, index + run.length + 2);
  const joiner = FORM_AND_JOINER.exec(run)?.[1];
  if (joiner === undefined) return false;
  if (joiner === "") return before.trim() !== "";
  return (PICTURE_BEFORE.test(before) && PICTURE_AFTER.test(after)) || JOINING_BEFORE.test(before);
}

// Looked at from its start: Chromium 156 does not find a pair of surrogates with /[…]$/u.
function characterBefore(text: string, index: number): string {
  const isPair = /^[\udc00-\udfff]/.test(text.charAt(index - 1));
  return text.slice(Math.max(0, index - (isPair ? 2 : 1)), index);
}

function marks(run: string): Mark[] {
  const found: { code: number; times: number }[] = [];
  for (const character of run) {
    const code = character.codePointAt(0) ?? 0;
    const last = found.at(-1);
    if (last?.code === code) last.times += 1;
    else found.push({ code, times: 1 });
  }
  if (found.length > 4) {
    return [{ mark: `${[...run].length} hidden characters`, meaning: `from ${name(found[0]?.code ?? 0)} on` }];
  }
  return found.map(({ code, times }) => ({
    mark: times > 1 ? `${name(code)} ×${times}` : name(code),
    meaning: meaning(code),
  }));
}

function name(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * The text as it can be shown: what hides in it stands as marks, terminal codes are left out.
 * Plain text comes back as it is, in one piece.
 */
export function visible(text: string): readonly Piece[] {
  if (!HIDDEN.test(text) && !text.includes("\r")) return [text];
  const bare = text.replace(TERMINAL_CODE, "").replace(/\r\n?/g, "\n");
  const pieces: Piece[] = [];
  let plain = "";
  let from = 0;
  let count = 0;
  for (const { 0: run, index } of bare.matchAll(RUN)) {
    if (isAtHome(run, bare, index)) continue;
    plain += bare.slice(from, index);
    from = index + run.length;
    for (const mark of marks(run)) {
      if (++count > MOST_MARKS) {
        plain += `[${mark.mark}]`;
      } else {
        if (plain !== "") pieces.push(plain);
        plain = "";
        pieces.push(mark);
      }
    }
  }
  plain += bare.slice(from);
  if (plain !== "" || pieces.length === 0) pieces.push(plain);
  return pieces;
}

/** How many terminal codes `visible` leaves out. */
export function terminalCodes(text: string): number {
  return text.includes("\x1b") ? (text.match(TERMINAL_CODE)?.length ?? 0) : 0;
}
