import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { afterPaint } from "../after_paint";
import { PageFormatter } from "../blocks/formatter";
import { commandOf, pressesButtons } from "../keys";
import { keepKeys } from "../own_keys";
import type { Review } from "../review";
import { Announcer } from "./announcer";
import { Banners } from "./banners";
import { Foot } from "./foot";
import { Header } from "./header";
import { Help } from "./help";
import { History } from "./history";
import { ItemView } from "./item_view";
import { Panel } from "./panel";
import type { Sheet } from "./sheet";
import { EndSummary } from "./summary";
import { act, bearsDoubleClick, type Verdict } from "./verdict";

/** The whole review card: one view of a review. */
export function Card({ review }: { readonly review: Review }) {
  const root = useRef<HTMLDivElement>(null);
  const sheet = useSignal<Sheet>(null);
  const session = review.kernel.traits.session.value;
  const scene = review.scene.value;
  const focusCard = () => root.current?.focus({ preventScroll: true });

  useLayoutEffect(() => afterPaint(() => review.sight.painted(scene)), [scene]);
  useEffect(() => watchScreen(review, root.current), [review]);
  useFocusKept(root);

  const openSheet = (next: Sheet) => {
    sheet.value = next;
    if (next === null) focusCard();
  };
  const closeForm = () => {
    review.draft.change({ form: null });
    focusCard();
  };

  const perform = (verdict: Verdict, event: Event): void => {
    if (sheet.value !== null) {
      review.refuse(`Close the ${sheet.value === "help" ? "list of keys" : "history"} first: nothing was recorded.`);
      return;
    }
    if (!review.sight.counts(event)) return;
    if (clicksOf(event) > 1 && !bearsDoubleClick(verdict)) return;
    const isDone = act(review, verdict);
    // The focus stays where a keyboard put it; from a form, a label or the mouse it goes back to the card.
    if (isDone && (verdict.kind === "answer" || verdict.kind === "send_flag" || clicksOf(event) > 0)) focusCard();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.repeat && pressesButtons(event.key) && event.target instanceof HTMLButtonElement) event.preventDefault();
    const { draft, editor } = review;
    const item = scene.held?.item;
    const on = item && { item, answered: review.answered(), draft };
    const command = commandOf(event, (key) => (on && editor.value?.press(key, on)) ?? null);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    switch (command.kind) {
      case "help":
        openSheet(sheet.value === null ? "help" : null);
        break;
      case "leave":
        if (sheet.value !== null) openSheet(null);
        else if (review.draft.fields.peek().form !== null) closeForm();
        else review.returnToQueue();
        break;
      case "back":
      case "forward":
        if (sheet.value !== null) openSheet(null);
        else review.step(command.kind);
        break;
      default:
        perform(command, event);
    }
  };

  return (
    <div
      ref={root}
      class="hitl"
      role="group"
      aria-label="Review"
      tabIndex={0}
      data-hitl="review"
      data-saved={review.outbox.pending.value.length === 0}
      data-lm-suppress-shortcuts="true"
      onFocusIn={keepKeys}
      onKeyDown={onKeyDown}
      onClick={() => hasFocus(root.current) || focusCard()}
    >
      <Header review={review} sheet={sheet.value} open={openSheet} />
      <Banners review={review} />
      <div class="hitl-body">
        {scene.stage === "item" && scene.held !== null ? (
          <>
            <PageFormatter.Provider value={review.formatting.formatter}>
              <ItemView review={review} held={scene.held} place={scene.place} />
            </PageFormatter.Provider>
            <Panel review={review} held={scene.held} perform={perform} closeForm={closeForm} />
          </>
        ) : (
          <Elsewhere review={review} stage={scene.stage} />
        )}
        {sheet.value === "help" && <Help review={review} close={() => openSheet(null)} />}
        {sheet.value === "history" && <History review={review} close={() => openSheet(null)} />}
      </div>
      <Foot session={session} held={scene.held} lack={review.formatting.lack.value} />
      <Announcer review={review} />
    </div>
  );
}

function Elsewhere({ review, stage }: { readonly review: Review; readonly stage: string }) {
  switch (stage) {
    case "end":
      return <EndSummary review={review} />;
    case "empty":
      return <p class="hitl-end hitl-quiet">There is nothing to review: the frame has no rows.</p>;
    default:
      return <p class="hitl-end hitl-quiet">Fetching the next items…</p>;
  }
}

/** An element that went with its item leaves the focus nowhere: the keys stay with the card. */
function useFocusKept(root: RefObject<HTMLElement | null>): void {
  const focused = useRef<EventTarget | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    root.current?.addEventListener(
      "focusin",
      ({ target }) => {
        focused.current = target;
      },
      { signal },
    );
    root.current?.addEventListener(
      "focusout",
      ({ target }) => {
        if ((target as Element).isConnected) focused.current = null;
      },
      { signal },
    );
    return () => leaving.abort();
  }, []);
  useLayoutEffect(() => {
    if (focused.current === null || (focused.current as Element).isConnected) return;
    focused.current = null;
    root.current?.focus({ preventScroll: true });
  });
}

function hasFocus(root: HTMLElement | null): boolean {
  // Inside a shadow root the document knows only its host.
  const active = (root?.getRootNode() as Document | ShadowRoot | undefined)?.activeElement ?? null;
  return root?.contains(active) ?? false;
}

/** Which click in a row this is, of a mouse or a finger; 0 where it was made by keyboard. */
function clicksOf(event: Event): number {
  return event instanceof MouseEvent ? event.detail : 0;
}

function watchScreen(review: Review, root: HTMLElement | null): () => void {
  const view = {};
  if (root === null) return () => undefined;
  const observer = new IntersectionObserver((entries) => {
    review.sight.stopwatch.setOnScreen(view, entries.at(-1)?.isIntersecting ?? false);
  });
  observer.observe(root);
  return () => {
    observer.disconnect();
    review.sight.stopwatch.setOnScreen(view, false);
  };
}
