import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Draft } from "../draft";
import { Button } from "./button";

const REASONS = [
  "unclear or ambiguous",
  "broken or unreadable",
  "no label fits",
  "several labels fit",
  "needs an expert",
] as const;

interface FlagFormProps {
  readonly draft: Draft;
  readonly flag: (reason: string, event: Event) => void;
  readonly close: () => void;
}

/** Why an item cannot be decided: a reason by its number, Enter sends. */
export function FlagForm({ draft, flag, close }: FlagFormProps) {
  const { reason, comment } = draft.fields.value;
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const isOwn = reason !== "" && !REASONS.some((one) => one === reason);
  useLayoutEffect(() => {
    const radios = [...(form.current?.querySelectorAll<HTMLInputElement>("input[type=radio]") ?? [])];
    (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true });
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    if (reason.trim() !== "") flag(reason.trim(), event);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") return;
    event.stopPropagation();
    if (event.key === "Escape") close();
    const isWriting = event.target instanceof HTMLInputElement && event.target.type === "text";
    const picked = REASONS[Number(event.key) - 1];
    if (!isWriting && picked !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      draft.change({ reason: picked });
      event.preventDefault();
    }
  };
  return (
    <form class="hitl-form" aria-label="Flag this item" ref={form} onSubmit={submit} onKeyDown={onKeyDown}>
      <fieldset>
        <legend>Why can it not be decided?</legend>
        {REASONS.map((one, i) => (
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
        aria-label="Another reason"
        placeholder="Another reason"
        value={isOwn ? reason : ""}
        onInput={(event) => draft.change({ reason: event.currentTarget.value })}
      />
      <input
        type="text"
        aria-label="Comment"
        placeholder="Comment (optional)"
        value={comment}
        onInput={(event) => draft.change({ comment: event.currentTarget.value })}
      />
      <div class="hitl-form-end">
        <button type="submit" class="hitl-button" data-look="main" aria-disabled={reason.trim() === "" || undefined}>
          Send flag<kbd aria-hidden="true">↵</kbd>
        </button>
        <Button look="quiet" onPress={close} shortcut="Esc">
          Cancel
        </Button>
      </div>
    </form>
  );
}
