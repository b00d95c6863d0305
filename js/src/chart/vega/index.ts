/** The large library that draws: fetched from the kernel once a page. `parts.ts` says what the rest sees of it. */
export { changeset, field, parse, View } from "vega";
export { expressionInterpreter } from "vega-interpreter";
export { compile } from "vega-lite";
