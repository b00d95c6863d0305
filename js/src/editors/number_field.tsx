import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { shown, VisibleText } from "../blocks/visible_text";
import { isComposed } from "../keys";
import type { EditorProps } from "./editor";
import type { Numbers } from "./numbers";

interface NumberFieldProps extends EditorProps {
  readonly numbers: Numbers;
  /** What the field begins with; null where nothing is known yet. */
  readonly base: number | null;
}

/** A field for one number: arrows step, Enter sends, and what cannot be sent says why. */
export function NumberField({ numbers, base, item, draft, isOpen, isOff, answer, close }: NumberFieldProps) {
  const { begun, form } = draft.fields.value;
  const prefilled = base === null ? "" : numbers.written(base);
  const written = typeof begun === "string" ? begun : prefilled;
  // What is shown rounded and left as it is stands for the number itself.
  const value = base !== null && written === prefilled ? base : numbers.read(written);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const isWrong = typeof value === "string" && begun !== null;
  // Sending is no one's first key: what was not touched can only be accepted.
  const isReady = begun !== null || form === "editor";

  useLayoutEffect(() => {
    const field = input.current;
    if (!isOpen || field === null || isFocused(field)) return;
    field.focus({ preventScroll: true });
    if (begun === null) field.select();
    else field.setSelectionRange(written.length, written.length);
  }, [isOpen, begun]);

  useItemChange(item.item_id, () => {
    // Exchanged under the hand: what is typed on was meant for the item before.
    if (isFocused(input.current)) close();
  });

  const write = (text: string) => draft.change({ form: "editor", begun: text });
  const send = (event: Event) => {
    if (!isReady) return;
    if (typeof value === "number") answer(value, event);
    else write(written); // from now on it says what is wrong
  };
  const step = (direction: 1 | -1) => {
    const from = typeof value === "number" ? value : numbers.nearest(written);
    if (from !== null) write(numbers.written(numbers.stepped(from, direction)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab" || isComposed(event)) return;
    event.stopPropagation();
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : null;
    if (direction !== null) step(direction);
    else if (event.key === "Enter") send(event);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };

  const predicted = item.prediction?.value;
  const isNumber = typeof value === "number";
  const agrees = begun !== null && isNumber && typeof predicted === "number" && numbers.agree(value, predicted);
  return (
    <div class="hitl-number">
      <div class="hitl-number-row">
        <input
          ref={input}
          type="text"
          inputMode="decimal"
          role="spinbutton"
          autocomplete="off"
          spellcheck={false}
          aria-label="Number"
          aria-valuenow={isNumber ? value : undefined}
          aria-valuetext={isNumber ? numbers.text(value) : undefined}
          aria-invalid={isWrong}
          aria-describedby={`${id}-why`}
          value={written}
          onInput={(event) => write(event.currentTarget.value)}
          onFocus={() => form !== "editor" && draft.change({ form: "editor" })}
          onKeyDown={onKeyDown}
        />
        {numbers.unit !== "" && <VisibleText text={numbers.unit} />}
        <button
          type="button"
          class="hitl-button"
          data-look={begun !== null && !isWrong ? "main" : "plain"}
          aria-disabled={isOff || !isReady || !isNumber || undefined}
          onClick={send}
        >
          Send<kbd aria-hidden="true">↵</kbd>
        </button>
      </div>
      <p class="hitl-quiet" id={`${id}-why`} role="status" data-wrong={isWrong}>
        {isWrong
          ? shown(value)
          : numbers.margin !== null &&
            shown(`${agrees ? "Agrees with the prediction" : "Agrees"} within ${numbers.margin}`)}
      </p>
    </div>
  );
}

/** Calls back when another item has taken the place of the one before. */
function useItemChange(item_id: string, onChange: () => void): void {
  const before = useRef(item_id);
  useLayoutEffect(() => {
    if (before.current === item_id) return;
    before.current = item_id;
    onChange();
  }, [item_id]);
}

function isFocused(field: HTMLElement | null): boolean {
  return field !== null && (field.getRootNode() as Document).activeElement === field;
}
