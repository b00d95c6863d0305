import type { SessionState } from "../protocol";
import { jsonText } from "../words";
import type { OnItem, TaskEditor } from "./editor";
import { NumberField } from "./number_field";
import { Numbers } from "./numbers";

/** A number is written, or stepped to, and sent. */
export function openRegression(spec: SessionState["editor"]): TaskEditor {
  const numbers = new Numbers(spec);
  return {
    Editor: (props) => <NumberField {...props} numbers={numbers} base={baseOf(props)} />,
    text: (value) => (typeof value === "number" ? numbers.text(value) : jsonText(value)),
    agree: (a, b) => typeof a === "number" && typeof b === "number" && numbers.agree(a, b),
    press: (key) => (/^[-.\d]$/.test(key) ? { kind: "draft", change: { form: "editor", begun: key } } : null),
    help: [
      ["0 – 9", "begin to write a number"],
      ["↑ ↓", "one step up or down, in the field"],
      ["↵", "send the number in the field"],
    ],
    reasons: ["cannot be measured"],
  };
}

/** The number to begin with: the reviewer's own, or the model's. */
function baseOf({ item, answered }: OnItem): number | null {
  const base = answered ?? item.prediction?.value;
  return typeof base === "number" ? base : null;
}
