import { act } from "preact/test-utils";
import { describe, expect, test } from "vitest";
import answer from "../../../tests/protocol/down/items.json";
import { button, NOTHING, render, root } from "../../tests/drawn";
import type { Block, Item } from "../protocol";
import { Blocks, type BlocksProps, Explanation } from "./index";
import { overlayOn } from "./overlay";

const [example] = answer.items as unknown as readonly [Item];

function picture(): HTMLImageElement {
  const image = new Image(8, 8);
  Object.defineProperty(image, "naturalWidth", { value: 8 });
  return image;
}

describe("the item of the protocol's example", () => {
  test("shows every field under its name, in order", () => {
    render(<Blocks {...NOTHING} blocks={example.blocks} />, root);
    expect(Array.from(root.querySelectorAll("dt"), (name) => name.textContent)).toEqual(
      example.blocks.map((block) => block.field),
    );
    for (const value of root.querySelectorAll("dd")) expect(value.textContent).not.toBe("");
  });

  test("says what cannot be shown, and why", () => {
    render(<Blocks {...NOTHING} blocks={example.blocks} />, root);
    expect(root.textContent).toContain("no value");
    expect(root.textContent).toContain("cannot be shown: not an image that can be read");
    expect(root.textContent).toContain("The picture could not be decoded.");
  });

  test("explains itself, with the heat map where its picture is and the marks where its text is", () => {
    const overlay = overlayOn(example);
    const props = {
      ...NOTHING,
      images: new Map([[0, picture()]]),
      buffers: [new DataView(new ArrayBuffer(3)), new DataView(new ArrayBuffer(64))],
      overlay,
    };
    expect(overlay.heatMap?.field).toBe("heat");
    render(<Blocks {...props} blocks={example.blocks} />, root);
    expect(root.querySelectorAll("canvas.hitl-heat")).toHaveLength(1);
    render(<Explanation {...props} blocks={example.explanation} />, root);
    expect(root.querySelector("canvas")).toBeNull();
    expect(Array.from(root.querySelectorAll("dt"), (name) => name.textContent)).toEqual([
      "long words",
      "features",
      "neighbours",
      "rationale",
      "words",
    ]);
    expect(root.querySelector(".hitl-placeholder")?.textContent).toBe("The explanation is being made…");
  });
});

test("a heat map without a picture stands by itself", () => {
  const blocks = example.explanation.filter((block) => block.type === "heat_map");
  expect(overlayOn({ ...example, blocks: [], explanation: blocks }).heatMap).toBeNull();
  const buffers = [new DataView(new ArrayBuffer(0)), new DataView(new ArrayBuffer(64))];
  render(<Explanation {...NOTHING} blocks={blocks} buffers={buffers} />, root);
  expect(root.querySelectorAll("canvas")).toHaveLength(1);
});

