import type { ComponentChildren } from "preact";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: (event: MouseEvent) => void;
  /** Shown beside the name, and told to assistive technology as the shortcut, never as part of the name. */
  readonly shortcut?: string;
  readonly look?: "plain" | "main" | "quiet";
  /** Says no, but can still be reached and says why when pressed. */
  readonly isOff?: boolean;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
}

export function Button({ children, onPress, shortcut, look = "plain", isOff, pressed, expanded }: ButtonProps) {
  return (
    <button
      type="button"
      class="hitl-button"
      data-look={look}
      aria-disabled={isOff || undefined}
      aria-keyshortcuts={shortcut}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={onPress}
    >
      {children}
      {shortcut !== undefined && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}
