"""Set a sheet as a tagged PDF (PDF/UA-1), in process, with the fonts of this package and no network.

What a sheet says reaches the template as JSON, never as markup. A character that no font here has
would make an inaccessible document, which the typesetter refuses: it is written as �.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from perron.site.components.sheets import Sheet
from perron.site.documents.content import Imprint, content

FOLDER = Path(__file__).resolve().parent
TEMPLATE = FOLDER / "sheet.typ"
REPLACEMENT = "\ufffd"
#: Letters, signs and spaces that the fonts are known to have; others are tried one by one.
_USUAL = re.compile("[\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2013\u2014\u2018-\u201d\u2026\u202f\u20ac\u2212\n]+")  # fmt: skip


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"])


def pdf(sheet: Sheet, imprint: Imprint) -> bytes:
    """The document as bytes, in the language in force."""
    return compiled(TEMPLATE.read_bytes(), content(sheet, imprint), imprint.made)


def compiled(template: bytes, said: Mapping[str, Any], now: datetime) -> bytes:
    """The PDF that a template makes of plain data."""
    made = _compiler().compile(
        template,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"sheet": json.dumps(_legible(said), ensure_ascii=False)},
        timestamp=int(now.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _compiler() -> typst.Compiler:
    # One for each document: a compiler keeps its last document, and threads would share it. The
    # fonts, which take the time, are read once.
    return typst.Compiler(root=FOLDER, font_paths=_fonts(), ignore_system_fonts=True)


def _legible(value: Any) -> Any:
    """The same data, each text in characters that the fonts have."""
    if isinstance(value, str):
        unusual = set(_USUAL.sub("", value))
        for character in unusual:
            if not _has_shape(character):
                value = value.replace(character, REPLACEMENT)
        return value
    if isinstance(value, Mapping):
        return {key: _legible(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_legible(inner) for inner in value]
    return value


@lru_cache(maxsize=4096)
def _has_shape(character: str) -> bool:
    """Whether a font has the character: the typesetter itself is asked, on a page of one letter."""
    try:
        _compiler().compile(
            b'#set document(title: "-")\n#set text(lang: "fr", font: ("PerronSans", "Libertinus Serif",'
            b' "DejaVu Sans Mono"))\n#json(bytes(sys.inputs.sheet))',
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"sheet": json.dumps(character)},
        )
    except typst.TypstError:
        return False
    return True
