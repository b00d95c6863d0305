import { sameJson } from "../json";
import type { Item, SessionState } from "../protocol";
import { jsonText } from "../words";
import type { EditorProps, TaskEditor } from "./editor";
import { LabelButtons } from "./label_buttons";
import { LabelPicker } from "./label_picker";
import { candidatesOf, Labels } from "./labels";

export function openClassification(spec: SessionState["editor"]): TaskEditor {
  const labels = new Labels(spec.labels);

  const choices = ({ item, answered }: EditorProps, first: readonly string[]) => {
    const row = labels.rows(item, first);
    return (value: string) => ({
      ...row(value),
      isPredicted: item.prediction?.value === value,
      isAnswered: answered === value,
      isChosen: null,
    });
  };

  return {
    Editor: (props) => {
      const first = firstOf(props.item);
      const choice = choices(props, first);
      if (labels.areFew) return <LabelButtons {...props} choices={labels.values.map(choice)} pick={props.answer} />;
      return <LabelPicker {...props} search={labels.search} first={first} choice={choice} pick={props.answer} />;
    },
    text: jsonText,
    agree: sameJson,
    press: (key, { item }) => {
      const value = labels.named(key, firstOf(item));
      return value === null ? null : { kind: "answer", value };
    },
    help: labels.areFew
      ? [["1 – 9", "decide for the label beside the key, as do the letters there"]]
      : [
          ["1 – 9", "decide for a candidate"],
          ["/", "search all labels; Enter picks"],
        ],
    reasons: ["no label fits", "several labels fit"],
  };
}

function firstOf(item: Item): readonly string[] {
  const candidates = candidatesOf(item);
  const predicted = item.prediction?.value;
  return typeof predicted === "string" && !candidates.includes(predicted) ? [predicted, ...candidates] : candidates;
}
