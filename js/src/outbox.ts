/**
 * Events that the store has not acknowledged, kept in the browser's own storage until it has.
 *
 * Each event has a key of its own, so that two tabs never write over each other and a write is one short call. Where the
 * storage is full or forbidden the page keeps them, beyond the card that they were made in.
 */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isRecordable } from "./guards";
import type { Recordable, SessionState } from "./protocol";

interface Kept {
  /** Milliseconds since 1970 by this browser's clock, or one more than of the newest event that the page knew. */
  readonly created: number;
  readonly event: Recordable;
}

export interface OutboxOptions {
  readonly session: Pick<SessionState, "store_id" | "session_id" | "reviewer">;
  /** Null where the browser forbids it. */
  readonly storage: Storage | null;
  readonly send: (event: Recordable) => boolean;
  /** Whether the kernel can be reached: what another card left is taken over only by one that can send it. */
  readonly isOpen: () => boolean;
  readonly abort: AbortSignal;
}

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 60_000;
const UNANSWERED_AFTER_MS = 5_000;
/** Jupyter closes sockets above 1,000 messages a second. */
const BURST = 50;
const BURST_PAUSE_MS = 100;
/** Said on the window by a card that goes and leaves something behind. */
const LEFT = "hitl_notebook/outbox/left";

export class Outbox {
  /** Events without an acknowledgement, oldest first. */
  readonly pending: ReadonlySignal<readonly Recordable[]>;
  /** False where the browser's storage is full or forbidden: then only this page's memory holds them. */
  readonly durable: ReadonlySignal<boolean>;
  /** Whether something was sent more than five seconds ago and nothing has been acknowledged since. */
  readonly unanswered: Signal<boolean> = signal(false);

