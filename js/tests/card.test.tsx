import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import widget from "../src/index";
import { FakeKernel, type FakeKernelOptions } from "./fake_kernel";
import { LABELS, type Opened, openCard, painted, press, tickets } from "./mounted";

const opened: Opened[] = [];

async function open(n: number, more: Partial<FakeKernelOptions> = {}): Promise<Opened> {
  const page = await openCard({ items: tickets(n), ...more });
  opened.push(page);
  root(page).focus();
  return page;
}

function root({ host }: Opened): HTMLElement {
  return host.querySelector('[data-hitl="review"]') as HTMLElement;
}

function itemId({ host }: Opened): string | null {
  return host.querySelector("[data-item-id]")?.getAttribute("data-item-id") ?? null;
}

function button({ host }: Opened, name: string): HTMLButtonElement {
  const named = [...host.querySelectorAll("button")].find((one) => nameOf(one) === name);
  if (named === undefined) throw new Error(`there is no button ${name}`);
  return named;
}

/** The accessible name: what is written in it and not hidden from assistive technology. */
function nameOf(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const hidden of copy.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
  return copy.textContent?.trim() ?? "";
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  for (const { closing, host } of opened.splice(0)) {
    closing.abort();
    host.remove();
  }
});

describe("the card's keys", () => {
  test("accept, answer, skip and undo, one item a key", async () => {
    const page = await open(6);
    for (const [key, next] of [
      ["a", "t1"],
      ["2", "t2"],
      ["s", "t3"],
      ["u", "t2"],
    ] as const) {
      const event = press(page.host, key);
      expect(event.defaultPrevented).toBe(true);
      await painted();
      expect(itemId(page)).toBe(next);
    }
    expect(page.kernel.log.standing().map(({ action, value }) => [action, value])).toEqual([
      ["correct", "card lost"],
      ["accept", "refund"],
    ]);
  });

  test("do nothing before the item is painted, and nothing when they repeat", async () => {
    const page = await open(6);
    press(page.host, "a");
    press(page.host, "a");
    press(page.host, "a", { repeat: true });
    await painted();
    expect(itemId(page)).toBe("t1");
    press(page.host, "a", { repeat: true });
    await painted();
    expect(itemId(page)).toBe("t1");
    expect(page.kernel.log.events.length).toBe(1);
  });

  test("stop at the card where it uses them, Tab and the others go on", async () => {
    const page = await open(3);
    const heard: string[] = [];
    const listener = (event: KeyboardEvent) => heard.push(event.key);
    document.addEventListener("keydown", listener);
    for (const key of ["?", "Escape", "a", "Tab", "b", "F5"]) press(page.host, key);
    press(page.host, "s", { ctrlKey: true });
    document.removeEventListener("keydown", listener);
    expect(heard).toEqual(["Tab", "b", "F5", "s"]);
    expect(root(page).dataset.lmSuppressShortcuts).toBe("true");
  });

  test("decide nothing while a sheet lies over the item", async () => {
    const page = await open(3);
    press(page.host, "?");
    await painted();
    root(page).focus();
    press(page.host, "a");
    await painted();
    expect(itemId(page)).toBe("t0");
    expect(page.kernel.log.events).toEqual([]);
  });

  test.each([
    ["Keys", "Close the list of keys first: nothing was recorded."],
    ["History", "Close the history first: nothing was recorded."],
  ])("say on the sheet %s that it has to be closed first", async (title, words) => {
    const page = await open(3);
    press(page.host, "a");
    await painted();
    button(page, title).click();
    await painted();
    const sheet = page.host.querySelector('[role="dialog"]');
    expect(sheet?.textContent).not.toContain("Accepted as refund.");
    root(page).focus();
    press(page.host, "2");
    await painted();
    expect(sheet?.querySelector(".hitl-last")?.textContent).toBe(words);
    expect(page.host.querySelector('[role="status"][aria-live="polite"]')?.textContent).toContain(words);
    expect(page.kernel.log.events.length).toBe(1);
  });

  test.each(["Escape", "?", "ArrowLeft", "ArrowRight"])("close a sheet before %s means anything else", async (key) => {
    const page = await open(4);
    for (const before of ["a", "a", "ArrowLeft", "?"]) {
      press(page.host, before);
      await painted();
    }
    root(page).focus();
    press(page.host, key);
    await painted();
    expect(page.host.querySelector('[role="dialog"]')).toBeNull();
    expect(document.activeElement).toBe(root(page));
    expect(itemId(page)).toBe("t1");
  });
});

