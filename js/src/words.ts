import { visible } from "./blocks/visible";
import type { Action, Json } from "./protocol";

const NUMBER = new Intl.NumberFormat("en");
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

export function count(n: number): string {
  return NUMBER.format(n);
}

/** "1 decision", "2,000 decisions". */
export function counted(n: number, one: string, many: string = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Never "100%" for what is less than certain, nor "0%" for what is possible. */
export function percent(share: number): string {
  if (share > 0.995 && share < 1) return ">99%";
  if (share < 0.005 && share > 0) return "<1%";
  return PERCENT.format(share);
}

/** How long something will take, as people say it. */
export function duration(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} min`;
  return `about ${counted(Math.round(minutes / 60), "hour")}`;
}

/** A text for where only plain text can stand; what hides in it is written out. */
export function plainly(text: string): string {
  return visible(text)
    .map((piece) => (typeof piece === "string" ? piece : `[${piece.mark}]`))
    .join("");
}

export function jsonText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What was decided, as the beginning of a sentence; `text` says a value of the task. */
export function inWords(
  what: {
    readonly kind: "decide" | "skip";
    readonly action?: Action | null;
    readonly value?: Json;
    readonly reason?: string | null;
  },
  text: (value: Json) => string,
): string {
  if (what.kind === "skip") return "Skipped";
  switch (what.action) {
    case "accept":
      return `Accepted as ${plainly(text(what.value ?? null))}`;
    case "correct":
      return `Corrected to ${plainly(text(what.value ?? null))}`;
    case "flag":
      return `Flagged: ${plainly(what.reason ?? "")}`;
    default:
      return "Decided";
  }
}
