/** The rows that a drawing shows, and how they become others. */
import { sameJson } from "../json";
import type { Row, Rows } from "./messages";
import type { Changes, Vega, View } from "./vega/parts";

/**
 * "in place": cell by cell, so that marks stay, which takes a third of the time; what a filter leaves out and lets in
 * again is last in its order then. "anew": all go and come, in the order that they are given in.
 */
export type Exchange = "in place" | "anew";

/** One row. Vega marks the objects that it is given as its own, and adds to them: it has copies. */
interface Shown {
  readonly tuple: object;
  row: Row;
}

export class ShownRows {
  readonly #vega: Vega;
  readonly #view: View;
  readonly #exchange: Exchange;
  readonly #shown: ReadonlyMap<string, Shown[]>;

  /** `datasets` are those that the drawing has. */
  constructor(vega: Vega, view: View, exchange: Exchange, datasets: readonly string[]) {
    this.#vega = vega;
    this.#view = view;
    this.#exchange = exchange;
    this.#shown = new Map(datasets.map((name) => [name, []]));
  }

  /** For the next time that the view is run; rows of which the drawing knows nothing are left out. */
  put(rows: Rows): void {
    for (const [name, of] of Object.entries(rows)) {
      const shown = this.#shown.get(name);
      if (shown !== undefined) this.#view.change(name, this.#changes(shown, of));
    }
  }

  #changes(shown: Shown[], rows: readonly Row[]): Changes {
    const changes = this.#vega.changeset();
    for (const { tuple } of shown.splice(this.#exchange === "anew" ? 0 : rows.length)) changes.remove(tuple);
    rows.forEach((row, i) => {
      const there = shown[i];
      if (there === undefined) {
        const tuple = { ...row };
        shown.push({ tuple, row });
        changes.insert(tuple);
      } else if (!sameJson(there.row, row)) {
        // All its cells: a chart may have computed some of them from themselves.
        for (const field of Object.keys({ ...there.row, ...row })) changes.modify(there.tuple, field, row[field]);
        there.row = row;
      }
    });
    return changes;
  }
}
