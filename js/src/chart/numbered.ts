/** Rows in their order, without telling of each that it has changed when one has. */
import type { Compiled } from "./vega/parts";

/** The field by which a chart of this package puts its names in order; the twin of `order.py`. */
const PLACE = "hitl_place";

/**
 * A compiled chart in which rows are numbered as they come. A window, which is all that Vega-Lite has for it, counts
 * them anew at each change, and all that is computed from any row is computed again; an identifier stays.
 */
export function numberedOnce(compiled: Compiled): Compiled {
  const data = compiled.data?.map(({ transform, ...rest }) => ({
    ...rest,
    ...(transform && {
      transform: transform.map((step) => (isNumbering(step) ? { type: "identifier", as: PLACE } : step)),
    }),
  }));
  return data === undefined ? compiled : { ...compiled, data };
}

function isNumbering({ type, as }: { readonly type: string; readonly as?: unknown }): boolean {
  return type === "window" && Array.isArray(as) && as.length === 1 && as[0] === PLACE;
}
