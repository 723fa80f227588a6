"""A map of the pages as one picture: the same shapes, classes and names, in the colours of paper."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from perron.site.components.contrast import tokens
from perron.site.components.maps import Choropleth, Drawing

#: Points of width and of height that a picture may take, so that its key stands beside it.
WIDTH, HEIGHT = 350.0, 460.0


def colours() -> Mapping[str, str]:
    """The tokens as they are on paper: the light theme."""
    return {name: light for name, (light, _dark) in tokens().items()}


def width(chart: Choropleth) -> float:
    """The points of width the picture is set at: less than all where the territory is tall."""
    return min(WIDTH, HEIGHT * chart.width / chart.height)


def svg(chart: Choropleth, drawing: Drawing) -> str:
    """The picture. Its words are the names on it; everything else is said by the alternative text."""
    ink = colours()
    # One point in units of the drawing: lines and letters keep their size.
    unit = chart.width / width(chart)
    hatch = f"{chart.name}-hatch"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.width:g} {chart.height:g}">',
        f'<defs><pattern id={quoteattr(hatch)} width="{3 * unit:g}" height="{3 * unit:g}" '
        f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="{3 * unit:g}" height="{3 * unit:g}" fill="#ffffff"/>'
        f'<path d="M0 0v{3 * unit:g}" stroke="{ink["ink-3"]}" stroke-width="{0.9 * unit:g}"/>'
        "</pattern></defs>",
    ]
    for shape in drawing.shapes:
        fill, stroke, more = _paint(shape.css, ink, hatch, unit)
        parts.append(
            f'<path d={quoteattr(shape.path)} fill={quoteattr(fill)} stroke="{stroke}" '
            f'stroke-width="{0.6 * unit:g}" {more}/>'
        )
    line = f'fill="none" stroke="{ink["ink"]}" stroke-width="{0.8 * unit:g}"'
    parts += [
        f'<path d={quoteattr(border)} {line} stroke-linejoin="round"/>' for border in chart.borders
    ]
    for label in drawing.labels:
        x, y = (float(part.rstrip("%")) / 100 for part in (label.x, label.y))
        parts.append(
            f'<text x="{x * chart.width:g}" y="{y * chart.height + 2.6 * unit:g}" '
            f'font-family="PerronSans" font-size="{7.8 * unit:g}" font-weight="600" '
            f'text-anchor="middle" fill="{ink["ink"]}" stroke="#ffffff" '
            f'stroke-width="{2 * unit:g}" stroke-linejoin="round" paint-order="stroke">'
            f"{escape(label.name)}</text>"
        )
    return "".join((*parts, "</svg>"))


def _paint(css: str, ink: Mapping[str, str], hatch: str, unit: float) -> tuple[str, str, str]:
    """Fill, line and further attributes of a class (q1 to q5) or a state."""
    dashes = f'stroke-dasharray="{1.2 * unit:g} {1.8 * unit:g}"'
    if css.startswith("q"):
        return ink[f"seq-{css[1]}"], "#ffffff", ""
    return {
        "suppressed": (f"url(#{hatch})", ink["rule-strong"], ""),
        "zero": ("#ffffff", ink["ink-3"], ""),
        "unknown": ("#ffffff", ink["rule-strong"], dashes),
        "not_measured": ("#ffffff", ink["rule"], ""),
    }[css]
