"""Contrast of the tokens, read from the style sheet itself, in both themes.

Relative luminance and contrast ratio as in WCAG 2.2 (W3C 2023, definitions of "relative
luminance" and "contrast ratio").
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from perron.site.components.assets import STATIC

TOKENS_CSS = STATIC / "perron" / "css" / "tokens.css"
_PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
_ALIAS = re.compile(r"--([\w-]+):\s*var\(--([\w-]+)\)")


@lru_cache(maxsize=2)
def tokens(path: Path = TOKENS_CSS) -> dict[str, tuple[str, str]]:
    """Each colour token with its light and its dark value."""
    text = path.read_text(encoding="utf-8")
    found = {name: (light, dark) for name, light, dark in _PAIR.findall(text)}
    found.update({name: found[other] for name, other in _ALIAS.findall(text) if other in found})
    return found


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, from 0 (black) to 1 (white).

    >>> luminance("#000000"), luminance("#ffffff")
    (0.0, 1.0)
    """
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast between two colours, from 1 to 21.

    >>> ratio("#000000", "#ffffff"), round(ratio("#767676", "#ffffff"), 2)
    (21.0, 4.54)
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def measured(name: str, ground: str) -> tuple[float, float]:
    """The contrast of a token on another, in the light theme and in the dark one."""
    known = tokens()
    light, dark = zip(known[name], known[ground], strict=True)
    return ratio(*light), ratio(*dark)
