/** An explanation that comes after its item: taken over in place, under the hands of a reviewer who may be at work. */
import { afterEach, expect, test } from "vitest";
import type { FakeKernelOptions } from "./fake_kernel";
import { forget, type Opened, openCard, painted, press, ticket } from "./mounted";

const AWAITED = { type: "missing", field: "why", message: "The explanation is being made…" } as const;
const MADE = { type: "contributions", field: "why", rows: [["amount", 0.4, "9.90"]] } as const;

let page: Opened | undefined;

afterEach(() => forget(page));

async function open(more: Partial<FakeKernelOptions> = {}): Promise<Opened> {
  page = await openCard({ items: [awaiting(0), awaiting(1), awaiting(2)], ...more });
  (page.host.querySelector('[data-hitl="review"]') as HTMLElement).focus();
  return page;
}

function awaiting(i: number) {
  return ticket(i, { explanation: [AWAITED] });
}

function made(i: number) {
  return ticket(i, { explanation: [MADE] });
}

function explanation(host: HTMLElement): string {
  return host.querySelector('[aria-label="Explanation"]')?.textContent ?? "";
}

test("an explanation takes the place of what stood for it, and nothing else is touched", async () => {
  const { host, kernel, review } = await open();
  expect(explanation(host)).toContain("The explanation is being made…");
  const item = host.querySelector(".hitl-item") as HTMLElement;
  const subject = item.querySelector(".hitl-field") as HTMLElement;
  item.scrollTop = 30;
  review.sight.stopwatch.setOnScreen({}, true);
  const comment = host.querySelector("textarea, input[type=text]") as HTMLTextAreaElement;
  comment.focus();
  comment.value = "half a sen";
  comment.dispatchEvent(new Event("input", { bubbles: true }));
  await painted();
  const watch = review.sight.stopwatch.seconds;
  expect(watch).toBeGreaterThan(0);

  kernel.sendAgain(made(0));
  await painted();
  expect(explanation(host)).toContain("amount");
  expect(explanation(host)).not.toContain("being made");
  expect(host.querySelector(".hitl-item")).toBe(item);
  expect(item.querySelector(".hitl-field")).toBe(subject);
  expect(item.scrollTop).toBe(30);
  expect(document.activeElement).toBe(comment);
  expect(comment.value).toBe("half a sen");
  expect(review.draft.fields.peek().comment).toBe("half a sen");
  expect(review.sight.stopwatch.seconds).toBeGreaterThan(watch);
});

test("words that come after their text was opened stand beside it, and the text stays open", async () => {
  const blocks = [{ type: "text", field: "letter", text: "Where is my money", clipped: 30 }] as const;
  const words = {
    type: "token_weights",
    field: "why",
    tokens: [{ text: "Where is", weight: 1 }],
    clipped: 30,
  } as const;
  const { host, kernel } = await open({ items: [ticket(0, { blocks, explanation: [AWAITED] })] });
  const all = [...host.querySelectorAll("button")].find(({ textContent }) => textContent?.startsWith("Show all"));
  all?.click();
  await painted();
  const text = host.querySelector('.hitl-item [aria-label="letter"]');
  expect(text?.textContent).toBe("the whole text");
  kernel.sendAgain(ticket(0, { blocks, explanation: [words] }));
  await painted();
  expect(host.querySelector('.hitl-item [aria-label="letter"]')).toBe(text);
  expect(explanation(host)).toContain("Where is");
  expect(explanation(host)).toContain("Show all 30 characters");
});

test("a decision says whether the explanation was there", async () => {
  const { host, kernel } = await open();
  press(host, "a");
  await painted();
  kernel.sendAgain(made(1));
  await painted();
  press(host, "a");
  await painted();
  expect(kernel.log.events).toMatchObject([
    { item_id: "t0", explained: false },
    { item_id: "t1", explained: true },
  ]);
});

test("a key pressed before the explanation was painted counts, and does not claim to have seen it", async () => {
  const { host, kernel } = await open();
  kernel.sendAgain(made(0));
  press(host, "a");
  await painted();
  expect(kernel.log.events).toMatchObject([{ item_id: "t0", action: "accept", explained: false }]);
});

test("what has failed or is missing is no explanation", async () => {
  const { host, kernel } = await open();
  kernel.sendAgain(
    ticket(0, { explanation: [AWAITED, { type: "unreadable", field: "why", message: "a weight is not finite" }] }),
  );
  await painted();
  press(host, "a");
  await painted();
  expect(kernel.log.events).toMatchObject([{ item_id: "t0", explained: false }]);
});

test("an item sent again before its answer stays hidden, and a key for the prediction waits until that is seen", async () => {
  const { host, kernel } = await open({ blind: new Set(["t0"]) });
  kernel.sendAgain(made(0));
  await painted();
  expect(explanation(host)).toBe("");
  press(host, "3");
  await painted();
  expect(explanation(host)).toContain("amount");
  expect(kernel.log.events).toMatchObject([{ item_id: "t0", blind: true, explained: false }]);
});

test("an item far ahead, or one that has changed, is taken as it comes", async () => {
  const { host, kernel, review } = await open();
  kernel.sendAgain(made(2));
  kernel.sendAgain({ ...made(1), content_hash: "changed" });
  for (const key of ["a", "s"]) {
    press(host, key);
    await painted();
  }
  expect(review.scene.peek().held?.item).toMatchObject({ item_id: "t2", explanation: [MADE] });
});
