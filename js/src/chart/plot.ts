/**
 * One chart on the page: drawn once, then patched in place, so that nothing flickers and zoom and selection stay. Where
 * it has to be drawn anew, what was selected in a chart of the same name is selected again.
 */
import { sameJson } from "../json";
import type { Json } from "../protocol";
import { plainly } from "../words";
import { Cursor } from "./cursor";
import { hasLines, marksOf, press } from "./marks";
import { isRecord, type Points, type Rows } from "./messages";
import { numberedOnce } from "./numbered";
import { type Kept, Selection } from "./selection";
import { type Exchange, ShownRows } from "./shown_rows";
import { configOf } from "./theme";
import { openTooltip } from "./tooltip";
import type { Loader, Logger, Spec, Vega, View } from "./vega/parts";

export interface PlotListeners {
  readonly onSelect: (points: Points) => void;
  /** In words; null when it is drawn again. */
  readonly onProblem: (words: string | null) => void;
  /** After something was drawn. */
  readonly onDrawn: () => void;
}

interface Drawn {
  readonly spec: Spec;
  readonly view: View;
  readonly problems: Problems;
  readonly selection: Selection | null;
  /** Where something can be selected. */
  readonly cursor: Cursor | null;
  readonly shown: ShownRows;
  readonly close: () => void;
}

export class Plot {
  readonly #vega: Vega;
  readonly #host: HTMLElement;
  readonly #listeners: PlotListeners;
  readonly #exchange: Exchange;
  readonly #sizes = new ResizeObserver(() => this.#scrollByKeys());
  #drawn: Drawn | null = null;
  #next: readonly [spec: Spec, rows: Rows] | null = null;
  #isAtWork = false;
  #isClosed = false;
  /** What is selected, and in a chart of which name. */
  #kept: { readonly name: string; readonly selected: Kept } = { name: "", selected: [] };

  /** `exchange`: how its rows become others. */
  constructor(vega: Vega, host: HTMLElement, listeners: PlotListeners, exchange: Exchange = "anew") {
    this.#vega = vega;
    this.#exchange = exchange;
    this.#host = host;
    this.#listeners = listeners;
    this.#sizes.observe(host);
  }

