/** The hostile texts of tests/hostile, each with its group and name; what runs in one would set a global. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const GROUPS: { readonly [group: string]: { readonly [name: string]: string } } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../tests/hostile/payloads.json"), "utf8"),
);

export const CORPUS = Object.entries(GROUPS).flatMap(([group, texts]) =>
  Object.entries(texts).map(([name, text]): readonly [name: string, text: string] => [
    `${group}: ${name}`,
    text.replaceAll("FIRE", "globalThis.pwned=1").replaceAll("ASK", "evil.example/x"),
  ]),
);
