import { Lexer, type MarkedToken, Tokenizer, type Tokens } from "marked";

/** Longer than this, or nested deeper, a text is not taken apart: it could hold the page for seconds. */
const LONGEST = 50_000;
const DEEPEST = 16;

// Quotes and lists in one another on one line; a row of "- - -" is a rule, not a nest.
const TOO_DEEP = new RegExp(
  String.raw`^(?![ \t]*([-*])(?:[ \t]*\1)+[ \t]*$)(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){${DEEPEST}}`,
  "m",
);
const WEB_ADDRESS = /^(?:https?:\/\/|www\.)/i;
const TEXT =
  /^(?:`+|~+|[^`~])(?:(?=[`~])|(?= {2,}\n)|[\s\S]*?(?:(?=[\\<![`*~_]|\b_|https?:\/\/|www\.|$)|[^ ](?= {2,}\n)))/i;

/** Without bare e-mail addresses: looking for them takes time quadratic in the length of a word. */
class WithoutMail extends Tokenizer {
  override url(src: string): Tokens.Link | undefined {
    return WEB_ADDRESS.test(src) ? super.url(src) : undefined;
  }

  override inlineText(src: string): Tokens.Text | undefined {
    const raw = TEXT.exec(src)?.[0];
    return raw === undefined ? undefined : { type: "text", raw, text: raw };
  }
}

/** The text taken apart as GitHub's Markdown; null where it is too long or too deep for that. */
export function markdownTokens(text: string): readonly MarkedToken[] | null {
  if (text.length > LONGEST || TOO_DEEP.test(text)) return null;
  try {
    // No extension is ever registered, so there are no tokens but marked's own.
    return new Lexer({ gfm: true, tokenizer: new WithoutMail() }).lex(text) as MarkedToken[];
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
  ["copy", "©"],
  ["reg", "®"],
  ["trade", "™"],
  ["deg", "°"],
  ["plusmn", "±"],
  ["times", "×"],
  ["middot", "·"],
  ["bull", "•"],
  ["hellip", "…"],
  ["ndash", "–"],
  ["mdash", "—"],
  ["lsquo", "‘"],
  ["rsquo", "’"],
  ["ldquo", "“"],
  ["rdquo", "”"],
  ["laquo", "«"],
  ["raquo", "»"],
  ["euro", "€"],
  ["pound", "£"],
  ["larr", "←"],
  ["rarr", "→"],
]);

/** Character references as their characters; an unknown name stays as written. */
export function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (written, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? written;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code === 0 || code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
  });
}
