/** What can be read on a chart's own background. */
import { expressionFunction } from "vega";

interface Color {
  readonly opacity: number;
}

const luminance: (color: string) => number = expressionFunction("luminance");
const rgb: (color: string) => Color = expressionFunction("rgb");

/** Of colours lighter than this black has the better contrast, of darker ones white. */
const MIDDLE = 0.179;

/** Whether dark text is what can be read on a colour; null where it is none, or one that the page shines through. */
export function isLight(color: unknown): boolean | null {
  if (typeof color !== "string" || !(rgb(color).opacity > 0.5)) return null;
  const light = luminance(color);
  return Number.isNaN(light) ? null : light > MIDDLE;
}