  readonly #kept: Signal<ReadonlyMap<string, Kept>> = signal(new Map());
  /** Ids that could not be written, and are tried again. */
  readonly #unwritten: Signal<ReadonlySet<string>> = signal(new Set());
  readonly #options: OutboxOptions;
  readonly #prefix: string;
  readonly #memory: Map<string, string>;
  #unsent: string[] = [];
  /** When the newest event was created that this page made or found. */
  #newest = 0;
  #retryAfter = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #burst: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#prefix = outboxPrefix(options.session);
    this.#memory = pageMemory();
    this.durable = computed(() => options.storage !== null && this.#unwritten.value.size === 0);
    this.pending = computed(() => Array.from(this.#kept.value.values(), (kept) => kept.event));
    this.#takeOver();
    const stopWarning = warnBeforeLeaving(() => this.#kept.value.size > 0);
    options.abort.addEventListener("abort", () => {
      stopWarning();
      for (const timer of [this.#retry, this.#burst, this.#silence]) clearTimeout(timer);
      if (this.#kept.peek().size > 0) window.dispatchEvent(new Event(LEFT));
    });
    this.#watch(options.abort);
  }

  /** Keeps the event; it is on the browser's disk, where that can be, when this returns. `flush` sends it. */
  add(event: Recordable): void {
    // A clock that was set back puts no event before one that it may replace.
    this.#newest = Math.max(Date.now(), this.#newest + 1);
    const kept: Kept = { created: this.#newest, event };
    if (this.#write(kept)) this.#writeAgain();
    this.#kept.value = new Map(this.#kept.peek()).set(event.event_id, kept);
    this.#unsent.push(event.event_id);
  }

  /** Sends what has not been sent from this page. */
  flush(): void {
    if (this.#burst !== undefined || this.#options.abort.aborted) return;
    const batch = this.#unsent.splice(0, BURST);
    for (const event_id of batch) {
      const kept = this.#kept.peek().get(event_id);
      if (kept !== undefined) this.#options.send(kept.event);
    }
    if (batch.length > 0) this.#expectAnswer();
    if (this.#unsent.length === 0) return;
    this.#burst = setTimeout(() => {
      this.#burst = undefined;
      this.flush();
    }, BURST_PAUSE_MS);
  }

  /** Sends everything again, in order: the store ignores what it has. */
  resend(): void {
    this.lookForMore();
    this.#writeAgain();
    this.#unsent = [...this.#kept.peek().keys()];
    this.flush();
  }

  /** The kernel can be reached again: no waiting for the next retry. */
  resendNow(): void {
    this.#retryAfter = FIRST_RETRY_MS;
    this.resend();
  }

  /** Takes over what other cards and tabs have left, or have on its way; returns whether there was any. */
  lookForMore(): boolean {
    return this.#options.isOpen() && this.#takeOver();
  }

  /** Lets go of events that are stored, or will never be; returns those that were pending. */
  settle(event_ids: Iterable<string>): Recordable[] {
    const settled: Recordable[] = [];
    const left = new Map(this.#kept.peek());
    for (const event_id of event_ids) {
      const kept = left.get(event_id);
      if (kept === undefined) continue;
      left.delete(event_id);
      this.#remove(event_id);
      settled.push(kept.event);
    }
    if (settled.length === 0) return settled;
    this.#kept.value = left;
    this.#retryAfter = FIRST_RETRY_MS;
    this.unanswered.value = false;
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#silence = undefined;
    this.#retry = undefined;
    if (left.size > 0) this.#expectAnswer();
    return settled;
  }

  #expectAnswer(): void {
    this.#silence ??= setTimeout(() => {
      this.unanswered.value = this.#kept.peek().size > 0;
    }, UNANSWERED_AFTER_MS);
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#retryAfter = Math.min(2 * this.#retryAfter, LONGEST_RETRY_MS);
      if (this.#kept.peek().size > 0) this.resend();
    }, this.#retryAfter);
  }

  #watch(signal: AbortSignal): void {
    const take = () => {
      if (this.lookForMore()) this.flush();
    };
    for (const name of [LEFT, "focus"]) window.addEventListener(name, () => take(), { signal });
    document.addEventListener("visibilitychange", take, { signal });
    const onStorage = ({ key }: StorageEvent) => {
      // The other tab sends it itself, if it can.
      if (key?.startsWith(this.#prefix) && this.lookForMore()) this.#expectAnswer();
    };
    window.addEventListener("storage", onStorage, { signal });
  }

  #takeOver(): boolean {
    const known = this.#kept.peek();
    const found = this.#readLeftovers().filter(({ event }) => !known.has(event.event_id));
    if (found.length === 0) return false;
    this.#newest = Math.max(this.#newest, ...found.map(({ created }) => created));
    this.#unsent.push(...found.map(({ event }) => event.event_id));
    batch(() => {
      const ids = found.map(({ event }) => event.event_id).filter((id) => this.#memory.has(this.#prefix + id));
      this.#unwritten.value = new Set([...this.#unwritten.peek(), ...ids]);
      this.#kept.value = new Map([...known, ...found.map((kept) => [kept.event.event_id, kept] as const)]);
      this.#writeAgain();
    });
    return true;
  }

  #readLeftovers(): Kept[] {
    const found = new Map<string, Kept>();
    const look = (key: string | null, read: (key: string) => string | null) => {
      if (!key?.startsWith(this.#prefix)) return;
      const kept = readKept(read(key), this.#options.session);
      if (kept !== null && key === this.#prefix + kept.event.event_id) found.set(key, kept);
    };
    for (const [key, text] of this.#memory) look(key, () => text);
    try {
      const { storage } = this.#options;
      for (let i = 0; i < (storage?.length ?? 0); i++)
        look(storage?.key(i) ?? null, (key) => storage?.getItem(key) ?? null);
    } catch {
      // Forbidden since: what it holds is sent by a page that may read it.
    }
    return inOrderOfMaking([...found.values()]);
  }

  #write(kept: Kept): boolean {
    const { event_id } = kept.event;
    const text = JSON.stringify(kept);
    const unwritten = new Set(this.#unwritten.peek());
    try {
      if (this.#options.storage === null) throw new Error("no storage");
      this.#options.storage.setItem(this.#prefix + event_id, text);
      this.#memory.delete(this.#prefix + event_id);
      if (unwritten.delete(event_id)) this.#unwritten.value = unwritten;
      return true;
    } catch {
      this.#memory.set(this.#prefix + event_id, text);
      this.#unwritten.value = unwritten.add(event_id);
      return false;
    }
  }

  /** There may be room by now. */
  #writeAgain(): void {
    batch(() => {
      for (const event_id of this.#unwritten.peek()) {
        const kept = this.#kept.peek().get(event_id);
        if (kept !== undefined && !this.#write(kept)) break;
      }
    });
  }

  #remove(event_id: string): void {
    this.#memory.delete(this.#prefix + event_id);
    const unwritten = new Set(this.#unwritten.peek());
    if (unwritten.delete(event_id)) this.#unwritten.value = unwritten;
    try {
      this.#options.storage?.removeItem(this.#prefix + event_id);
    } catch {
      // It is sent once more by the next page, and ignored.
    }
  }
}

/** What this page keeps for all its cards, also with the copies of this module in other widgets. */
function pageMemory(): Map<string, string> {
  const page = globalThis as unknown as Record<symbol, Map<string, string> | undefined>;
  const place = Symbol.for("hitl_notebook/outbox");
  page[place] ??= new Map();
  return page[place];
}

export function outboxPrefix(session: OutboxOptions["session"]): string {
  return `hitl_notebook/outbox/${JSON.stringify([session.store_id, session.session_id, session.reviewer])}/`;
}

/** Null for what is no event of this session and reviewer: it is left alone, and never sent. */
function readKept(text: string | null, session: OutboxOptions["session"]): Kept | null {
  try {
    const kept = JSON.parse(text ?? "") as { readonly created?: unknown; readonly event?: unknown } | null;
    const { created, event } = kept ?? {};
    if (typeof created !== "number" || !isRecordable(event)) return null;
    return event.session_id === session.session_id && event.reviewer === session.reviewer ? { created, event } : null;
  } catch {
    return null;
  }
}

/** The events of each page load as it numbered them, those of several by when they were created. */
function inOrderOfMaking(found: readonly Kept[]): Kept[] {
  const latest = new Map<string, number>();
  return [...found]
    .sort((a, b) => a.event.client_seq - b.event.client_seq)
    .map((kept) => {
      const { client_id } = kept.event;
      const at = Math.max(kept.created, latest.get(client_id) ?? 0);
      latest.set(client_id, at);
      return { kept, at };
    })
    .sort((a, b) => a.at - b.at)
    .map(({ kept }) => kept);
}

function warnBeforeLeaving(mustWarn: () => boolean): () => void {
  const warn = (event: BeforeUnloadEvent) => event.preventDefault();
  const stop = effect(() => {
    if (!mustWarn()) return;
    // Only while it is needed: a page with this listener is not kept for the way back.
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  });
  return stop;
}
