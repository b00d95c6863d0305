/** What a dashboard shows: told by the kernel, drawn by its view. */
import { batch, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { Channel } from "../chart/channel";
import type { Points, Rows } from "../chart/messages";
import type { Spec } from "../chart/vega/parts";
import type { Connection } from "../connection";
import { newEventId } from "../event_id";
import { type DashboardDown, type DashboardUp, type FigureDown, type ItemsBehind, isDashboardDown } from "./messages";

/** The kernel forgets a page that has said nothing for three times as long. */
const SAY_EVERY_MS = 20_000;
/** A page that has heard nothing asks again. */
const ASK_AGAIN_MS = 5_000;

export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly words: readonly string[];
  readonly notes: readonly string[];
  readonly problem: string | null;
  readonly spec: Spec | null;
  readonly rows: Rows;
}

export interface Behind extends ItemsBehind {
  readonly name: string;
}

const NOTHING: Omit<Figure, "name"> = { title: "", words: [], notes: [], problem: null, spec: null, rows: {} };

export class Board {
  readonly tabs: Signal<readonly string[]> = signal([]);
  readonly open: Signal<string | null> = signal(null);
  /** The names of a tab's figures in their order, null until the kernel has told them all. */
  readonly names: Signal<{ readonly [tab: string]: readonly string[] }> = signal({});
  /** The tabs whose figures have all been told since they were opened. */
  readonly whole: Signal<readonly string[]> = signal([]);
  readonly alarms: Signal<readonly string[]> = signal([]);
  readonly behind: Signal<Behind | null> = signal(null);
  readonly queued: Signal<string | null> = signal(null);
  readonly problem: Signal<string | null> = signal(null);
  readonly isWaiting: Signal<boolean> = signal(false);
  readonly connection: ReadonlySignal<Connection>;
  readonly #figures = new Map<string, Signal<Figure>>();
  readonly #channel: Channel<DashboardUp>;
  readonly #page = newEventId();
  #isVisible = false;
  #hasHeard = false;

  constructor(channel: Channel<DashboardUp>, connection: ReadonlySignal<Connection>, abort: AbortSignal) {
    this.#channel = channel;
    this.connection = connection;
    channel.listen((message) => {
      if (isDashboardDown(message)) batch(() => this.#hear(message));
    });
    let was = connection.peek();
    const stop = effect(() => {
      const isBack = connection.value === "connected" && was !== "connected";
      was = connection.value;
      if (isBack) untracked(() => this.#askForAll());
    });
    const saying = setInterval(() => this.#isVisible && this.#say(), SAY_EVERY_MS);
    const asking = setInterval(() => {
      if (this.#hasHeard || !this.#isVisible) return;
      this.isWaiting.value = true;
      this.#say();
    }, ASK_AGAIN_MS);
    abort.addEventListener(
      "abort",
      () => {
        stop();
        clearInterval(saying);
        clearInterval(asking);
        this.look(false);
      },
      { once: true },
    );
  }

  figure(name: string): ReadonlySignal<Figure> {
    return this.#figureOf(name);
  }

  /** Whether anybody can see it: what nobody sees is not computed. */
  look(isVisible: boolean): void {
    if (isVisible === this.#isVisible) return;
    this.#isVisible = isVisible;
    this.#say();
  }

  openTab(tab: string): void {
    if (tab === this.open.peek()) return;
    batch(() => {
      this.open.value = tab;
      this.whole.value = this.whole.peek().filter((one) => one !== tab);
      this.behind.value = null;
      this.queued.value = null;
    });
    this.#channel.send({ kind: "open", tab });
  }

  select(name: string, points: Points): void {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.#channel.send({ kind: "select", name, points, zone });
  }

  queue(): void {
    this.#channel.send({ kind: "queue" });
  }

  /** What the kernel told while it could not be reached is lost. */
  #askForAll(): void {
    this.#hasHeard = false;
    if (this.#isVisible) this.#say();
  }

  #say(): void {
    this.#channel.send({ kind: "watch", page: this.#page, visible: this.#isVisible, lacks_all: !this.#hasHeard });
  }

  #hear(message: DashboardDown): void {
    this.#hasHeard = true;
    this.isWaiting.value = false;
    switch (message.kind) {
      case "tabs":
        this.tabs.value = message.tabs;
        this.open.value = message.open;
        break;
      case "figure":
        this.#draw(message);
        break;
      case "round":
        this.names.value = { ...this.names.peek(), [message.tab]: message.names };
        this.whole.value = [...new Set(this.whole.peek()).add(message.tab)];
        break;
      case "alarms":
        this.alarms.value = message.words;
        break;
      case "behind":
        this.behind.value = message.selected ? message : null;
        this.queued.value = null;
        break;
      case "queued":
        this.queued.value = message.words;
        break;
      case "problem":
        this.problem.value = message.words;
        break;
    }
  }

  #draw({ kind: _kind, name, tab, ...news }: FigureDown): void {
    const figure = this.#figureOf(name);
    figure.value = { ...figure.peek(), ...news };
    const known = this.names.peek()[tab] ?? [];
    // The first figures are shown before the last have been computed.
    if (!known.includes(name)) this.names.value = { ...this.names.peek(), [tab]: [...known, name] };
  }

  #figureOf(name: string): Signal<Figure> {
    const known = this.#figures.get(name);
    if (known !== undefined) return known;
    const figure = signal<Figure>({ name, ...NOTHING });
    this.#figures.set(name, figure);
    return figure;
  }
}
