/** The marks of a drawing that can be selected, in an order that keys can follow. */
import { isRecord } from "./messages";
import type { Selection } from "./selection";
import { inWords } from "./tooltip";
import type { Compiled } from "./vega/parts";

/** As much of Vega's scene as is read; each element of the drawing has its item. */
interface Item {
  readonly datum?: unknown;
  readonly tooltip?: unknown;
  readonly description?: string;
  readonly opacity?: number;
  readonly cursor?: string;
  readonly isVoronoi?: boolean;
  readonly bounds: { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number };
  readonly mark: { readonly interactive?: boolean; readonly group: object };
}

export interface Mark {
  readonly element: Element;
  readonly datum: unknown;
  /** Names it among the marks, also after its figures have changed. */
  readonly key: string;
  readonly tooltip: unknown;
  readonly words: string;
  /** Where it is in its panel, in units of the drawing. */
  readonly x: number;
  readonly y: number;
  readonly panel: number;
  /** Whether it stands in a list or a table, of which one reads line by line. */
  readonly isInLine: boolean;
}

/** Vega's own drawing order, within a panel from left to right, or line by line where the chart has lines. */
export function marksOf(svg: SVGSVGElement, selection: Selection, isInLine: boolean): readonly Mark[] {
  const panels = new Map<object, number>();
  const found: (Mark & { readonly isMain: boolean })[] = [];
  for (const element of svg.querySelectorAll(".role-mark > :not(g)")) {
    const item = itemOf(element);
    const key = item === null || !isSeen(item) ? null : selection.keyOf(item.datum);
    if (item === null || key === null) continue;
    const { bounds, datum, tooltip } = item;
    if (!panels.has(item.mark.group)) panels.set(item.mark.group, panels.size);
    found.push({
      ...{ element, datum, key, tooltip },
      words: inWords(hasWords(tooltip) ? tooltip : item.description),
      x: (bounds.x1 + bounds.x2) / 2,
      y: (bounds.y1 + bounds.y2) / 2,
      panel: panels.get(item.mark.group) ?? 0,
      isInLine,
      isMain: item.cursor === "pointer",
    });
  }
  const order = isInLine ? (a: Mark, b: Mark) => a.y - b.y || a.x - b.x : (a: Mark, b: Mark) => a.x - b.x || a.y - b.y;
  return distinct(found).sort((a, b) => a.panel - b.panel || order(a, b));
}

/** The place of the mark above (-1) or below (1) one; where there are no lines, of the one before or after it. */
export function across(marks: readonly Mark[], at: number, way: -1 | 1): number {
  const here = marks[at];
  if (here === undefined || !here.isInLine) return at + way;
  const distance = ({ x, y, panel }: Mark) => {
    const down = (y - here.y) * way;
    return panel === here.panel && down > 0.5 ? ([down, Math.abs(x - here.x)] as const) : null;
  };
  let [nearest, place] = [[Number.POSITIVE_INFINITY, 0] as readonly [number, number], at];
  marks.forEach((mark, i) => {
    const found = distance(mark);
    if (found === null) return;
    const isNearer = found[0] < nearest[0] - 0.5 || (Math.abs(found[0] - nearest[0]) <= 0.5 && found[1] < nearest[1]);
    if (isNearer) [nearest, place] = [found, i];
  });
  return place;
}

/** Presses a mark as the pointer does. */
export function press({ element }: Mark, isAdded: boolean): void {
  const { left, top, width, height } = element.getBoundingClientRect();
  const place = { clientX: left + width / 2, clientY: top + height / 2 };
  target(element).dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: isAdded, ...place }));
}

/** Whether the chart's rows are things of a list, so that one reads along them. */
export function hasLines({ scales, marks }: Compiled): boolean {
  const isList = scales?.some(({ name, type }) => /(^|_)y$/.test(name) && (type === "band" || type === "point"));
  return isList === true || (marks?.some(hasLines) ?? false);
}

function itemOf(element: Element): Item | null {
  const item = (element as Element & { readonly __data__?: unknown }).__data__;
  return isRecord(item) && isRecord(item.mark) && isRecord(item.bounds) ? (item as unknown as Item) : null;
}

function isSeen({ bounds, opacity, isVoronoi, mark }: Item): boolean {
  const isLarge = bounds.x2 > bounds.x1 && bounds.y2 > bounds.y1;
  return isLarge && opacity !== 0 && isVoronoi !== true && mark.interactive !== false;
}

function hasWords(tooltip: unknown): boolean {
  return tooltip !== undefined && tooltip !== null && tooltip !== "" && tooltip !== false;
}

/** A mark for each thing that is shown: its number, its interval and its dot are one, and so are two that say the same. */
function distinct<T extends Mark & { readonly isMain: boolean }>(marks: readonly T[]): T[] {
  const told = new Set(marks.filter(({ tooltip }) => hasWords(tooltip)).map(({ key }) => key));
  const kept = new Map<string, T>();
  for (const mark of marks) {
    if (!hasWords(mark.tooltip) && told.has(mark.key)) continue;
    const name = JSON.stringify([mark.key, mark.words]);
    const known = kept.get(name);
    if (known === undefined || (mark.isMain && !known.isMain)) kept.set(name, mark);
  }
  return [...kept.values()];
}

/** What takes the click: where the nearest mark is meant, Vega lays a net of cells over all of them. */
function target(element: Element): Element {
  const item = itemOf(element);
  for (const cell of element.closest("svg")?.querySelectorAll(".role-mark.mark-path > path") ?? []) {
    const net = itemOf(cell);
    if (net?.isVoronoi === true && net.datum === item) return cell;
  }
  return element;
}
