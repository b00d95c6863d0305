import type { Item, Json } from "../protocol";
import type { Choice } from "./choice";
import { LabelSearch } from "./label_search";

/** Beyond this many, labels are searched rather than looked through. */
const MOST_BUTTONS = 12;
const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(String);

/** The labels of a task, in their declared order, and the keys that stand for them. */
export class Labels {
  readonly values: readonly string[];
  /** Whether there are so few that each has a button. */
  readonly areFew: boolean;
  readonly search: LabelSearch;
  readonly #keyOf: ReadonlyMap<string, string | null>;
  readonly #byKey: ReadonlyMap<string, string>;

  constructor(spec: Json | undefined) {
    const labels = readLabels(spec);
    this.values = labels.map(([value]) => value);
    this.areFew = labels.length <= MOST_BUTTONS;
    this.search = new LabelSearch(this.values);
    this.#keyOf = new Map(labels);
    this.#byKey = new Map(labels.flatMap(([value, key]) => (key === null ? [] : [[key.toLowerCase(), value]])));
  }

  /** The label that a key stands for; `first` are those that come first on this item. */
  named(key: string, first: readonly string[]): string | null {
    const own = this.#byKey.get(key);
    if (own !== undefined) return own;
    for (const [value, digit] of this.#digits(first)) if (digit === key) return value;
    return null;
  }

  /** What a row says of a label, but for whether it is predicted, answered or chosen. */
  rows(item: Item, first: readonly string[]): (value: string) => Pick<Choice, "value" | "key" | "probability"> {
    const digits = this.#digits(first);
    const probabilities = new Map(item.candidates.map(({ value, probability }) => [value, probability]));
    return (value) => ({
      value,
      key: this.#keyOf.get(value) ?? digits.get(value) ?? null,
      probability: probabilities.get(value) ?? null,
    });
  }

  /** With many labels some come first, and the digits that no label has pick among them. */
  #digits(first: readonly string[]): ReadonlyMap<string, string> {
    if (this.values.length <= DIGITS.length) return new Map();
    const digits = DIGITS.filter((digit) => !this.#byKey.has(digit));
    const keyless = first.filter((value) => (this.#keyOf.get(value) ?? null) === null);
    return new Map(keyless.slice(0, digits.length).map((value, i) => [value, digits[i] ?? ""]));
  }
}

/** The labels that the model finds likely, the likeliest first. */
export function candidatesOf(item: Item): readonly string[] {
  return item.candidates.flatMap(({ value }) => (typeof value === "string" ? [value] : []));
}

function readLabels(labels: Json | undefined): readonly (readonly [value: string, key: string | null])[] {
  if (!Array.isArray(labels)) return [];
  return labels.flatMap((label: Json) => {
    if (typeof label !== "object" || label === null || Array.isArray(label)) return [];
    const { value, key } = label as { readonly [key: string]: Json };
    return typeof value === "string" ? [[value, typeof key === "string" ? key : null] as const] : [];
  });
}
