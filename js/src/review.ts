/** One review as this page sees it: what is current, and all that a reviewer can do. It touches no element. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { afterPaintWhenIdle } from "./after_paint";
import { Course } from "./course";
import { Draft, type DraftFields, type Form } from "./draft";
import { openEditor } from "./editors";
import type { TaskEditor } from "./editors/editor";
import { EventMaker } from "./event_maker";
import { Formatting, type FormattingOptions, isFormatted } from "./formatting";
import { ItemWindow } from "./item_window";
import { sameJson } from "./json";
import { Ledger } from "./ledger";
import type { Kernel } from "./model";
import { Outbox } from "./outbox";
import type { Action, Down, Json, Recordable } from "./protocol";
import { Requests } from "./requests";
import type { Place, Scene } from "./scene";
import { Sight } from "./sight";
import type { Standing } from "./standing";
import { inWords, jsonText, plainly } from "./words";

export interface Said {
  readonly text: string;
  readonly tone: "plain" | "warning";
}

export interface ReviewOptions {
  readonly kernel: Kernel;
  /** Outlives the browser. Null where it is forbidden. */
  readonly localStorage: Storage | null;
  /** Outlives a reload. */
  readonly sessionStorage: Storage | null;
  readonly abort: AbortSignal;
  readonly unpack?: FormattingOptions["unpack"];
}

/** How far ahead the window is told what will be needed. */
const WANTED = 400;
const WAITING = "Waiting for the kernel's history…";

/** Where the reviewer was when they asked for what waits for the kernel, and how far the log was known then. */
interface Wish {
  readonly place: Place | null;
  readonly begun: DraftFields;
  readonly last_seq: number;
}

export class Review {
  readonly kernel: Kernel;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly draft: Draft;
  readonly sight: Sight;
  readonly formatting: Formatting;
  readonly scene: ReadonlySignal<Scene>;
  /** The editor of the session's task; null where this page has none. */
  readonly editor: ReadonlySignal<TaskEditor | null>;
  /** Whether decisions are taken. */
  readonly isOpen: ReadonlySignal<boolean>;
  /** What has happened last, in words. */
  readonly said: Signal<Said> = signal({ text: "", tone: "plain" });

  readonly #items: ItemWindow;
  readonly #requests: Requests;
  readonly #events: EventMaker;
  readonly #course: Course;
  /** The last decision of this page. */
  #made: string | null = null;
  /** The last step or undo that waits for the kernel's history. */
  #wish: Wish | null = null;

