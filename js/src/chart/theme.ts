/** A chart in the host's colours: the CSS variables stand in the drawing itself, so that it follows them by itself. */
import type { Spec } from "./vega/parts";

const INK = "var(--hitl-chart-ink)";
const QUIET = "var(--hitl-chart-quiet)";
const LINE = "var(--hitl-chart-line)";
const GRID = "var(--hitl-chart-grid)";
const GROUND = "var(--hitl-chart-ground)";

/** What the variables are where a chart leaves the page as a picture: dark on white, as paper is. */
export const ON_PAPER: ReadonlyMap<string, string> = new Map([
  [INK, "#1b1f24"],
  [QUIET, "#5b6370"],
  [LINE, "#8b939e"],
  [GRID, "#e4e7eb"],
  [GROUND, "#ffffff"],
]);

/** Vega-Lite's configuration; whatever the chart itself says counts for more. */
export function configOf(font: string): Spec {
  return {
    // Vega measures text on a canvas, which knows no variables: the font is that of the element, in full.
    font,
    background: "transparent",
    title: { color: INK, subtitleColor: QUIET },
    axis: {
      labelColor: QUIET,
      titleColor: INK,
      domainColor: LINE,
      tickColor: LINE,
      gridColor: GRID,
      titleFontWeight: 500,
    },
    legend: { labelColor: QUIET, titleColor: INK, titleFontWeight: 500 },
    header: { labelColor: QUIET, titleColor: INK },
    view: { stroke: GRID },
    text: { color: INK },
    rule: { color: INK },
    selection: { interval: { mark: { fill: INK, fillOpacity: 0.1, stroke: GROUND } } },
  };
}
