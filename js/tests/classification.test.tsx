import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Draft } from "../src/draft";
import { openEditor } from "../src/editors";
import { LabelSearch } from "../src/editors/label_search";
import { type Opened, openCard, painted, press, ticket, tickets } from "./mounted";

const MANY = Array.from({ length: 5_000 }, (_, i) => `label ${String(i).padStart(4, "0")}`);
const SPEC = { labels: MANY.map((value) => ({ value, key: null })) };
const ITEM = {
  prediction: { value: "label 0042", confidence: 0.5 },
  candidates: ["label 0042", "label 4711", "label 0007"].map((value, i) => ({ value, probability: 0.5 / (i + 1) })),
};

let page: Opened;

async function open(): Promise<HTMLInputElement> {
  page = await openCard({ items: tickets(3, ITEM), labels: SPEC });
  (page.host.firstElementChild as HTMLElement).focus();
  press(page.host, "/");
  await painted();
  return page.host.querySelector('[role="combobox"]') as HTMLInputElement;
}

async function type(input: HTMLInputElement, text: string): Promise<void> {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await painted();
}

function options(): HTMLElement[] {
  return [...page.host.querySelectorAll<HTMLElement>('[role="option"]')];
}

function active(input: HTMLInputElement): string | undefined {
  const id = input.getAttribute("aria-activedescendant");
  return (
    options()
      .find((option) => option.id === id)
      ?.querySelector("bdi")?.textContent ?? undefined
  );
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  page?.closing.abort();
  page?.host.remove();
});

describe("with 5,000 labels", () => {
  test("a keystroke draws a handful of rows, whatever it finds", async () => {
    const input = await open();
    expect(document.activeElement).toBe(input);
    for (const typed of ["", "l", "label", "label 4", "4711", "nothing like it"]) {
      await type(input, typed);
      expect(options().length).toBeLessThan(20);
    }
    expect(options()).toEqual([]);
  });

  test("Enter picks what is typed, and decides", async () => {
    const input = await open();
    await type(input, "1234");
    expect(active(input)).toBe("label 1234");
    press(page.host, "Enter");
    await painted();
    expect(page.kernel.log.newest()).toMatchObject({ action: "correct", value: "label 1234" });
    expect(document.activeElement).toBe(page.host.firstElementChild);
  });

  test.each([{ isComposing: true }, { keyCode: 229 }])(
    "Enter that ends a composed word picks nothing (%o)",
    async (ending) => {
      const input = await open();
      await type(input, "1234");
      press(page.host, "Enter", ending);
      await painted();
      expect(page.kernel.log.events).toEqual([]);
      expect(document.activeElement).toBe(input);
    },
  );

  test("nothing is chosen before something is typed or an arrow pressed", async () => {
    const input = await open();
    expect(active(input)).toBeUndefined();
    press(page.host, "Enter");
    await painted();
    expect(page.kernel.log.events).toEqual([]);
    press(page.host, "ArrowDown");
    await painted();
    expect(active(input)).toBe("label 0042");
  });

  test("arrows move through rows that are not drawn yet", async () => {
    const input = await open();
    await type(input, "label");
    for (let i = 0; i < 30; i++) press(page.host, "ArrowDown");
    await painted();
    expect(active(input)).toBe("label 0030");
  });

  test("the candidates stand first and have the digits", async () => {
    await open();
    expect(
      options()
        .slice(0, 3)
        .map((option) => option.querySelector("bdi")?.textContent),
    ).toEqual(["label 0042", "label 4711", "label 0007"]);
    (page.host.firstElementChild as HTMLElement).focus();
    press(page.host, "2");
    await painted();
    expect(page.kernel.log.newest()).toMatchObject({ action: "correct", value: "label 4711" });
    press(page.host, "1");
    await painted();
    expect(page.kernel.log.newest()).toMatchObject({ action: "accept", value: "label 0042" });
  });

  test("Escape first empties the search, then leaves it", async () => {
    const input = await open();
    await type(input, "12");
    press(page.host, "Escape");
    await painted();
    expect(input.value).toBe("");
    press(page.host, "Escape");
    await painted();
    expect(document.activeElement).toBe(page.host.firstElementChild);
  });
});

describe("search", () => {
  const search = new LabelSearch(["Überweisung", "Karte über Nacht", "hinüber", "uber", "straße", "Ελλάδα"]);

  test("has no regard for case and accents: the same first, then beginnings, words and middles", () => {
    expect(search.find("UBER")).toEqual(["uber", "Überweisung", "Karte über Nacht", "hinüber"]);
    expect(search.find("ελλαδα")).toEqual(["Ελλάδα"]);
    expect(search.find("zzz")).toEqual([]);
  });

  test.each([
    ["cat", ["cat food", "cat"]],
    ["Rosé", ["Rose", "rosé", "Rosé"]],
    ["rosé", ["Rose", "Rosé"]],
    ["rose", ["Rosé wine", "Rosé"]],
  ])("puts the label that is %s itself before those that are like it", (typed, labels) => {
    expect(new LabelSearch(labels).find(typed)[0]).toBe(labels.at(-1));
  });

  test.each([
    ["मील", ["माल", "मेल", "मील"]],
    ["กี", ["กา", "กิ", "กี"]],
    ["が", ["か", "が"]],
  ])("leaves the marks that make %s another word than its like", (typed, labels) => {
    expect(new LabelSearch(labels).find(typed)).toEqual([typed]);
  });

  test.each([
    ["dieresis", "Елка", ["Ёлка"]],
    ["vowel points", "שלום", ["שָׁלוֹם"]],
    ["hamza", "احمد", ["أحمد"]],
    ["look of a sign", "❤️", ["❤"]],
  ])("minds no %s where it may be left out", (_, typed, labels) => {
    expect(new LabelSearch(labels).find(typed)).toEqual(labels);
  });

  test("of an accent alone finds nothing, so that nothing is chosen beforehand", async () => {
    const input = await open();
    await type(input, "\u0301");
    expect(active(input)).toBeUndefined();
    press(page.host, "Enter");
    await painted();
    expect(page.kernel.log.events).toEqual([]);
  });

  test("without a word finds everything, in the declared order", () => {
    expect(search.find("  ").length).toBe(6);
  });
});

describe("keys", () => {
  const spec = { labels: [{ value: "X", key: "x" }, ...MANY.slice(0, 20).map((value) => ({ value, key: null }))] };
  const editor = openEditor({ task: "classification", editor: spec });

  test("a label with a key of its own keeps it, digits go to the other candidates", () => {
    const candidates = ["X", "label 0001", "label 0002"].map((value) => ({ value, probability: null }));
    const item = ticket(0, { prediction: null, candidates });
    const draft = new Draft({ store_id: "st-1", session_id: "s-1", reviewer: "ada" }, null);
    expect(["x", "1", "2", "3"].map((key) => editor?.press(key, { item, answered: undefined, draft }))).toEqual([
      { kind: "answer", value: "X" },
      { kind: "answer", value: "label 0001" },
      { kind: "answer", value: "label 0002" },
      null,
    ]);
  });

  test("a task without an editor is said to have none", () => {
    expect(openEditor({ task: "__proto__", editor: {} })).toBeNull();
  });
});
