/** A chart's selection in terms of its data's columns. */
import type { Json } from "../protocol";
import { type Condition, isRecord, type Points } from "./messages";

/** Before what would lead into a cell, as a full stop in the name of a column. */
const ESCAPED = /\\(.)/g;

/** What Vega-Lite keeps of a selection, as conditions on a row; parts of it that name no columns are left out. */
export function pointsOf(store: readonly unknown[]): Points {
  return store.flatMap((tuple) => {
    if (!isRecord(tuple) || !Array.isArray(tuple.fields) || !Array.isArray(tuple.values)) return [];
    const values: readonly unknown[] = tuple.values;
    const conditions = tuple.fields.map((field: unknown, i) => condition(field, values[i]));
    return conditions.every((found) => found !== null) ? [conditions] : [];
  });
}

function condition(field: unknown, value: unknown): Condition | null {
  if (!isRecord(field) || typeof field.field !== "string") return null;
  const name = field.field.replaceAll(ESCAPED, "$1");
  const plain = Array.isArray(value) ? value.map(plainValue) : plainValue(value);
  if (field.type === "E") return { field: name, any: Array.isArray(plain) ? plain : [plain as Json] };
  if (!Array.isArray(plain) || plain.length !== 2) return null;
  const [from, to] = plain.map(Number).toSorted((a, b) => a - b) as [number, number];
  return Number.isFinite(from) && Number.isFinite(to) ? { field: name, from, to, open: field.type === "R-RE" } : null;
}

function plainValue(value: unknown): Json {
  if (value instanceof Date) return value.getTime();
  return value === undefined ? null : (value as Json);
}
