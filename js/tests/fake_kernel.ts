/** A kernel in small: it answers the card's messages from an append-only log, by the rules that the real one has. */
import type { AnyModel } from "@anywidget/types";
import { isRecordable, isRequest } from "../src/guards";
import type { Down, Entry, Item, Progress, Recordable, Refusal, Request, Traits, WantedLibrary } from "../src/protocol";

type Listener = (...parts: never[]) => void;

export interface FakeKernelOptions {
  readonly items: readonly Item[];
  readonly labels?: Traits["session"]["editor"];
  readonly session?: Partial<Traits["session"]>;
  readonly buffersOf?: (item: Item) => readonly Uint8Array[];
  /** Events that are there already, as another page recorded them. */
  readonly log?: FakeLog;
  /** Items of the queue that are not in the frame any more. */
  readonly absent?: ReadonlySet<string>;
  /** Items that are answered before their prediction is sent. */
  readonly blind?: ReadonlySet<string>;
  /** What formats Markdown, packed as it is sent; left out, it is something that a page can only be told to know. */
  readonly markdown?: DataView;
  readonly delay_ms?: number;
  /** How many entries fit into one message of history. */
  readonly history_entries?: number;
  /** What the kernel sends arrives message by message, each in a task of its own. */
  readonly lags?: boolean;
}

/** What survives a kernel: every event, and which of them stand. */
export class FakeLog {
  readonly events: Recordable[] = [];
  readonly #piles = new Map<string, Entry[]>();

  has(event_id: string): boolean {
    return this.events.some((event) => event.event_id === event_id);
  }

  /** Why the event cannot be recorded; null if it can. */
  conflict(event: Recordable): string | null {
    if (event.kind === "undo")
      return this.newest()?.event_id === event.replaces ? null : "your last step is another one";
    const decision = this.decision(event.item_id)?.event_id ?? null;
    if (event.kind === "skip") return decision === null ? null : "it is decided already";
    return event.replaces === decision ? null : "decided meanwhile in another tab";
  }

