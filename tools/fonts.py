"""Write the font of documents from the font of pages: typst reads TrueType, browsers read WOFF2.

The letters are the same, only the wrapping differs. Run it when perron-sans.woff2 changes; a test
compares the two files.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont

SITE = Path(__file__).resolve().parent.parent / "src" / "perron" / "site"
PAGES = SITE / "static" / "perron" / "fonts" / "perron-sans.woff2"
DOCUMENTS = SITE / "documents" / "fonts" / "perron-sans.ttf"


def main() -> None:
    # Times of writing are kept, so that the same source gives the same bytes.
    font = TTFont(PAGES, recalcTimestamp=False)
    font.flavor = None
    font.save(DOCUMENTS)
    print(f"{DOCUMENTS.name}: {DOCUMENTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
