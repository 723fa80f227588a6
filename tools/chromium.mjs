// Unpack a headless Chromium from its npm package, for the browser tests of a machine that has none
// and no right to install one. Prints the path of a script that starts it.
//
//   node tools/chromium.mjs      needs about 300 MB in .cache/chromium
//
// The package was made for servers of Amazon: the libraries that other systems lack (libnss3,
// libnspr4) lie in its al2023 archive, so the script puts them on the library path.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", ".cache", "chromium");
const starter = join(target, "chromium");

async function unpack(archive, file) {
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(file));
}

async function install() {
  mkdirSync(target, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) {
    copyFileSync(join(here, "chromium", name), join(target, name));
  }
  // The lock file holds the hash of the package: npm refuses any other content.
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: target,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const bin = join(target, "node_modules/@sparticuz/chromium/bin");
  await unpack(join(bin, "chromium.br"), join(target, "chrome"));
  chmodSync(join(target, "chrome"), 0o755);
  for (const name of ["al2023", "fonts"]) {
    const tar = join(target, `${name}.tar`);
    await unpack(join(bin, `${name}.tar.br`), tar);
    mkdirSync(join(target, name), { recursive: true });
    execFileSync("tar", ["-xf", tar, "-C", join(target, name)]);
    rmSync(tar);
  }
  rmSync(join(target, "node_modules"), { recursive: true });
  writeFileSync(
    starter,
    `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -d /etc/fonts ] || export FONTCONFIG_PATH="$here/fonts"
exec "$here/chrome" --headless --no-zygote "$@"
`,
  );
  chmodSync(starter, 0o755);
}

try {
  if (!existsSync(starter)) await install();
  execFileSync(starter, ["--no-sandbox", "--disable-gpu", "--version"], { stdio: "ignore" });
} catch (error) {
  rmSync(target, { recursive: true, force: true });
  console.error(`No Chromium from npm: ${error.message}`);
  process.exit(1);
}
console.log(starter);