describe("words by weight", () => {
  const shown: readonly Block[] = [
    { type: "text", field: "subject", text: "money" },
    { type: "text", field: "body", text: "Where is my money?" },
  ];
  const words = (...texts: readonly string[]): Block => ({
    type: "token_weights",
    field: "why",
    tokens: texts.map((text, index) => ({ text, weight: index / 2 })),
  });
  const clipped = (block: Block, characters: number) => ({ ...block, clipped: characters }) as Block;
  const draw = (blocks: readonly Block[], explanation: readonly Block[], more: Partial<BlocksProps> = {}) => {
    const props = { ...NOTHING, ...more, overlay: overlayOn({ ...example, blocks, explanation }) };
    render(
      <>
        <Blocks {...props} blocks={blocks} />
        <Explanation {...props} blocks={explanation} />
      </>,
      root,
    );
    return Array.from(root.querySelectorAll(".hitl-field"), (field) => [
      field.querySelector("dt")?.textContent,
      Array.from(field.querySelectorAll(".hitl-tokens .hitl-token"), (token) => token.textContent),
    ]);
  };

  test("of a shown text are marked in it, and it is not shown twice", () => {
    expect(draw(shown, [words("Where is my ", "money", "?")])).toEqual([
      ["subject", []],
      ["body", ["money", "?"]],
    ]);
    expect(root.textContent?.match(/Where is my/g)).toHaveLength(1);
  });

  const cut = (text: string, clipped: number): Block => ({ type: "text", field: "body", text, clipped });

  test.each([
    ["of another text", shown, words("Where is your ", "money", "?")],
    ["of a text that came cut", [cut("Where is my money?", 99)], words("Where is my ", "money", "?")],
    ["of a longer text that begins alike", [cut("Where is my money?", 99)], clipped(words("Where is ", "my"), 98)],
    ["that came cut", shown, clipped(words("Where is my ", "money"), 99)],
    ["of which some cannot be had", shown, { ...words("Where is my ", "money", "?"), more: 3 } as Block],
    ["of nothing", [{ type: "text", field: "body", text: "" } as Block], words()],
  ])("%s stand by themselves", (_, blocks, explanation) => {
    const fields = draw(blocks, [explanation]).map(([name]) => name);
    expect(fields).toEqual([...blocks.map(({ field }) => field), "why"]);
  });

  test.each([
    ["as far as it goes", ["Where is my ", "money", "?"]],
    ["as far as they go themselves", ["Where is my ", "money"]],
  ])("of a text that came cut with them are marked in it, %s, and all of it is opened marked", async (_, first) => {
    const texts = ["Where is my ", "money", "? And ", "when"];
    const explanation = clipped(words(...first), 27);
    const tokens = texts.map((text, index) => ({ text, weight: index / 2 }));
    const loadWords = async () => JSON.stringify(tokens);
    draw([cut("Where is my money?", 27)], [explanation], { loadWords });
    expect(root.querySelectorAll(".hitl-field")).toHaveLength(1);
    expect(root.querySelector(".hitl-tokens")?.textContent).toBe(first.join(""));
    expect(root.querySelector(".hitl-scroll")).toBeNull();
    button(/Show all/).focus();
    await act(async () => button(/^Show all 27 characters$/).click());
    const whole = root.querySelector(".hitl-scroll");
    expect(document.activeElement).toBe(whole);
    expect(whole?.querySelector(".hitl-tokens")?.textContent).toBe(texts.join(""));
    expect(Array.from(whole?.querySelectorAll(".hitl-token") ?? [], (token) => token.textContent)).toEqual([
      "money",
      "? And ",
      "when",
    ]);
    expect(root.querySelector("button")).toBeNull();
  });

  test.each(["", "{", "[1]", '[{"text":"a"}]', '{"text":"a","weight":1}'])(
    "that come as %o are not taken for words",
    async (answer) => {
      draw([cut("Where is my money?", 99)], [clipped(words("Where is my ", "money"), 99)], {
        loadWords: async () => answer,
      });
      await act(async () => button(/Show all/).click());
      expect(root.querySelector(".hitl-tokens")?.textContent).toBe("Where is my money");
      expect(root.textContent).toContain("The rest could not be had");
    },
  );

  test("of a long text are drawn in parts that are cut at line ends, with every character there", async () => {
    const lines = Array.from({ length: 2_500 }, (_, n) => [`Line ${n} of the letter says `, "nothing", ".\n"]).flat();
    const tokens = lines.map((text) => ({ text, weight: text === "nothing" ? 1 : 0 }));
    const explanation = clipped(words("Line 0"), lines.join("").length);
    draw([], [explanation], { loadFull: async () => JSON.stringify(tokens) });
    await act(async () => button(/Show all/).click());
    const parts = Array.from(root.querySelectorAll(".hitl-part"), (part) => part.textContent ?? "");
    expect(parts.length).toBeGreaterThan(15);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(5_000);
    expect(parts.join("\n")).toBe(lines.join(""));
    expect(root.querySelectorAll(".hitl-token[data-token]")).toHaveLength(2_500);
  });
});

