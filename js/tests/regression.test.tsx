import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { Numbers } from "../src/editors/numbers";
import type { Recordable } from "../src/protocol";
import {
  forget,
  newestDecision,
  type Opened,
  openCard,
  openPage,
  painted,
  press,
  pressAll,
  ticket,
  tickets,
} from "./mounted";

const SPEC = { unit: "kg", step: 0.5, tolerance: 2, minimum: 0, maximum: 200 };
const SAID = 71.38274098332846;
const ITEM = { prediction: { value: SAID, confidence: null }, candidates: [] };

let page: Opened;

async function open(more: Partial<Parameters<typeof openCard>[0]> = {}): Promise<Opened> {
  page = await openCard({ items: tickets(4, ITEM), labels: SPEC, session: { task: "regression" }, ...more });
  (page.host.firstElementChild as HTMLElement).focus();
  return page;
}

const keys = (...pressed: readonly string[]) => pressAll(page.host, ...pressed);

function field(): HTMLInputElement {
  return page.host.querySelector('[role="spinbutton"]') as HTMLInputElement;
}

async function write(text: string): Promise<void> {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  await painted();
}

function why(): string | null | undefined {
  return page.host.querySelector(".hitl-number > p")?.textContent;
}

/** The current item is decided in another tab, in the midst of whatever is being done here. */
function decideElsewhere(): void {
  const { item_id, content_hash } = ticket(0);
  const on = { session_id: "s-1", reviewer: "ada", client_id: "c2", client_seq: 1, item_id, content_hash };
  const decided = { action: "accept", value: SAID, reason: null, comment: null, replaces: null, decided_at: "" };
  page.kernel.elsewhere({ kind: "decide", event_id: "elsewhere", ...on, ...decided } as unknown as Recordable);
}

const newest = () => newestDecision(page.kernel);

afterEach(() => forget(page));

