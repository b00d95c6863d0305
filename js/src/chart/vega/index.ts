/** The large library that draws: fetched from the kernel once a page. `parts.ts` says what the rest sees of it. */
import { transforms } from "vega";
import { compile as compiled } from "vega-lite";
import { keepingBrushes } from "./brushes";
import type { Compiled, Vega } from "./parts";
import { type ScaleOperator, steady } from "./steady_scale";

export { changeset, field, parse, View } from "vega";
export { expressionInterpreter } from "vega-interpreter";
export { isLight } from "./ground";

export const compile: Vega["compile"] = (spec, options) => ({
  spec: keepingBrushes(compiled(spec as never, options as never).spec as unknown as Compiled),
});

const operators = transforms as unknown as { scale: new (parameters: unknown) => ScaleOperator };
operators.scale = steady(operators.scale);
