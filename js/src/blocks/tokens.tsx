import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Block, Sides } from "../protocol";
import { For } from "./side";
import { More } from "./table";
import { shown, VisibleText } from "./visible_text";
import { largest, level, signed } from "./weight";

type TokensBlock = Extract<Block, { type: "token_weights" }>;
type Tokens = TokensBlock["tokens"];

/** How many words each way are read out. */
const TOP = 5;

export function TokenWeights({ block: { tokens, more, field, sides } }: { block: TokensBlock }) {
  const group = useRef<HTMLDivElement>(null);
  const pointed = useSignal<number | null>(null);
  const most = largest(tokens.map((token) => token.weight));
  if (tokens.length === 0) return <p class="hitl-placeholder">no words</p>;

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
  };
  return (
    <>
      <p class="hitl-unseen">{summary(tokens, most, sides)}</p>
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
      <Legend most={most} sides={sides}>
        <Pointed tokens={tokens} most={most} pointed={pointed} />
      </Legend>
      <More more={more} one="word" />
    </>
  );
}

/** Words without weight are text between the others, not elements. */
function words(tokens: Tokens, most: number): ComponentChildren[] {
  const children: ComponentChildren[] = [];
  let plain = "";
  tokens.forEach(({ text, weight }, index) => {
    const strength = level(weight, most);
    if (strength === 0) {
      plain += text;
      return;
    }
    if (plain !== "") children.push(shown(plain));
    plain = "";
    children.push(
      <span class={`hitl-token ${tint(strength)}`} data-token={index}>
        {shown(text)}
      </span>,
    );
  });
  if (plain !== "") children.push(shown(plain));
  return children;
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
function Legend({ most, sides, children }: { most: number; sides: Sides | undefined; children: ComponentChildren }) {
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
