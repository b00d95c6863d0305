import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { openEditor } from "../src/editors";
import { forget, LABELS, newestDecision, type Opened, openCard, openPage, painted, pressAll, tickets } from "./mounted";

const ITEM = {
  prediction: { value: ["refund", "other"], confidence: null },
  candidates: [
    { value: "refund", probability: 0.9 },
    { value: "other", probability: 0.6 },
    { value: "card lost", probability: 0.2 },
  ],
};
const MANY = { labels: Array.from({ length: 77 }, (_, i) => ({ value: `label ${i}`, key: null })) };

let page: Opened;

async function open(more: Partial<Parameters<typeof openCard>[0]> = {}): Promise<Opened> {
  page = await openCard({ items: tickets(4, ITEM), labels: LABELS, session: { task: "multi_label" }, ...more });
  (page.host.firstElementChild as HTMLElement).focus();
  return page;
}

const keys = (...pressed: readonly string[]) => pressAll(page.host, ...pressed);

function ticked(): (string | null | undefined)[] {
  return [...page.host.querySelectorAll('[role="checkbox"][aria-checked="true"] bdi')].map((one) => one.textContent);
}

function sending(): HTMLButtonElement {
  return page.host.querySelector(".hitl-set > .hitl-button") as HTMLButtonElement;
}

const newest = () => newestDecision(page.kernel);

afterEach(() => forget(page));

describe("a set of labels", () => {
  test("is accepted by one key, with all that was predicted", async () => {
    await open();
    expect([...page.host.querySelectorAll(".hitl-chips li")].map((chip) => chip.textContent)).toEqual([
      "refund",
      "other",
    ]);
    await keys("a");
    expect(newest()).toEqual(["accept", ["refund", "other"]]);
  });

  test("is ticked by keys from the predicted labels on, and sent by Enter in the declared order", async () => {
    await open();
    expect(ticked()).toEqual(["refund", "other"]);
    await keys("1", "2");
    expect(ticked()).toEqual(["card lost", "other"]);
    expect(page.kernel.log.events).toEqual([]);
    await keys("Enter");
    expect(newest()).toEqual(["correct", ["card lost", "other"]]);
    expect(page.review.said.value.text).toBe("Corrected to card lost, other.");
  });

  test("that is the predicted one again is an accept", async () => {
    await open();
    await keys("2", "2", "Enter");
    expect(newest()).toEqual(["accept", ["refund", "other"]]);
  });

  test("may be empty", async () => {
    await open();
    await keys("1", "3");
    expect(sending().textContent).toContain("Send no label");
    await keys("Enter");
    expect(newest()).toEqual(["correct", []]);
    expect(page.review.said.value.text).toBe("Corrected to no label.");
  });

  test("is not sent before something was ticked or the editor opened", async () => {
    await open();
    await keys("Enter");
    sending().click();
    expect(sending().getAttribute("aria-disabled")).toBe("true");
    expect(page.kernel.log.events).toEqual([]);
    await keys("c", "Enter");
    expect(newest()).toEqual(["accept", ["refund", "other"]]);
  });

  test("without a prediction begins empty, and can be sent so", async () => {
    await open({ items: tickets(2, { prediction: null, candidates: [] }) });
    await keys("c", "Enter");
    expect(newest()).toEqual(["correct", []]);
  });

  test("begins with the reviewer's own answer on an earlier item", async () => {
    await open();
    await keys("1", "Enter", "ArrowLeft");
    expect(ticked()).toEqual(["other"]);
    await keys("2", "Enter");
    expect(newest()).toEqual(["correct", ["card lost", "other"]]);
  });

  test("is left by Escape, which does not leave the earlier item too", async () => {
    await open();
    await keys("1", "Enter", "ArrowLeft", "c", "Escape");
    expect(document.activeElement).toBe(page.host.firstElementChild);
    expect(page.review.scene.value.place?.item_id).toBe("t0");
    await keys("Escape");
    expect(page.review.scene.value.place?.item_id).toBe("t1");
  });

  test("is ticked by mouse, and sent by Enter on a focused label", async () => {
    await open();
    const boxes = [...page.host.querySelectorAll<HTMLElement>('[role="checkbox"]')];
    boxes[1]?.click();
    await painted();
    expect(ticked()).toEqual(["refund", "card lost", "other"]);
    await keys("c");
    expect(document.activeElement).toBe(boxes[0]);
    await keys("ArrowDown");
    expect(document.activeElement).toBe(boxes[1]);
    await keys("Enter");
    expect(newest()).toEqual(["correct", ["refund", "card lost", "other"]]);
  });

  test("that is begun outlives a reload, and nothing else of it", async () => {
    await open();
    await keys("2");
    page.closing.abort();
    page.host.remove();
    const again = openPage({ items: tickets(4, ITEM), labels: LABELS, session: { task: "multi_label" } });
    expect(again.review.draft.fields.value.begun).toEqual(["refund", "card lost", "other"]);
    again.review.skip();
    expect(again.review.draft.fields.value.begun).toBeNull();
    again.closing.abort();
  });

  test("with a label that the task does not have is sent without it", async () => {
    await open();
    page.review.draft.change({ begun: ["__proto__", "refund", 3] });
    await painted();
    await keys("Enter");
    expect(newest()).toEqual(["correct", ["refund"]]);
  });
});

