/** What a page and the kernel say to each other of charts; `widgets/chart_messages.py` reads what goes up. */
import type { Json, WantedLibrary } from "../protocol";
import type { Spec } from "./vega/parts";

export type Row = { readonly [column: string]: Json };
/** By the name of the dataset. */
export type Rows = { readonly [dataset: string]: readonly Row[] };

/** What a cell must be for its row to be selected: one of these values, or within a range. */
export type Condition =
  | { readonly field: string; readonly any: readonly Json[] }
  | { readonly field: string; readonly from: number; readonly to: number; readonly open: boolean };

/** A selection: rows that meet all conditions of any of these points. */
export type Points = readonly (readonly Condition[])[];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The traits of a live chart. */
export interface ChartTraits {
  /** Names what draws; pages keep one for each name. */
  readonly library: string;
  /** The chart without its rows, in Vega-Lite; null where there is none that could be drawn. */
  readonly spec: Spec | null;
  readonly rows: Rows;
  /** What is wrong, in words. */
  readonly problem: string | null;
  /** Whether a picture of the chart is kept under it, for readers without a kernel. */
  readonly keeps: boolean;
}

export type ChartUp =
  | WantedLibrary
  /** `zone`: the page's time zone, by which it reads times that name none. */
  | { readonly kind: "selected"; readonly points: Points; readonly zone: string }
  /** With the picture as PNG in a buffer; the size is that on the page. */
  | ({ readonly kind: "picture" } & Size);

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
