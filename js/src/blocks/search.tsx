import type { TargetedKeyboardEvent } from "preact";
import { isComposed } from "../keys";

interface SearchProps {
  /** The name of what is searched. */
  readonly field: string;
  readonly wanted: string;
  readonly search: (wanted: string) => void;
  /** What of it fits, in words. */
  readonly found: string;
}

/** Search as you type in what is shown, by name and by value; its keys are nobody else's. */
export function Search({ field, wanted, search, found }: SearchProps) {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Tab") return;
    event.stopPropagation();
    if (isComposed(event)) return;
    if (event.key === "Escape") event.currentTarget.closest<HTMLElement>("[data-hitl]")?.focus({ preventScroll: true });
  };
  return (
    <p class="hitl-searched">
      <input
        type="text"
        aria-label={`Search in ${field}`}
        placeholder="Search names and values"
        value={wanted}
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="hitl-rest" role="status">
        {wanted.trim() !== "" && found}
      </span>
    </p>
  );
}

/** Whether a text has what is sought, in whatever case. */
export function fitting(wanted: string): (text: string) => boolean {
  const sought = wanted.trim().toLowerCase();
  return (text) => text.toLowerCase().includes(sought);
}
