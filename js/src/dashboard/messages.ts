/** What a dashboard's page and the kernel say to each other; `widgets/dashboard_messages.py` reads what goes up. */
import { isRecord, type Points, type Rows, type Size } from "../chart/messages";
import type { Spec } from "../chart/vega/parts";
import type { WantedLibrary } from "../protocol";

/** The traits of a dashboard. */
export interface DashboardTraits {
  readonly library: string;
}

/** A figure; what it lacks is as it was. */
export interface FigureDown {
  readonly kind: "figure";
  readonly name: string;
  readonly tab: string;
  readonly title?: string;
  readonly words?: readonly string[];
  /** What a reader of the chart has to know. */
  readonly notes?: readonly string[];
  readonly problem?: string | null;
  readonly spec?: Spec | null;
  readonly rows?: Rows;
}

/** The items behind what is selected. */
export interface ItemsBehind {
  readonly count: number;
  /** How many of them the reviewer has not decided: these can be put next. */
  readonly undecided: number;
  /** Which of all that the marks are computed from they are, as "on which they differ"; empty where they are all. */
  readonly which: string;
}

export type DashboardDown =
  | { readonly kind: "tabs"; readonly tabs: readonly string[]; readonly open: string | null }
  | FigureDown
  /** Every figure of the tab has been told. */
  | { readonly kind: "round"; readonly tab: string; readonly names: readonly string[] }
  | { readonly kind: "alarms"; readonly words: readonly string[] }
  | ({ readonly kind: "behind"; readonly name: string; readonly selected: boolean } & ItemsBehind)
  | { readonly kind: "queued"; readonly words: string }
  | { readonly kind: "problem"; readonly words: string | null };

export type DashboardUp =
  | WantedLibrary
  | { readonly kind: "watch"; readonly page: string; readonly visible: boolean; readonly lacks_all: boolean }
  | { readonly kind: "open"; readonly tab: string }
  | { readonly kind: "select"; readonly name: string; readonly points: Points; readonly zone: string }
  | { readonly kind: "queue" }
  /** With a picture as PNG in a buffer for each. */
  | {
      readonly kind: "pictures";
      readonly tab: string;
      readonly figures: readonly ({ readonly name: string } & Size)[];
    };

const KINDS: readonly string[] = ["tabs", "figure", "round", "alarms", "behind", "queued", "problem"];

export function isDashboardDown(message: unknown): message is DashboardDown {
  return isRecord(message) && typeof message.kind === "string" && KINDS.includes(message.kind);
}
