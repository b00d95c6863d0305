import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, describe, expect, test } from "vitest";
import { Contributions } from "./contributions";
import { HeatMap, type HeatMapBlock, pixels } from "./heat_map";
import { TokenWeights } from "./tokens";

let root: HTMLElement;

beforeEach(() => {
  document.body.replaceChildren();
  root = document.body.appendChild(document.createElement("main"));
});

describe("words by weight", () => {
  const tokens = (...weights: readonly [text: string, weight: number][]) =>
    weights.map(([text, weight]) => ({ text, weight }));
  const draw = (...weights: readonly [text: string, weight: number][]) =>
    render(
      <TokenWeights
        block={{ type: "token_weights", field: "why", tokens: tokens(...weights) }}
        loadFull={() => Promise.reject(new Error("nothing is cut"))}
      />,
      root,
    );
  const key = (name: string) => {
    const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true });
    root.querySelector(".hitl-tokens")?.dispatchEvent(event);
    return event;
  };

  test("are tinted by their share of the strongest, the rest is plain text", () => {
    draw(["Where is my ", 0], ["money", 0.8], [" now", 0.001], ["?", -0.4]);
    const tinted = Array.from(root.querySelectorAll(".hitl-tokens > span"), (word) => [
      word.textContent,
      word.className,
    ]);
    expect(tinted).toEqual([
      ["money", "hitl-token hitl-for-5"],
      ["?", "hitl-token hitl-against-3"],
    ]);
    expect(root.querySelector(".hitl-tokens")?.textContent).toBe("Where is my money now?");
  });

  test("are named for who cannot see the tint, strongest first", () => {
    draw(["a ", 0.1], ["money", 0.8], ["?", -0.4]);
    expect(root.querySelector(".hitl-unseen")?.textContent).toBe(
      "Words most for the prediction: money +0.800, a +0.100. Most against: ? −0.400.",
    );
  });

  test("speak for the one class or the other, where these are known", () => {
    const sides = ["card <i>lost</i>", "refund"] as const;
    const block = {
      type: "token_weights",
      field: "why",
      tokens: tokens(["card", 0.8], ["money", -0.4]),
      sides,
    } as const;
    render(<TokenWeights block={block} loadFull={() => Promise.reject(new Error("nothing is cut"))} />, root);
    expect(root.querySelector(".hitl-legend")?.textContent).toBe("for card <i>lost</i> and for refund, at most 0.800");
    expect(root.querySelector(".hitl-unseen")?.textContent).toBe(
      "Words most for card <i>lost</i>: card +0.800. Most for refund: money −0.400.",
    );
    draw(["card", 0.8]);
    expect(root.querySelector(".hitl-legend")?.textContent).toBe("for and against the prediction, at most 0.800");
  });

  test("tell their weight to the arrow keys, which go no further", async () => {
    draw(["no", 0], ["money", 0.8], ["?", -0.4]);
    let outside = 0;
    root.addEventListener("keydown", () => outside++);
    const said = () => root.querySelector("output")?.textContent;
    await act(() => void key("ArrowRight"));
    expect(said()).toBe("money +0.800");
    await act(() => void key("ArrowRight"));
    expect(said()).toBe("? −0.400");
    expect(root.querySelector(".hitl-pointed-at")?.textContent).toBe("?");
    expect(outside).toBe(0);
    expect(key("a").defaultPrevented).toBe(false);
    expect(outside).toBe(1);
  });

  test("tell their weight to the pointer", async () => {
    draw(["money", 0.8]);
    await act(
      () => void root.querySelector(".hitl-token")?.dispatchEvent(new PointerEvent("pointerover", { bubbles: true })),
    );
    expect(root.querySelector("output")?.textContent).toBe("money +0.800");
  });

  test("without a text are what the others come to together: told, and neither marked nor the measure of the rest", () => {
    draw(["", 0.4], ["money", 0.8], [" where", 0], ["", -58]);
    expect(root.querySelector(".hitl-legend")?.textContent).toBe(
      "for and against the prediction, at most 0.800; the words that are not marked together −57.6",
    );
    expect(root.querySelectorAll(".hitl-tokens > span")).toHaveLength(1);
    expect(root.querySelector(".hitl-tokens > span")?.className).toBe("hitl-token hitl-for-5");
    expect(root.querySelector(".hitl-unseen")?.textContent).not.toContain("57.6");
  });

  test("without any weight say so", () => {
    draw(["all", 0], ["zero", 0]);
    expect(root.querySelector(".hitl-tokens > span")).toBeNull();
    expect(root.textContent).toContain("No word has any weight.");
  });

  test("of any size are drawn", () => {
    draw(["huge", 1e308], ["against", -1e308]);
    expect(Array.from(root.querySelectorAll(".hitl-tokens > span"), (word) => word.className)).toEqual([
      "hitl-token hitl-for-5",
      "hitl-token hitl-against-5",
    ]);
  });

  test("that are none say so", () => {
    draw();
    expect(root.textContent).toBe("no words");
  });
});

