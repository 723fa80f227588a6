#!/usr/bin/env bash
# Pin everything with hashes and without addresses, so that pip installs it from any mirror.
set -euo pipefail
cd "$(dirname "$0")/.."
compile=(uv pip compile pyproject.toml --quiet --universal --python-version 3.11
         --generate-hashes --no-emit-index-url --no-header --no-annotate)
"${compile[@]}" --group dev --group peers --output-file requirements/dev.txt "$@"
# What a server installs: the same versions, without the tools.
"${compile[@]}" --constraints requirements/dev.txt --output-file requirements/perron.txt "$@"
