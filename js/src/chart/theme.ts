/** A chart in the host's colours: the CSS variables stand in the drawing itself, so that it follows them by itself. */
import type { Spec } from "./vega/parts";

interface Colors {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly grid: string;
  readonly ground: string;
}

const OF_PAGE: Colors = {
  ink: "var(--hitl-chart-ink)",
  quiet: "var(--hitl-chart-quiet)",
  line: "var(--hitl-chart-line)",
  grid: "var(--hitl-chart-grid)",
  ground: "var(--hitl-chart-ground)",
};
const ON_LIGHT: Colors = { ink: "#1b1f24", quiet: "#5b6370", line: "#8b939e", grid: "#e4e7eb", ground: "#ffffff" };
const ON_DARK: Colors = { ink: "#e8eaed", quiet: "#aab2bd", line: "#747c87", grid: "#363a41", ground: "#131417" };

/** What the variables are where a chart leaves the page as a picture: dark on white, as paper is. */
export const ON_PAPER: ReadonlyMap<string, string> = new Map(
  (Object.keys(OF_PAGE) as (keyof Colors)[]).map((part) => [OF_PAGE[part], ON_LIGHT[part]]),
);

/** Vega-Lite's configuration; whatever the chart itself says counts for more, as do the colours of its own background. */
export function configOf(font: string, isOnLight: boolean | null): Spec {
  const { ink, quiet, line, grid, ground } = isOnLight === null ? OF_PAGE : isOnLight ? ON_LIGHT : ON_DARK;
  return {
    // Vega measures text on a canvas, which knows no variables: the font is that of the element, in full.
    font,
    background: "transparent",
    title: { color: ink, subtitleColor: quiet },
    axis: {
      labelColor: quiet,
      titleColor: ink,
      domainColor: line,
      tickColor: line,
      gridColor: grid,
      titleFontWeight: 500,
    },
    legend: { labelColor: quiet, titleColor: ink, titleFontWeight: 500 },
    header: { labelColor: quiet, titleColor: ink },
    view: { stroke: grid },
    text: { color: ink },
    rule: { color: ink },
    selection: { interval: { mark: { fill: ink, fillOpacity: 0.1, stroke: ground } } },
  };
}
