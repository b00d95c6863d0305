// Writes the preview pages into test-output/preview: open page.html and blocks/page.html from a local server. The
// package's own bundles have to be there.
import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../test-output/preview");
await mkdir(out, { recursive: true });
const shared = { bundle: true, outdir: out, logLevel: "warning" };
await build({
  ...shared,
  entryPoints: [join(here, "preview.ts"), join(here, "blocks/page.tsx")],
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
});
await build({ ...shared, entryPoints: [join(here, "../src/styles/review.css")] });
await cp(join(here, "../../src/hitl_notebook/static/markdown.js.gz"), join(out, "markdown.js.gz"));
for (const page of ["page.html", "blocks/page.html"]) await cp(join(here, page), join(out, page));
