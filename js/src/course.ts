/** Where the reviewer is: the current item, why its turn ends, and what comes after it. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Draft } from "./draft";
import type { ItemWindow, QueueEntry } from "./item_window";
import type { Ledger } from "./ledger";
import type { Kernel } from "./model";
import type { Json } from "./protocol";
import { type Place, type Scene, type Stage, sameScene } from "./scene";
import type { Standing } from "./standing";
import { inWords } from "./words";

export interface CourseOptions {
  readonly traits: Kernel["traits"];
  readonly ledger: Ledger;
  readonly items: ItemWindow;
  readonly draft: Draft;
  /** A value of the task in words. */
  readonly text: (value: Json) => string;
  /** Says why the reviewer is taken elsewhere. */
  readonly warn: (words: string) => void;
}

export class Course {
  readonly place: ReadonlySignal<Place | null>;
  readonly scene: ReadonlySignal<Scene>;
  readonly #place: Signal<Place | null> = signal(null);
  readonly #options: CourseOptions;

  constructor(options: CourseOptions) {
    this.#options = options;
    this.place = this.#place;
    let last: Scene | null = null;
    this.scene = computed(() => {
      const scene = this.#sceneNow();
      if (last === null || !sameScene(last, scene)) last = scene;
      return last;
    });
  }

  set(place: Place | null): void {
    if (place === null && this.#place.peek() === null) return;
    this.#place.value = place;
    this.#options.draft.moveTo(place?.item_id ?? null);
  }

  /** Shows an item that was decided or skipped before. */
  visit({ item_id, content_hash, event_id }: Standing): void {
    this.set({ item_id, content_hash, standing_id: event_id, from: "history" });
  }

  goTo([item_id, content_hash]: QueueEntry): void {
    const standing_id = this.#options.ledger.of(item_id)?.event_id ?? null;
    this.set({ item_id, content_hash, standing_id, from: "queue" });
  }

  /** To the next item of the queue. */
  moveOn(): void {
    const next = this.#options.ledger.upcoming.peek()[0];
    if (next === undefined) this.set(null);
    else this.goTo(next);
  }

  /**
   * More was recorded than the page was told, and what stands on the `forgotten` items is no longer known: a look back
   * at one of them is over, and so is the turn of an item that has left the queue with nobody saying why.
   */
  followUntold(forgotten: ReadonlySet<string>): void {
    const { ledger, warn } = this.#options;
    const place = this.#place.peek();
    if (place === null) return;
    const isOver =
      place.from === "queue"
        ? ledger.of(place.item_id) === null && !ledger.upcoming.peek().some(([item_id]) => item_id === place.item_id)
        : forgotten.has(place.item_id);
    if (!isOver) return;
    warn("Much was recorded elsewhere meanwhile: the history has this item.");
    this.moveOn();
  }

  /** Sees to it that the current item is one that still waits for this reviewer. */
  follow(): void {
    const { ledger, warn } = this.#options;
    const place = this.#place.peek();
    const reason = place === null ? "" : this.#reasonToLeave(place);
    if (place === null || reason !== null) {
      if (reason) warn(reason);
      this.moveOn();
      return;
    }
    if (place.from === "reveal" && ledger.of(place.item_id) === null) {
      this.set({ ...place, standing_id: null, from: "queue" }); // the answer could not be recorded
      return;
    }
    const entry = ledger.upcoming.peek().find(([item_id]) => item_id === place.item_id);
    if (place.from === "queue" && entry !== undefined && entry[1] !== place.content_hash) {
      warn("This item has changed: look again.");
      this.goTo(entry);
    }
  }

  /** Why the item's turn is over, empty where the reviewer knows; null where it is not over. */
  #reasonToLeave({ item_id, standing_id }: Place): string | null {
    const { ledger, items, text } = this.#options;
    const standing = ledger.of(item_id);
    if (standing !== null && standing.event_id !== standing_id && !ledger.isRestored(standing.event_id)) {
      return ledger.isOwn(standing.event_id) ? "" : `Decided elsewhere meanwhile: ${inWords(standing, text)}.`;
    }
    return items.isGone(item_id) ? "This item is no longer in the data as it was shown." : null;
  }

  #sceneNow(): Scene {
    const { items } = this.#options;
    const place = this.#place.value;
    items.version.value;
    const held = place === null ? null : items.get(place.item_id, place.content_hash);
    return { stage: this.#stageOf(place, held !== null), place, held };
  }

  #stageOf(place: Place | null, isHeld: boolean): Stage {
    const { queue, progress } = this.#options.traits;
    if (place !== null) return isHeld ? "item" : "loading";
    if (queue.value.more > 0) return "loading";
    return progress.value.total === 0 ? "empty" : "end";
  }
}
