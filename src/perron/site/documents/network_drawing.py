"""A network of the pages as one picture: the same places, shapes and names, in the colours of paper."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from perron.site.components.networks import ASPECT, WIDTHS, Drawing, NetworkChart
from perron.site.documents.map_drawing import colours

#: The width of a desk, in pixels: names are those that have room there.
WIDE = WIDTHS[1]
HIGH = WIDE / ASPECT
#: Size of names, and of the names of groups, in pixels.
_NAME, _GROUP = 12, 13
#: Colour, width in pixels and strength of the lines.
_LINE = {
    "strong": ("data-1", 1.75, 1.0),
    "in": ("rule-strong", 0.9, 0.55),
    "between": ("rule-strong", 0.9, 0.55),
    "faint": ("rule", 0.7, 1.0),
}


def svg(chart: NetworkChart, drawing: Drawing) -> str:
    """The picture. Its words are the names on it; everything else is said by the alternative text."""
    ink = colours()
    hatch = f"{chart.name}-hatch"
    parts = [_opened(WIDE, HIGH, hatch, ink)]
    across, down = WIDE / drawing.width, HIGH / drawing.height
    for x, y, rx, ry in drawing.discs:
        parts.append(
            f'<ellipse cx="{float(x) * across:.1f}" cy="{float(y) * down:.1f}" '
            f'rx="{float(rx) * across:.1f}" ry="{float(ry) * down:.1f}" fill="{ink["sunken"]}"/>'
        )
    for kind, d in drawing.paths:
        parts.append(
            f'<path transform="scale({across:.5f} {down:.5f})" d="{d}" {_stroke(kind, ink, across)}/>'
        )
    parts += [
        _circle(_at(point.x, WIDE), _at(point.y, HIGH), point.r, point.css, hatch, ink)
        for point in drawing.points
    ]
    for point in drawing.points:
        if _written(point.label):
            left = _at(point.x, WIDE) + float(point.dx or 0)
            top = _at(point.y, HIGH) + float(point.dy)
            parts.append(_text(left, top, point.name, point.anchor, _NAME, 500, ink))
    for title in drawing.titles:
        if _written(title.css):
            left, top = _at(title.x, WIDE), _at(title.y, HIGH)
            parts += [
                _text(left, top + float(dy), line, "middle", _GROUP, 600, ink)
                for line, dy in title.lines
            ]
    return "".join((*parts, "</svg>"))


def mark(css: str) -> str:
    """A shape of the key by itself, or a line."""
    ink = colours()
    opened = _opened(16, 16, "key-hatch", ink)
    return f"{opened}{_circle(8, 8, '6', css, 'key-hatch', ink)}</svg>"


def line_mark(kind: str) -> str:
    ink = colours()
    return f'{_opened(16, 16, "key-hatch", ink)}<path d="M0 8h16" {_stroke(kind, ink, 1)}/></svg>'


def _opened(width: float, height: float, hatch: str, ink: Mapping[str, str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<defs><pattern id={quoteattr(hatch)} width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="4" height="4" fill="#ffffff"/>'
        f'<path d="M0 0v4" stroke="{ink["ink-3"]}" stroke-width="1.2"/></pattern></defs>'
    )


def _at(share: str, whole: float) -> float:
    return float(share.rstrip("%")) / 100 * whole


def _written(css: str) -> bool:
    """Whether a name has room in a picture as wide as a desk."""
    return bool(css) and int(css[1:]) <= WIDE


def _stroke(kind: str, ink: Mapping[str, str], scale: float) -> str:
    name, width, strength = _LINE[kind]
    said = f'fill="none" stroke="{ink[name]}" stroke-width="{width / scale:.2f}"'
    return f'{said} stroke-opacity="{strength}"'


def _circle(x: float, y: float, r: str, css: str, hatch: str, ink: Mapping[str, str]) -> str:
    """A node in the shape of its kind or state."""
    fill, stroke, width, more = {
        "strong": (ink["data-1"], ink["data-1"], 1.2, ""),
        "open": (ink["data-soft"], ink["rule-strong"], 1.2, ""),
        "plain": ("#ffffff", ink["ink-3"], 1.2, ""),
        "suppressed": (f"url(#{hatch})", ink["rule-strong"], 1.2, ""),
        "zero": ("#ffffff", ink["ink"], 2.0, ""),
        "unknown": ("#ffffff", ink["ink-3"], 1.2, 'stroke-dasharray="1.5 2.5"'),
        "not_measured": ("#ffffff", ink["rule-strong"], 1.2, 'stroke-dasharray="4 2"'),
    }[css]
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill={quoteattr(fill)} '
        f'stroke="{stroke}" stroke-width="{width}" {more}/>'
    )


def _text(
    x: float, y: float, said: str, anchor: str, size: int, weight: int, ink: Mapping[str, str]
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="PerronSans" font-size="{size}" '
        f'font-weight="{weight}" text-anchor="{anchor}" fill="{ink["ink"]}" stroke="#ffffff" '
        f'stroke-width="3" stroke-linejoin="round" paint-order="stroke">{escape(said)}</text>'
    )
