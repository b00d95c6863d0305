// Draws Vega-Lite specifications without a screen, as the page does: stdin {name: {spec, then: rows or null}}, stdout
// {name: what is there}. Rows that are there then are patched in.
// Expressions are interpreted, not compiled, and nothing can be loaded.
import { readFileSync } from "node:fs";
import { expressionInterpreter } from "../../js/node_modules/vega-interpreter/build/vega-interpreter.js";
import { compile } from "../../js/node_modules/vega-lite/build/index.js";
import { changeset, parse, View } from "../../js/node_modules/vega/build/vega.module.js";

const specs = JSON.parse(readFileSync(0, "utf8"));
const all = {};
for (const [name, { spec, then }] of Object.entries(specs)) all[name] = await drawn(spec, then);
process.stdout.write(JSON.stringify(all));

async function drawn(spec, then) {
  const complaints = [];
  const complain = (...words) => {
    complaints.push(words.map(String).join(" "));
    return logger;
  };
  const quiet = () => logger;
  const logger = { error: complain, warn: complain, info: quiet, debug: quiet, level: () => 2 };
  const refuse = async (uri) => {
    throw new Error(`loads ${uri}`);
  };
  const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
  const compiled = compile(spec, { logger }).spec;
  const view = new View(parse(compiled, undefined, { ast: true }), {
    renderer: "none",
    expr: expressionInterpreter,
    loader,
    logger,
  });
  await view.runAsync();
  if (then !== null) {
    view.change(Object.keys(spec.datasets)[0], changeset().remove(() => true).insert(then));
    await view.runAsync();
  }
  const marks = [];
  walk(view.scenegraph().root, marks);
  const { width, height } = view.scenegraph().root.bounds ? box(view.scenegraph().root.bounds) : { width: 0, height: 0 };
  return { complaints, marks, width, height };
}

function box({ x1, y1, x2, y2 }) {
  return { width: x2 - x1, height: y2 - y1 };
}

function walk(mark, marks) {
  for (const item of mark.items ?? []) {
    if (mark.marktype === "group") for (const inner of item.items ?? []) walk(inner, marks);
    else {
      const { x, y, x2, y2, text, shape, fill, fillOpacity, stroke, strokeOpacity, opacity, size, defined, tooltip, description } = item;
      const words = Array.isArray(text) ? text.join(" ") : text;
      const place = { x, y, x2, y2, defined };
      const look = { shape, fill, fillOpacity, stroke, strokeOpacity, opacity, size };
      marks.push({ type: mark.marktype, role: mark.role, ...place, text: words, ...look, tooltip, description });
    }
  }
}
