/** A chart whose rows are numbered once: what is computed from the others is left alone when one changes. */
import { expect, test } from "vitest";
import { numberedOnce } from "./numbered";
import { changeset, compile, expressionInterpreter, parse, View } from "./vega";
import type { Compiled } from "./vega/parts";

const inPanels = (as: string) => ({
  data: { name: "data" },
  transform: [{ window: [{ op: "row_number", as }] }, { calculate: "datum.n * 2", as: "double" }],
  facet: { field: "who", type: "nominal", sort: { field: as, op: "min" } },
  spec: { mark: "point", encoding: { y: { field: "double", type: "quantitative" } } },
});
const compiled = (as: string): Compiled => compile(inPanels(as) as never).spec as unknown as Compiled;
const steps = ({ data }: Compiled) => (data ?? []).flatMap(({ transform }) => transform ?? []);

type Expression = (datum: unknown, parameters: unknown) => unknown;
const interpreter = expressionInterpreter as { parameter: (context: unknown, written: unknown) => Expression };

/** Of a row: the chart's own, and Vega-Lite's that leaves out what cannot be drawn. */
const EXPRESSIONS = 2;

/** How many of three rows are computed anew when the last one changes. */
async function computedAnew(spec: Compiled): Promise<number> {
  let computed = 0;
  const counting = {
    ...interpreter,
    parameter(context: unknown, written: unknown): Expression {
      const expression = interpreter.parameter(context, written);
      return (datum, parameters) => {
        computed += 1;
        return expression(datum, parameters);
      };
    },
  };
  const options = { expr: counting, renderer: "none" };
  const view = new View(parse(spec as never, undefined, { ast: true } as never), options as never);
  const rows = ["ada", "bo", "eve"].map((who, n) => ({ who, n }));
  await view.change("data", changeset().insert(rows)).runAsync();
  computed = 0;
  await view.change("data", changeset().modify(rows[2] as object, "n", 7)).runAsync();
  view.finalize();
  return computed / EXPRESSIONS;
}

test("only the row that changed is computed anew", async () => {
  expect(await computedAnew(numberedOnce(compiled("hitl_place")))).toBe(1);
});

test("as Vega-Lite has it, all are", async () => {
  expect(await computedAnew(compiled("hitl_place"))).toBe(3);
});

test("a chart of somebody else's that shows the numbers keeps them", () => {
  const theirs = compiled("place");
  expect(numberedOnce(theirs)).toEqual(theirs);
  expect(steps(theirs).some(({ type }) => type === "window")).toBe(true);
});