describe("contributions", () => {
  const draw = (rows: readonly (readonly [string, number, string | null])[], more = 0) =>
    render(<Contributions block={{ type: "contributions", field: "why", rows, more }} />, root);
  const bars = () =>
    Array.from(root.querySelectorAll<HTMLElement>(".hitl-beam"), (bar) => [bar.className, bar.style.inlineSize]);

  test("are bars from the middle, the largest half the track long", () => {
    draw([
      ["amount", -0.8, "9.90"],
      ["age", 0.2, null],
    ]);
    expect(bars()).toEqual([
      ["hitl-beam hitl-beam-against", "50.00%"],
      ["hitl-beam hitl-beam-for", "12.50%"],
    ]);
    expect(Array.from(root.querySelectorAll("tbody tr"), (row) => row.textContent)).toEqual([
      "amount = 9.90−0.800",
      "age+0.200",
    ]);
  });

  test("speak for the one class or the other, where these are known", () => {
    const heads = () => root.querySelector(".hitl-directions")?.textContent;
    draw([["amount", -0.8, null]]);
    expect(heads()).toBe("againstfor");
    const block = {
      type: "contributions",
      field: "why",
      rows: [["amount", -0.8, null]],
      sides: ["card", "refund"],
    } as const;
    render(<Contributions block={block} />, root);
    expect(heads()).toBe("for refundfor card");
  });

  test("beyond the largest eight are shown on demand", async () => {
    draw(
      Array.from({ length: 30 }, (_, index) => [`f${index}`, 1 / (index + 1), null] as const),
      12,
    );
    expect(bars()).toHaveLength(8);
    const button = root.querySelector("button");
    expect(button?.textContent).toBe("Show and search all 30");
    await act(() => button?.click());
    expect(bars()).toHaveLength(30);
    expect(root.textContent).toContain("and 12 more smaller features");
    await act(() => button?.click());
    expect(bars()).toHaveLength(8);
  });

  test("of many features are searched by name and by value, and keep their bars", async () => {
    draw(Array.from({ length: 300 }, (_, index) => [`f${index}`, 1 / (index + 1), `value ${index % 7}`] as const));
    expect(root.querySelector("input")).toBeNull();
    await act(() => root.querySelector("button")?.click());
    const input = root.querySelector<HTMLInputElement>('input[aria-label="Search in why"]');
    const type = (wanted: string) =>
      act(() => {
        if (input === null) throw new Error("there is no search");
        input.value = wanted;
        input.dispatchEvent(new InputEvent("input"));
      });
    await type("F1");
    expect(bars()).toHaveLength(111);
    expect(root.querySelector("[role=status]")?.textContent).toBe("111 of 300 features");
    await type("f199");
    expect(bars()).toEqual([["hitl-beam hitl-beam-for", "0.25%"]]);
    await type("VALUE 6");
    expect(root.querySelector("[role=status]")?.textContent).toBe("42 of 300 features");
    await type("");
    expect(bars()).toHaveLength(300);
  });

  test("are searched for a word that is composed: Escape that gives it up stays in the field", async () => {
    draw(Array.from({ length: 300 }, (_, index) => [`f${index}`, 1 / (index + 1), null] as const));
    await act(() => root.querySelector("button")?.click());
    root.dataset.hitl = "review";
    root.tabIndex = 0;
    const input = root.querySelector<HTMLInputElement>('input[aria-label="Search in why"]');
    input?.focus();
    const leave = (more: KeyboardEventInit) =>
      input?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, ...more }));
    for (const more of [{ isComposing: true }, { keyCode: 229 }]) leave(more);
    expect(document.activeElement).toBe(input);
    leave({});
    expect(document.activeElement).toBe(root);
  });

  test("that are few are opened without a search", async () => {
    draw(Array.from({ length: 12 }, (_, index) => [`f${index}`, index, null] as const));
    const button = root.querySelector("button");
    expect(button?.textContent).toBe("Show all 12");
    await act(() => button?.click());
    expect(bars()).toHaveLength(12);
    expect(root.querySelector("input")).toBeNull();
  });

  test.each([
    ["all zero", [0, 0], ["0.00%", "0.00%"]],
    ["as large as numbers go", [1e308, -1e308], ["50.00%", "50.00%"]],
    ["as small as numbers go", [5e-324, 0], ["50.00%", "0.00%"]],
  ])("that are %s are drawn", (_, weights, lengths) => {
    draw(weights.map((weight) => ["f", weight, null] as const));
    expect(bars().map(([, length]) => length)).toEqual(lengths);
  });

  test("that are none say so", () => {
    draw([]);
    expect(root.textContent).toBe("no features");
  });
});

