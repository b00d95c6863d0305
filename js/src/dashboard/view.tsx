/** The dashboard as it is seen: tabs, alarms, and for each figure its words above its chart. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { shown } from "../blocks/visible_text";
import type { Plot } from "../chart/plot";
import { withoutKernel } from "../chart/without_kernel";
import { Button } from "../components/button";
import { keepKeys } from "../own_keys";
import { counted, count as inDigits } from "../words";
import type { Board } from "./board";
import type { Drawings } from "./drawings";
import type { ItemsBehind } from "./messages";
import { keepTallest } from "./steady_height";
import { told } from "./told";

interface Props {
  readonly board: Board;
  readonly drawings: Drawings;
}

export function Dashboard({ board, drawings }: Props) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => watchScreen(root.current, (isVisible) => board.look(isVisible)), [board]);
  const open = board.open.value;
  const lost = withoutKernel(board.connection.value);
  const names = open === null ? null : (board.names.value[open] ?? null);
  const isBusy = lost === null && open !== null && !board.whole.value.includes(open);
  return (
    <div
      ref={root}
      class="hitl-live hitl-board"
      role="group"
      aria-label="What the reviews say"
      data-hitl="dashboard"
      dir="ltr"
      onFocusIn={keepKeys}
    >
      <Alarms words={board.alarms.value} />
      {lost !== null && (
        <p class="hitl-notice" role="alert">
          {lost}
        </p>
      )}
      {board.problem.value !== null && <p class="hitl-notice">{told(board.problem.value)}</p>}
      <Tabs board={board} />
      {open !== null && (
        <div class="hitl-panel-of-figures" role="tabpanel" aria-label={open} aria-busy={isBusy}>
          {names === null ? (
            <Preparing board={board} />
          ) : (
            names.map((name) => <FigureCard key={name} name={name} board={board} drawings={drawings} />)
          )}
        </div>
      )}
      {open === null && <Preparing board={board} />}
    </div>
  );
}

function Preparing({ board }: { readonly board: Board }) {
  return (
    <p class="hitl-quiet hitl-preparing" role="status">
      {board.isWaiting.value ? "Waiting for the kernel…" : "Preparing the figures…"}
    </p>
  );
}

function Alarms({ words }: { readonly words: readonly string[] }) {
  // The region stays, so that a screen reader hears of what comes into it.
  return (
    <div role="status" class="hitl-alarms" data-any={words.length > 0}>
      {words.length > 0 && (
        <>
          <h2>Look at this</h2>
          <ul>
            {words.map((sentence) => (
              <li key={sentence}>{told(sentence)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

const STEPS: { readonly [key: string]: (at: number, last: number) => number } = {
  ArrowRight: (at, last) => (at === last ? 0 : at + 1),
  ArrowLeft: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

function Tabs({ board }: { readonly board: Board }) {
  const list = useRef<HTMLDivElement>(null);
  const tabs = board.tabs.value;
  const open = board.open.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || open === null) return;
    event.preventDefault();
    event.stopPropagation();
    const at = step(tabs.indexOf(open), tabs.length - 1);
    board.openTab(tabs[at] ?? open);
    (list.current?.children[at] as HTMLElement | undefined)?.focus();
  };
  return (
    <div ref={list} class="hitl-tabs" role="tablist" aria-label="Figures" onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          class="hitl-tab"
          aria-selected={tab === open}
          tabIndex={tab === open ? 0 : -1}
          onClick={() => board.openTab(tab)}
        >
          {shown(tab)}
        </button>
      ))}
    </div>
  );
}

/** Pixels from which on a chart has a row of the grid to itself. */
const WIDE = 620;

