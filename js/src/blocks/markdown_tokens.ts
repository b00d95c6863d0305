/** The library of its own that takes Markdown apart: it touches no element, and knows nothing of the page. */
import { Lexer, type Links, type MarkedToken, Tokenizer, type Tokens } from "marked";

/** A longer text is not taken apart: it could hold the page for seconds. */
const LONGEST = 50_000;
/** Quotes, lists, emphasis and links inside one another; below this their signs are text. */
const DEEPEST = 16;

const WEB_ADDRESS = /^(?:https?:\/\/|www\.)/i;
const TEXT =
  /^(?:`+|~+|[^`~])(?:(?=[`~])|(?= {2,}\n)|[\s\S]*?(?:(?=[\\<![`*~_]|\b_|https?:\/\/|www\.|$)|[^ ](?= {2,}\n)))/i;

/**
 * Bounded in time. Nesting has an end, and bare e-mail addresses are no links: looking for them takes time quadratic
 * in the length of a word.
 */
class BoundedTokenizer extends Tokenizer {
  #depth = 0;

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#inside(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#inside(() => super.list(src));
  }

  override emStrong(src: string, maskedSrc: string, prevChar?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#inside(() => super.emStrong(src, maskedSrc, prevChar));
  }

  override del(src: string, maskedSrc: string, prevChar?: string): Tokens.Del | undefined {
    return this.#inside(() => super.del(src, maskedSrc, prevChar));
  }

  override link(src: string): Tokens.Link | Tokens.Image | undefined {
    return this.#inside(() => super.link(src));
  }

  override reflink(src: string, links: Links): Tokens.Link | Tokens.Image | Tokens.Text | undefined {
    return this.#inside(() => super.reflink(src, links));
  }

  override url(src: string): Tokens.Link | undefined {
    return WEB_ADDRESS.test(src) ? super.url(src) : undefined;
  }

  override inlineText(src: string): Tokens.Text | undefined {
    const raw = TEXT.exec(src)?.[0];
    return raw === undefined ? undefined : { type: "text", raw, text: raw };
  }

  #inside<T>(token: () => T | undefined): T | undefined {
    if (this.#depth === DEEPEST) return undefined;
    this.#depth += 1;
    try {
      return token();
    } finally {
      this.#depth -= 1;
    }
  }
}

/** The text taken apart as GitHub's Markdown; null where it is too long for that. */
export function markdownTokens(text: string): readonly MarkedToken[] | null {
  if (text.length > LONGEST) return null;
  // No extension is ever registered, so there are no tokens but marked's own.
  return new Lexer({ gfm: true, tokenizer: new BoundedTokenizer() }).lex(text) as MarkedToken[];
}
