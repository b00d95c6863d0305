import type { JSX } from "preact";
import { useState } from "preact/hooks";

export const count = new Intl.NumberFormat("en");

type Loading = "cut" | "loading" | "failed";

interface FullText {
  readonly text: string;
  /** Whether this is the whole of a text that came cut. */
  readonly loaded: boolean;
  /** Says what is left out and offers it; null where nothing is. */
  readonly rest: JSX.Element | null;
}

/** A text that may have come cut, with a way to the whole of it. */
export function useFullText(
  { text, clipped }: { readonly text: string; readonly clipped?: number },
  load: () => Promise<string>,
): FullText {
  const [whole, setWhole] = useState<string | null>(null);
  const [state, setState] = useState<Loading>("cut");
  if (clipped === undefined || whole !== null) return { text: whole ?? text, loaded: whole !== null, rest: null };

  const fetchAll = async () => {
    setState("loading");
    try {
      setWhole(await load());
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
      <button type="button" class="hitl-link-button" disabled={state === "loading"} onClick={fetchAll}>
        {state === "loading" ? "Loading…" : `Show all ${count.format(clipped)} characters`}
      </button>
    </p>
  );
  return { text, loaded: false, rest };
}