describe("a picture", () => {
  const block: Block = { type: "image", field: "digit", buffer: 0, mime: "image/png", width: 8, height: 8 };

  test("is the very element that was decoded, under the field's name, enlarged without blur", () => {
    const image = picture();
    render(<Blocks {...NOTHING} blocks={[block]} images={new Map([[0, image]])} />, root);
    expect(root.querySelector("img")).toBe(image);
    expect(image.alt).toBe("digit");
    expect(image.classList).toContain("hitl-pixelated");
    expect(root.querySelector<HTMLElement>(".hitl-stage")?.style.inlineSize).toBe("240px");
  });

  test("that is large keeps its shape within what fits", () => {
    const tall: Block = { ...block, width: 1000, height: 1700 };
    render(<Blocks {...NOTHING} blocks={[tall]} images={new Map([[0, picture()]])} />, root);
    expect(root.querySelector<HTMLElement>(".hitl-stage")?.style.inlineSize).toBe("200px");
    expect(root.querySelector("img")?.classList).not.toContain("hitl-pixelated");
  });

  test("that another view shows stays there", () => {
    const image = picture();
    const elsewhere = document.body.appendChild(document.createElement("aside"));
    elsewhere.append(image);
    render(<Blocks {...NOTHING} blocks={[block]} images={new Map([[0, image]])} />, root);
    expect(image.parentElement).toBe(elsewhere);
    expect(root.querySelectorAll("img")).toHaveLength(1);
  });

  test.each([
    ["small is left as it is, the map lies over a copy beside it", 8, 2],
    ["large lies under its map", 640, 1],
  ])("that is %s", (_, size, stages) => {
    const heatMap: Block = { type: "heat_map", field: "heat", buffer: 1, width: 8, height: 8, scale: 1 };
    const sized: Block = { ...block, width: size, height: size };
    const buffers = [new DataView(new ArrayBuffer(0)), new DataView(new ArrayBuffer(64))];
    render(
      <Blocks
        {...NOTHING}
        blocks={[sized]}
        images={new Map([[0, picture()]])}
        buffers={buffers}
        overlay={{ heatMap, words: null }}
      />,
      root,
    );
    const found = Array.from(
      root.querySelectorAll(".hitl-stage"),
      (stage) => stage.querySelector(".hitl-heat") !== null,
    );
    expect(found).toEqual(stages === 2 ? [false, true] : [true]);
  });

  test("hides its heat map from item to item once that is asked for", async () => {
    const draw = () => {
      const heat: Block = { type: "heat_map", field: "heat", buffer: 1, width: 8, height: 8, scale: 1 };
      render(
        <Blocks
          {...NOTHING}
          blocks={[{ ...block }]}
          images={new Map([[0, picture()]])}
          buffers={[new DataView(new ArrayBuffer(0)), new DataView(new ArrayBuffer(64))]}
          overlay={{ heatMap: heat, words: null }}
        />,
        root,
      );
    };
    draw();
    expect(root.querySelector("canvas.hitl-heat")).not.toBeNull();
    await act(() => root.querySelector<HTMLInputElement>("input[type=checkbox]")?.click());
    expect(root.querySelector("canvas")).toBeNull();
    draw();
    expect(root.querySelector("canvas")).toBeNull();
    expect(root.querySelectorAll("img")).toHaveLength(1);
  });
});

test("drawing the same item again leaves its elements alone", () => {
  const blocks: Block[] = [{ type: "markdown", field: "a", text: "**b**" }];
  render(<Blocks {...NOTHING} blocks={blocks} />, root);
  const strong = root.querySelector("strong");
  render(<Blocks {...NOTHING} blocks={blocks} loadFull={async () => "other"} />, root);
  expect(root.querySelector("strong")).toBe(strong);
});

test("an item without fields draws nothing", () => {
  render(<Blocks {...NOTHING} />, root);
  expect(root.childElementCount).toBe(0);
});

test("empty and white text is said to be so", () => {
  const blocks: Block[] = ["", "  \n"].map((text) => ({ type: "text", field: "a", text }));
  render(<Blocks {...NOTHING} blocks={blocks} />, root);
  expect(Array.from(root.querySelectorAll("dd"), (value) => value.textContent)).toEqual([
    "empty text",
    "only white space, 3 characters",
  ]);
});

test("code keeps its lines and numbers them", () => {
  const block: Block = { type: "code", field: "source", text: "a\n\nb", language: "python" };
  render(<Blocks {...NOTHING} blocks={[block]} />, root);
  expect(root.querySelector(".hitl-line-numbers")?.textContent).toBe("1\n2\n3");
  expect(root.querySelector("code")?.textContent).toBe("a\n\nb");
  expect(root.textContent).toContain("python");
});

test("a chat tells its roles by name and by place", () => {
  const messages = ["user", "assistant", "System"].map((role) => ({ role, text: "**hi**" }));
  render(<Blocks {...NOTHING} blocks={[{ type: "chat", field: "m", messages, more: 1 }]} />, root);
  const found = Array.from(root.querySelectorAll("li"), (item) => [
    item.querySelector(".hitl-role")?.textContent,
    item.className.split(" ")[1],
    item.querySelector("strong")?.textContent,
  ]);
  expect(found).toEqual([
    ["user", "hitl-message-asks", "hi"],
    ["assistant", "hitl-message-answers", "hi"],
    ["System", "hitl-message-frames", "hi"],
  ]);
  expect(root.textContent).toContain("and 1 more message");
});
