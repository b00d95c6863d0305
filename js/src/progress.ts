import type { Progress } from "./protocol";
import type { Standing } from "./standing";

/** What an event on its way will change in the counts. */
export type Change = Readonly<
  Record<"reviewed" | "accepted" | "corrected" | "flagged" | "skipped" | "remaining", number>
>;

/** How the counts change when `after` stands on an item where `before` stood. */
export function changeOf(before: Standing | null, after: Standing | null): Change {
  const was = countsOf(before);
  const is = countsOf(after);
  return {
    reviewed: is.reviewed - was.reviewed,
    accepted: is.accepted - was.accepted,
    corrected: is.corrected - was.corrected,
    flagged: is.flagged - was.flagged,
    skipped: is.skipped - was.skipped,
    remaining: was.reviewed - is.reviewed,
  };
}

/** The kernel's counts as they will be once the changes are stored. */
export function ahead(progress: Progress, changes: Iterable<Change>): Progress {
  const sum = { ...progress };
  for (const change of changes) {
    for (const key of ["reviewed", "accepted", "corrected", "flagged", "skipped", "remaining"] as const) {
      sum[key] += change[key];
    }
  }
  return sum;
}

function countsOf(standing: Standing | null) {
  const decided = standing?.kind === "decide";
  return {
    reviewed: Number(decided),
    accepted: Number(decided && standing.action === "accept"),
    corrected: Number(decided && standing.action === "correct"),
    flagged: Number(decided && standing.action === "flag"),
    skipped: Number(standing?.kind === "skip"),
  };
}
