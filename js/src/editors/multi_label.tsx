import { VisibleText } from "../blocks/visible_text";
import { sameJson } from "../json";
import type { Json, SessionState } from "../protocol";
import { counted, jsonText } from "../words";
import type { EditorProps, OnItem, TaskEditor } from "./editor";
import { LabelButtons } from "./label_buttons";
import { LabelPicker } from "./label_picker";
import { candidatesOf, Labels } from "./labels";

const NONE = "no label";

/** Labels are ticked and unticked, from those that the model or the reviewer has said; then they are sent together. */
export function openMultiLabel(spec: SessionState["editor"]): TaskEditor {
  const labels = new Labels(spec.labels);

  const inOrder = (chosen: ReadonlySet<string>) => labels.values.filter((value) => chosen.has(value));
  const chosenOn = (on: OnItem) => {
    const { begun } = on.draft.fields.value;
    return new Set(begun === null ? saidOf(on) : listOf(begun));
  };
  const toggled = (value: string, on: OnItem) => {
    const chosen = chosenOn(on);
    if (!chosen.delete(value)) chosen.add(value);
    return { begun: inOrder(chosen), search: "" };
  };
  const firstOf = (on: OnItem) => [...new Set([...saidOf(on), ...candidatesOf(on.item)])];

  const Editor = (props: EditorProps) => {
    const { item, draft, isOff, answer } = props;
    const chosen = chosenOn(props);
    const first = firstOf(props);
    const predicted = new Set(listOf(item.prediction?.value));
    const row = labels.rows(item, first);
    const choice = (value: string) => ({
      ...row(value),
      isPredicted: predicted.has(value),
      isAnswered: false, // the ticks begin with the answer
      isChosen: chosen.has(value),
    });
    const list = {
      ...props,
      choice,
      pick: (value: string) => draft.change(toggled(value, props)),
      send: (event: Event) => {
        if (isReady(draft)) answer(inOrder(chosen), event);
      },
    };
    const isSendable = isReady(draft);
    return (
      <div class="hitl-set">
        {labels.areFew ? (
          <LabelButtons {...list} choices={labels.values.map(choice)} />
        ) : (
          <LabelPicker {...list} search={labels.search} first={[...new Set([...first, ...inOrder(chosen)])]} />
        )}
        <button
          type="button"
          class="hitl-button"
          data-look={isSendable ? "main" : "plain"}
          aria-disabled={!isSendable || isOff || undefined}
          onClick={list.send}
        >
          Send {chosen.size === 0 ? NONE : counted(chosen.size, "label")}
          <kbd aria-hidden="true">↵</kbd>
        </button>
      </div>
    );
  };

  return {
    Editor,
    Value: Chips,
    text: (value) => (Array.isArray(value) ? value.map(jsonText).join(", ") || NONE : jsonText(value)),
    agree: sameJson,
    press: (key, on) => {
      if (key === "enter") return isReady(on.draft) ? { kind: "answer", value: inOrder(chosenOn(on)) } : null;
      const value = labels.named(key, firstOf(on));
      return value === null ? null : { kind: "draft", change: toggled(value, on) };
    },
    help: [
      ["1 – 9", `tick or untick ${labels.areFew ? "the label beside the key" : "a label above the others"}`],
      ...(labels.areFew ? [] : [["/", "search all labels; Enter ticks"] as const]),
      ["↵", "send the ticked labels, once one was changed or c was pressed"],
    ],
    reasons: ["a label is missing"],
  };
}

/** Sending is no one's first key: what was not touched can only be accepted. */
function isReady({ fields }: OnItem["draft"]): boolean {
  return fields.value.begun !== null || fields.value.form === "editor";
}

/** The labels to begin with: the reviewer's own, or those that the model has said. */
function saidOf({ item, answered }: OnItem): readonly string[] {
  return listOf(answered ?? item.prediction?.value);
}

function listOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((label) => typeof label === "string") : [];
}

function Chips({ value }: { readonly value: Json }) {
  const labels = listOf(value);
  return (
    <ul class="hitl-chips">
      {labels.map((label) => (
        <li key={label}>
          <VisibleText text={label} />
        </li>
      ))}
      {labels.length === 0 && <li class="hitl-quiet">{NONE}</li>}
    </ul>
  );
}
