// Bundles the review page into the Python package. Nothing is fetched: node_modules holds all there is.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/hitl_notebook/static");
const LARGEST_GZIP = 60 * 1024; // script and styles together

/** The name and licence text of every package that went into the bundle. */
async function licences(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  const notices = [];
  for (const name of [...packages].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const text = await Promise.any(
      ["LICENSE", "LICENSE.md", "LICENCE", "license"].map((file) => readFile(join(folder, file), "utf8")),
    );
    notices.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return notices.join(`\n${"-".repeat(80)}\n\n`);
}

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { review: "src/index.ts" },
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  // U+2028 and its kind stay escaped: the bundle travels inside JSON and notebooks.
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
await build({
  absWorkingDir: here,
  entryPoints: { review: "src/styles/review.css" },
  outdir: out,
  bundle: true,
  minify: true,
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
});
await writeFile(join(out, "review.LICENSES.txt"), await licences(Object.keys(metafile.inputs)));

let total = 0;
for (const name of ["review.js", "review.css"]) {
  const bytes = gzipSync(await readFile(join(out, name)), { level: 9 }).length;
  total += bytes;
  console.log(`${relative(process.cwd(), join(out, name))}  ${(bytes / 1024).toFixed(1)} KiB gzip`);
}
if (total > LARGEST_GZIP) {
  console.error(`the review bundle is ${(total / 1024).toFixed(1)} KiB compressed; it may be 60 KiB at most`);
  process.exit(1);
}
