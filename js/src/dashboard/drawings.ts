/** The charts of the open tab as they are drawn: one selection at a time, and their pictures once they are at rest. */
import type { Channel } from "../chart/channel";
import type { Points } from "../chart/messages";
import { pictureOf } from "../chart/picture";
import { Plot } from "../chart/plot";
import { afterRest } from "../chart/rest";
import type { Vega } from "../chart/vega/parts";
import { libraryOf } from "../library";
import type { Board } from "./board";
import type { DashboardUp } from "./messages";

export class Drawings {
  readonly vega: Promise<Vega | null>;
  readonly #board: Board;
  readonly #channel: Channel<DashboardUp>;
  readonly #plots = new Map<string, Plot>();
  readonly #rested: () => void;

  constructor(board: Board, channel: Channel<DashboardUp>, library: string, abort: AbortSignal) {
    this.#board = board;
    this.#channel = channel;
    const onWait = () => {
      board.isWaiting.value = true;
    };
    this.vega = libraryOf<Vega>({ name: library, line: channel, abort, onWait });
    this.vega.catch(() => undefined); // said where a figure is drawn, of which there may be none yet
    this.#rested = afterRest(abort, () => void this.#send());
    // They are kept with the pictures, and come when these have been sent.
    abort.addEventListener("abort", board.alarms.subscribe(this.#rested), { once: true });
  }

  /** A chart in `host`, until it is closed. */
  open(name: string, vega: Vega, host: HTMLElement, onProblem: (words: string | null) => void): Plot {
    const onSelect = (points: Points) => {
      if (points.length > 0) this.#clearOthers(name);
      this.#board.select(name, points);
    };
    const plot = new Plot(vega, host, { onSelect, onProblem, onDrawn: this.#rested }, "in place");
    this.#plots.set(name, plot);
    return plot;
  }

  close(name: string): void {
    this.#plots.get(name)?.close();
    this.#plots.delete(name);
  }

  clearSelection(name: string): void {
    this.#plots.get(name)?.clearSelection();
  }

  #clearOthers(name: string): void {
    for (const [other, plot] of this.#plots) if (other !== name) plot.clearSelection();
  }

  async #send(): Promise<void> {
    const tab = this.#board.open.peek();
    if (tab === null) return;
    const names = (this.#board.names.peek()[tab] ?? []).filter((name) => this.#plots.get(name)?.svg);
    const made = await Promise.all(names.map((name) => pictureOf(this.#plots.get(name)?.svg as SVGSVGElement)));
    const figures = names.flatMap((name, i) => {
      const picture = made[i] ?? null;
      return picture === null ? [] : [{ name, ...picture }];
    });
    if (figures.length === 0) return;
    this.#channel.send(
      { kind: "pictures", tab, figures: figures.map(({ name, size }) => ({ name, ...size })) },
      figures.map(({ png }) => png),
    );
  }
}
