/** Marks are computed anew where their rows or their scale have changed, with the real Vega. */
import { expect, test } from "vitest";
import { changeset, compile, expressionInterpreter, parse, View } from ".";
import type { Compiled } from "./parts";

type Encoder = (item: unknown, parameters: unknown) => boolean;
const interpreter = expressionInterpreter as { encode: (context: unknown, written: { marktype: string }) => Encoder };

const points = (scale: object, type: string) => ({
  data: { name: "data" },
  width: 90,
  height: 60,
  mark: "point",
  encoding: { x: { field: "x", type, scale }, color: { field: "who", type: "nominal" } },
});

/** How many of the ten points are computed anew when one of them moves, and where a point is then. */
async function movedTo(
  x: number,
  scale: object,
  type = "quantitative",
): Promise<readonly [computed: number, at: number]> {
  let computed = 0;
  const counting = {
    ...interpreter,
    encode(context: unknown, written: { marktype: string }): Encoder {
      const encode = interpreter.encode(context, written);
      return (item, parameters) => {
        if ((item as { mark?: { role?: string } }).mark?.role === "mark") computed += 1;
        return encode(item, parameters);
      };
    },
  };
  const spec = compile(points(scale, type) as never).spec as unknown as Compiled;
  const options = { expr: counting, renderer: "none" };
  const view = new View(parse(spec as never, undefined, { ast: true } as never), options as never);
  const rows = Array.from({ length: 10 }, (_, n) => ({ x: n + 1, who: n % 2 === 0 ? "ada" : "bo" }));
  await view.change("data", changeset().insert(rows)).runAsync();
  computed = 0;
  await view.change("data", changeset().modify(rows[3] as object, "x", x)).runAsync();
  return [computed, (view as unknown as { scale(name: string): (x: number) => number }).scale("x")(5)];
}

test("a point that moves within its scale is computed anew alone", async () => {
  expect(await movedTo(6.5, { nice: true })).toEqual([1, 45]);
  expect(await movedTo(6.5, { nice: false })).toEqual([1, 45]);
});

test("where a scale has become wider every point is, and is where it belongs", async () => {
  expect(await movedTo(20, { nice: true })).toEqual([10, 22.5]);
  expect(await movedTo(12, { nice: false })).toEqual([10, 37.5]);
});

test("a scale of times is another one where its times are", async () => {
  expect((await movedTo(6.5, {}, "temporal"))[0]).toBe(1);
  expect((await movedTo(20, {}, "temporal"))[0]).toBe(10);
});
