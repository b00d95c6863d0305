/** The large library that draws: fetched from the kernel once a page. `parts.ts` says what the rest sees of it. */
import { transforms } from "vega";
import { type ScaleOperator, steady } from "./steady_scale";

export { changeset, field, parse, View } from "vega";
export { expressionInterpreter } from "vega-interpreter";
export { compile } from "vega-lite";

const operators = transforms as unknown as { scale: new (parameters: unknown) => ScaleOperator };
operators.scale = steady(operators.scale);
