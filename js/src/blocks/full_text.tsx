import type { JSX, TargetedMouseEvent } from "preact";
import { useState } from "preact/hooks";

export const count = new Intl.NumberFormat("en");

interface Loaded {
  readonly text: string;
  /** The button that asked for it goes away; whoever was on it goes on to the text. */
  readonly takesFocus: boolean;
}

interface FullText {
  readonly text: string;
  /** Where this is the whole of a text that came cut. */
  readonly loaded: Loaded | null;
  /** Says what is left out and offers it; null where nothing is. */
  readonly rest: JSX.Element | null;
}

/** A text that may have come cut, with a way to the whole of it. */
export function useFullText(
  { text, clipped }: { readonly text: string; readonly clipped?: number },
  load: () => Promise<string>,
): FullText {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [state, setState] = useState<"cut" | "loading" | "failed">("cut");
  if (loaded !== null) return { text: loaded.text, loaded, rest: null };
  if (clipped === undefined) return { text, loaded, rest: null };

  const loadAll = async ({ currentTarget: button }: TargetedMouseEvent<HTMLButtonElement>) => {
    if (state === "loading") return;
    setState("loading");
    try {
      const whole = await load();
      setLoaded({ text: whole, takesFocus: button.matches(":focus") });
    } catch {
      setState("failed");
    }
  };
  const rest = (
    <p class="hitl-rest">
      <span role="status">
        {state === "failed"
          ? "The rest could not be had: the kernel did not answer. "
          : `The first ${count.format(text.length)} characters. `}
      </span>
      {/* Not disabled while it loads: it would lose the focus, and the card its keys. */}
      <button type="button" class="hitl-link-button" aria-disabled={state === "loading"} onClick={loadAll}>
        {state === "loading" ? "Loading…" : `Show all ${count.format(clipped)} characters`}
      </button>
    </p>
  );
  return { text, loaded, rest };
}
