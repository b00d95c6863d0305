import { useSignal } from "@preact/signals";
import { useId, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { isComposed } from "../keys";
import { counted } from "../words";
import type { Choice } from "./choice";
import type { EditorProps } from "./editor";
import { LabelRow } from "./label_row";
import type { LabelSearch } from "./label_search";

const ROW = 30; // pixels, as in labels.css
const SEEN = 7;
const MARGIN = 3;

interface LabelPickerProps extends Pick<EditorProps, "item" | "draft" | "isOpen" | "close"> {
  readonly search: LabelSearch;
  /** Above the others while nothing is typed. */
  readonly first: readonly string[];
  readonly choice: (value: string) => Choice;
  readonly pick: (value: string, event: Event) => void;
  /** Where several can be chosen: sends them. */
  readonly send?: (event: Event) => void;
}

/** Search as you type over any number of labels; only the rows in sight are elements. */
export function LabelPicker({ search, first, choice, item, draft, isOpen, pick, send, close }: LabelPickerProps) {
  const typed = draft.fields.value.search;
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = useSignal(-1);
  const top = useSignal(0);
  const found = useMemo(() => {
    if (typed.trim() !== "") return search.find(typed);
    const above = new Set(first);
    return [...above, ...search.find("").filter((value) => !above.has(value))];
  }, [search, typed, first.join("\n")]);

  useLayoutEffect(() => {
    if (isOpen) input.current?.focus({ preventScroll: true });
  }, [isOpen]);
  useLayoutEffect(() => {
    // Nothing is chosen beforehand: only typing or an arrow makes a row the one that Enter picks.
    active.value = typed.trim() !== "" && found.length > 0 ? 0 : -1;
    top.value = 0;
    if (list.current) list.current.scrollTop = 0;
  }, [typed, item.item_id]);

  const moveTo = (row: number) => {
    const next = Math.max(0, Math.min(found.length - 1, row));
    active.value = next;
    const box = list.current;
    if (box === null) return;
    box.scrollTop = Math.max(next * ROW - (SEEN - 1) * ROW, Math.min(box.scrollTop, next * ROW));
    top.value = box.scrollTop;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab" || isComposed(event)) return;
    event.stopPropagation();
    switch (event.key) {
      case "ArrowDown":
        moveTo(active.peek() + 1);
        break;
      case "ArrowUp":
        moveTo(active.peek() - 1);
        break;
      case "PageDown":
        moveTo(active.peek() + SEEN);
        break;
      case "PageUp":
        moveTo(active.peek() - SEEN);
        break;
      case "Enter": {
        const value = found[active.peek()];
        if (value !== undefined) pick(value, event);
        else send?.(event);
        break;
      }
      case "Escape":
        if (typed === "") close();
        else draft.change({ search: "" });
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const from = Math.max(0, Math.floor(top.value / ROW) - MARGIN);
  const rows = found.slice(from, from + SEEN + 2 * MARGIN);
  return (
    <div class="hitl-picker">
      <div class="hitl-search">
        <input
          ref={input}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          placeholder={`Search ${counted(search.find("").length, "label")}`}
          aria-label="Search labels"
          aria-keyshortcuts="/"
          aria-autocomplete="list"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={rows[active.value - from] === undefined ? undefined : `${id}-${active.value}`}
          value={typed}
          onInput={(event) => draft.change({ form: "editor", search: event.currentTarget.value })}
          onFocus={() => draft.fields.peek().form !== "editor" && draft.change({ form: "editor" })}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <div
        class="hitl-found"
        id={`${id}-list`}
        role="listbox"
        aria-label="Labels"
        aria-multiselectable={send !== undefined || undefined}
        ref={list}
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
      >
        <div class="hitl-found-all" role="presentation" style={{ blockSize: `${found.length * ROW}px` }}>
          {rows.map((value, i) => (
            <Option
              key={value}
              choice={choice(value)}
              id={`${id}-${from + i}`}
              row={from + i}
              of={found.length}
              isActive={from + i === active.value}
              pick={(event) => pick(value, event)}
            />
          ))}
        </div>
      </div>
      <p class="hitl-quiet hitl-none" role="status">
        {typed.trim() === "" ? "" : found.length === 0 ? "No label like this" : counted(found.length, "label")}
      </p>
    </div>
  );
}

interface OptionProps {
  readonly choice: Choice;
  readonly id: string;
  readonly row: number;
  readonly of: number;
  readonly isActive: boolean;
  readonly pick: (event: Event) => void;
}

function Option({ choice, id, row, of, isActive, pick }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the combobox points at it, as the pattern has it
    <div
      id={id}
      role="option"
      class="hitl-label"
      style={{ insetBlockStart: `${row * ROW}px`, "--share": choice.probability ?? 0 }}
      aria-selected={choice.isChosen ?? isActive}
      data-active={isActive}
      aria-setsize={of}
      aria-posinset={row + 1}
      data-predicted={choice.isPredicted}
      onMouseDown={(event) => event.preventDefault()}
      onClick={pick}
    >
      <LabelRow choice={choice} />
    </div>
  );
}
