/** Items to look at: what reviewers meet, from the plainest to the most crowded. */

import type { Block, Item, Json } from "../src/protocol";
import type { FakeKernelOptions } from "../tests/fake_kernel";

const BODIES = [
  "I paid twice for the same order last week and only one of the two payments shows up in the app. Can you check?",
  "My card did not come with the letter. It has been nine days now.",
  "How do I change the PIN? The machine in the shop says it is wrong, but I am sure that it is not.",
  "The transfer to my sister was refused without a reason.",
];
const LABELS = [
  "refund",
  "card lost",
  "card arrival",
  "change PIN",
  "transfer refused",
  "exchange rate",
  "top up",
  "other",
  "verify identity",
  "cash withdrawal",
];

export function labelsOf(n: number) {
  const names = Array.from({ length: n }, (_, i) =>
    i < LABELS.length ? (LABELS[i] ?? "") : `intent ${String(i).padStart(4, "0")} — ${LABELS[i % LABELS.length]}`,
  );
  return { labels: names.map((value, i) => ({ value, key: n <= 9 ? String(i + 1) : null })) };
}

function item(i: number, names: readonly string[], extra: Partial<Item> = {}): Item {
  const label = (k: number) => names[(i + k) % names.length] ?? "";
  const p = 0.42 + ((i * 7) % 50) / 100;
  return {
    item_id: `ticket-${1000 + i}`,
    content_hash: `h${i}`,
    model_version: "v1",
    blind: false,
    blocks: [
      { type: "text", field: "subject", text: ["Where is my money?", "No card yet", "PIN", "Transfer"][i % 4] ?? "" },
      { type: "text", field: "body", text: BODIES[i % 4] ?? "" },
    ],
    prediction: { value: label(0), confidence: p },
    candidates: [
      { value: label(0), probability: p },
      { value: label(1), probability: (1 - p) * 0.7 },
      { value: label(2), probability: (1 - p) * 0.3 },
    ],
    earlier: null,
    explanation: [],
    ...extra,
  };
}

const explanation: readonly Block[] = [
  {
    type: "token_weights",
    field: "why",
    tokens: "I paid twice for the same order last week and only one of the two payments shows up"
      .split(" ")
      .map((text, i) => ({
        text: `${text} `,
        weight: [0, 0.7, 0.9, 0, 0, 0, 0.2, -0.1, -0.2, 0, 0.1, 0, 0, 0, 0.1, 0.5, 0.1][i] ?? 0,
      })),
  },
  {
    type: "contributions",
    field: "features",
    rows: [
      ["amount", 0.61, "9.90"],
      ["age of account", -0.32, "7 y"],
      ["country", 0.12, "PT"],
      ["channel", -0.04, "app"],
    ],
  },
];

export async function scene(name: string): Promise<FakeKernelOptions> {
  const few = (n: number, extra: Partial<Item> = {}, count = 400): FakeKernelOptions => {
    const labels = labelsOf(n);
    const names = labels.labels.map(({ value }) => value);
    return { labels, items: Array.from({ length: count }, (_, i) => item(i, names, extra)) };
  };
  switch (name) {
    case "long":
      return {
        ...few(5, {
          explanation,
          blocks: [
            { type: "text", field: "subject", text: "A long story" },
            { type: "markdown", field: "body", text: `${BODIES.join("\n\n")}\n\n`.repeat(6) },
          ],
        }),
        session: {
          formatted: true,
          guidelines:
            "Be **kind**. A label is what the customer *wants*, not what they mention.\n\n- *refund*: money back\n- *card lost*: the card itself",
        },
      };
    case "explained":
      return { ...few(3, { explanation }), session: { guidelines: "Be **kind**." } };
    case "versions":
      return versions(few(5), (i) => (i % 4 === 3 ? null : (LABELS[(i + 2) % 5] ?? "")));
    case "long versions":
      return versions(
        few(77),
        () => "ا لبطاقة مفقودة منذ أسبوع كامل ولا جواب",
        "s3://models/2026-11-21T19:00:00Z/step-128",
      );
    case "versions of sets":
      return versions(sets(7), (i) => LABELS.slice(0, 7).filter((_, k) => (i + k) % 3 === 0));
    case "versions of numbers":
      return versions(numbers(), (i) => 120.5 + i);
    case "sets":
      return sets(7);
    case "searched sets":
      return sets(77);
    case "numbers":
      return numbers();
    case "images":
      return images();
    case "none":
      return few(3, { prediction: null, candidates: [] });
    case "end":
      return few(3, {}, 4);
    case "empty":
      return { ...few(3), items: [] };
    case "hostile":
      return few(3, {
        item_id: "‮drow\u200bssap",
        blocks: [{ type: "text", field: "<img src=x onerror=alert(1)>", text: "<script>alert(1)</script> ‮abc‬ \u200b" }],
        prediction: { value: "__proto__", confidence: null },
      });
    default:
      return few(Number(name));
  }
}

