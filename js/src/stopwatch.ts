/** Counts seconds only while the item is on screen in a visible tab, by a clock that never goes back. */
export class Stopwatch {
  readonly #onScreen = new Set<object>();
  readonly #now: () => number;
  #counted = 0;
  #since: number | null = null;
  #running = false;

  constructor(abort: AbortSignal, now: () => number = () => performance.now()) {
    this.#now = now;
    document.addEventListener("visibilitychange", () => this.#update(), { signal: abort });
  }

  restart(): void {
    this.#counted = 0;
    this.#since = null;
    this.#running = true;
    this.#update();
  }

  stop(): void {
    this.#running = false;
    this.#update();
  }

  /** A view (any object that stands for it) has come on screen or left it. */
  setOnScreen(view: object, onScreen: boolean): void {
    if (onScreen) this.#onScreen.add(view);
    else this.#onScreen.delete(view);
    this.#update();
  }

  get seconds(): number {
    const open = this.#since === null ? 0 : this.#now() - this.#since;
    return Math.round(this.#counted + open) / 1_000;
  }

  #update(): void {
    const counts = this.#running && this.#onScreen.size > 0 && document.visibilityState === "visible";
    if (counts === (this.#since !== null)) return;
    if (this.#since === null) this.#since = this.#now();
    else {
      this.#counted += this.#now() - this.#since;
      this.#since = null;
    }
  }
}