describe("the flag form", () => {
  test("takes a number and Enter, and gives the focus back to the card", async () => {
    const page = await open(3);
    press(page.host, "f");
    await painted();
    press(page.host, "2");
    await painted();
    const form = page.host.querySelector("form") as HTMLFormElement;
    form.requestSubmit();
    await painted();
    expect(page.kernel.log.newest()).toMatchObject({ action: "flag", reason: "broken or unreadable", comment: null });
    expect(itemId(page)).toBe("t1");
    expect(document.activeElement).toBe(root(page));
  });

  test("is left by Escape, and keeps what was written for as long as the item is there", async () => {
    const page = await open(3);
    press(page.host, "f");
    await painted();
    const field = page.host.querySelector<HTMLInputElement>('form input[type="text"]') as HTMLInputElement;
    field.focus();
    field.value = "looks odd";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    press(page.host, "Escape");
    await painted();
    expect(page.host.querySelector("form")).toBeNull();
    expect(document.activeElement).toBe(root(page));
    press(page.host, "f");
    await painted();
    expect(page.host.querySelector<HTMLInputElement>('form input[type="text"]')?.value).toBe("looks odd");
  });
});

describe("a word that is being composed", () => {
  const ENDINGS = [{ isComposing: true }, { keyCode: 229 }] as const;

  test.each(ENDINGS)("is ended by Enter or Escape in the comment, which stays open (%o)", async (ending) => {
    const page = await open(3);
    press(page.host, "m");
    await painted();
    const field = page.host.querySelector<HTMLInputElement>(".hitl-comment");
    for (const key of ["Enter", "Escape"]) {
      press(page.host, key, ending);
      await painted();
      expect(document.activeElement).toBe(field);
    }
    press(page.host, "a");
    await painted();
    expect(page.kernel.log.events).toEqual([]);
    press(page.host, "Enter");
    await painted();
    expect(document.activeElement).toBe(root(page));
  });

  test.each(ENDINGS)("is given up by Escape in a flag's own words, and the form stays (%o)", async (ending) => {
    const page = await open(3);
    press(page.host, "f");
    await painted();
    const field = page.host.querySelector<HTMLInputElement>('form input[type="text"]');
    field?.focus();
    press(page.host, "Escape", ending);
    await painted();
    expect(page.host.querySelector("form")).not.toBeNull();
    expect(document.activeElement).toBe(field);
  });

  test.each(ENDINGS)("is given up by Escape in the history's filter, and the history stays (%o)", async (ending) => {
    const page = await open(3);
    button(page, "History").click();
    await painted();
    page.host.querySelector<HTMLInputElement>(".hitl-filter")?.focus();
    press(page.host, "Escape", ending);
    await painted();
    expect(page.host.querySelector('[role="dialog"]')).not.toBeNull();
  });
});

