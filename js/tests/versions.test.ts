/** What an earlier version of the model said, beside what it says now. */
import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import type { Item } from "../src/protocol";
import type { FakeKernelOptions } from "./fake_kernel";
import { forget, newestDecision, type Opened, openCard, painted, press, pressAll, ticket } from "./mounted";

const BEFORE = { model_version: "v1", value: "card lost" };

let page: Opened;

afterEach(() => forget(page));

async function open(options: FakeKernelOptions): Promise<void> {
  page = await openCard(options);
  page.host.querySelector<HTMLElement>('[data-hitl="review"]')?.focus();
}

function updated(i: number, extra: Partial<Item> = {}): Item {
  return ticket(i, { model_version: "v2", earlier: BEFORE, ...extra });
}

const versions = () =>
  Array.from(page.host.querySelectorAll(".hitl-versions > div"), (version) =>
    Array.from(version.children, (part) => part.textContent),
  );
const announced = () => page.host.querySelector('[aria-live="polite"]')?.textContent ?? "";
const region = () => page.host.querySelector('[aria-label="Prediction"]') as HTMLElement;

test("what both versions say stands side by side, and is read out as a sentence", async () => {
  await open({ items: [updated(0)] });
  expect(versions()).toEqual([
    ["v1 said", "card lost"],
    ["v2 says", "refund"],
  ]);
  expect(announced()).toBe("Item t0: v1 said card lost, v2 says refund, 60% sure.");
  const { violations } = await axe.run(page.host, { rules: { "color-contrast": { enabled: false } } });
  expect(violations).toEqual([]);
});

test("where the versions agree nothing is new", async () => {
  await open({ items: [ticket(0, { model_version: "v2" })] });
  expect(versions()).toEqual([]);
  expect(region().textContent).toBe("Prediction60% surerefund");
  expect(announced()).toBe("Item t0: predicted refund, 60% sure.");
});

test.each([
  ["before", { earlier: { model_version: "v1", value: null } }, "v1 said nothing, v2 says refund, 60% sure."],
  ["now", { prediction: null, candidates: [] }, "v1 said card lost, v2 says nothing."],
] as const)("nothing is something to say too: %s", async (_, extra, sentence) => {
  await open({ items: [updated(0, extra)] });
  expect(announced()).toBe(`Item t0: ${sentence}`);
  expect(versions().flat()).toContain("nothing");
});

test.each<readonly [string, FakeKernelOptions, readonly string[]]>([
  [
    "sets",
    {
      items: [
        updated(0, {
          prediction: { value: ["refund", "other"], confidence: null },
          earlier: { ...BEFORE, value: [] },
        }),
      ],
      session: { task: "multi_label" },
    },
    ["no label", "refundother"],
  ],
  [
    "numbers",
    {
      items: [
        updated(0, { prediction: { value: 9, confidence: null }, earlier: { ...BEFORE, value: 7.25 }, candidates: [] }),
      ],
      labels: { unit: "kg", step: 1, tolerance: 0, minimum: null, maximum: null },
      session: { task: "regression" },
    },
    ["7.25 kg", "9 kg"],
  ],
  [
    "a task for which the page has no editor",
    {
      items: [updated(0, { prediction: { value: { grade: 9 }, confidence: null }, earlier: { ...BEFORE, value: 7 } })],
      session: { task: "grades" },
    },
    ["7", '{"grade":9}'],
  ],
])("%s are said in the task's own words", async (_, options, said) => {
  await open(options);
  expect(versions().map(([, words]) => words)).toEqual(said);
});

test("an earlier item has both again, and in blind review neither is there before the answer", async () => {
  await open({ items: [updated(0), updated(1), updated(2)], blind: new Set(["t1"]) });
  await pressAll(page.host, "a");
  expect(region().textContent).toBe("PredictionHidden until you have answered");
  expect(announced()).toContain("Item t1: answer first");
  await pressAll(page.host, "3");
  expect(versions().flat()).toEqual(["v1 said", "card lost", "v2 says", "refund"]);
  await pressAll(page.host, "Enter", "ArrowLeft", "ArrowLeft");
  expect(page.host.querySelector("[data-item-id]")?.getAttribute("data-item-id")).toBe("t0");
  expect(versions()).toHaveLength(2);
});

test("under an open card the item on the screen comes again, and a key counts only once that was seen", async () => {
  await open({ items: [ticket(0), ticket(1)] });
  expect(versions()).toEqual([]);
  page.kernel.update(
    [0, 1].map((i) => updated(i, { prediction: { value: "other", confidence: 0.9 } })),
    "v2",
  );
  press(page.host, "a");
  expect(page.kernel.log.events).toEqual([]);
  await painted();
  expect(versions().flat()).toEqual(["v1 said", "card lost", "v2 says", "other"]);
  expect(page.host.querySelector(".hitl-last")?.textContent).toBe("From here on the model is v2.");
  await pressAll(page.host, "a");
  expect(newestDecision(page.kernel)).toEqual(["accept", "other"]);
  expect(page.kernel.log.events[0]).toMatchObject({ model_version: "v2" });
});
