/** The keyboard's way over the marks of a chart: Tab comes to one of them, and keys go from it to the others. */
import { afterPaintWhenIdle } from "../after_paint";
import { across, type Mark } from "./marks";
import type { Tooltip } from "./tooltip";

const HELP = "Arrow keys go from mark to mark, Enter selects one, Shift and Enter adds one, Escape clears.";
/** Marks that PageUp and PageDown go over. */
const PAGE = 10;
/** Pixels; a point may be smaller than can be seen in a ring. */
const SMALLEST = 12;

export interface Marked {
  /** What can be selected now, in its order. */
  readonly find: () => readonly Mark[];
  readonly isSelected: (mark: Mark) => boolean;
  readonly press: (mark: Mark, isAdded: boolean) => void;
  readonly clear: () => void;
}

/** At which mark it is, and whether it has the focus: for the next drawing of the chart. */
export interface Place {
  readonly key: string | null;
  readonly hasFocus: boolean;
}

export class Cursor {
  readonly #list = document.createElement("div");
  readonly #marked: Marked;
  readonly #tooltip: Tooltip;
  #marks: readonly Mark[] = [];
  #at = 0;
  #hasFocus = false;
  #forget: () => void = () => undefined;
  /** A chart may be as wide as its page, and the page may become another. */
  readonly #sizes = new ResizeObserver(() => this.refresh());
  #drawing: Element | null = null;
  /** Where to begin, until there are marks. */
  #former: Place | null;

  /** `name` is that of the chart. */
  constructor(host: HTMLElement, name: string, tooltip: Tooltip, marked: Marked, former: Place | null = null) {
    this.#former = former;
    this.#marked = marked;
    this.#tooltip = tooltip;
    this.#list.className = "hitl-marks";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", `Marks of ${name}`);
    this.#list.setAttribute("aria-description", HELP);
    this.#list.setAttribute("aria-multiselectable", "true");
    this.#list.addEventListener("keydown", (event) => this.#onKeyDown(event));
    this.#list.addEventListener("focusin", () => this.#enter());
    this.#list.addEventListener("focusout", (event) => {
      if (!this.#list.contains(event.relatedTarget as Node | null)) this.#leave();
    });
    this.#list.hidden = true;
    host.append(this.#list);
  }

  get place(): Place {
    return { key: this.#marks[this.#at]?.key ?? this.#former?.key ?? null, hasFocus: this.#hasFocus };
  }

  /** After the drawing or what is selected in it has changed. */
  refresh(): void {
    this.#forget();
    this.#forget = afterPaintWhenIdle(() => this.#follow());
  }

  close(): void {
    this.#forget();
    this.#sizes.disconnect();
    this.#leave();
    this.#list.remove();
  }

  #enter(): void {
    this.#hasFocus = true;
    document.addEventListener("scroll", this.#keepUp, { capture: true, passive: true });
    this.#follow();
  }

  #leave(): void {
    this.#hasFocus = false;
    document.removeEventListener("scroll", this.#keepUp, { capture: true });
    this.#tooltip.hide();
  }

  /** What is said of the mark goes with it where the page is scrolled. */
  readonly #keepUp = () => {
    const option = this.#list.lastElementChild as HTMLElement | null;
    if (option !== null) this.#write(option);
  };

  /** Stays at its mark while the drawing changes, or near where that was. */
  #follow(): void {
    const { key } = this.place;
    this.#marks = this.#marked.find();
    if (this.#marks[this.#at]?.key !== key) {
      const place = this.#marks.findIndex((mark) => mark.key === key);
      this.#at = Math.max(place >= 0 ? place : Math.min(this.#at, this.#marks.length - 1), 0);
    }
    this.#observe(this.#marks[0]?.element.closest("svg") ?? null);
    this.#list.hidden = this.#marks.length === 0;
    if (this.#list.hidden) this.#list.replaceChildren();
    else this.#write((this.#list.lastElementChild as HTMLElement | null) ?? this.#list.appendChild(newOption()));
    if (!this.#list.hidden) this.#goOn();
  }

  /** Takes the focus that the drawing before had, unless it has gone elsewhere since. */
  #goOn(): void {
    const wants = this.#former?.hasFocus === true && document.activeElement === document.body;
    this.#former = null;
    if (wants) (this.#list.lastElementChild as HTMLElement | null)?.focus();
  }

  #observe(drawing: Element | null): void {
    if (drawing === this.#drawing) return;
    this.#sizes.disconnect();
    this.#drawing = drawing;
    if (drawing !== null) this.#sizes.observe(drawing);
  }

  #go(at: number): void {
    this.#at = Math.min(Math.max(at, 0), this.#marks.length - 1);
    const former = [...this.#list.children];
    // Another element each time: a screen reader says what comes into the focus, not what changes within it.
    const option = this.#list.appendChild(newOption());
    this.#write(option);
    option.focus();
    for (const one of former) one.remove();
    this.#write(option); // where it is once the page has scrolled to it
  }

  #write(option: HTMLElement): void {
    const mark = this.#marks[this.#at];
    if (mark === undefined) return;
    option.setAttribute("aria-label", mark.words);
    option.setAttribute("aria-selected", String(this.#marked.isSelected(mark)));
    option.setAttribute("aria-posinset", String(this.#at + 1));
    option.setAttribute("aria-setsize", String(this.#marks.length));
    const around = this.#list.getBoundingClientRect();
    const { left, top, width, height, right, bottom } = mark.element.getBoundingClientRect();
    const [wide, high] = [Math.max(width, SMALLEST), Math.max(height, SMALLEST)];
    option.style.left = `${left + (width - wide) / 2 - around.left}px`;
    option.style.top = `${top + (height - high) / 2 - around.top}px`;
    option.style.width = `${wide}px`;
    option.style.height = `${high}px`;
    if (this.#hasFocus) this.#tooltip.showAt({ clientX: right, clientY: bottom }, mark.tooltip);
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Tab" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // no key pressed here is the notebook's
    const at = this.#step(event.key);
    if (at !== null) this.#go(at);
    else if (event.key === "Escape") this.#marked.clear();
    else if (event.key === "Enter" || event.key === " ") this.#press(event);
    else return;
    event.preventDefault();
  }

  #press({ repeat, shiftKey }: KeyboardEvent): void {
    const mark = this.#marks[this.#at];
    if (mark !== undefined && !repeat) this.#marked.press(mark, shiftKey);
  }

  /** To which mark a key goes, null where it is none of these. */
  #step(key: string): number | null {
    const last = this.#marks.length - 1;
    switch (key) {
      case "ArrowRight":
        return this.#at + 1;
      case "ArrowLeft":
        return this.#at - 1;
      case "ArrowDown":
        return across(this.#marks, this.#at, 1);
      case "ArrowUp":
        return across(this.#marks, this.#at, -1);
      case "PageDown":
        return this.#at + PAGE;
      case "PageUp":
        return this.#at - PAGE;
      case "Home":
        return 0;
      case "End":
        return last;
      default:
        return null;
    }
  }
}

function newOption(): HTMLElement {
  const option = document.createElement("div");
  option.className = "hitl-cursor";
  option.setAttribute("role", "option");
  option.tabIndex = 0;
  return option;
}
