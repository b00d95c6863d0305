/** Hostile texts as everything that the card says around an item: names, labels, reasons, errors, figures. */
import { afterEach, expect, test } from "vitest";
import { dangers } from "../src/blocks/dangers";
import { CORPUS } from "./corpus";
import { openCard, painted, press, ticket } from "./mounted";

afterEach(() => {
  document.body.replaceChildren();
});

/** The card's own ids and names are made, not given. */
function strange(host: HTMLElement): readonly string[] {
  return dangers(host).filter((danger) => !/^form$|^div class=hitl$|^\S+ (?:id|name)=P\d+-\d+[a-z0-9-]*$/.test(danger));
}

test.each([0, 1, 2, 3, 4, 5, 6])("no text acts around an item, part %i of 7", async (part) => {
  for (const [, text] of CORPUS.filter((_, index) => index % 7 === part)) {
    const page = await openCard({
      items: [
        ticket(0, { item_id: text, model_version: text, prediction: { value: text, confidence: 0.5 } }),
        ticket(1, { candidates: [{ value: text, probability: 0.5 }] }),
      ],
      labels: { labels: [text, "other"].map((value, index) => ({ value, key: String(index + 1) })) },
      session: { name: text, reviewer: text, shown: [text], order: text, model_version: text, guidelines: text },
    });
    page.kernel.problem = { message: text, remedy: text };
    page.kernel.publish();
    for (const key of ["f", "Escape", "c", "Escape", "?", "Escape", "a"]) {
      press(page.host, key);
      await painted();
      expect(strange(page.host)).toEqual([]);
    }
    page.review.flag(text, text);
    (page.host.querySelector("[aria-expanded]") as HTMLElement).click();
    await painted();
    expect(strange(page.host)).toEqual([]);
    page.closing.abort();
    page.host.remove();
  }
  expect(globalThis).not.toHaveProperty("pwned");
});
