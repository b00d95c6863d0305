/** The keys that there are, those that the page's help names and those of the README's table are the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { commandOf } from "../src/keys";
import { forget, LABELS, type Opened, openCard, painted, press, tickets } from "./mounted";

const NAMES: { readonly [key: string]: string } = { ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Enter: "↵" };
const PRINTED = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i));
const NAMED = ["ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", "Backspace", "Delete", "Tab", "F1"];
/** What is the task's own: its labels' keys, and what sends. */
const OF_A_TASK = new Set(["1", "9", "↵"]);

let page: Opened | undefined;

afterEach(() => forget(page));

function cards(): Set<string> {
  const isMeant = (key: string) => commandOf(new KeyboardEvent("keydown", { key }), () => null) !== null;
  const meant = [...PRINTED, ...NAMED, ...Object.keys(NAMES)].filter(isMeant);
  return new Set(meant.map((key) => NAMES[key] ?? key.toLowerCase()));
}

async function helped(blind: boolean): Promise<Set<string>> {
  page = await openCard({ items: tickets(2), labels: LABELS, session: { blind } });
  press(page.host, "?");
  await painted();
  const names = Array.from(page.host.querySelectorAll(".hitl-keys kbd"), ({ textContent }) => textContent ?? "");
  return new Set(names.flatMap((name) => name.split(" ")).filter((name) => name !== "–"));
}

function written(): Set<string> {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, table = ""] = /^\| key \| does \|\n((?:\|.*\n)+)/m.exec(readme) ?? [];
  const cells = table.split("\n").map((row) => row.split(" | ")[0] ?? "");
  const keys = cells.flatMap((cell) => Array.from(cell.matchAll(/`(.+?)`/g), ([, key = ""]) => key));
  return new Set(keys.map((key) => NAMES[key] ?? key));
}

test("the page's help names every key that the card has, and no other", async () => {
  expect([...(await helped(true))].filter((key) => !OF_A_TASK.has(key) || key === "↵").sort()).toEqual(
    [...cards()].sort(),
  );
  forget(page);
  expect((await helped(false)).has("↵")).toBe(false);
});

test("the README's table names every key that the card has, and no other but the task's own", () => {
  const keys = written();
  expect([...cards()].filter((key) => !keys.has(key))).toEqual([]);
  expect([...keys].filter((key) => !cards().has(key) && !OF_A_TASK.has(key))).toEqual([]);
});