  append(event: Recordable): Extract<Down, { readonly kind: "recorded" }> {
    this.events.push(event);
    const seq = this.events.length;
    if (event.kind !== "undo") {
      const entry = entryOf(event, seq);
      this.#piles.set(event.item_id, [...(this.#piles.get(event.item_id) ?? []), entry]);
      return { kind: "recorded", seq, event_id: event.event_id, entry, undone: null, restored: null };
    }
    const { item_id } = this.newest() as Entry;
    const pile = (this.#piles.get(item_id) ?? []).slice(0, -1);
    if (pile.length === 0) this.#piles.delete(item_id);
    else this.#piles.set(item_id, pile);
    const restored = pile.at(-1) ?? null;
    return { kind: "recorded", seq, event_id: event.event_id, entry: null, undone: event.replaces, restored };
  }

  of(item_id: string): Entry | null {
    return this.#piles.get(item_id)?.at(-1) ?? null;
  }

  decision(item_id: string): Entry | null {
    const entry = this.of(item_id);
    return entry?.kind === "decide" ? entry : null;
  }

  /** Ever, even if it was taken back. */
  hasAnswer(item_id: string): boolean {
    return this.events.some((event) => event.kind === "decide" && event.item_id === item_id);
  }

  /** Newest first. */
  standing(): Entry[] {
    return [...this.#piles.values()].map((pile) => pile.at(-1) as Entry).sort((a, b) => b.seq - a.seq);
  }

  newest(): Entry | null {
    return this.standing()[0] ?? null;
  }
}

let kernels = 0;

export class FakeKernel {
  readonly log: FakeLog;
  /** Every message that arrived, in order. */
  readonly received: (Request | Recordable | WantedLibrary | { readonly kind: "shown"; readonly item_id: string })[] =
    [];
  /** How many listeners the page has on the model. */
  readonly listeners = new Map<string, Set<Listener>>();
  readonly host: FakeHostKernel = new FakeHostKernel();
  problem: Traits["problem"] = null;
  summary: Traits["summary"] = null;
  readonly #options: FakeKernelOptions;
  readonly #front: string[] = [];
  #model_version: string;
  #refused: Refusal[] = [];
  #saved: string[] = [];
  #busy: unknown[] | null = null;
  #sent: Traits;
  /** Queues that pages opened with since one was sent to all. */
  readonly #openedWith: Traits["queue"][] = [];
  /** What has arrived of it in each page, which begins with what holds when it opens. */
  #arrived: readonly { state: Traits }[] = [];
  readonly #absent: Set<string>;
  readonly #onItsWay: (() => void)[] = [];
  #unanswered: Request[] | null = null;
  /** A name of its own: what one test's page has fetched, another's has not. */
  readonly #markdown = `markdown-${kernels++}`;
  items: readonly Item[];
  /** What is told of the session by now. */
  session: Partial<Traits["session"]> = {};

  constructor(options: FakeKernelOptions) {
    this.#options = options;
    this.items = options.items;
    this.#model_version = options.items[0]?.model_version ?? "v1";
    this.#absent = new Set(options.absent);
    this.log = options.log ?? new FakeLog();
    this.#sent = this.#stateNow();
  }

  /** What anywidget hands to a page that opens. */
  get model(): AnyModel<Traits> {
    const arrived = { state: this.#stateNow() };
    this.#openedWith.push(arrived.state.queue);
    this.#arrived = [...this.#arrived, arrived];
    const model = {
      get: (name: keyof Traits) => arrived.state[name],
      set: () => undefined,
      save_changes: () => undefined,
      send: (message: unknown) => this.#arrive(structuredClone(message)),
      on: (name: string, listener: Listener) => {
        this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(listener));
      },
      off: (name: string, listener: Listener) => {
        this.listeners.get(name)?.delete(listener);
      },
      widget_manager: { kernel: this.host },
    };
    return model as unknown as AnyModel<Traits>;
  }

  /** What holds in the kernel, sent or not. */
  get truth(): Traits {
    return this.#stateNow();
  }

  get listenerCount(): number {
    return [...this.listeners.values()].reduce((sum, set) => sum + set.size, this.host.slots);
  }

  /** A cell runs: what arrives waits. */
  pause(): void {
    this.#busy ??= [];
    this.host.set({ status: "busy" });
  }

  resume(): void {
    const waiting = this.#busy ?? [];
    this.#busy = null;
    this.host.set({ status: "idle" });
    for (const message of waiting) this.#handle(message);
  }

  /** Questions about the history are answered later than all else. */
  holdHistory(): void {
    this.#unanswered ??= [];
  }

  tellHistory(): void {
    const unanswered = this.#unanswered ?? [];
    this.#unanswered = null;
    for (const request of unanswered) this.#answer(request);
  }

  /** Something happens in another tab or cell. */
  elsewhere(event: Recordable): void {
    const recorded = this.log.append(event);
    this.#tell(recorded);
    this.publish();
  }

  /** Much happens elsewhere at once: only the newest of it is told event by event. */
  muchElsewhere(events: readonly Recordable[], told = 0): void {
    const recorded = events.map((event) => this.log.append(event));
    for (const one of recorded.slice(recorded.length - told)) this.#tell(one);
    this.publish(true);
    this.#tell({ kind: "outdated" });
  }

  /** Another notebook has newer content of these items: this kernel has them no longer as they are. */
  withhold(item_ids: readonly string[]): void {
    for (const item_id of item_ids) this.#absent.add(item_id);
    this.#tell({ kind: "items", request_id: "changed", items: [], missing: item_ids });
    this.publish();
  }

  /** They are again as this kernel has them. */
  restore(): void {
    this.#absent.clear();
    this.muchElsewhere([]);
  }

  /** An item has become another, and is sent unasked to whoever may see it. */
  sendAgain(item: Item): void {
    this.items = this.items.map((before) => (before.item_id === item.item_id ? item : before));
    this.#answer({ kind: "want", request_id: "explained", item_ids: [item.item_id] });
  }

  /** A newer model has predicted: what it says of the items. */
  update(items: readonly Item[], model_version: string): void {
    this.items = items;
    this.#model_version = model_version;
    this.publish();
  }

  /** An answer that was made of these items comes only now. */
  answerLate(items: readonly Item[]): void {
    this.#tell({ kind: "items", request_id: "late", items, missing: [] });
  }

  /** Sends the traits that have changed, in one message; not a queue to which the page comes by itself. */
  publish(isQueueNew = false): void {
    const now = this.#stateNow();
    const names = Object.keys(now) as (keyof Traits)[];
    const changed = names.filter((name) => JSON.stringify(now[name]) !== JSON.stringify(this.#sent[name]));
    const known = [this.#sent.queue, ...this.#openedWith];
    const follows = !isQueueNew && known.every((queue) => followsFrom(queue, now.queue));
    const sent = follows ? changed.filter((name) => name !== "queue") : [...new Set([...changed, "queue" as const])];
    if (!follows) this.#openedWith.length = 0;
    const part = Object.fromEntries(sent.map((name) => [name, now[name]])) as Partial<Traits>;
    this.#sent = { ...this.#sent, ...part };
    const pages = this.#arrived;
    this.#deliver(() => {
      for (const page of pages) page.state = { ...page.state, ...part };
      for (const name of sent) this.#fire(`change:${name}`);
    });
  }

  /** In order, one message after the other; at once unless the connection lags. */
  #deliver(message: () => void): void {
    if (this.#options.lags !== true) {
      message();
      return;
    }
    this.#onItsWay.push(message);
    setTimeout(() => this.#onItsWay.shift()?.());
  }

  #arrive(message: unknown): void {
    const arrive = () => (this.#busy === null ? this.#handle(message) : this.#busy.push(message));
    if (this.#options.delay_ms === undefined) arrive();
    else setTimeout(arrive, this.#options.delay_ms);
  }

  #handle(message: unknown): void {
    if (isRecordable(message)) {
      this.received.push(message);
      this.#record(message);
    } else if (isRequest(message)) {
      this.received.push(message);
      if (message.kind === "library") this.#tell(message, [this.#options.markdown ?? new DataView(new ArrayBuffer(1))]);
      else if (message.kind !== "shown") this.#answer(message);
    } else throw new Error(`a message of unknown shape came up: ${JSON.stringify(message)}`);
  }

  #record(event: Recordable): void {
    if (this.problem !== null) return;
    if (!this.log.has(event.event_id)) {
      const conflict = this.log.conflict(event);
      if (conflict !== null) {
        this.#refused = [...this.#refused, { event_id: event.event_id, reason: "conflict", message: conflict }];
        this.publish();
        return;
      }
      const item_id = event.kind === "undo" ? this.log.newest()?.item_id : event.item_id;
      const isFirst = event.kind === "decide" && this.#isBlind(event.item_id);
      const recorded = this.log.append(this.#settled(event));
      if (isFirst) this.#answer({ kind: "want", request_id: event.event_id, item_ids: [event.item_id] });
      const at = this.#front.indexOf(item_id ?? "");
      if (at >= 0) this.#front.splice(at, 1);
      if (event.kind === "undo" && item_id !== undefined && recorded.restored?.kind !== "decide") {
        this.#front.unshift(item_id);
      }
      this.#tell(recorded);
      this.publish();
    }
    this.#saved = [...this.#saved.filter((id) => id !== event.event_id), event.event_id].slice(-1000);
    this.publish();
  }

  #isBlind(item_id: string): boolean {
    return this.#options.blind?.has(item_id) === true && !this.log.hasAnswer(item_id);
  }

  /** The action follows from the value: a blind reviewer cannot know that they agreed. */
  #settled(event: Recordable): Recordable {
    if (event.kind !== "decide" || event.action !== "correct") return event;
    const item = this.items.find(({ item_id }) => item_id === event.item_id);
    return item?.prediction?.value === event.value ? { ...event, action: "accept" } : event;
  }

  #answer(request: Request): void {
    switch (request.kind) {
      case "want": {
        const wanted = new Set(request.item_ids.filter((item_id) => !this.#absent.has(item_id)));
        const items = this.items
          .filter(({ item_id }) => wanted.has(item_id))
          .map((item) =>
            this.#isBlind(item.item_id)
              ? { ...item, blind: true, prediction: null, earlier: null, candidates: [], explanation: [] }
              : item,
          );
        const there = new Set(items.map(({ item_id }) => item_id));
        const buffers: DataView[] = [];
        const moved = items.map((item) => {
          const own = this.#options.buffersOf?.(item) ?? [];
          const from = buffers.length;
          buffers.push(...own.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
          return own.length === 0 ? item : shiftBuffers(item, from);
        });
        const missing = request.item_ids.filter((item_id) => !there.has(item_id));
        this.#tell({ kind: "items", request_id: request.request_id, items: moved, missing }, buffers);
        break;
      }
      case "history": {
        if (this.#unanswered !== null) {
          this.#unanswered.push(request);
          break;
        }
        const before = request.before ?? Number.POSITIVE_INFINITY;
        const all = this.log.standing().filter(({ seq }) => seq < before);
        const entries = all.slice(0, Math.min(request.limit, this.#options.history_entries ?? request.limit));
        const complete = entries.length === all.length;
        this.#tell({ kind: "history", request_id: request.request_id, entries, complete });
        break;
      }
      case "full":
        this.#tell({ kind: "full", request_id: request.request_id, part: 0, parts: 1, text: "the whole text" });
        break;
    }
  }

  #tell(message: Down, buffers: readonly DataView[] = []): void {
    const copy = structuredClone(message);
    this.#deliver(() => this.#fire("msg:custom", copy, buffers));
  }

  #fire(name: string, ...parts: unknown[]): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) (listener as (...all: unknown[]) => void)(...parts);
  }

  #stateNow(): Traits {
    const open = this.items.filter(({ item_id }) => this.log.decision(item_id) === null);
    const isFront = new Set(this.#front);
    const front = this.#front.flatMap((id) => open.filter(({ item_id }) => item_id === id));
    const rest = open.filter(({ item_id }) => !isFront.has(item_id));
    const fresh = rest.filter(({ item_id }) => this.log.of(item_id) === null);
    const skipped = rest
      .filter(({ item_id }) => this.log.of(item_id) !== null)
      .sort((a, b) => (this.log.of(a.item_id)?.seq ?? 0) - (this.log.of(b.item_id)?.seq ?? 0));
    const queue = [...front, ...fresh, ...skipped];
    const progress = this.#progress();
    return {
      session: {
        store_id: "st-1",
        session_id: "s-1",
        name: "review",
        reviewer: "ada",
        keeps: true,
        task: "classification",
        editor: this.#options.labels ?? { labels: [] },
        shown: ["subject", "body"],
        slices: [],
        guidelines: null,
        formatted: false,
        model_version: this.#model_version,
        plan_version: "p-1",
        order: "least confident first",
        blind: this.#options.blind !== undefined,
        libraries: { markdown: this.#markdown },
        tool_version: "0.1.0",
        ...this.#options.session,
        ...this.session,
      },
      queue: {
        entries: queue.slice(0, 1000).map(({ item_id, content_hash }) => [item_id, content_hash] as const),
        more: Math.max(0, queue.length - 1000),
      },
      progress,
      saved: this.#saved,
      refused: this.#refused,
      problem: this.problem,
      summary: progress.remaining === 0 ? this.summary : null,
      last_seq: this.log.events.length,
    };
  }

  #progress(): Progress {
    const standing = this.log.standing();
    const decided = standing.filter(({ kind }) => kind === "decide");
    const countOf = (action: string) => decided.filter((entry) => entry.action === action).length;
    return {
      total: this.items.length,
      reviewed: decided.length,
      accepted: countOf("accept"),
      corrected: countOf("correct"),
      flagged: countOf("flag"),
      skipped: standing.length - decided.length,
      remaining: this.items.length - decided.length,
      seconds_per_item: decided.length < 3 ? null : 2.4,
    };
  }
}

/** The kernel connection as JupyterLab shows it. */
export class FakeHostKernel {
  status = "idle";
  connectionStatus = "connected";
  readonly #slots = new Set<() => void>();
  readonly statusChanged = this.#signal();
  readonly connectionStatusChanged = this.#signal();

  get slots(): number {
    return this.#slots.size;
  }

  set(change: { readonly status?: string; readonly connectionStatus?: string }): void {
    Object.assign(this, change);
    for (const slot of [...this.#slots]) slot();
  }

  #signal() {
    const own = new Map<() => void, () => void>();
    return {
      connect: (slot: () => void) => {
        const wrapped = () => slot();
        own.set(slot, wrapped);
        this.#slots.add(wrapped);
      },
      disconnect: (slot: () => void) => {
        const wrapped = own.get(slot);
        if (wrapped !== undefined) this.#slots.delete(wrapped);
      },
    };
  }
}

function followsFrom(sent: Traits["queue"], now: Traits["queue"]): boolean {
  const wanted = new Set(now.entries.map(([item_id]) => item_id));
  const left = sent.entries.filter(([item_id]) => wanted.has(item_id));
  const isBeginning = left.every(
    ([item_id, hash], i) => now.entries[i]?.[0] === item_id && now.entries[i]?.[1] === hash,
  );
  return isBeginning && left.length >= Math.min(200, now.entries.length);
}

function entryOf(event: Exclude<Recordable, { readonly kind: "undo" }>, seq: number): Entry {
  const { event_id, kind, item_id, content_hash, decided_at } = event;
  const on = { seq, event_id, kind, item_id, content_hash, recorded_at: decided_at };
  if (event.kind === "skip") return { ...on, action: null, value: null, reason: null, comment: null, replaces: null };
  const { action, value, reason, comment, replaces } = event;
  return { ...on, action, value, reason, comment, replaces };
}

function shiftBuffers(item: Item, by: number): Item {
  const shift = (block: Item["blocks"][number]) =>
    "buffer" in block ? { ...block, buffer: block.buffer + by } : block;
  return { ...item, blocks: item.blocks.map(shift), explanation: item.explanation.map(shift) };
}
