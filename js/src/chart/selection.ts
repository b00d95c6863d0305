/** The selections of a chart that the kernel is told of, as Vega-Lite keeps them. */
import { isRecord, type Points, type Row } from "./messages";
import { pointsOf } from "./points";
import type { Compiled, Vega, View } from "./vega/parts";

/** What a selection is called that is told; a chart of several may have several of them. */
const NAME = /^selected(_\d+)?$/;
const store = (name: string) => `${name}_store`;

/** A field that names a mark; of a type other than "E" it is a range, as a bin is. */
interface Field {
  readonly type: string;
  readonly of: (datum: unknown) => unknown;
}

interface WrittenField {
  readonly field: string;
  readonly type: string;
}

interface Named {
  readonly name: string;
  readonly fields: readonly Field[];
  /** The fields by name, where it is by any: what was selected is the same then in another drawing of the chart. */
  readonly by: string | null;
}

/** What is selected, for the next drawing of the same chart. */
export type Kept = readonly { readonly name: string; readonly by: string; readonly tuples: readonly Row[] }[];

export class Selection {
  readonly #named: readonly Named[];
  readonly #vega: Vega;

  private constructor(named: readonly Named[], vega: Vega) {
    this.#named = named;
    this.#vega = vega;
  }

  /** Null where nothing that is told can be selected. */
  static of(compiled: Compiled, vega: Vega): Selection | null {
    const stores = new Set(compiled.data?.map(({ name }) => name));
    const names = (compiled.signals ?? []).map(({ name }) => name);
    const named = names.filter((name) => NAME.test(name) && stores.has(store(name)));
    if (named.length === 0) return null;
    return new Selection(
      named.map((name) => ({ name, ...fieldsOf(compiled, name, vega) })),
      vega,
    );
  }

  listen(view: View, callback: () => void): void {
    for (const { name } of this.#named) view.addSignalListener(name, callback);
  }

  points(view: View): Points {
    return this.#named.flatMap(({ name }) => pointsOf(view.data(store(name))));
  }

  kept(view: View): Kept {
    return this.#named.flatMap(({ name, by }) => {
      // Without Vega's own mark on them, by which it knows its data.
      const tuples: Row[] = view.data(store(name)).map((tuple) => Object.fromEntries(Object.entries(tuple as Row)));
      return by === null || tuples.length === 0 ? [] : [{ name, by, tuples }];
    });
  }

  /** Selects what was selected in another drawing, before this one is drawn; whether there is any of it here. */
  restore(view: View, kept: Kept): boolean {
    const known = kept.filter(({ name, by }) => this.#named.some((own) => own.name === name && own.by === by));
    for (const { name, tuples } of known) view.data(store(name), tuples);
    return known.length > 0;
  }

  clear(view: View): void {
    for (const { name } of this.#named) view.data(store(name), []);
    void view.runAsync();
  }

  /** What names a mark's data among the others; null where selecting it would mean nothing. */
  keyOf(datum: unknown): string | null {
    for (const { fields } of this.#named) {
      const values = fields.map(({ of }) => of(datum));
      // A range is made of other columns than the one that it is a range of.
      if (fields.every(({ type }, i) => type !== "E" || values[i] !== undefined)) return JSON.stringify(values);
    }
    return null;
  }

  has(view: View, datum: unknown): boolean {
    return this.#named.some(({ name }) => view.data(store(name)).some((tuple) => this.#means(tuple, datum)));
  }

  #means(tuple: unknown, datum: unknown): boolean {
    if (!isRecord(tuple)) return false;
    const { fields, values } = tuple;
    if (!Array.isArray(fields) || !Array.isArray(values)) return tuple._vgsid_ === (isRecord(datum) && datum._vgsid_);
    return fields.every(({ field, type }, i) => {
      const cell = plain(this.#vega.field(field)(datum));
      const wanted = values[i];
      if (type === "E") return Array.isArray(wanted) ? wanted.map(plain).includes(cell) : plain(wanted) === cell;
      const [from, to] = wanted.map(plain);
      return (cell as number) >= from && (type === "R-RE" ? (cell as number) < to : (cell as number) <= to);
    });
  }
}

/** Vega-Lite writes down in a signal of each view which fields a selection is by. */
function fieldsOf(compiled: Compiled, name: string, vega: Vega): Omit<Named, "name"> {
  const written = writtenIn(compiled, `${name}_tuple_fields`);
  const fields = (written ?? [{ field: "_vgsid_", type: "E" }]).map(({ field, type }) => ({
    type,
    of: vega.field(field),
  }));
  return { fields, by: written === null ? null : JSON.stringify(written.map(({ field, type }) => [field, type])) };
}

function writtenIn(part: Compiled, name: string): readonly WrittenField[] | null {
  const value = part.signals?.find((signal) => signal.name === name)?.value;
  if (Array.isArray(value)) return value;
  for (const mark of part.marks ?? []) {
    const found = writtenIn(mark, name);
    if (found !== null) return found;
  }
  return null;
}

function plain(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}