  /** Draws the newest of what it is given; only another `spec` is drawn anew, other rows are patched in. */
  show(spec: Spec, rows: Rows): void {
    this.#next = [spec, rows];
    if (!this.#isAtWork) void this.#work();
  }

  get svg(): SVGSVGElement | null {
    return this.#host.querySelector("svg");
  }

  /** Takes the selection back, as a click beside the marks does. */
  clearSelection(): void {
    this.#drawn?.selection?.clear(this.#drawn.view);
  }

  close(): void {
    this.#isClosed = true;
    this.#sizes.disconnect();
    this.#drawn?.close();
    this.#drawn = null;
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    while (this.#next !== null && !this.#isClosed) {
      const [spec, rows] = this.#next;
      this.#next = null;
      try {
        if (this.#drawn === null || !sameJson(this.#drawn.spec as Json, spec as Json)) this.#drawn = this.#begin(spec);
        await patch(this.#drawn, rows);
        this.svg?.querySelectorAll(NAMELESS).forEach(makePlain);
        this.#host.style.setProperty("--hitl-drawn", `${this.svg?.width.baseVal.value ?? 0}px`);
        this.#drawn.cursor?.refresh();
        this.#scrollByKeys();
        this.#listeners.onProblem(null);
        this.#listeners.onDrawn();
      } catch (error) {
        this.#drawn?.close();
        this.#drawn = null;
        this.#listeners.onProblem(error instanceof Error ? error.message : String(error));
      }
    }
    this.#isAtWork = false;
  }

  /** What is wider than its place scrolls, by pointer and by keyboard. */
  #scrollByKeys(): void {
    this.#host.tabIndex = this.#host.scrollWidth > this.#host.clientWidth ? 0 : -1;
  }

  #begin(spec: Spec): Drawn {
    const place = this.#drawn?.cursor?.place ?? null;
    this.#drawn?.close();
    const { compile, isLight, parse, View, expressionInterpreter } = this.#vega;
    const problems = new Problems();
    const font = getComputedStyle(this.#host).fontFamily;
    const name = descriptionOf(spec);
    const described = { ...spec, description: name };
    const config = configOf(font, isLight(backgroundOf(spec)));
    const compiled = numberedOnce(compile(described, { config, logger: problems }).spec);
    const container = document.createElement("div");
    container.className = "hitl-place";
    this.#host.replaceChildren(container);
    const tooltip = openTooltip(this.#host);
    const view = new View(parse(compiled, undefined, { ast: true }), {
      renderer: "svg",
      container,
      expr: expressionInterpreter,
      loader: REFUSING,
      logger: problems,
      tooltip: tooltip.show,
    });
    const selection = Selection.of(compiled, this.#vega);
    const isInLine = hasLines(compiled);
    const cursor =
      selection &&
      new Cursor(
        this.#host,
        name,
        tooltip,
        {
          find: () => (this.svg === null ? [] : marksOf(this.svg, selection, isInLine)),
          isSelected: ({ datum }) => selection.has(view, datum),
          press,
          clear: () => selection.clear(view),
        },
        place,
      );
    this.#selectAgain(name, selection, view);
    selection?.listen(view, () => {
      this.#kept = { name, selected: selection.kept(view) };
      this.#listeners.onSelect(selection.points(view));
      cursor?.refresh();
      if (!this.#isAtWork) this.#listeners.onDrawn();
    });
    return {
      spec,
      view,
      problems,
      selection,
      cursor,
      shown: new ShownRows(
        this.#vega,
        view,
        this.#exchange,
        (compiled.data ?? []).map(({ name }) => name),
      ),
      close() {
        view.finalize();
        tooltip.close();
        cursor?.close();
      },
    };
  }

  /** What is no longer the same chart has nothing selected, which is told. */
  #selectAgain(name: string, selection: Selection | null, view: View): void {
    const { name: former, selected } = this.#kept;
    if (selected.length === 0) return;
    if (name === former && selection?.restore(view, selected)) return;
    this.#kept = { name, selected: [] };
    this.#listeners.onSelect([]);
  }
}

/** Vega calls a group of marks an image also where it has no mark, and then has no name for it. */
const NAMELESS = '[role="graphics-symbol"]:not([aria-label])';

function makePlain(group: Element): void {
  group.removeAttribute("role");
  group.removeAttribute("aria-roledescription");
}

async function patch({ view, shown, problems }: Drawn, rows: Rows): Promise<void> {
  shown.put(rows);
  view.resize(); // what stands beside the marks may have become wider
  await view.runAsync();
  problems.throwFirst();
}

/** A name for the drawing, which is nothing to a screen reader without one. */
function descriptionOf({ description, title }: Spec): string {
  const text = isRecord(title) ? title.text : title;
  for (const found of [description, Array.isArray(text) ? text.join(" ") : text]) {
    if (typeof found === "string" && found !== "") return plainly(found);
  }
  return "Chart";
}

/** The chart's own, undefined where it stands on the page's. */
function backgroundOf({ background, config }: Spec): unknown {
  return background ?? (isRecord(config) ? config.background : undefined);
}

/** Nothing that a chart names is fetched, wherever it is. */
async function refuse(uri: string): Promise<never> {
  throw new Error(`a chart loads nothing: ${uri}`);
}
const REFUSING: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

/** Vega's errors, kept until they can be told; its warnings are for whoever writes a chart. */
class Problems implements Logger {
  #first: string | null = null;

  error(...parts: readonly unknown[]): Logger {
    this.#first ??= parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" ");
    return this;
  }

  throwFirst(): void {
    const words = this.#first;
    this.#first = null;
    if (words !== null) throw new Error(words);
  }

  warn(...parts: readonly unknown[]): Logger {
    console.warn("hitl_notebook:", ...parts);
    return this;
  }

  info(): Logger {
    return this;
  }

  debug(): Logger {
    return this;
  }

  level(): Logger {
    return this;
  }
}
