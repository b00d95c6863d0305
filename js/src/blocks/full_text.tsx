import type { JSX, TargetedMouseEvent } from "preact";
import { useState } from "preact/hooks";

export const count = new Intl.NumberFormat("en");

interface Loaded<Whole> {
  readonly whole: Whole;
  /** The button that asked for it goes away; whoever was on it goes on to the text. */
  readonly takesFocus: boolean;
}

interface Full<Whole> {
  /** Where this is the whole of what came cut. */
  readonly loaded: Loaded<Whole> | null;
  /** Says what is left out and offers it; null where nothing is. */
  readonly rest: JSX.Element | null;
}

interface Cut<Whole> {
  /** How many characters are there. */
  readonly length: number;
  /** How many there are in all, where it came cut. */
  readonly clipped: number | undefined;
  readonly load: () => Promise<string>;
  /** What the text that is loaded stands for; throws where it stands for nothing. */
  readonly read: (text: string) => Whole;
}

/** A text that may have come cut, with a way to the whole of it. */
export function useFullText(
  { text, clipped }: { readonly text: string; readonly clipped?: number },
  load: () => Promise<string>,
): Full<string> & { readonly text: string } {
  const { loaded, rest } = useFull({ length: text.length, clipped, load, read: (whole) => whole });
  return { text: loaded?.whole ?? text, loaded, rest };
}

/** What may have come cut, whatever it is that its text is made of. */
export function useFull<Whole>({ length, clipped, load, read }: Cut<Whole>): Full<Whole> {
  const [loaded, setLoaded] = useState<Loaded<Whole> | null>(null);
  const [state, setState] = useState<"cut" | "loading" | "failed">("cut");
  if (loaded !== null || clipped === undefined) return { loaded, rest: null };

  const loadAll = async ({ currentTarget: button }: TargetedMouseEvent<HTMLButtonElement>) => {
    if (state === "loading") return;
    setState("loading");
    try {
      const whole = read(await load());
      setLoaded({ whole, takesFocus: button.matches(":focus") });
    } catch {
      setState("failed");
    }
  };
  const rest = (
    <p class="hitl-rest">
      <span role="status">
        {state === "failed"
          ? "The rest could not be had: the kernel did not answer. "
          : `The first ${count.format(length)} characters. `}
      </span>
      {/* Not disabled while it loads: it would lose the focus, and the card its keys. */}
      <button type="button" class="hitl-link-button" aria-disabled={state === "loading"} onClick={loadAll}>
        {state === "loading" ? "Loading…" : `Show all ${count.format(clipped)} characters`}
      </button>
    </p>
  );
  return { loaded, rest };
}
