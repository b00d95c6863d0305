import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Draft } from "../draft";
import { isComposed } from "../keys";
import { Button } from "./button";

const [FIRST, LAST] = [["unclear or ambiguous", "broken or unreadable"], "needs an expert"] as const;

interface FlagFormProps {
  readonly draft: Draft;
  /** Those that the task adds. */
  readonly reasons: readonly string[];
  readonly flag: (reason: string, comment: string, event: Event) => void;
  readonly close: () => void;
}

/** Why an item cannot be decided: a reason by its number, or in one's own words; Enter sends. */
export function FlagForm({ draft, reasons, flag, close }: FlagFormProps) {
  const all = [...FIRST, ...reasons, LAST];
  const { reason, comment } = draft.fields.value;
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const isReady = reason !== "" || comment.trim() !== "";
  useLayoutEffect(() => {
    const radios = radiosIn(form.current);
    (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true });
  }, []);
  const send = (event: Event) => {
    event.preventDefault();
    if (!isReady) return;
    const words = comment.trim();
    // Without a reason picked, the words are the reason, and nothing is said twice.
    if (reason === "") flag(words, "", event);
    else flag(reason, words, event);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") return;
    event.stopPropagation();
    if (isComposed(event)) return;
    if (event.key === "Escape") close();
    if (event.key === "Enter" && event.repeat) event.preventDefault();
    const isWriting = event.target instanceof HTMLInputElement && event.target.type === "text";
    const picked = all[Number(event.key) - 1];
    if (isWriting || picked === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    draft.change({ reason: picked });
    radiosIn(form.current)[Number(event.key) - 1]?.focus({ preventScroll: true });
    event.preventDefault();
  };
  return (
    <form class="hitl-form" aria-label="Flag this item" ref={form} onSubmit={send} onKeyDown={onKeyDown}>
      <fieldset>
        <legend>Why can it not be decided?</legend>
        {all.map((one, i) => (
          <label key={one} class="hitl-reason">
            <input
              type="radio"
              name={`${id}-reason`}
              checked={reason === one}
              onChange={() => draft.change({ reason: one })}
              aria-keyshortcuts={String(i + 1)}
            />
            <kbd aria-hidden="true">{i + 1}</kbd>
            {one}
          </label>
        ))}
      </fieldset>
      <input
        type="text"
        aria-label={reason === "" ? "Reason in your own words" : "Comment"}
        placeholder={reason === "" ? "…or in your own words" : "Comment (optional)"}
        value={comment}
        onInput={(event) => draft.change({ comment: event.currentTarget.value })}
      />
      <div class="hitl-form-end">
        <button type="submit" class="hitl-button" data-look="main" aria-disabled={!isReady || undefined}>
          Send flag<kbd aria-hidden="true">↵</kbd>
        </button>
        <Button look="quiet" onPress={close} shortcut="Esc">
          Cancel
        </Button>
      </div>
    </form>
  );
}

function radiosIn(form: HTMLFormElement | null): HTMLInputElement[] {
  return form === null ? [] : [...form.querySelectorAll<HTMLInputElement>("input[type=radio]")];
}
