import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { afterPaintWhenIdle } from "../after_paint";
import { Blocks, Explanation } from "../blocks";
import { MarkdownText } from "../blocks/markdown";
import { overlayOn } from "../blocks/overlay";
import type { HeldItem } from "../item_window";
import type { Block, Item } from "../protocol";
import type { Review } from "../review";
import type { Place } from "../scene";
import { inWords } from "../words";
import { Button } from "./button";

interface ItemViewProps {
  readonly review: Review;
  readonly held: HeldItem;
  readonly place: Place | null;
}

/** The tallest that the card makes itself; beyond it the item scrolls inside. */
const TALLEST = 460;

/** What the item is about, and what speaks for the prediction. */
export function ItemView({ review, held, place }: ItemViewProps) {
  const { item, buffers, images } = held;
  const box = useRef<HTMLDivElement>(null);
  const height = useSteadyHeight(box, item);
  const noteScroll = useTopOfEach(box, item.item_id);
  const opened = useRef(new WeakSet<Block>());
  const overlay = overlayOn(item, (block) => opened.current.has(block));
  const isMarked = (block: Block) => block === overlay.words;
  const isExplained = item.explanation.some((block) => block !== overlay.heatMap && block !== overlay.words);
  const { guidelines } = review.kernel.traits.session.value;
  return (
    <div class="hitl-look">
      {guidelines !== null && <Guidelines text={guidelines} />}
      {place?.from === "history" && <Earlier review={review} />}
      <div
        class="hitl-item"
        data-item-id={item.item_id}
        data-explained={isExplained}
        role="region"
        aria-label="Item"
        tabIndex={0}
        ref={box}
        onScroll={noteScroll}
        style={{ minBlockSize: `${height}px` }}
      >
        <Blocks
          blocks={item.blocks}
          images={images}
          buffers={buffers}
          overlay={overlay}
          loadFull={(index, message) => {
            const block = item.blocks[index];
            if (block !== undefined) opened.current.add(block);
            return review.fullText("blocks", index, message);
          }}
          loadWords={() => review.fullText("explanation", item.explanation.findIndex(isMarked), null)}
        />
        {isExplained && (
          <section class="hitl-why" aria-label="Explanation">
            <Explanation
              blocks={item.explanation}
              images={images}
              buffers={buffers}
              overlay={overlay}
              loadFull={(index, message) => review.fullText("explanation", index, message)}
            />
          </section>
        )}
      </div>
    </div>
  );
}

function Guidelines({ text }: { readonly text: string }) {
  return (
    <details class="hitl-guidelines">
      <summary>Guidelines</summary>
      <div class="hitl-guidelines-text">
        <MarkdownText text={text} />
      </div>
    </details>
  );
}

function Earlier({ review }: { readonly review: Review }) {
  const standing = review.standing();
  return (
    <div class="hitl-earlier" role="note">
      <span>
        An earlier item{standing !== null && ": "}
        {standing !== null && <bdi>{inWords(standing, review.text)}</bdi>}. Decide again to change it.
      </span>
      <Button look="quiet" onPress={() => review.returnToQueue()} shortcut="Esc">
        Back to the queue
      </Button>
    </div>
  );
}

/** As tall as the tallest item so far at this width: what comes below stays where it is. */
function useSteadyHeight(box: { readonly current: HTMLElement | null }, item: Item): number {
  const height = useSignal(0);
  useEffect(() => {
    let width = 0;
    const observer = new ResizeObserver(([entry]) => {
      const now = entry?.contentRect.width ?? 0;
      if (now !== width) height.value = 0;
      width = now;
    });
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(
    () =>
      afterPaintWhenIdle(() => {
        const now = Math.min(TALLEST, box.current?.offsetHeight ?? 0);
        if (now > height.peek()) height.value = now;
      }),
    [item],
  );
  return height.value;
}

/** An item begins at its top, from its first frame on; where the reviewer has scrolled to since then is left alone. */
function useTopOfEach(box: { readonly current: HTMLElement | null }, item_id: string): () => void {
  const isScrolled = useRef(false);
  useLayoutEffect(() => {
    // Only where it is needed: the page is laid out for it.
    if (isScrolled.current && box.current) box.current.scrollTop = 0;
    isScrolled.current = false;
  }, [item_id]);
  return () => {
    isScrolled.current = (box.current?.scrollTop ?? 0) > 0;
  };
}
