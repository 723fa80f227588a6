"""Where a page finds its style sheet, script and font: the bundle if it was made, else the sources.

`make bundle` writes hashed and compressed files with a manifest (logical name → file). Without
it, as after a plain `pip install`, the pages load the style sheets and modules as they are written.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
MANIFEST = STATIC / "dist" / "manifest.json"

#: What a page may ask for, and where its source lies under `static/`.
SOURCES = {
    "perron.css": "perron/css/perron.css",
    "perron.js": "perron/js/perron.js",
    "network.js": "perron/js/network.js",
    "passkeys.js": "perron/js/passkeys.js",
    "perron-sans.woff2": "perron/fonts/perron-sans.woff2",
    "favicon.svg": "perron/icons/favicon.svg",
}


@lru_cache(maxsize=4)
def _read(manifest: Path, _modified: int) -> dict[str, str]:
    """The manifest, read again whenever its file changes."""
    return dict(json.loads(manifest.read_text(encoding="utf-8")))


def path_of(name: str, manifest: Path = MANIFEST, use_bundle: bool = True) -> str:
    """The path of an asset under the static address.

    An unknown name raises KeyError: it is a mistake in a template, found by the first request.
    """
    source = SOURCES[name]
    if not use_bundle:
        return source
    try:
        bundled = _read(manifest, manifest.stat().st_mtime_ns).get(name)
    except FileNotFoundError:
        return source
    return f"dist/{bundled}" if bundled else source
