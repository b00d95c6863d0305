/** A brush over categories, with the real Vega. */
import { expect, test } from "vitest";
import { changeset, compile, expressionInterpreter, parse, View } from ".";

const FROM_A_TO_C = [
  { n: 1, kind: "a" },
  { n: 2, kind: "b" },
  { n: 3, kind: "c" },
  { n: 4, kind: "d" },
];

/** The kinds that are brushed, and where the brush is from and to, once the rows have become others. */
async function brushedAfter(rows: readonly object[], mark: string, more: object = {}) {
  const encoding = { x: { field: "n", type: "quantitative" }, y: { field: "kind", type: "nominal", ...more } };
  const params = [{ name: "brush", select: "interval", value: { x: [0, 10], y: ["a", "c"] } }];
  const spec = compile({ data: { name: "data" }, mark, encoding, params, width: 200, height: 80 }).spec;
  const options = { expr: expressionInterpreter, renderer: "none" };
  const view = new View(parse(spec as never, undefined, { ast: true } as never), options as never);
  await view.change("data", changeset().insert(FROM_A_TO_C)).runAsync();
  const at = (kind: string) => (view as unknown as { scale(name: string): (kind: string) => number }).scale("y")(kind);
  // As the pointer does it, from within the first to within the last.
  view.signal("brush_x", [0, 200]).signal("brush_y", [Math.min(at("a"), at("c")), Math.max(at("a"), at("c")) + 1]);
  await view.runAsync();
  expect(view.signal("brush_kind")).toHaveLength(3);
  await view
    .change(
      "data",
      changeset()
        .remove(() => true)
        .insert(rows),
    )
    .runAsync();
  const [from, to] = view.signal("brush_y") as [number, number];
  return { kinds: view.signal("brush_kind"), stored: view.data("brush_store").length, from, to, at };
}

const only = (...kinds: readonly string[]) => kinds.map((kind, n) => ({ n: 5 * n + 7, kind }));

test("it stays where another domain changes", async () => {
  for (const mark of ["point", "bar"]) {
    const after = await brushedAfter(only("a", "b", "c", "d"), mark);
    expect(after.kinds).toEqual(["a", "b", "c"]);
    expect(after.stored).toBe(1);
    expect(after.from).toBeLessThan(after.to);
  }
});

test("it stays on those that are still there, where they are now", async () => {
  for (const more of [{}, { scale: { padding: 0 } }, { scale: { padding: 0.4 } }, { scale: { reverse: true } }]) {
    for (const mark of ["point", "bar"]) {
      expect((await brushedAfter(only("b", "c", "d"), mark, more)).kinds).toEqual(["b", "c"]);
      expect((await brushedAfter(only("0", "a", "d", "e"), mark, more)).kinds).toEqual(["a"]);
      const { from, to, at } = await brushedAfter(only("0", "b", "d"), mark, more);
      expect(at("b")).toBeGreaterThan(from - 80 / 3);
      expect(at("b")).toBeLessThan(to);
    }
  }
});

test("where none of them is there it is gone", async () => {
  const after = await brushedAfter(only("x", "y"), "bar");
  expect([after.kinds, after.stored]).toEqual([null, 0]);
});
