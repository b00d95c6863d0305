/** One review as this page sees it: what is current, what was done, what the kernel knows. It touches no element. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { afterPaint } from "./after_paint";
import { Draft } from "./draft";
import { EventMaker } from "./event_maker";
import { type HeldItem, ItemWindow, type QueueEntry } from "./item_window";
import { sameJson } from "./json";
import type { Kernel } from "./model";
import { Outbox } from "./outbox";
import { ahead, type Change, changeOf } from "./progress";
import type { Action, Down, Json, Progress, Recordable, Refusal } from "./protocol";
import { Requests } from "./requests";
import { type Standing, Standings } from "./standing";
import { Stopwatch } from "./stopwatch";
import { upcoming } from "./upcoming";
import { inWords } from "./words";

/** The current item, and what stood on it when it became current: anything else standing later ends its turn. */
export interface Place {
  readonly item_id: string;
  readonly content_hash: string;
  readonly standing_id: string | null;
  readonly from: "queue" | "history";
}

export type Stage = "item" | "loading" | "end" | "empty";

/** What is to be seen. A new scene has to be painted before a key counts. */
export interface Scene {
  readonly stage: Stage;
  readonly place: Place | null;
  readonly held: HeldItem | null;
}

export interface Said {
  readonly text: string;
  readonly tone: "plain" | "warning";
}

/** An event that the kernel's traits do not show yet. */
interface Unreflected {
  readonly event: Recordable;
  readonly change: Change;
  /** Its place in the log, once the kernel has told of it: counts from there on include it. */
  readonly seq: number | null;
}

export interface ReviewOptions {
  readonly kernel: Kernel;
  /** Outlives the browser. Null where it is forbidden. */
  readonly localStorage: Storage | null;
  /** Outlives a reload. */
  readonly sessionStorage: Storage | null;
  readonly abort: AbortSignal;
}

const HISTORY_PAGE = 100;
const WANTED = 400;

export class Review {
  readonly kernel: Kernel;
  readonly outbox: Outbox;
  readonly draft: Draft;
  readonly stopwatch: Stopwatch;
  readonly scene: ReadonlySignal<Scene>;
  readonly upcoming: ReadonlySignal<readonly QueueEntry[]>;
  /** The kernel's counts, with what is on its way added. */
  readonly progress: ReadonlySignal<Progress>;
  /** Whether decisions are taken. */
  readonly isOpen: ReadonlySignal<boolean>;
  readonly said: Signal<Said> = signal({ text: "", tone: "plain" });
  readonly historyComplete = signal(false);
  /** Changes with everything that stands. */
  readonly standingVersion = signal(0);

  readonly #standings = new Standings();
  readonly #items: ItemWindow;
  readonly #requests: Requests;
  readonly #events: EventMaker;
  readonly #place: Signal<Place | null> = signal(null);
  readonly #front: Signal<readonly QueueEntry[]> = signal([]);
  readonly #unreflected: Signal<readonly Unreflected[]> = signal([]);
  readonly #own = new Set<string>();
  #behind: string[] = [];
  #painted: { readonly scene: Scene; readonly at: number; readonly shown_at: string } | null = null;
  #loadingHistory: Promise<void> | null = null;