  constructor({ kernel, localStorage, sessionStorage, abort, unpack }: ReviewOptions) {
    const session = kernel.traits.session.peek();
    this.kernel = kernel;
    this.#events = new EventMaker(session);
    this.#requests = new Requests(kernel.send, abort);
    this.formatting = new Formatting({ kernel, abort, unpack });
    const named = computed(() => new Map(kernel.traits.queue.value.entries));
    this.#items = new ItemWindow({
      send: kernel.send,
      newId: () => this.#requests.newId(),
      isAnswered: (item_id) => typeof this.ledger.decision(item_id)?.seq === "number",
      named: (item_id) => named.value.get(item_id) ?? null,
      modelVersion: () => kernel.traits.session.peek().model_version,
      abort,
    });
    // A store in memory is gone with its kernel: what waits for it needs to outlive a reload, not the browser.
    const storage = session.keeps ? localStorage : sessionStorage;
    const isOpen = () => kernel.connection.peek() === "connected";
    this.outbox = new Outbox({ session, storage, send: kernel.send, isOpen, abort });
    this.draft = new Draft(session, sessionStorage);
    let described = session;
    const taskNow = computed(() => {
      const now = kernel.traits.session.value;
      if (now.task !== described.task || !sameJson(now.editor, described.editor)) described = now;
      return described; // the same one: an answer that is begun stays whatever else is told of the session
    });
    this.editor = computed(() => openEditor(taskNow.value));
    this.isOpen = computed(() => kernel.connection.value === "connected");
    this.ledger = new Ledger({
      kernel,
      outbox: this.outbox,
      requests: this.#requests,
      isGone: (item_id) => this.#items.isGone(item_id),
      onRefused: ({ message, reason }, event) => {
        this.#say(`Not recorded: ${message}`, "warning");
        if (reason === "conflict" && event.kind !== "undo") this.#items.lookAgainAt(event.item_id);
      },
      onReadAnew: (forgotten) => this.#course.followUntold(forgotten),
      abort,
    });
    this.#course = new Course({
      traits: kernel.traits,
      ledger: this.ledger,
      items: this.#items,
      draft: this.draft,
      text: this.text,
      warn: (words) => this.#say(words, "warning"),
    });
    this.scene = this.#course.scene;
    this.sight = new Sight({
      scene: this.scene,
      onShown: ({ item_id, content_hash }) => kernel.send({ kind: "shown", item_id, content_hash }),
      abort,
    });
    kernel.listen((message, buffers) => batch(() => this.#receive(message, buffers)));
    // Before the first items, so that it is there when they are.
    if (session.formatted) this.formatting.need();
    for (const react of this.#reactions()) {
      const stop = effect(react);
      abort.addEventListener("abort", stop, { once: true });
    }
    this.outbox.flush();
    void this.ledger.loadHistory();
  }

  // ---------------------------------------------------------------- deciding

  /** The answer `value`; where the prediction agrees with it, the prediction is accepted. */
  answer(value: Json): boolean {
    if (this.#isKept(value)) return this.keep();
    const prediction = this.scene.peek().held?.item.prediction ?? null;
    const agree = this.editor.peek()?.agree ?? sameJson;
    if (prediction !== null && agree(value, prediction.value)) return this.#decide("accept", prediction.value, null);
    return this.#decide("correct", value, null);
  }

  accept(): boolean {
    const { held, place } = this.scene.peek();
    if (held === null) return false;
    const { prediction, blind } = held.item;
    if (prediction !== null) {
      return this.#isKept(prediction.value) ? this.keep() : this.#decide("accept", prediction.value, null);
    }
    if (!blind) this.#say("There is no prediction to accept: correct it, or flag it.", "warning");
    else if (place?.from === "reveal") this.#say("The prediction is not here yet.", "warning");
    else this.#say("Answer first: the prediction is shown after that.", "warning");
    return false;
  }

  /** The first answer stands as it is, whatever the model said. */
  keep(): boolean {
    const standing = this.standing();
    if (this.#course.place.peek()?.from !== "reveal" || standing === null) return false;
    batch(() => {
      this.#course.moveOn();
      this.#say("Your first answer is kept.");
    });
    return true;
  }

  flag(reason: string, comment: string): boolean {
    return this.#decide("flag", null, reason, comment);
  }

  skip(): boolean {
    const { held } = this.scene.peek();
    if (held === null || !this.#canAct()) return false;
    if (this.ledger.decision(held.item.item_id) !== null) {
      this.#say("It is decided already: decide again to change it, or go back to the queue.", "warning");
      return false;
    }
    this.#commit(this.#events.skip(held.item, this.sight.looked), "Skipped; it comes back at the end.");
    return true;
  }

  /** Takes back this reviewer's newest standing event, from wherever it came. */
  undo(): boolean {
    if (!this.#canAct()) return false;
    const undoable = this.ledger.undoable();
    if (undoable === null) {
      if (this.ledger.historyComplete.peek()) this.#say("There is nothing to undo.");
      else this.#wait(this.ledger.loadHistory(), ({ last_seq }) => this.#undoOf(last_seq));
      return false;
    }
    const { target, restored } = undoable;
    const event = this.#events.undo(target.event_id);
    const place = this.#course.place.peek();
    batch(() => {
      if (restored?.kind !== "decide") this.#commit(event, `Undone: ${inWords(target, this.text)}.`);
      else {
        // An earlier item that is being looked at stays, with what stands on it again.
        if (place?.item_id === target.item_id) this.#course.set({ ...place, standing_id: restored.event_id });
        this.#commit(event, `Undone: ${inWords(restored, this.text)} stands again.`);
      }
    });
    return true;
  }

  /** Says why nothing comes of a key or a click. */
  refuse(words: string): void {
    this.#say(words, "warning");
  }

  openForm(form: Exclude<Form, null>): void {
    if (this.scene.peek().stage === "item" && this.#canAct()) this.draft.change({ form });
  }

  // ---------------------------------------------------------------- going back

  /** Shows an item that was decided or skipped before, so that it can be looked at and changed. */
  visit(standing: Standing): void {
    batch(() => {
      this.#course.visit(standing);
      if (standing.comment !== null) this.draft.change({ comment: standing.comment });
    });
  }

  /** One step back in time, or forward again to the queue. */
  step(direction: "back" | "forward"): void {
    const timeline = this.ledger.timeline();
    const place = this.#course.place.peek();
    const at = place?.from === "history" ? timeline.findIndex(({ item_id }) => item_id === place.item_id) : -1;
    const standing = timeline[direction === "back" ? at + 1 : at - 1];
    if (standing !== undefined) this.visit(standing);
    else if (direction === "forward") this.returnToQueue();
    else if (this.ledger.historyComplete.peek()) this.#say("There is no earlier item.");
    else
      this.#wait(this.ledger.loadMoreHistory(), () => {
        const { ledger } = this;
        if (ledger.timeline().length === timeline.length && !ledger.historyComplete.peek()) return false;
        this.step("back");
        return true;
      });
  }

  returnToQueue(): void {
    if (this.#course.place.peek()?.from === "history") this.#course.moveOn();
    else this.keep();
  }

  // ---------------------------------------------------------------- what there is to see

  /** A value of the task in words. */
  readonly text = (value: Json): string => (this.editor.value?.text ?? jsonText)(value);

  /** The reviewer's own answer that stands on the current item; undefined where there is none. */
  answered(): Json | undefined {
    const standing = this.standing();
    return standing?.kind === "decide" && standing.action !== "flag" ? standing.value : undefined;
  }

  /** What stands on the current item. */
  standing(): Standing | null {
    this.ledger.version.value;
    const place = this.#course.place.value;
    return place === null ? null : this.ledger.of(place.item_id);
  }

  fullText(part: "blocks" | "explanation", index: number, message: number | null): Promise<string> {
    return this.#requests.fullText(this.#course.place.peek()?.item_id ?? "", part, index, message);
  }

  /** Tries everything again that waits for the kernel. */
  retry(): void {
    this.outbox.resendNow();
    this.#items.askAgain();
  }

  // ---------------------------------------------------------------- inside

  #decide(action: Action, value: Json, reason: string | null, words = this.draft.fields.peek().comment): boolean {
    const { held } = this.scene.peek();
    if (held === null || !this.#canAct()) return false;
    const comment = words.trim() || null;
    const replaces = this.ledger.decision(held.item.item_id)?.event_id ?? null;
    const event = this.#events.decide(held.item, this.sight.looked, { action, value, reason, comment, replaces });
    const place = this.#course.place.peek();
    batch(() => {
      if (place !== null && held.item.blind)
        this.#course.set({ ...place, standing_id: event.event_id, from: "reveal" });
      this.#commit(event, `${inWords(event, this.text)}.`);
      this.#made = event.event_id;
    });
    return true;
  }

  /** Whether this is the first answer, which stands while its item is being revealed. */
  #isKept(value: Json): boolean {
    const standing = this.standing();
    const isFirst =
      this.#course.place.peek()?.from === "reveal" && standing?.kind === "decide" && standing.action !== "flag";
    return isFirst && sameJson(standing.value, value);
  }

  #canAct(): boolean {
    if (this.isOpen.peek()) return true;
    this.#say("Nothing was recorded: the kernel is not connected.", "warning");
    return false;
  }

  /** An undo that was asked for when the log was known up to `last_seq`; false where it is not known what it is of. */
  #undoOf(last_seq: number): boolean {
    const target = this.ledger.undoable()?.target;
    if (target === undefined && !this.ledger.historyComplete.peek()) return false;
    if (target === undefined || (target.seq !== null && target.seq <= last_seq)) this.undo();
    else this.#say("Nothing was undone: something newer was recorded meanwhile.", "warning");
    return true;
  }

  /** Acts once the kernel has answered, on what the reviewer has before them now or not at all. */
  #wait(answered: Promise<void>, act: (wish: Wish) => boolean): void {
    const wish = this.#wishNow();
    this.#wish = wish;
    this.#say(WAITING);
    void answered.then(() => {
      if (this.#wish !== wish) return;
      this.#wish = null;
      const { place, begun } = this.#wishNow();
      const isWhere = place === wish.place && begun === wish.begun;
      if (isWhere && act(wish)) return;
      if (!isWhere && this.said.peek().text !== WAITING) return;
      const why = isWhere ? "the kernel has not told its history" : "you went on before the kernel answered";
      this.#say(`Nothing was done: ${why}.`, "warning");
    });
  }

  #wishNow(): Wish {
    const { last_seq } = this.kernel.traits;
    return { place: this.#course.place.peek(), begun: this.draft.fields.peek(), last_seq: last_seq.peek() };
  }

  #commit(event: Recordable, words: string): void {
    batch(() => {
      const back = this.ledger.add(event);
      this.draft.clear();
      if (back !== null) this.#course.goTo(back);
      this.#say(words);
      this.#made = null;
    });
    // The frame comes first; the kernel can wait that long.
    afterPaintWhenIdle(() => this.outbox.flush());
  }

  #say(text: string, tone: Said["tone"] = "plain"): void {
    this.said.value = { text, tone };
  }

  /** Not again where it is what was said last. */
  #sayOnce(text: string): void {
    if (text !== this.said.peek().text) this.#say(text);
  }

  #receive(message: Down, buffers: readonly DataView[]): void {
    if (this.#requests.receive(message)) return;
    switch (message.kind) {
      case "items":
        if (message.items.some(isFormatted)) this.formatting.need();
        this.#items.receive(message, buffers);
        break;
      case "failed":
        this.#items.receive(message, buffers);
        break;
      case "recorded":
        this.ledger.record(message);
        // What it came to is for the kernel to say: it knows what was hidden, and the task's own rule of agreement.
        if (message.entry?.event_id === this.#made) this.#sayOnce(`${inWords(message.entry, this.text)}.`);
        break;
      case "outdated":
        this.#items.lookAgain();
        void this.ledger.readAnew();
        break;
      case "history":
      case "full":
        break; // the answer to a question that was given up
      case "library":
        break; // whoever asked for it listens
    }
  }

  *#reactions(): Generator<() => void> {
    const { problem, session } = this.kernel.traits;
    yield () => {
      this.ledger.version.value;
      this.ledger.upcoming.value;
      untracked(() => batch(() => this.#course.follow()));
    };
    yield () => {
      const place = this.#course.place.value;
      const rest = this.ledger.upcoming.value.slice(0, WANTED);
      const others = rest.filter(([item_id]) => item_id !== place?.item_id);
      this.#items.want(place === null ? rest : [[place.item_id, place.content_hash], ...others], this.ledger.behind);
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
      untracked(() => {
        this.#items.forget(this.#course.place.peek()?.item_id ?? null);
        this.#say(`From here on the model is ${plainly(now)}.`);
      });
    };
  }
}