function FigureCard({ name, board, drawings }: Props & { readonly name: string }) {
  const { title, words, notes, problem, spec, rows } = board.figure(name).value;
  const host = useRef<HTMLDivElement>(null);
  const plot = useSignal<Plot | null>(null);
  const undrawn = useSignal<string | null>(null);
  const isWide = useSignal(false);

  useEffect(() => {
    let isGone = false;
    const say = (failed: string | null) => {
      undrawn.value = failed;
      isWide.value = (plot.peek()?.svg?.viewBox.baseVal.width ?? 0) > WIDE;
    };
    drawings.vega
      .then((vega) => {
        if (vega !== null && !isGone && host.current !== null)
          plot.value = drawings.open(name, vega, host.current, say);
      })
      .catch((error: unknown) => say(String(error)));
    return () => {
      isGone = true;
      drawings.close(name);
    };
  }, [name, drawings]);
  useLayoutEffect(() => {
    if (spec !== null) plot.value?.show(spec, rows); // an effect would leave it for the frame after the next
  }, [plot.value, spec, rows]);

  const said = problem ?? (undrawn.value === null ? null : `This chart cannot be drawn: ${undrawn.value}`);
  return (
    <section class="hitl-figure" aria-label={title} data-figure={name} data-wide={isWide.value}>
      <Above>
        <h2>{told(title)}</h2>
        {words.map((sentence) => (
          <p key={sentence} class="hitl-words">
            {told(sentence)}
          </p>
        ))}
        {notes.map((note) => (
          <p key={note} class="hitl-words hitl-note">
            {told(note)}
          </p>
        ))}
        {said !== null && (
          <p class="hitl-notice" role="status">
            {told(said)}
          </p>
        )}
      </Above>
      <div ref={host} class="hitl-plot" />
      <Selection name={name} board={board} drawings={drawings} />
    </section>
  );
}

/** What is said above a chart, which it does not move up again. */
function Above({ children }: { readonly children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const within = useRef<HTMLDivElement>(null);
  useEffect(() => keepTallest(box.current, within.current), []);
  return (
    <div ref={box}>
      <div ref={within} class="hitl-above">
        {children}
      </div>
    </div>
  );
}

/** The items behind what is selected, and what can be done with them. */
function Selection({ name, board, drawings }: Props & { readonly name: string }) {
  const behind = board.behind.value;
  if (behind?.name !== name || board.connection.value !== "connected") return null;
  const { count, undecided, which } = behind;
  const isOff = undecided === 0;
  return (
    <div class="hitl-behind" role="status">
      {board.queued.value !== null ? (
        <span>{told(board.queued.value)}</span>
      ) : count === 0 ? (
        <span>{which === "" ? "No item is behind this." : `There is no item ${which}.`}</span>
      ) : (
        <Button look="main" isOff={isOff} onPress={() => isOff || board.queue()}>
          {queueing(behind)}
        </Button>
      )}
      {board.queued.value === null && count > 0 && isOff && <span>← in the card goes back to what you decided.</span>}
      <Button look="quiet" onPress={() => drawings.clearSelection(name)}>
        Clear the selection
      </Button>
    </div>
  );
}

/** What can be done with the items, or why nothing. */
function queueing({ count, undecided, which }: ItemsBehind): string {
  const items = which === "" ? counted(count, "item") : `${counted(count, "item")} ${which}`;
  if (undecided === 0) return count === 1 ? `${items}, decided by you` : `${items}, all decided by you`;
  if (undecided < count) return `Queue ${inDigits(undecided)} of ${items}`;
  if (which !== "") return `Queue the ${items}`;
  return count === 1 ? "Queue this item" : `Queue these ${items}`;
}

/** What is about to be scrolled to is there when it is. */
const NEARLY_ON_SCREEN = "300px";

/** Calls back when the dashboard comes on screen or leaves it, also with its browser tab. */
function watchScreen(root: HTMLElement | null, tell: (isVisible: boolean) => void): () => void {
  if (root === null) return () => undefined;
  let isOnScreen = false;
  const look = () => tell(isOnScreen && document.visibilityState === "visible");
  const observer = new IntersectionObserver(
    (entries) => {
      isOnScreen = entries.at(-1)?.isIntersecting ?? false;
      look();
    },
    { rootMargin: NEARLY_ON_SCREEN },
  );
  observer.observe(root);
  document.addEventListener("visibilitychange", look);
  return () => {
    observer.disconnect();
    document.removeEventListener("visibilitychange", look);
    tell(false);
  };
}
