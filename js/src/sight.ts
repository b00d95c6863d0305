/** What the reviewer has before their eyes: since when, and for how long. */
import type { ReadonlySignal } from "@preact/signals";
import { whenIdle } from "./after_paint";
import type { Item } from "./protocol";
import { asks, type Scene } from "./scene";
import { Stopwatch } from "./stopwatch";

/** What was painted, and when. */
interface Painted {
  readonly scene: Scene;
  /** By the clock of the browser's events. */
  readonly at: number;
  /** ISO 8601 in UTC, since the item is on screen. */
  readonly shown_at: string;
}

/** What an event says of the look that went before it. */
export interface Looked {
  readonly shown_at: string;
  readonly seconds: number;
  readonly explained: boolean;
}

interface SightOptions {
  readonly scene: ReadonlySignal<Scene>;
  /** Called when the page is idle, for each item that came before the reviewer's eyes. */
  readonly onShown: (item: Item) => void;
  readonly abort: AbortSignal;
}

export class Sight {
  readonly stopwatch: Stopwatch;
  readonly #options: SightOptions;
  #painted: Painted | null = null;

  constructor(options: SightOptions) {
    this.#options = options;
    this.stopwatch = new Stopwatch(options.abort);
  }

  /** Whether an event of the browser was made by someone who had the present scene before their eyes. */
  counts(event: { readonly timeStamp: number; readonly repeat?: boolean }): boolean {
    const painted = this.#painted;
    return (
      event.repeat !== true &&
      painted !== null &&
      asks(this.#options.scene.peek(), painted.scene) &&
      event.timeStamp >= painted.at
    );
  }

  /** The scene has been painted, as a view knows; keys count from now on. */
  painted(scene: Scene): void {
    if (scene !== this.#options.scene.peek() || this.#painted?.scene === scene) return;
    const before = this.#painted;
    const isSameItem = before !== null && before.scene.place === scene.place && before.scene.stage === scene.stage;
    const shown_at = isSameItem ? before.shown_at : new Date().toISOString();
    const at = before !== null && asks(scene, before.scene) ? before.at : performance.now();
    this.#painted = { scene, at, shown_at };
    if (scene.held === null) this.stopwatch.stop();
    else if (!isSameItem) {
      this.stopwatch.restart();
      const { item } = scene.held;
      whenIdle(() => this.#options.onShown(item));
    }
  }

  get looked(): Looked {
    const { shown_at, scene } = this.#painted ?? {};
    return {
      shown_at: shown_at ?? new Date().toISOString(),
      seconds: this.stopwatch.seconds,
      explained: scene?.held?.item.explanation.some(({ type }) => type !== "missing" && type !== "unreadable") ?? false,
    };
  }
}
