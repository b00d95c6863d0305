/** Every kind of block on one page, to be looked at; not shipped. */
import { signal } from "@preact/signals";
import { render } from "preact";
import { Blocks, Explanation } from "../../src/blocks";
import { PageFormatter } from "../../src/blocks/formatter";
import * as markdown from "../../src/blocks/markdown_tokens";
import type { Block } from "../../src/protocol";

const DIGIT = [
  0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0, 0, 5, 8, 0, 0,
  9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0,
];

async function drawn(width: number, height: number, paint: (x: number, y: number) => [number, number, number]) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  const data = context.createImageData(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.data.set([...paint(x, y), 255], 4 * (y * width + x));
  context.putImageData(data, 0, 0);
  const image = new Image();
  image.src = canvas.toDataURL();
  await image.decode();
  return image;
}

const digit = await drawn(8, 8, (x, y) => {
  const gray = 255 - ((DIGIT[y * 8 + x] ?? 0) / 16) * 255;
  return [gray, gray, gray];
});
const landscape = await drawn(1200, 700, (x, y) => {
  const hill = 380 + 90 * Math.sin(x / 170) + 40 * Math.sin(x / 61);
  return y < hill ? [120 + y / 4, 165 + y / 6, 215] : [70 + (y - hill) / 6, 110 - (y - hill) / 8, 60];
});
const small = await drawn(8, 8, (x, y) => {
  const gray = 255 - ((DIGIT[x * 8 + y] ?? 0) / 16) * 255;
  return [gray, gray, gray];
});

function bytes(values: readonly number[]): DataView {
  return new DataView(Int8Array.from(values).buffer);
}
const digitHeat = bytes(DIGIT.map((ink, cell) => Math.round((ink - 6) * 9 * Math.cos(cell / 5))));
const blob = bytes(
  Array.from({ length: 14 * 14 }, (_, cell) => {
    const [x, y] = [cell % 14, Math.floor(cell / 14)];
    return Math.round(
      127 * Math.exp(-((x - 4) ** 2 + (y - 5) ** 2) / 9) - 100 * Math.exp(-((x - 10) ** 2 + (y - 9) ** 2) / 6),
    );
  }),
);

const COMPLAINT =
  "I transferred money to my landlord on Monday and it has still not arrived. Why does it take so long, and where is my money now? Your app says “completed”, which it plainly is not.";
const WEIGHTS = new Map([
  ["transferred", 0.62],
  ["money", 0.41],
  ["arrived", 0.8],
  ["landlord", -0.12],
  ["long", 0.3],
  ["app", -0.55],
  ["completed", -0.31],
  ["Monday", 0.08],
  ["where", 0.2],
]);

