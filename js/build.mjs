// Bundles the page's parts into the Python package. Nothing is fetched: node_modules holds all there is.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/hitl_notebook/static");
/** What a page loads with a widget, script and styles together, and how large that may be, compressed. */
const WIDGETS = [
  { name: "review", script: "src/index.ts", styles: "src/styles/review.css", largest_kib: 50 },
  { name: "chart", script: "src/chart/index.ts", styles: "src/chart/chart.css", largest_kib: 12 },
  { name: "dashboard", script: "src/dashboard/index.tsx", styles: "src/dashboard/dashboard.css", largest_kib: 24 },
];
/** What only some pages need is sent by itself, once a page, compressed: in one message, well below a megabyte. */
const LIBRARIES = [
  { name: "markdown", script: "src/blocks/markdown_tokens.ts", largest_kib: 16 },
  { name: "vega", script: "src/chart/vega/index.ts", largest_kib: 400 },
];

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

/** The bundled script, in memory; the licences of what went into it are written beside where it goes. */
async function bundledScript(name, script) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: { [name]: script },
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
    write: false,
    logLevel: "warning",
  });
  const notices = await licences(Object.keys(metafile.inputs));
  if (notices !== "") await writeFile(join(out, `${name}.LICENSES.txt`), notices);
  return outputFiles[0].contents;
}

async function bundledStyles(styles) {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: [styles],
    outdir: out,
    bundle: true,
    write: false,
    minify: true,
    target: ["chrome123", "firefox121", "safari17.5"],
    logLevel: "warning",
  });
  return outputFiles[0].contents;
}

function compressed(contents) {
  return gzipSync(contents, { level: 9 });
}

/** Says how large a part of the page is, and fails where it is too large. */
function weigh(name, bytes, largest_kib) {
  const kib = bytes / 1024;
  console.log(`${name}  ${kib.toFixed(1)} KiB gzip, of ${largest_kib} at most`);
  if (kib > largest_kib) {
    console.error(`${name} is ${kib.toFixed(1)} KiB compressed; it may be ${largest_kib} KiB at most`);
    process.exitCode = 1;
  }
}

await mkdir(out, { recursive: true });
for (const { name, script, styles, largest_kib } of WIDGETS) {
  const parts = { js: await bundledScript(name, script), css: await bundledStyles(styles) };
  for (const [ending, contents] of Object.entries(parts)) await writeFile(join(out, `${name}.${ending}`), contents);
  weigh(name, compressed(parts.js).length + compressed(parts.css).length, largest_kib);
}
for (const { name, script, largest_kib } of LIBRARIES) {
  const packed = compressed(await bundledScript(name, script));
  await writeFile(join(out, `${name}.js.gz`), packed);
  weigh(name, packed.length, largest_kib);
}