/** As a second version of the model brings the items, with what the first said of each. */
function versions(
  { items, ...rest }: FakeKernelOptions,
  said: (i: number) => Json,
  model_version = "v1",
): FakeKernelOptions {
  const changed = items.map((one, i) => ({ ...one, model_version: "v2", earlier: { model_version, value: said(i) } }));
  return { ...rest, items: changed, session: { ...rest.session, model_version: "v2" } };
}

function sets(n: number): FakeKernelOptions {
  const labels = labelsOf(n);
  const names = labels.labels.map(({ value }) => value);
  const items = Array.from({ length: 400 }, (_, i) => {
    const { candidates, ...rest } = item(i, names);
    const value = names
      .filter((_, k) => k === i % n || k === (i + 3) % n || (i % 4 === 1 && k < 6))
      .slice(i % 5 === 4 ? 9 : 0);
    return {
      ...rest,
      prediction: { value, confidence: i % 3 === 0 ? null : 0.7 },
      candidates: names.slice(0, 12).map((name, k) => ({ value: name, probability: ((i + 3 * k) % 10) / 10 })),
    };
  });
  return { labels, items, session: { task: "multi_label" } };
}

function numbers(): FakeKernelOptions {
  const editor = { unit: "mg/dl", step: 1, tolerance: 5, minimum: 0, maximum: 400 };
  const items = Array.from({ length: 400 }, (_, i) => ({
    ...item(i, ["x"], { explanation: explanation.slice(1) }),
    prediction: { value: 151.3827409833284 + 37 * (i % 5), confidence: null },
    candidates: [],
  }));
  return { labels: editor, items, session: { task: "regression" } };
}

async function images(): Promise<FakeKernelOptions> {
  const labels = { labels: Array.from({ length: 10 }, (_, i) => ({ value: String(i), key: String(i) })) };
  const pictures = await Promise.all(Array.from({ length: 10 }, (_, i) => picture(String(i))));
  const heat = new Uint8Array(64).map((_, i) => ((i * 37) % 255) - 127);
  const items = Array.from({ length: 400 }, (_, i) => ({
    ...item(
      i,
      labels.labels.map(({ value }) => value),
    ),
    blocks: [{ type: "image", field: "image", buffer: 0, mime: "image/png", width: 8, height: 8 } as const],
    explanation: [{ type: "heat_map", field: "heat", buffer: 1, width: 8, height: 8, scale: 0.4 } as const],
  }));
  const buffersOf = (one: Item) => [pictures[Number(one.item_id.split("-")[1]) % 10] ?? new Uint8Array(), heat];
  return { labels, items, buffersOf };
}

async function picture(text: string): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(8, 8);
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("no canvas");
  pen.fillStyle = "black";
  pen.fillRect(0, 0, 8, 8);
  pen.fillStyle = "white";
  pen.font = "8px monospace";
  pen.fillText(text, 2, 7);
  return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
}
