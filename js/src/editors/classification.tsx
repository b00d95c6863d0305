import type { Item, Json, SessionState } from "../protocol";
import type { Choice } from "./choice";
import type { EditorProps, TaskEditor } from "./editor";
import { LabelButtons } from "./label_buttons";
import { LabelPicker } from "./label_picker";
import { LabelSearch } from "./label_search";

/** Beyond this many, labels are searched rather than looked through. */
const MOST_BUTTONS = 12;

export interface Label {
  readonly value: string;
  readonly key: string | null;
}

export function openClassification(spec: SessionState["editor"]): TaskEditor {
  const labels = readLabels(spec.labels);
  const byKey = new Map(labels.flatMap(({ value, key }) => (key === null ? [] : [[key.toLowerCase(), value]])));
  const isFew = labels.length <= MOST_BUTTONS;
  const keyOf = new Map(labels.map(({ value, key }) => [value, key]));
  const search = new LabelSearch(labels.map(({ value }) => value));

  /** With many labels the candidates come first, and the digits that no label has pick among them. */
  const digitOf = (item: Item): ReadonlyMap<string, string> => {
    if (labels.length <= 9) return new Map();
    const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(String).filter((digit) => !byKey.has(digit));
    const candidates = candidatesOf(item).filter((value) => (keyOf.get(value) ?? null) === null);
    return new Map(candidates.slice(0, digits.length).map((value, i) => [value, digits[i] ?? ""]));
  };

  const choices = (props: EditorProps) => {
    const digits = digitOf(props.item);
    const probabilities = new Map(props.item.candidates.map(({ value, probability }) => [value, probability]));
    return (value: string): Choice => ({
      value,
      key: keyOf.get(value) ?? digits.get(value) ?? null,
      probability: probabilities.get(value) ?? null,
      isPredicted: props.item.prediction?.value === value,
      isAnswered: props.answered === value,
    });
  };

  return {
    Editor: (props) => {
      const choice = choices(props);
      if (isFew) return <LabelButtons choices={labels.map(({ value }) => choice(value))} {...props} />;
      return <LabelPicker search={search} first={candidatesOf(props.item)} choice={choice} {...props} />;
    },
    labelOf: (key, item) => {
      const own = byKey.get(key);
      if (own !== undefined) return own;
      for (const [value, digit] of digitOf(item)) if (digit === key) return value;
      return undefined;
    },
    help: isFew
      ? [["1 – 9", "decide for the label beside the key, as do the letters there"]]
      : [
          ["1 – 9", "decide for a candidate"],
          ["/", "search all labels; Enter picks"],
        ],
  };
}

function candidatesOf(item: Item): readonly string[] {
  const values = item.candidates.flatMap(({ value }) => (typeof value === "string" ? [value] : []));
  const predicted = item.prediction?.value;
  return typeof predicted === "string" && !values.includes(predicted) ? [predicted, ...values] : values;
}

function readLabels(labels: Json | undefined): readonly Label[] {
  if (!Array.isArray(labels)) return [];
  return labels.flatMap((label: Json) => {
    if (typeof label !== "object" || label === null || Array.isArray(label)) return [];
    const { value, key } = label as { readonly [key: string]: Json };
    return typeof value === "string" ? [{ value, key: typeof key === "string" ? key : null }] : [];
  });
}
