import { useLayoutEffect, useRef } from "preact/hooks";
import type { Choice } from "./choice";
import type { EditorProps } from "./editor";
import { LabelRow } from "./label_row";

interface LabelButtonsProps extends Pick<EditorProps, "isOpen" | "isOff" | "close"> {
  readonly choices: readonly Choice[];
  readonly pick: (value: string, event: Event) => void;
  /** Where several can be chosen: sends them. */
  readonly send?: (event: Event) => void;
}

/** A button a label, in their declared order: the same place for every item. */
export function LabelButtons({ choices, isOpen, isOff, pick, send, close }: LabelButtonsProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (isOpen) buttonsIn(list.current)[0]?.focus({ preventScroll: true });
  }, [isOpen]);
  const move = (from: EventTarget | null, step: number) => {
    const buttons = buttonsIn(list.current);
    const at = buttons.indexOf(from as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move(event.target, 1);
    else if (event.key === "ArrowUp") move(event.target, -1);
    else if (event.key === "Enter" && send !== undefined) send(event);
    else if (event.key === "Escape" && isOpen) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="hitl-labels"
      role="group"
      aria-label="Labels"
      data-columns={columnsOf(choices)}
      ref={list}
      onKeyDown={onKeyDown}
    >
      {choices.map((choice) => (
        <button
          type="button"
          key={choice.value}
          class="hitl-label"
          {...(choice.isChosen !== null && { role: "checkbox", "aria-checked": choice.isChosen })}
          data-predicted={choice.isPredicted}
          style={{ "--share": choice.probability ?? 0 }}
          aria-keyshortcuts={choice.key ?? undefined}
          aria-disabled={isOff || undefined}
          onClick={(event) => pick(choice.value, event)}
        >
          <LabelRow choice={choice} />
        </button>
      ))}
    </div>
  );
}

/** Short labels stand in two columns, so that the card stays low. */
function columnsOf(choices: readonly Choice[]): 1 | 2 {
  return choices.length > 5 && choices.every(({ value }) => value.length <= 10) ? 2 : 1;
}

function buttonsIn(list: HTMLElement | null): HTMLButtonElement[] {
  return list === null ? [] : [...list.querySelectorAll("button")];
}