describe("the buttons", () => {
  test("have the names that people and tests look for, and their keys beside them", async () => {
    const page = await open(3);
    for (const [name, key] of [
      ["Accept", "a"],
      ["Correct", "c"],
      ["Flag", "f"],
      ["Skip", "s"],
      ["Undo", "u"],
    ] as const) {
      expect(button(page, name).getAttribute("aria-keyshortcuts")).toBe(key);
    }
  });

  test("decide by mouse, and the focus goes to the card, not to the next verdict", async () => {
    const page = await open(3);
    button(page, "Accept").focus();
    button(page, "Accept").dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
    await painted();
    expect(itemId(page)).toBe("t1");
    expect(document.activeElement).toBe(root(page));
  });

  describe("pressed twice in a double click", () => {
    type Find = (page: Opened) => Element;
    const label: Find = ({ host }) => host.querySelectorAll(".hitl-label")[1] as Element;

    /** The click with this number in a row, and what comes of it painted. */
    async function click(page: Opened, find: Find, detail: number): Promise<void> {
      find(page).dispatchEvent(new MouseEvent("click", { bubbles: true, detail }));
      await painted();
    }

    test.each<[string, Find]>([
      ["Accept", (page) => button(page, "Accept")],
      ["Skip", (page) => button(page, "Skip")],
      ["a label", label],
    ])("%s decides one item", async (_, find) => {
      const page = await open(4);
      await click(page, find, 1);
      await click(page, find, 2);
      expect(itemId(page)).toBe("t1");
      expect(page.kernel.log.events.length).toBe(1);
      await click(page, find, 1);
      expect(itemId(page)).toBe("t2");
    });

    test("a label that is under the button that sent a flag is not its answer to the next item", async () => {
      const page = await open(4);
      press(page.host, "f");
      await painted();
      press(page.host, "2");
      await painted();
      button(page, "Send flag").click();
      await painted();
      await click(page, label, 2);
      expect(page.kernel.log.standing().map(({ action }) => action)).toEqual(["flag"]);
    });

    test("a blind answer does not keep itself unseen beside the prediction", async () => {
      const page = await open(4, { blind: new Set(["t0"]) });
      await click(page, label, 1);
      await click(page, label, 2);
      expect(itemId(page)).toBe("t0");
      expect(button(page, "Keep")).toBeDefined();
      expect(page.kernel.log.events.length).toBe(1);
    });

    test("Undo takes two steps back: each of them can be seen, and decided again", async () => {
      const page = await open(4);
      for (const key of ["a", "a"]) {
        press(page.host, key);
        await painted();
      }
      for (const detail of [1, 2]) await click(page, () => button(page, "Undo"), detail);
      expect(itemId(page)).toBe("t0");
      expect(page.kernel.log.standing()).toEqual([]);
    });
  });

  test("do not go off again while a key is held on them", async () => {
    const page = await open(3);
    button(page, "Accept").focus();
    expect(press(page.host, "Enter", { repeat: true }).defaultPrevented).toBe(true);
    expect(press(page.host, "Enter").defaultPrevented).toBe(false);
  });
});

describe("saving", () => {
  test("is said to be done only when the store has everything", async () => {
    const page = await open(3);
    expect(root(page).dataset.saved).toBe("true");
    page.kernel.pause();
    press(page.host, "a");
    await painted();
    expect(root(page).dataset.saved).toBe("false");
    expect(page.host.textContent).toContain("Saving…");
    page.kernel.resume();
    await painted();
    expect(root(page).dataset.saved).toBe("true");
    expect(page.host.textContent).toContain("Saved");
  });

  test("that a problem of the store holds up is told with its remedy and a count", async () => {
    const page = await open(3);
    page.kernel.problem = { message: "the disk is full", remedy: "free some space" };
    page.kernel.publish();
    press(page.host, "a");
    await painted();
    expect(page.host.textContent).toContain("the disk is full");
    expect(page.host.textContent).toContain("free some space");
    expect(page.host.textContent).toContain("1 decision kept in this browser");
  });

  test("a kernel that has ended is told of, and no decision is taken", async () => {
    const page = await open(3);
    page.kernel.pause();
    press(page.host, "a");
    await painted();
    page.kernel.host.set({ status: "restarting" });
    await painted();
    expect(page.host.querySelector('[role="alert"]')?.textContent).toContain("Disconnected");
    expect(page.host.querySelector('[role="alert"]')?.textContent).toContain("1 decision is kept in this browser");
    press(page.host, "a");
    await painted();
    expect(itemId(page)).toBe("t1");
    expect(button(page, "Accept").getAttribute("aria-disabled")).toBe("true");
  });
});

test("the end says what was done, and undo leads back", async () => {
  const page = await open(2);
  for (const key of ["a", "2"]) {
    press(page.host, key);
    await painted();
  }
  expect(page.host.querySelector('[aria-label="Summary"]')?.textContent).toContain("All reviewed");
  press(page.host, "u");
  await painted();
  expect(itemId(page)).toBe("t1");
});

test("what has happened and what comes next is announced", async () => {
  const page = await open(3);
  press(page.host, "2");
  await painted();
  expect(page.host.querySelector('[role="status"][aria-live="polite"]')?.textContent).toBe(
    "Corrected to card lost. Item t1: predicted refund, 60% sure.",
  );
});

test("a refusal is announced as often as it is met, a decision once", async () => {
  const page = await open(3);
  press(page.host, "u");
  await painted();
  const region = page.host.querySelector('[role="status"][aria-live="polite"]') as HTMLElement;
  const heard: string[] = [];
  const observer = new MutationObserver(() => heard.push(region.textContent ?? ""));
  observer.observe(region, { childList: true, characterData: true, subtree: true });
  for (const key of ["u", "u", "a"]) {
    press(page.host, key);
    await painted();
  }
  await expect.poll(() => root(page).dataset.saved).toBe("true");
  observer.disconnect();
  const refused = "There is nothing to undo. Item t0: predicted refund, 60% sure.";
  expect(heard).toEqual([refused, refused, "Accepted as refund. Item t1: predicted refund, 60% sure."]);
});

