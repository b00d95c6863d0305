/**
 * A brush over categories stays on those that are still there. Where a domain changes, Vega-Lite puts a brush over
 * numbers or times back to where they are now, and takes one over categories away, whichever domain it was.
 */
import { expressionFunction } from "vega";
import type { Compiled } from "./parts";

type Signal = NonNullable<Compiled["signals"]>[number];

/** The first and the last of those of a domain that were brushed. */
expressionFunction("brushed_ends", (domain: readonly unknown[], brushed: readonly unknown[] | null | undefined) => {
  const there = domain.filter((category) => brushed?.includes(category));
  return there.length === 0 ? null : [there[0], there.at(-1)];
});

/** What Vega-Lite writes down where the brushed categories are read from the pixels between the brush's two ends. */
const READS = /invert\(("(?:[^"\\]|\\.)*"), /;

export function keepingBrushes(part: Compiled): Compiled {
  const { signals, marks } = part;
  return {
    ...part,
    ...(signals && { signals: signals.map((signal) => keepingBrush(signal, signals)) }),
    ...(marks && { marks: marks.map(keepingBrushes) }),
  };
}

function keepingBrush(pixels: Signal, signals: readonly Signal[]): Signal {
  const takesAway = ({ events, update }: Handler) => update === "[0, 0]" && isTrigger(events.signal);
  if (!pixels.on?.some(takesAway)) return pixels;
  const categories = signals.find(({ on }) => on?.some(({ events }) => events.signal === pixels.name));
  const scale = READS.exec(String(categories?.on?.[0]?.update))?.[1];
  if (categories === undefined || scale === undefined) return pixels;
  const update = around(categories.name, scale);
  return { ...pixels, on: pixels.on.map((handler) => (takesAway(handler) ? { ...handler, update } : handler)) };
}

/** From within the first category to within the last: bands may touch each other, points have no width. */
function around(categories: string, scale: string): string {
  const ends = `brushed_ends(domain(${scale}), ${categories})`;
  const places = `scale(${scale}, ${ends}[0]), scale(${scale}, ${ends}[1])`;
  const width = `bandwidth(${scale})`;
  const reach = `0.49 * (${width} || 0.8 * abs(span(range(${scale}))) / length(domain(${scale})))`;
  return `${ends} ? [min(${places}) + ${width} / 2 - ${reach}, max(${places}) + ${width} / 2 + ${reach}] : [0, 0]`;
}

type Handler = NonNullable<Signal["on"]>[number];

function isTrigger(signal: unknown): boolean {
  return typeof signal === "string" && signal.endsWith("_scale_trigger");
}