describe("with 77 labels", () => {
  const items = tickets(3, { prediction: { value: ["label 7", "label 3"], confidence: null }, candidates: [] });
  const options = () => [...page.host.querySelectorAll<HTMLElement>('[role="option"]')];
  const texts = (some: readonly HTMLElement[]) => some.map((one) => one.querySelector("bdi")?.textContent);

  test("labels are found, ticked by Enter, and sent by another Enter", async () => {
    await open({ items, labels: MANY });
    await keys("/");
    const input = page.host.querySelector('[role="combobox"]') as HTMLInputElement;
    for (const typed of ["label 42", "label 7"]) {
      input.value = typed;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await painted();
      await keys("Enter");
      expect(input.value).toBe("");
    }
    expect(page.kernel.log.events).toEqual([]);
    expect(texts(options().filter((one) => one.getAttribute("aria-selected") === "true"))).toEqual([
      "label 3",
      "label 42",
    ]);
    await keys("Enter");
    expect(newest()).toEqual(["correct", ["label 3", "label 42"]]);
  });

  test("those that were predicted stand first, keep their digits, and are not lost when unticked", async () => {
    await open({ items, labels: MANY });
    expect(texts(options().slice(0, 2))).toEqual(["label 7", "label 3"]);
    await keys("1");
    expect(texts(options().slice(0, 2))).toEqual(["label 7", "label 3"]);
    await keys("1", "2", "Enter");
    expect(newest()).toEqual(["correct", ["label 7"]]);
  });
});

describe("answered blind", () => {
  const blind = new Set(["t0", "t1"]);

  test("a set begins empty, is kept by Enter, and shows no prediction before", async () => {
    await open({ blind });
    expect(ticked()).toEqual([]);
    expect(page.host.querySelector(".hitl-chips")).toBeNull();
    await keys("2", "Enter");
    expect(newest()).toEqual(["correct", ["card lost"]]);
    expect(page.host.querySelector(".hitl-chips")?.textContent).toBe("refundother");
    expect(ticked()).toEqual(["card lost"]);
    await keys("Enter");
    expect(page.kernel.log.events.length).toBe(1);
    expect(page.review.scene.value.place?.item_id).toBe("t1");
  });

  test("what is ticked after the prediction was seen is sent as a change", async () => {
    await open({ blind });
    await keys("2", "Enter", "1", "Enter");
    expect(page.kernel.log.events.length).toBe(2);
    expect(newest()).toEqual(["correct", ["refund", "card lost"]]);
    expect(page.review.scene.value.place?.item_id).toBe("t1");
  });
});

test("axe finds nothing wrong", async () => {
  await open();
  await keys("2");
  expect((await axe.run(page.host)).violations).toEqual([]);
  page.closing.abort();
  page.host.remove();
  await open({ labels: MANY });
  await keys("/", "1");
  expect((await axe.run(page.host)).violations).toEqual([]);
});

test("what is no list of texts is shown as it is, and never breaks the page", () => {
  const editor = openEditor({ task: "multi_label", editor: { labels: "no list" } });
  expect(editor?.text({ a: 1 })).toBe('{"a":1}');
  expect(editor?.text([1, "b"])).toBe("1, b");
});
