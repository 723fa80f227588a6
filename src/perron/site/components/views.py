"""The internal page of components: each piece in all its states, drawn by the tags themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from perron.lake.provenance import State
from perron.site.accounts.access import public
from perron.site.components import (
    contrast,
    figures,
    network_specimens,
    quadrant_specimens,
    specimens,
)


@public
def components(request: HttpRequest) -> HttpResponse:
    """Show every piece. It reads no data: it can be opened on an empty installation."""
    swatches = [
        (name, ground, contrast.measured(name, ground) if ground else None)
        for name, ground in specimens.TOKENS
    ]
    context = {
        "swatches": swatches,
        "facts": specimens.facts(),
        "states": [s.value for s in State if s is not State.OBSERVED],
        "dotplot": specimens.dotplot(),
        "bars": specimens.bars(),
        "line": specimens.line(),
        "map": specimens.choropleth(),
        "network": network_specimens.small(figures.language()),
        "quadrants": quadrant_specimens.quadrants(),
        "table": specimens.table(),
    }
    return render(request, "components/page.html", context)


@public
def network(request: HttpRequest) -> HttpResponse:
    """The largest network that a page may draw, invented, to see and measure it by itself."""
    chart = network_specimens.large(figures.language())
    return render(request, "components/network_page.html", {"network": chart})
