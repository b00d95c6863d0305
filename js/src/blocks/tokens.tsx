import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { isTokens } from "../item_guard";
import type { Block, Sides } from "../protocol";
import { useFull } from "./full_text";
import { LONGEST_PART, Parts } from "./parts";
import { Scroller } from "./scroller";
import { For } from "./side";
import { More } from "./table";
import { shown, VisibleText } from "./visible_text";
import { largest, level, signed } from "./weight";

type TokensBlock = Extract<Block, { type: "token_weights" }>;
type Tokens = TokensBlock["tokens"];

/** How many words each way are read out. */
const TOP = 5;

interface TokenWeightsProps {
  readonly block: TokensBlock;
  /** The name of the text that they are marked in; the block's own where they stand by themselves. */
  readonly name?: string;
  /** All of the words, in JSON. */
  readonly loadFull: () => Promise<string>;
}

export function TokenWeights({ block, name = block.field, loadFull }: TokenWeightsProps) {
  const { more, field, sides } = block;
  const group = useRef<HTMLDivElement>(null);
  const pointed = useSignal<number | null>(null);
  const { loaded, rest } = useFull({
    length: block.tokens.reduce((sum, { text }) => sum + text.length, 0),
    clipped: block.clipped,
    load: loadFull,
    read,
  });
  const all = loaded?.whole ?? block.tokens;
  const tokens = all.filter(({ text }) => text !== "");
  const most = largest(tokens.map((token) => token.weight));
  if (all.length === 0) return <p class="hitl-placeholder">no words</p>;

  const pointAt = (index: number | null) => {
    // The words are not drawn again for this.
    const at = (token: number | null) => group.current?.querySelector(`[data-token="${token}"]`);
    at(pointed.value)?.classList.remove("hitl-pointed-at");
    at(index)?.classList.add("hitl-pointed-at");
    pointed.value = index;
  };
  const hover = (event: PointerEvent) => {
    const index = event.target instanceof HTMLElement ? event.target.dataset.token : undefined;
    if (index !== undefined) pointAt(Number(index));
  };
  const step = (event: KeyboardEvent) => {
    const next = neighbour(tokens, most, pointed.value, event.key);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    pointAt(next);
    group.current?.querySelector(".hitl-pointed-at")?.scrollIntoView({ block: "nearest" });
  };
  const marked = (
    <div
      ref={group}
      class="hitl-tokens"
      role="group"
      aria-label={`${field}: words by weight, arrow keys go from word to word`}
      tabIndex={0}
      dir="auto"
      onPointerOver={hover}
      onPointerLeave={() => pointAt(null)}
      onKeyDown={step}
      onBlur={() => pointAt(null)}
    >
      {words(tokens, most)}
    </div>
  );
  return (
    <>
      <p class="hitl-unseen">{summary(tokens, most, sides)}</p>
      {loaded ? (
        <Scroller name={name} kind="long" tall takesFocus={loaded.takesFocus}>
          {marked}
        </Scroller>
      ) : (
        marked
      )}
      {rest}
      <Legend most={most} others={othersOf(all)} sides={sides}>
        <Pointed tokens={tokens} most={most} pointed={pointed} />
      </Legend>
      {rest === null && <More more={more} one="word" />}
    </>
  );
}

/** What words come to that have no text of their own; undefined where there are none. */
function othersOf(tokens: Tokens): number | undefined {
  const others = tokens.filter(({ text }) => text === "");
  return others.length === 0 ? undefined : others.reduce((sum, { weight }) => sum + weight, 0);
}

/** All of the words as the kernel sends them; throws where they are something else. */
function read(text: string): Tokens {
  const whole: unknown = JSON.parse(text);
  if (!isTokens(whole)) throw new Error("these are no words by weight");
  return whole as Tokens;
}