  constructor({ kernel, localStorage, sessionStorage, abort }: ReviewOptions) {
    const session = kernel.traits.session.peek();
    this.kernel = kernel;
    this.#events = new EventMaker(session);
    this.#requests = new Requests(kernel.send, abort);
    this.#items = new ItemWindow({ send: kernel.send, newId: () => this.#requests.newId(), abort });
    // A store in memory is gone with its kernel: what waits for it needs to outlive a reload, not the browser.
    const storage = session.keeps ? localStorage : sessionStorage;
    this.outbox = new Outbox({ session, storage, send: kernel.send, abort });
    this.draft = new Draft(session, sessionStorage);
    this.stopwatch = new Stopwatch(abort);
    this.isOpen = computed(() => kernel.connection.value === "connected");
    // The kernel sends a queue together with the sequence number up to which it knows of everything.
    const queueSeq = computed(() => kernel.traits.queue.value && kernel.traits.last_seq.peek());
    this.upcoming = computed(() => {
      this.#items.version.value;
      this.standingVersion.value;
      const events = this.#unreflected.value.map(({ event }) => event);
      return upcoming({
        queue: kernel.traits.queue.value,
        unreflected: events,
        isSettled: (item_id) => (this.#standings.of(item_id)?.seq ?? 0) > queueSeq.value,
        front: this.#front.value,
        isGone: (item_id) => this.#items.isGone(item_id),
      });
    });
    this.progress = computed(() => {
      const counted = kernel.traits.last_seq.value;
      const uncounted = this.#unreflected.value.filter(({ seq }) => seq === null || seq > counted);
      return ahead(
        kernel.traits.progress.value,
        uncounted.map(({ change }) => change),
      );
    });
    this.scene = computed(() => this.#sceneNow(), { name: "scene" });
    for (const event of this.outbox.pending.peek()) this.#own.add(event.event_id);
    for (const event of this.outbox.pending.peek()) this.#apply(event);
    kernel.listen((message, buffers) => batch(() => this.#receive(message, buffers)));
    for (const react of this.#reactions()) {
      const stop = effect(react);
      abort.addEventListener("abort", stop, { once: true });
    }
    this.outbox.flush();
    void this.loadHistory();
  }

  // ---------------------------------------------------------------- what the reviewer does

  /** The answer `value`; equal to the prediction it is an accept. */
  answer(value: Json): boolean {
    const prediction = this.scene.peek().held?.item.prediction ?? null;
    const accepts = prediction !== null && sameJson(value, prediction.value);
    return this.#decide(accepts ? "accept" : "correct", value, null);
  }

  accept(): boolean {
    const prediction = this.scene.peek().held?.item.prediction ?? null;
    if (prediction !== null) return this.#decide("accept", prediction.value, null);
    this.say("There is no prediction to accept: choose a label.", "warning");
    return false;
  }

  flag(reason: string, comment = ""): boolean {
    this.draft.change({ comment });
    return this.#decide("flag", null, reason);
  }

  skip(): boolean {
    const { held, place } = this.scene.peek();
    if (!this.#canAct() || held === null || place === null) return false;
    if (this.#standings.decision(place.item_id) !== null) {
      this.returnToQueue();
      return true;
    }
    this.#commit(this.#events.skip(held.item, this.#looked()));
    this.say("Skipped; it comes back at the end.");
    return true;
  }

  /** Takes back this reviewer's newest standing event, from wherever it came. */
  undo(): boolean {
    if (!this.#canAct()) return false;
    const target = this.#standings.newest();
    if (target === null) {
      if (this.historyComplete.peek()) this.say("There is nothing to undo.");
      else void this.loadHistory().then(() => this.#standings.newest() !== null && this.undo());
      return false;
    }
    const restored = this.#standings.beneath(target);
    this.#commit(this.#events.undo(target.event_id));
    if (restored?.kind === "decide") this.say(`Undone: ${inWords(restored)} stands again.`);
    else this.say(`Undone: ${inWords(target)}.`);
    return true;
  }

  openForm(form: "flag" | "editor" | "comment"): void {
    if (this.#canAct() && this.scene.peek().stage === "item") this.draft.change({ form });
  }

  /** Shows an item that was decided or skipped before, so that it can be looked at and changed. */
  visit(standing: Standing): void {
    batch(() => {
      this.#setPlace({ ...standing, standing_id: standing.event_id, from: "history" });
      if (standing.comment !== null) this.draft.change({ comment: standing.comment });
    });
  }

  /** One step back in time, or forward again to the queue. */
  step(direction: "back" | "forward"): void {
    const timeline = this.timeline();
    const place = this.#place.peek();
    const at = place?.from === "history" ? timeline.findIndex(({ item_id }) => item_id === place.item_id) : -1;
    const next = direction === "back" ? at + 1 : at - 1;
    const standing = timeline[next];
    if (standing !== undefined) this.visit(standing);
    else if (direction === "forward") this.returnToQueue();
    else if (!this.historyComplete.peek()) {
      void this.loadMoreHistory().then(() => timeline.length < this.timeline().length && this.step("back"));
    } else this.say("This is the first item you decided.");
  }

  returnToQueue(): void {
    if (this.#place.peek()?.from === "history") this.#moveOn();
  }

  retry(): void {
    this.outbox.resendNow();
    this.#items.askAgain();
  }

  /** Whether an event of the browser was made by someone who had the present scene before their eyes. */
  counts(event: { readonly timeStamp: number; readonly repeat?: boolean }): boolean {
    const painted = this.#painted;
    return event.repeat !== true && painted?.scene === this.scene.peek() && event.timeStamp >= painted.at;
  }

  /** The scene has been painted, as the view knows; keys count from now on. */
  painted(scene: Scene): void {
    if (scene !== this.scene.peek() || this.#painted?.scene === scene) return;
    const isSameItem = scene.place !== null && this.#painted?.scene.place === scene.place;
    const shown_at = isSameItem && this.#painted ? this.#painted.shown_at : new Date().toISOString();
    this.#painted = { scene, at: performance.now(), shown_at };
    if (scene.stage !== "item" || scene.held === null) this.stopwatch.stop();
    else if (!isSameItem) {
      this.stopwatch.restart();
      const { item_id, content_hash } = scene.held.item;
      this.kernel.send({ kind: "shown", item_id, content_hash });
    }
  }

  // ---------------------------------------------------------------- what there is to see

  /** What stands on the current item. */
  standing(): Standing | null {
    this.standingVersion.value;
    const place = this.#place.value;
    return place === null ? null : this.#standings.of(place.item_id);
  }

  /** Everything known to stand, newest first. */
  timeline(): readonly Standing[] {
    this.standingVersion.value;
    return this.#standings.timeline();
  }

  fullText(part: "blocks" | "explanation", index: number): Promise<string> {
    const item_id = this.#place.peek()?.item_id ?? "";
    return this.#requests.fullText(item_id, part, index);
  }

  /** The newest page of history: the truth wherever this page was wrong. */
  loadHistory(): Promise<void> {
    this.#loadingHistory ??= this.#readHistory(null).finally(() => {
      this.#loadingHistory = null;
    });
    return this.#loadingHistory;
  }

  loadMoreHistory(): Promise<void> {
    return this.historyComplete.peek() ? Promise.resolve() : this.#readHistory(this.#standings.oldestSeq());
  }

  say(text: string, tone: Said["tone"] = "plain"): void {
    this.said.value = { text, tone };
  }

  // ---------------------------------------------------------------- inside

  #decide(action: Action, value: Json, reason: string | null): boolean {
    const { held, place } = this.scene.peek();
    if (!this.#canAct() || held === null || place === null) return false;
    const comment = this.draft.fields.peek().comment.trim() || null;
    const replaces = this.#standings.decision(place.item_id)?.event_id ?? null;
    const event = this.#events.decide(held.item, this.#looked(), { action, value, reason, comment, replaces });
    this.#commit(event);
    this.say(`${inWords(event)}.`);
    return true;
  }

  #canAct(): boolean {
    if (this.isOpen.peek()) return true;
    this.say("Nothing was recorded: the kernel is not connected.", "warning");
    return false;
  }

  #looked() {
    return {
      shown_at: this.#painted?.shown_at ?? new Date().toISOString(),
      seconds: this.stopwatch.seconds,
    };
  }

  #commit(event: Recordable): void {
    // First of all onto the browser's disk: whatever fails after this, the event is sent.
    batch(() => {
      this.outbox.add(event);
      this.#own.add(event.event_id);
      this.draft.clear();
      this.#apply(event);
    });
    afterPaint(() => this.outbox.flush());
  }

  /** What the event will have done, once it is stored. */
  #apply(event: Recordable): void {
    const target = event.kind === "undo" ? this.#standings.find(event.replaces) : null;
    const item_id = event.kind === "undo" ? target?.item_id : event.item_id;
    const before = item_id === undefined ? null : this.#standings.of(item_id);
    if (event.kind === "undo") this.#takeBack(event.replaces, target);
    else {
      this.#standings.put(standingOf(event));
      this.#front.value = this.#front.value.filter(([id]) => id !== event.item_id);
      this.#behind = [event.item_id, ...this.#behind.filter((id) => id !== event.item_id)].slice(0, 100);
    }
    const after = item_id === undefined ? null : this.#standings.of(item_id);
    this.#unreflected.value = [...this.#unreflected.value, { event, change: changeOf(before, after), seq: null }];
    this.standingVersion.value++;
  }

  #takeBack(event_id: string, target: Standing | null): void {
    const restored = this.#standings.takeBack(event_id);
    if (target === null || restored?.kind === "decide") return;
    const { item_id, content_hash } = target;
    this.#front.value = [[item_id, content_hash], ...this.#front.value.filter(([id]) => id !== item_id)];
    this.#setPlace({ item_id, content_hash, standing_id: restored?.event_id ?? null, from: "queue" });
  }

  #receive(message: Down, buffers: readonly DataView[]): void {
    if (this.#requests.receive(message)) return;
    switch (message.kind) {
      case "items":
      case "failed":
        this.#items.receive(message, buffers);
        break;
      case "recorded":
        this.#record(message);
        break;
      case "history":
      case "full":
        break; // the answer to a question that was given up
    }
  }

  #record({ seq, event_id, entry, undone, restored }: Extract<Down, { readonly kind: "recorded" }>): void {
    if (this.#own.has(event_id)) {
      this.#standings.acknowledge(event_id, seq);
      if (restored !== null) this.#standings.complete(restored);
      this.#unreflected.value = this.#unreflected.value.map((one) =>
        one.event.event_id === event_id ? { ...one, seq } : one,
      );
    } else if (entry !== null) {
      this.#standings.record(entry);
      this.#front.value = this.#front.value.filter(([id]) => id !== entry.item_id);
    } else if (undone !== null) this.#standings.recordUndo(undone, restored);
    this.standingVersion.value++;
  }

  *#reactions(): Generator<() => void> {
    const { saved, refused, last_seq, problem, session } = this.kernel.traits;
    yield () => {
      const ids = saved.value;
      const refusals = refused.value;
      untracked(() => batch(() => this.#settle(ids, refusals, last_seq.peek())));
    };
    yield () => {
      this.standingVersion.value;
      this.upcoming.value;
      untracked(() => batch(() => this.#follow()));
    };
    yield () => {
      const place = this.#place.value;
      const rest = this.upcoming.value.slice(0, WANTED);
      if (place === null) this.#items.want(rest, this.#behind);
      else {
        const others = rest.filter(([item_id]) => item_id !== place.item_id);
        this.#items.want([[place.item_id, place.content_hash], ...others], this.#behind);
      }
    };
    let hadTrouble = false;
    yield () => {
      const hasTrouble = problem.value !== null || !this.isOpen.value;
      if (hadTrouble && !hasTrouble) untracked(() => this.retry());
      hadTrouble = hasTrouble;
    };
    let model_version = session.peek().model_version;
    yield () => {
      const now = session.value.model_version;
      if (now === model_version) return;
      model_version = now;
      untracked(() => this.#items.forget(this.#place.peek()?.item_id ?? null));
    };
  }

  #settle(saved: readonly string[], refused: readonly Refusal[], last_seq: number): void {
    const stored = this.outbox.settle(saved);
    stored.forEach((event, i) => {
      this.#standings.acknowledge(event.event_id, last_seq - (stored.length - 1 - i));
    });
    const refusals = new Map(refused.map((refusal) => [refusal.event_id, refusal]));
    const lost = this.outbox.settle(refusals.keys());
    for (const event of lost) {
      if (event.kind !== "undo") this.#standings.refuse(event.event_id);
      this.say(`Not recorded: ${refusals.get(event.event_id)?.message ?? "refused"}`, "warning");
    }
    if (stored.length + lost.length === 0) return;
    const settled = new Set([...stored, ...lost].map(({ event_id }) => event_id));
    this.#unreflected.value = this.#unreflected.value.filter(({ event }) => !settled.has(event.event_id));
    this.standingVersion.value++;
    if (lost.length > 0) void this.loadHistory();
  }

  /** Sees to it that the current item is one that still waits for this reviewer. */
  #follow(): void {
    const place = this.#place.peek();
    if (place === null) {
      this.#moveOn();
      return;
    }
    const standing = this.#standings.of(place.item_id);
    const isDone = standing !== null && standing.event_id !== place.standing_id;
    if (isDone) {
      if (!this.#own.has(standing.event_id)) this.say(`Decided elsewhere meanwhile: ${inWords(standing)}.`, "warning");
      this.#moveOn();
      return;
    }
    if (this.#items.isGone(place.item_id)) {
      this.say("This item is no longer in the data.", "warning");
      this.#moveOn();
      return;
    }
    const entry = this.upcoming.peek().find(([item_id]) => item_id === place.item_id);
    if (entry !== undefined && entry[1] !== place.content_hash && place.from === "queue") {
      this.say("This item has changed: look again.", "warning");
      this.#setPlace({ ...place, content_hash: entry[1] });
    }
  }

  #moveOn(): void {
    const next = this.upcoming.peek()[0];
    if (next === undefined) {
      this.#setPlace(null);
      return;
    }
    const [item_id, content_hash] = next;
    const standing_id = this.#standings.of(item_id)?.event_id ?? null;
    this.#setPlace({ item_id, content_hash, standing_id, from: "queue" });
  }

  #setPlace(place: Place | null): void {
    if (place === null && this.#place.peek() === null) return;
    this.#place.value = place;
    this.draft.moveTo(place?.item_id ?? null);
  }

  #sceneNow(): Scene {
    const place = this.#place.value;
    this.#items.version.value;
    const held = place === null ? null : this.#items.get(place.item_id, place.content_hash);
    const before = this.#painted?.scene;
    const stage = this.#stageOf(place, held);
    return before?.place === place && before.held === held && before.stage === stage ? before : { stage, place, held };
  }

  #stageOf(place: Place | null, held: HeldItem | null): Stage {
    if (place !== null) return held === null ? "loading" : "item";
    if (this.kernel.traits.queue.value.more > 0) return "loading";
    return this.kernel.traits.progress.value.total === 0 ? "empty" : "end";
  }

  async #readHistory(before: number | null): Promise<void> {
    try {
      const { entries, complete } = await this.#requests.history(before, HISTORY_PAGE);
      batch(() => {
        this.#standings.merge(entries, before === null, complete);
        if (before !== null || this.#standings.oldestSeq() === entries.at(-1)?.seq || complete) {
          this.historyComplete.value ||= complete;
        }
        this.standingVersion.value++;
      });
    } catch {
      // Asked for again by whoever needs it next.
    }
  }
}

function standingOf(event: Exclude<Recordable, { readonly kind: "undo" }>): Standing {
  const { event_id, item_id, content_hash, decided_at } = event;
  const on = { seq: null, event_id, item_id, content_hash, recorded_at: decided_at };
  if (event.kind === "skip") {
    return { ...on, kind: "skip", action: null, value: null, reason: null, comment: null, replaces: null };
  }
  const { action, value, reason, comment, replaces } = event;
  return { ...on, kind: "decide", action, value, reason, comment, replaces };
}
