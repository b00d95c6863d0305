import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isDown, isRecordable, isRequest, isTraits } from "../src/guards";

const EXAMPLES = join(import.meta.dirname, "../../tests/protocol");
const GUARDS = {
  down: isDown,
  up: (value: unknown) => isRecordable(value) || isRequest(value),
  traits: isTraits,
};

for (const [folder, guard] of Object.entries(GUARDS)) {
  const files = readdirSync(join(EXAMPLES, folder));
  const read = (file: string) => JSON.parse(readFileSync(join(EXAMPLES, folder, file), "utf8"));

  describe(`the examples in tests/protocol/${folder}`, () => {
    test.each(files)("%s has the shape that the page expects", (file) => {
      expect(guard(read(file))).toBe(true);
    });

    test.each(files)("%s with a key too many, too few or of another type is refused", (file) => {
      const example = read(file);
      expect(guard({ ...example, another: 1 })).toBe(false);
      for (const key of Object.keys(example)) {
        const { [key]: _, ...less } = example;
        expect(guard(less), `without ${key}`).toBe(false);
        expect(guard({ ...example, [key]: () => 1 }), `with a wrong ${key}`).toBe(false);
      }
    });
  });
}

test.each([null, undefined, 1, "decide", [], {}, { kind: "__proto__" }, { kind: ["decide"] }])(
  "%j is no message at all",
  (value) => {
    expect(isDown(value) || isRecordable(value) || isRequest(value) || isTraits(value)).toBe(false);
  },
);
