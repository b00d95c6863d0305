/** Hostile texts as everything that the card says around an item: names, labels, reasons, errors, figures. */
import { afterEach, expect, test } from "vitest";
import { dangers } from "../src/blocks/dangers";
import { CORPUS } from "./corpus";
import { look, openCard, painted, press, ticket } from "./mounted";

afterEach(() => {
  document.body.replaceChildren();
});

/** The card's own ids and names are made, not given. */
function strange(host: HTMLElement): readonly string[] {
  return dangers(host).filter((danger) => !/^form$|^div class=hitl$|^\S+ (?:id|name)=P\d+-\d+[a-z0-9-]*$/.test(danger));
}

const AT_ONCE = 25;
const PARTS = Array.from({ length: Math.ceil(CORPUS.length / AT_ONCE) }, (_, part) => part * AT_ONCE);

test.each(PARTS)("no text acts around an item, from text %i on", async (first) => {
  const texts = CORPUS.slice(first, first + AT_ONCE).map(([, text]) => text);
  const text = texts.join("\n\n");
  const labels = texts.map((value, index) => ({ value, key: index < 9 ? String(index + 1) : null }));
  const page = await openCard({
    items: texts.map((one, index) =>
      ticket(index, {
        item_id: one,
        model_version: one,
        prediction: { value: one, confidence: 0.5 },
        earlier: { model_version: one, value: one },
        candidates: [{ value: one, probability: 0.5 }],
      }),
    ),
    labels: { labels },
    session: { name: text, reviewer: text, shown: texts, order: text, model_version: text, guidelines: text },
  });
  page.kernel.problem = { message: text, remedy: text };
  page.kernel.publish();
  for (const key of ["f", "Escape", "c", "Escape", "?", "Escape", "a"]) {
    press(page.host, key);
    await painted();
    expect(strange(page.host)).toEqual([]);
  }
  for (const one of texts) {
    page.review.flag(one, one);
    look(page.review);
  }
  page.review.undo();
  (page.host.querySelector("[aria-expanded]") as HTMLElement).click();
  await painted();
  expect(strange(page.host)).toEqual([]);
  expect(page.host.querySelectorAll(".hitl-history li").length).toBeGreaterThan(texts.length - 3);
  expect(globalThis).not.toHaveProperty("pwned");
  page.closing.abort();
});