const everything: readonly Block[] = [
  { type: "text", field: "subject", text: "Where is my money?" },
  { type: "text", field: "body", text: `${COMPLAINT}\n\nThanks,\nInês`, clipped: 120000 },
  { type: "image", field: "digit", buffer: 0, mime: "image/png", width: 8, height: 8 },
  { type: "image", field: "photo", buffer: 1, mime: "image/jpeg", width: 1200, height: 700 },
  {
    type: "markdown",
    field: "answer",
    text: [
      "## What happened",
      "I **paid** twice, see `invoice_17` and [the receipt](https://pay.example.com/r/17). Also <https://example.com/a>.",
      "",
      "1. Open the *account*\n2. Ask for a ~~chargeback~~ refund\n   - within 14 days\n   - in writing",
      "",
      "- [x] identity checked\n- [ ] refund sent",
      "",
      "> quoted: nothing else was said",
      "",
      "| day | sum |\n|:--|--:|\n| Mon | 9.90 |\n| Tue | 1,209.90 |",
      "",
      "```python\ndef refund(order):\n    return order.total  # all of it\n```",
      "",
      "![a cat](http://evil.example/cat.png) <b onclick=alert(1)>raw</b> [do not](javascript:alert(1)) &amp; &mdash; done",
    ].join("\n"),
  },
  {
    type: "code",
    field: "source",
    language: "python",
    text: 'def accuracy(agreed):\n    """Share of rows on which the reviewer agrees with the model, and what stands in the way of it when it is missing."""\n    rows = [a for a in agreed if a is not None]\n    return sum(rows) / len(rows)\n\n\nprint(accuracy([True, None, False]))\nx = 1\ny = 2\nz = 3',
  },
  {
    type: "table",
    field: "account",
    columns: null,
    rows: [
      ["opened", "2019-04-02"],
      ["country", "PT"],
      ["note from the last agent", "Called twice; was promised a refund within fourteen days and has not heard since."],
    ],
  },
  {
    type: "table",
    field: "orders",
    columns: ["id", "placed", "sum", "status", "carrier", "address", "remark"],
    rows: Array.from({ length: 24 }, (_, row) => [
      `A-${1000 + row}`,
      `2025-03-${String(row + 1).padStart(2, "0")}`,
      (9.9 * (row * row + 1)).toFixed(2),
      row % 3 ? "delivered" : "lost",
      "CTT Expresso",
      "Rua Augusta 17, 1100-048 Lisboa",
      row % 5 ? "" : "left with the neighbour",
    ]),
    more: 298,
  },
  {
    type: "chat",
    field: "messages",
    messages: [
      { role: "system", text: "You are a **helpful** support agent." },
      { role: "user", text: "Hello, my card was swallowed by the machine." },
      { role: "assistant", text: "I am sorry to hear that. I can\n\n- block the card\n- send a new one" },
      { role: "user", text: "Both, please." },
      { role: "tool", text: '`{"blocked": true}`', clipped: 3400 },
    ],
    more: 2,
  },
  { type: "missing", field: "note" },
  { type: "unreadable", field: "scan", message: "not an image that can be read" },
  {
    type: "text",
    field: "hostile \u202etxet",
    text: "user\u202egpj.exe and zero\u200b\u200b\u200bwidth, family 👩‍👩‍👧, می‌خواهم, \x1b[31mred\x1b[0m \0 <script>alert(1)</script>",
  },
  { type: "text", field: "عربي", text: "مرحبا، أين أموالي؟ لقد دفعت مرتين." },
  { type: "text", field: "empty", text: "" },
];

const reasons: readonly Block[] = [
  {
    type: "token_weights",
    field: "words",
    tokens: (COMPLAINT.match(/\w+|\W+/g) ?? []).map((text) => ({ text, weight: WEIGHTS.get(text) ?? 0 })),
  },
  {
    type: "contributions",
    field: "features",
    rows: [
      ["amount", -0.84, "1,209.90"],
      ["days since the last transfer", 0.71, "3"],
      ["country_of_the_receiving_bank_account", 0.4, "PT"],
      ["age", 0.22, null],
      ["device", -0.2, "iOS 17.4, a rather long description of the device"],
      ["hour", 0.11, "23"],
      ["weekday", -0.05, "Mon"],
      ["tenure", 0.02, "6 y"],
      ["x9", 0.01, null],
      ["x10", -0.004, "0"],
    ],
    more: 12,
  },
  { type: "heat_map", field: "attention", buffer: 2, width: 14, height: 14, scale: 0.8 },
  {
    type: "similar",
    field: "neighbours",
    examples: [
      { text: "When do I get my money back?", label: "refund", similarity: 0.912 },
      { text: "", label: "0", similarity: 0.87, buffer: 3, mime: "image/png" },
      { text: "My transfer is not there after three days", label: "transfer late", similarity: 0.855 },
    ],
    more: 2,
  },
  { type: "markdown", field: "rationale", text: "They ask for **money** that has *not arrived*." },
];

const heat: Extract<Block, { type: "heat_map" }> = {
  type: "heat_map",
  field: "heat",
  buffer: 0,
  width: 8,
  height: 8,
  scale: 0.25,
};
const whole = () => new Promise<string>((resolve) => setTimeout(resolve, 50, `${COMPLAINT}\n`.repeat(700)));
const root = document.querySelector("main");
if (root === null) throw new Error("no place to draw in");
render(
  <PageFormatter.Provider value={signal(markdown)}>
    <div class="hitl">
      <Blocks
        blocks={everything}
        images={
          new Map([
            [0, digit],
            [1, landscape],
          ])
        }
        buffers={[digitHeat]}
        overlay={{ heatMap: heat, words: null }}
        loadFull={whole}
      />
      <hr />
      <Explanation
        blocks={reasons}
        images={new Map([[3, small]])}
        buffers={[digitHeat, digitHeat, blob]}
        overlay={{ heatMap: null, words: null }}
        loadFull={whole}
      />
    </div>
  </PageFormatter.Provider>,
  root,
);
document.documentElement.dataset.ready = "true";