test("hostile ids, labels and predictions stay text, and names of Object.prototype are labels like others", async () => {
  const names = ["__proto__", "constructor", "<img src=x onerror=alert(1)>"];
  const page = await open(2, {
    labels: { labels: names.map((value, i) => ({ value, key: String(i + 1) })) },
    items: tickets(2, { prediction: { value: "__proto__", confidence: null }, candidates: [] }),
  });
  expect(page.host.querySelector("img, script")).toBeNull();
  expect(page.host.textContent).toContain("<img src=x onerror=alert(1)>");
  press(page.host, "1");
  await painted();
  press(page.host, "2");
  await painted();
  expect(page.kernel.log.standing().map(({ action, value }) => [action, value])).toEqual([
    ["correct", "constructor"],
    ["accept", "__proto__"],
  ]);
});

describe("a view", () => {
  test("shows what another view of the same review does", async () => {
    const kernel = new FakeKernel({ items: tickets(3), labels: LABELS });
    const closing = new AbortController();
    const { initialize, render } = widget();
    initialize({ model: kernel.model, signal: closing.signal });
    const hosts = [0, 1].map(() => document.body.appendChild(document.createElement("div")));
    for (const el of hosts) render({ el, signal: closing.signal });
    await painted();
    press(hosts[0] as HTMLElement, "a");
    await painted();
    const shown = hosts.map((host) => host.querySelector("[data-item-id]")?.getAttribute("data-item-id"));
    expect(shown).toEqual(["t1", "t1"]);
    expect(kernel.log.events.length).toBe(1);
    closing.abort();
    for (const host of hosts) host.remove();
  });

  test("that is removed leaves no listener, neither on the page nor on the model", async () => {
    const counted = countListeners();
    const kernel = new FakeKernel({ items: tickets(3), labels: LABELS });
    const closing = new AbortController();
    const { initialize, render } = widget();
    initialize({ model: kernel.model, signal: closing.signal });
    const el = document.body.appendChild(document.createElement("div"));
    render({ el, signal: closing.signal });
    await painted();
    kernel.pause();
    press(el, "a");
    await painted();
    // The control: while it is there, it listens on both.
    expect(counted.open()).toBeGreaterThan(0);
    expect(kernel.listenerCount).toBeGreaterThan(0);
    closing.abort();
    el.remove();
    await painted();
    expect(counted.open()).toBe(0);
    expect(kernel.listenerCount).toBe(0);
    counted.stop();
  });
});

describe("axe finds nothing wrong", () => {
  const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
  const find = async (host: HTMLElement) =>
    (await axe.run(host, { rules })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);

  test.each([
    ["nothing open", ""],
    ["the flag form", "f"],
    ["the keys", "?"],
    ["the labels", "c"],
  ])("with %s", async (_, key) => {
    const page = await open(3);
    if (key !== "") press(page.host, key);
    await painted();
    expect(await find(page.host)).toEqual([]);
  });

  test("with history, and at the end; and it would find an image without words", async () => {
    const page = await open(1);
    press(page.host, "a");
    await painted();
    expect(await find(page.host)).toEqual([]);
    button(page, "History").click();
    await painted();
    expect(await find(page.host)).toEqual([]);
    root(page).append(document.createElement("img"));
    expect(await find(page.host)).not.toEqual([]);
  });
});

/** Counts listeners on the page that outlive an element: those on the window and the document. */
function countListeners() {
  let count = 0;
  const restore = [window, document].map((target) => {
    const { addEventListener, removeEventListener } = target;
    const own = new Set<unknown>();
    target.addEventListener = (name: string, listener: unknown, options?: unknown) => {
      own.add(listener);
      count++;
      const { signal } = (options ?? {}) as { readonly signal?: AbortSignal };
      signal?.addEventListener("abort", () => own.delete(listener) && count--);
      addEventListener.call(target, name, listener as EventListener, options as AddEventListenerOptions);
    };
    target.removeEventListener = (name: string, listener: unknown) => {
      if (own.delete(listener)) count--;
      removeEventListener.call(target, name, listener as EventListener);
    };
    return () => Object.assign(target, { addEventListener, removeEventListener });
  });
  return { open: () => count, stop: () => restore.map((back) => back()) };
}
