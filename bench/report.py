"""Writes one section of docs/performance.md and leaves the others as they are."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
TITLES = {
    "economy": "Indicators of the economy, beside the published packages",
    "null-models": "Null models",
    "pages": "Pages",
    "directory": "A large directory",
}
FIRST = (
    "# What was measured\n\n"
    "Each section is written by the command it names; run it to have your machine's figures.\n"
)


def machine() -> str:
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )


def write(section: str, text: str) -> None:
    """Replace the section, or add it in its place."""
    kept = {}
    if PAGE.exists():
        for name in TITLES:
            start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
            page = PAGE.read_text(encoding="utf-8")
            if start in page:
                kept[name] = page.split(start)[1].split(end)[0]
    kept[section] = f"## {TITLES[section]}\n\n{text.strip()}\n"
    PAGE.write_text(
        FIRST
        + "".join(
            f"\n<!-- {name} -->\n{kept[name]}<!-- /{name} -->\n" for name in TITLES if name in kept
        ),
        encoding="utf-8",
    )
