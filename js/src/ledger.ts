/** What this reviewer has done: what stands, what is on its way to the store, and what the kernel knows of it. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { QueueEntry } from "./item_window";
import type { Kernel } from "./model";
import type { Outbox } from "./outbox";
import { ahead, type Change, changeOf } from "./progress";
import type { Down, Progress, Recordable, Refusal } from "./protocol";
import type { Requests } from "./requests";
import { type Standing, Standings, standingOf } from "./standing";
import { upcoming } from "./upcoming";

/** An event that the kernel has not acknowledged yet. */
interface OnItsWay {
  readonly event: Recordable;
  readonly change: Change;
  /** Its place in the log, once the kernel has told of it: counts from there on include it. */
  readonly seq: number | null;
}

export interface LedgerOptions {
  readonly kernel: Kernel;
  readonly outbox: Outbox;
  readonly requests: Requests;
  readonly isGone: (item_id: string) => boolean;
  readonly onRefused: (refusal: Refusal, event: Recordable) => void;
  /** More had been recorded than was told; what stands on these items is no longer known here. */
  readonly onReadAnew: (forgotten: ReadonlySet<string>) => void;
  readonly abort: AbortSignal;
}

const HISTORY_PAGE = 100;
const BEHIND = 100;
const ASK_AGAIN_AFTER_MS = 30_000;

export class Ledger {
  /** The items to come, the next one first. */
  readonly upcoming: ReadonlySignal<readonly QueueEntry[]>;
  /** The kernel's counts, with what is on its way added. */
  readonly progress: ReadonlySignal<Progress>;
  readonly historyComplete = signal(false);
  /** Changes with everything that stands. */
  readonly version: Signal<number> = signal(0);
  /** Items lately done here, the last one first: an undo may want them back. */
  behind: readonly string[] = [];

  readonly #outbox: Outbox;
  readonly #requests: Requests;
  readonly #onRefused: LedgerOptions["onRefused"];
  readonly #onReadAnew: LedgerOptions["onReadAnew"];
  readonly #abort: AbortSignal;
  readonly #standings = new Standings();
  readonly #onItsWay: Signal<readonly OnItsWay[]> = signal([]);
  readonly #front: Signal<readonly QueueEntry[]> = signal([]);
  /** Events that this page sends, and those of them that were made in it. */
  readonly #own = new Set<string>();
  readonly #made = new Set<string>();
  /** What stands again after an undo of this page: nobody else's doing. */
  readonly #restored = new Set<string>();
  #loading: Promise<void> | null = null;
  /** Asked for again while an answer was on its way, which may not know of the reason. */
  #mustReload = false;
  /** Whether more has happened than this page was told. */
  #isOutdated = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor({ kernel, outbox, requests, isGone, onRefused, onReadAnew, abort }: LedgerOptions) {
    const { queue, progress, last_seq, saved, refused } = kernel.traits;
    this.#outbox = outbox;
    this.#requests = requests;
    this.#onRefused = onRefused;
    this.#onReadAnew = onReadAnew;
    this.#abort = abort;
    // The kernel sends a queue together with the sequence number up to which it knows of everything.
    const told = computed(() => ({ queue: queue.value, seq: last_seq.peek() }));
    this.upcoming = computed(() => {
      this.version.value;
      const { queue, seq } = told.value;
      return upcoming({
        queue,
        onItsWay: this.#onItsWay.value.map(({ event }) => event),
        since: (item_id) => {
          const standing = this.#standings.of(item_id);
          return (standing?.seq ?? 0) > seq ? standing : null;
        },
        front: this.#front.value.filter(([item_id]) => this.#standings.decision(item_id) === null),
        isGone,
      });
    });
    this.progress = computed(() => {
      const uncounted = this.#onItsWay.value.filter(({ seq }) => seq === null || seq > last_seq.value);
      return ahead(
        progress.value,
        uncounted.map(({ change }) => change),
      );
    });
    const stop = effect(() => {
      const [stored, lost, pending] = [saved.value, refused.value, outbox.pending.value];
      untracked(() =>
        batch(() => {
          this.#takeOver(pending);
          this.#settle(stored, lost, last_seq.peek());
        }),
      );
    });
    abort.addEventListener("abort", stop, { once: true });
    abort.addEventListener("abort", () => clearTimeout(this.#again), { once: true });
  }

  /** Keeps the event and counts it as done; returns the item that it brought back to the queue, if it did. */
  add(event: Recordable): QueueEntry | null {
    this.#own.add(event.event_id);
    this.#made.add(event.event_id);
    // First of all onto the browser's disk: whatever fails after this, the event is sent.
    this.#outbox.add(event);
    return this.#apply(event);
  }

  /** A stored event that the kernel tells of, from whichever tab, cell or process. */
  record({ seq, event_id, entry, undone, restored }: Extract<Down, { readonly kind: "recorded" }>): void {
    if (this.#own.has(event_id)) {
      this.#standings.acknowledge(event_id, seq, entry);
      if (restored !== null) {
        this.#restored.add(restored.event_id);
        this.#standings.restore(restored);
      }
      this.#onItsWay.value = this.#onItsWay.value.map((one) =>
        one.event.event_id === event_id ? { ...one, seq } : one,
      );
    } else if (entry !== null) {
      this.#standings.record(entry);
      this.#leaveFront(entry.item_id);
    } else if (undone !== null) this.#standings.recordUndo(undone, restored);
    this.version.value++;
  }