describe("a number", () => {
  test("is shown rounded with its unit, and accepted as it is", async () => {
    await open();
    expect(page.host.querySelector(".hitl-said")?.textContent).toBe("71.3827 kg");
    await keys("a");
    expect(newest()).toEqual(["accept", SAID]);
    expect(page.review.said.value.text).toBe("Accepted as 71.3827 kg.");
  });

  test("is begun by a digit and sent by Enter", async () => {
    await open();
    await keys("8");
    expect(document.activeElement).toBe(field());
    expect(field().value).toBe("8");
    await write("80.5");
    await keys("Enter");
    expect(newest()).toEqual(["correct", 80.5]);
    expect(page.review.said.value.text).toBe("Corrected to 80.5 kg.");
    expect(document.activeElement).toBe(page.host.firstElementChild);
  });

  test("within the tolerance accepts the prediction, and says so before", async () => {
    await open();
    await keys("c");
    await write("73");
    expect(why()).toBe("Agrees with the prediction within ±2 kg");
    await keys("Enter");
    expect(newest()).toEqual(["accept", SAID]);
    await keys("c");
    await write("73.5");
    expect(why()).toBe("Agrees within ±2 kg");
    await keys("Enter");
    expect(newest()).toEqual(["correct", 73.5]);
  });

  test("left as it is shown, rounded, is the predicted one itself", async () => {
    await open({ labels: { ...SPEC, tolerance: 0 } });
    await keys("c");
    expect(field().value).toBe("71.3827");
    await keys("Enter");
    expect(newest()).toEqual(["accept", SAID]);
  });

  test("is stepped by the arrows to multiples of the step, and no further than the range", async () => {
    await open();
    await keys("c", "ArrowUp");
    expect(field().value).toBe("71.5");
    await keys("ArrowUp", "ArrowDown", "ArrowDown");
    expect(field().value).toBe("71");
    await write("199.9");
    await keys("ArrowUp", "ArrowUp");
    expect(field().value).toBe("200");
  });

  test.each([
    ["3,5", "ArrowUp", "3,5"],
    ["-", "ArrowDown", "-"],
    ["1e999", "ArrowDown", "1e999"],
    ["250", "ArrowDown", "199.5"],
    ["250", "ArrowUp", "200"],
    ["-20", "ArrowUp", "0.5"],
    ["", "ArrowUp", "0.5"],
  ])("written as %o comes by %s to %o: what cannot be read is left alone", async (text, key, then) => {
    await open();
    await keys("c");
    await write(text);
    await keys(key);
    expect(field().value).toBe(then);
  });

  test.each([
    ["", "Write a number."],
    ["-1", "At least 0 kg."],
    ["201", "At most 200 kg."],
    ["1,5", "Not a number: write it as in -1234.5."],
    ["0x10", "Not a number: write it as in -1234.5."],
    ["Infinity", "Not a number: write it as in -1234.5."],
    ["1e999", "Too large a number."],
  ])("written as %o is not sent, and says why", async (written, said) => {
    await open();
    await keys("c");
    await write(written);
    await keys("Enter");
    expect(page.kernel.log.events).toEqual([]);
    expect(why()).toBe(said);
    expect(field().getAttribute("aria-invalid")).toBe("true");
  });

  test.each([{ isComposing: true }, { keyCode: 229 }])(
    "is not sent by Enter that ends a composed one (%o)",
    async (ending) => {
      await open();
      await keys("8");
      press(page.host, "Enter", ending);
      await painted();
      expect(page.kernel.log.events).toEqual([]);
      expect(document.activeElement).toBe(field());
    },
  );

  test("is not sent before the field was entered", async () => {
    await open();
    const send = page.host.querySelector(".hitl-number .hitl-button") as HTMLButtonElement;
    send.click();
    await keys("Enter");
    expect(send.getAttribute("aria-disabled")).toBe("true");
    expect(page.kernel.log.events).toEqual([]);
  });

  test("without a prediction is asked for", async () => {
    await open({ items: tickets(2, { prediction: null, candidates: [] }) });
    expect(field().value).toBe("");
    await keys("c", "Enter");
    expect(why()).toBe("Write a number.");
    await write("3");
    await keys("Enter");
    expect(newest()).toEqual(["correct", 3]);
  });

  test("answered blind begins with nothing, and after it with the answer", async () => {
    await open({ blind: new Set(["t0"]) });
    expect(field().value).toBe("");
    await keys("7");
    await write("75");
    expect(why()).toBe("Agrees within ±2 kg");
    await keys("Enter");
    expect(newest()).toEqual(["correct", 75]);
    expect(page.host.querySelector(".hitl-said")?.textContent).toBe("71.3827 kg");
    expect(field().value).toBe("75");
    await keys("Enter");
    expect(page.kernel.log.events.length).toBe(1);
    expect(page.review.scene.value.place?.item_id).toBe("t1");
  });

  test("that is begun outlives a reload", async () => {
    await open();
    await keys("8");
    page.closing.abort();
    page.host.remove();
    const again = openPage({ items: tickets(4, ITEM), labels: SPEC, session: { task: "regression" } });
    expect(again.review.draft.fields.value).toMatchObject({ form: "editor", begun: "8" });
    again.closing.abort();
  });

  test("begun as its item is decided elsewhere is no beginning of the next item's", async () => {
    await open();
    await keys("1");
    decideElsewhere();
    await painted();
    expect(page.review.scene.value.place?.item_id).toBe("t1");
    expect(document.activeElement).toBe(page.host.firstElementChild);
    await keys("2", "Enter");
    expect(newest()).toEqual(["correct", 2]);
  });

  test("is not written before the item that it would be of has been painted", async () => {
    await open();
    await keys("1");
    decideElsewhere();
    field().value = "12";
    field().dispatchEvent(new Event("input", { bubbles: true }));
    await painted();
    expect(page.review.draft.fields.value.begun).toBeNull();
    expect(field().value).toBe("71.3827");
  });

  test("has nothing that axe would find wrong", async () => {
    await open();
    expect((await axe.run(page.host)).violations).toEqual([]);
    await keys("c");
    await write("x");
    expect((await axe.run(page.host)).violations).toEqual([]);
  });
});

describe("in words", () => {
  const numbers = new Numbers({});

  test.each([
    [0, "0"],
    [-0.5, "-0.5"],
    [1234567, "1,234,567"],
    [1234567.891234, "1,234,568"],
    [0.1 + 0.2, "0.3"],
    [1 / 3, "0.333333"],
    [-200 / 3, "-66.6667"],
    [1e-9 / 3, "3.33333e-10"],
    [1e21, "1e+21"],
    [2 ** 53, "9,007,199,254,740,992"],
    [123456.789, "123,456.789"],
  ])("%d reads %s", (value, said) => {
    expect(numbers.text(value)).toBe(said);
  });

  test("steps of a tenth stay tenths", () => {
    const tenths = new Numbers({ step: 0.1 });
    let value = 0;
    for (let i = 0; i < 12; i++) value = tenths.stepped(value, 1);
    expect(value).toBe(1.2);
    for (let i = 0; i < 15; i++) value = tenths.stepped(value, -1);
    expect(value).toBe(-0.3);
  });

  test("numbers agree as they do in Python", () => {
    const close = new Numbers({ tolerance: 0.1 });
    expect(close.agree(1.1, 1)).toBe(true);
    expect(close.agree(1.11, 1)).toBe(false);
    expect(numbers.agree(0.1 + 0.2, 0.3)).toBe(false);
    expect(numbers.agree(0.3, 0.3)).toBe(true);
  });

  test("a unit is text, whatever it looks like", async () => {
    await open({ labels: { ...SPEC, unit: "<b>kg</b>" } });
    expect(page.host.querySelector(".hitl-number b")).toBeNull();
    expect(page.host.querySelector(".hitl-number-row > bdi")?.textContent).toBe("<b>kg</b>");
  });
});