/** Words without weight are text between the others, not elements; what is long is in parts, as any long text is. */
function words(tokens: Tokens, most: number): ComponentChildren {
  const parts: ComponentChildren[][] = [[]];
  let plain = "";
  let length = 0;
  const put = (...children: ComponentChildren[]) => {
    if (plain !== "") parts.at(-1)?.push(shown(plain));
    plain = "";
    parts.at(-1)?.push(...children);
  };
  tokens.forEach(({ text, weight }, index) => {
    const strength = level(weight, most);
    length += text.length;
    if (strength !== 0) {
      put(
        <span class={`hitl-token ${tint(strength)}`} data-token={index}>
          {shown(text)}
        </span>,
      );
      return;
    }
    plain += text;
    const end = length > LONGEST_PART ? plain.lastIndexOf("\n") : -1;
    if (end === -1) return;
    // Cut at line ends only, as LongText is.
    const next = plain.slice(end + 1);
    plain = plain.slice(0, end);
    put();
    parts.push([]);
    plain = next;
    length = next.length;
  });
  put();
  return <Parts contents={parts} />;
}

function tint(strength: number): string {
  return strength > 0 ? `hitl-for-${strength}` : `hitl-against-${-strength}`;
}

interface PointedProps {
  readonly tokens: Tokens;
  readonly most: number;
  readonly pointed: Signal<number | null>;
}

function Pointed({ tokens, most, pointed }: PointedProps) {
  const token = pointed.value === null ? undefined : tokens[pointed.value];
  return (
    <output class="hitl-pointed">
      {token && (
        <>
          <VisibleText text={token.text.trim()} /> <b>{signed(token.weight, most)}</b>
        </>
      )}
    </output>
  );
}

/** What the tints mean, and beside it what is being pointed at. */
interface LegendProps {
  readonly most: number;
  /** What words without a mark of their own come to together, where that is known. */
  readonly others: number | undefined;
  readonly sides: Sides | undefined;
  readonly children: ComponentChildren;
}

function Legend({ most, others, sides, children }: LegendProps) {
  return (
    <p class="hitl-legend">
      {most === 0 ? (
        <span>No word has any weight.</span>
      ) : (
        <span>
          <span class="hitl-token hitl-for-4">
            <For side={sides?.[0]} or="for" />
          </span>{" "}
          and{" "}
          <span class="hitl-token hitl-against-4">
            <For side={sides?.[1]} or="against" />
          </span>
          {sides === undefined && " the prediction"}, at most {signed(most).slice(1)}
          {others !== undefined && `; the words that are not marked together ${signed(others)}`}
        </span>
      )}
      {children}
    </p>
  );
}

function neighbour(tokens: Tokens, most: number, from: number | null, key: string): number | null {
  const weighted = tokens.flatMap((token, index) => (level(token.weight, most) === 0 ? [] : [index]));
  const at = from === null ? -1 : weighted.indexOf(from);
  switch (key) {
    case "ArrowRight":
      return weighted[Math.min(at + 1, weighted.length - 1)] ?? null;
    case "ArrowLeft":
      return weighted[at === -1 ? weighted.length - 1 : Math.max(at - 1, 0)] ?? null;
    case "Home":
      return weighted[0] ?? null;
    case "End":
      return weighted.at(-1) ?? null;
    default:
      return null;
  }
}

function summary(tokens: Tokens, most: number, sides: Sides | undefined): string {
  const ranked = [...tokens].sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
  const named = (chosen: Tokens) =>
    chosen
      .slice(0, TOP)
      .map((token) => `${token.text.trim()} ${signed(token.weight, most)}`)
      .join(", ") || "none";
  const speakFor = ranked.filter((token) => token.weight > 0);
  const speakAgainst = ranked.filter((token) => token.weight < 0);
  const [positive, negative] = sides?.map((side) => `for ${side}`) ?? ["for the prediction", "against"];
  return `Words most ${positive}: ${named(speakFor)}. Most ${negative}: ${named(speakAgainst)}.`;
}