  of(item_id: string): Standing | null {
    return this.#standings.of(item_id);
  }

  decision(item_id: string): Standing | null {
    return this.#standings.decision(item_id);
  }

  /** What an undo takes back, and what stands on its item then. */
  undoable(): { readonly target: Standing; readonly restored: Standing | null } | null {
    const target = this.#standings.newest();
    return target === null ? null : { target, restored: this.#standings.beneath(target) };
  }

  /** Whether it was made in this page. */
  isOwn(event_id: string): boolean {
    return this.#made.has(event_id);
  }

  isRestored(event_id: string): boolean {
    return this.#restored.has(event_id);
  }

  /** Everything known to stand, newest first. */
  timeline(): readonly Standing[] {
    this.version.value;
    return this.#standings.timeline();
  }

  /** The newest page of history: the truth wherever this page was wrong. */
  loadHistory(): Promise<void> {
    if (this.#loading !== null) {
      this.#mustReload = true;
      return this.#loading;
    }
    this.#loading = this.#readHistory(null).finally(() => {
      this.#loading = null;
      if (!this.#mustReload) return;
      this.#mustReload = false;
      void this.loadHistory();
    });
    return this.#loading;
  }

  /** More was recorded than this page was told: the newest page of history is all that it knows, until more is read. */
  readAnew(): Promise<void> {
    this.#isOutdated = true;
    return this.loadHistory();
  }

  loadMoreHistory(): Promise<void> {
    return this.historyComplete.peek() ? Promise.resolve() : this.#readHistory(this.#standings.oldestSeq());
  }

  /** What an earlier page left, or another card or tab has on its way; of what the kernel has told only the outbox knows. */
  #takeOver(pending: readonly Recordable[]): void {
    for (const event of pending) {
      if (this.#own.has(event.event_id) || this.#standings.find(event.event_id) !== null) continue;
      this.#own.add(event.event_id);
      this.#apply(event);
    }
  }

  /** What the event will have done, once it is stored. */
  #apply(event: Recordable): QueueEntry | null {
    const target = event.kind === "undo" ? this.#standings.find(event.replaces) : null;
    const item_id = event.kind === "undo" ? (target?.item_id ?? null) : event.item_id;
    const before = item_id === null ? null : this.#standings.of(item_id);
    const back = event.kind === "undo" ? this.#takeBack(event.replaces, target) : null;
    if (event.kind !== "undo") {
      this.#standings.put(standingOf(event));
      this.#leaveFront(event.item_id);
      this.behind = [event.item_id, ...this.behind.filter((id) => id !== event.item_id)].slice(0, BEHIND);
    }
    const after = item_id === null ? null : this.#standings.of(item_id);
    this.#onItsWay.value = [...this.#onItsWay.value, { event, change: changeOf(before, after), seq: null }];
    this.version.value++;
    return back;
  }

  #takeBack(event_id: string, target: Standing | null): QueueEntry | null {
    const restored = this.#standings.takeBack(event_id);
    if (target === null || restored?.kind === "decide") return null;
    const entry: QueueEntry = [target.item_id, target.content_hash];
    this.#front.value = [entry, ...this.#front.value.filter(([id]) => id !== target.item_id)];
    return entry;
  }

  #leaveFront(item_id: string): void {
    this.#front.value = this.#front.value.filter(([id]) => id !== item_id);
  }

  #settle(saved: readonly string[], refused: readonly Refusal[], last_seq: number): void {
    const stored = this.#outbox.settle(saved);
    stored.forEach((event, i) => {
      this.#standings.acknowledge(event.event_id, last_seq - (stored.length - 1 - i));
    });
    const refusals = new Map(refused.map((refusal) => [refusal.event_id, refusal]));
    const lost = this.#outbox.settle(refusals.keys());
    for (const event of lost) {
      if (event.kind === "undo") this.#standings.refuseUndo(event.replaces);
      else this.#standings.refuse(event.event_id);
      const refusal = refusals.get(event.event_id);
      if (refusal !== undefined) this.#onRefused(refusal, event);
    }
    if (stored.length + lost.length === 0) return;
    const settled = new Set([...stored, ...lost].map(({ event_id }) => event_id));
    this.#onItsWay.value = this.#onItsWay.value.filter(({ event }) => !settled.has(event.event_id));
    this.version.value++;
    if (lost.length > 0) void this.loadHistory();
  }

  async #readHistory(before: number | null): Promise<void> {
    const anew = before === null && this.#isOutdated;
    if (anew) this.#isOutdated = false;
    try {
      await this.#requests.history(before, HISTORY_PAGE, ({ entries, complete }) => {
        const forgotten = this.#standings.merge(entries, before === null, complete || anew);
        this.historyComplete.value = complete || (this.historyComplete.peek() && !anew);
        this.version.value++;
        if (anew) this.#onReadAnew(forgotten);
      });
    } catch {
      // Asked for again by whoever needs it next; what nobody may need is asked for again in any case.
      if (!anew || this.#abort.aborted) return;
      clearTimeout(this.#again);
      this.#again = setTimeout(() => void this.readAnew(), ASK_AGAIN_AFTER_MS);
    }
  }
}