describe("a heat map", () => {
  const block: HeatMapBlock = { type: "heat_map", field: "heat", buffer: 0, width: 3, height: 2, scale: 0.5 };
  const draw = (cells: readonly number[], map = block) =>
    render(<HeatMap block={map} buffers={[new DataView(Int8Array.from(cells).buffer)]} />, root);

  test("says its strongest cells", () => {
    // 127 units are the scale, 0.5; -64 units are 0.252
    draw([0, 0, 127, -64, 0, 0]);
    expect(root.querySelector("canvas")?.getAttribute("aria-label")).toBe(
      "Heat map, 2 rows by 3 columns: most for the prediction +0.500 at row 1, column 3, most against it −0.252 at row 2, column 1",
    );
  });

  test("speaks for the one class or the other, where these are known", () => {
    draw([0, 0, 127, -64, 0, 0], { ...block, sides: ["4", "9"] });
    expect(root.querySelector("canvas")?.getAttribute("aria-label")).toBe(
      "Heat map, 2 rows by 3 columns: most for 4 +0.500 at row 1, column 3, most for 9 −0.252 at row 2, column 1",
    );
    expect(root.querySelector(".hitl-legend")?.textContent).toBe("for 9 −0.500  +0.500 for 4");
    draw([0, 0, 127, -64, 0, 0]);
    expect(root.querySelector(".hitl-legend")?.textContent).toBe("against −0.500  +0.500 for");
  });

  test("says when nothing speaks for or against", () => {
    draw([0, 0, 0, 0, 0, 0]);
    expect(root.querySelector("canvas")?.getAttribute("aria-label")).toContain(
      "nothing for the prediction, nothing against it",
    );
  });

  test("tells the number under the pointer", async () => {
    draw([0, 0, 127, -64, 0, 0]);
    const canvas = root.querySelector("canvas");
    if (canvas === null) throw new Error("no canvas");
    canvas.getBoundingClientRect = () => new DOMRect(100, 100, 30, 20);
    const move = (clientX: number, clientY: number) =>
      act(() => void canvas.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY })));
    await move(125, 105);
    expect(root.querySelector(".hitl-pointed")?.textContent).toBe("row 1, column 3: +0.500");
    await move(100, 119);
    expect(root.querySelector(".hitl-pointed")?.textContent).toBe("row 2, column 1: −0.252");
  });

  test("is blue for and orange against, the stronger the less is seen through it", () => {
    const [pro, none, con, weak] = [0, 1, 2, 3].map((cell) =>
      pixels(Int8Array.of(127, 0, -127, 64)).slice(cell * 4, cell * 4 + 4),
    );
    expect([...(pro ?? [])]).toEqual([30, 110, 230, 255]);
    expect(none?.[3]).toBe(0);
    expect([...(con ?? [])]).toEqual([235, 120, 0, 255]);
    expect(weak?.[3]).toBe(129); // 64 / 127 of 255, rounded
  });

  test.each([
    ["too few cells", block, [1, 2]],
    ["no buffer", { ...block, buffer: 7 }, [0, 0, 0, 0, 0, 0]],
  ])("with %s says that it did not arrive", (_, map, cells) => {
    draw(cells, map);
    expect(root.textContent).toBe("The heat map did not arrive whole.");
  });

  test("of huge weights is drawn", () => {
    draw([127, 0, 0, 0, 0, -128], { ...block, scale: 1e308 });
    expect(root.querySelector("canvas")?.getAttribute("aria-label")).toContain("+1.0e+308 at row 1, column 1");
  });
});
