// Build the front-end bundle: one style sheet, one module, the font and the icon, each with a hash
// in its name so that a browser may keep it for ever, each compressed once for all readers.
//
//   node tools/bundle.mjs      writes src/perron/site/static/dist/ and its manifest.json
//
// The result is the same for the same sources: no date, no path of this machine.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src/perron/site/static/perron");
const target = join(root, "src/perron/site/static/dist");
const making = `${target}.making`;

// Script budgets, minified; the design allows 300 kB a page, and we mean to stay far below. Every page
// loads perron.js; network.js is only on the pages that draw a network, passkeys.js on those of signing in.
const SCRIPT_BUDGETS = { "perron.js": 20_000, "network.js": 10_000, "passkeys.js": 4_000 };
const COMPRESSED = new Set([".css", ".js", ".svg"]);

rmSync(making, { recursive: true, force: true });
mkdirSync(making, { recursive: true });

const result = await build({
  absWorkingDir: root,
  entryPoints: ["css/perron.css", ...Object.keys(SCRIPT_BUDGETS).map((name) => `js/${name}`)].map(
    (name) => join(source, name),
  ),
  outdir: making,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  loader: { ".woff2": "file" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  const name = path.split("/").pop();
  const logical = output.entryPoint
    ? output.entryPoint.split("/").pop()
    : name.replace(/-[0-9A-Z]{8}(?=\.\w+$)/, "");
  manifest[logical] = name;
}

// The icon is asked for by name, not by a style sheet: it gets its hash here.
const icon = readFileSync(join(source, "icons/favicon.svg"));
const digest = createHash("sha256").update(icon).digest("hex").slice(0, 8).toUpperCase();
manifest["favicon.svg"] = `favicon-${digest}.svg`;
writeFileSync(join(making, manifest["favicon.svg"]), icon);

for (const name of readdirSync(making)) {
  if (!COMPRESSED.has(extname(name))) continue;
  const content = readFileSync(join(making, name));
  writeFileSync(join(making, `${name}.gz`), gzipSync(content, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(join(making, `${name}.br`), brotliCompressSync(content, { params: quality }));
}

const size = (name) => readFileSync(join(making, name)).length;
for (const [script, budget] of Object.entries(SCRIPT_BUDGETS)) {
  if (size(manifest[script]) <= budget) continue;
  console.error(`${script} weighs ${size(manifest[script])} bytes minified; its budget is ${budget}.`);
  process.exit(1);
}

const ordered = Object.fromEntries(Object.entries(manifest).sort());
writeFileSync(join(making, "manifest.json"), `${JSON.stringify(ordered, null, 2)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(making, target);

for (const [logical, name] of Object.entries(ordered)) {
  const compressed = COMPRESSED.has(extname(name))
    ? `, ${readFileSync(join(target, `${name}.br`)).length} compressed`
    : "";
  console.log(`${logical}: ${readFileSync(join(target, name)).length} bytes${compressed}`);
}
