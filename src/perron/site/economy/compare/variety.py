"""How varied a place is, and how unlike the reference, from published counts alone.

What is hidden adds up to what the shown counts leave of their total: the indices are known within
bounds, and given by their middle.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.methods.economy import entropy_bounds, krugman_bounds
from perron.site.directory.activities import ALL, DIVISION, GROUP, UNKNOWN
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader

Bounds = tuple[float, float]


@lru_cache(maxsize=1024)
def _counted(held: Catalogue, place: str, depth: int) -> tuple[tuple[float, ...], float] | None:
    """The counts of a depth, NaN where hidden, and the total of known activities.

    None where the place is not shown at that depth, or its total is hidden.
    """
    reader = Reader(held, "fr")
    total = reader.counts(place, "enterprises", ALL)
    codes = [a.code for a in reader.tree.of_level(depth)]
    shown = all(reader.counts.shows(place, code) for code in codes)
    if total.value is None or not codes or not shown:
        return None
    cells = [reader.counts(place, "enterprises", code) for code in codes]
    values = [np.nan if cell.value is None else cell.value for cell in cells]
    without = reader.counts(place, "enterprises", UNKNOWN)
    # What has no known activity is no activity; hidden, it stays in the mass that is hidden.
    if without.value is None:
        values.append(np.nan)
    return tuple(values), total.value - (without.value or 0.0)


@lru_cache(maxsize=1024)
def _entropy(held: Catalogue, place: str, depth: int) -> Bounds | None:
    found = _counted(held, place, depth)
    if found is None or not found[1]:
        return None
    low, high = entropy_bounds(np.array([found[0]]), [found[1]])
    return float(low[0]), float(high[0])


def between(reader: Reader, place: Place) -> Figure:
    """Unrelated variety: entropy between divisions."""
    return _figure(
        reader,
        place,
        _("Variété entre divisions"),
        _entropy(reader.held, place.code, DIVISION),
        _(
            "Variété non liée : entropie des parts des divisions, en bits. Une unité de plus : deux fois plus de divisions égales."
        ),
    )


def within(reader: Reader, place: Place) -> Figure:
    """Related variety: entropy of groups inside divisions. Communes are not shown that finely."""
    whole, across = (_entropy(reader.held, place.code, depth) for depth in (GROUP, DIVISION))
    bounds = None
    if whole and across:
        bounds = max(0.0, whole[0] - across[1]), whole[1] - across[0]
    return _figure(
        reader,
        place,
        _("Variété dans les divisions"),
        bounds,
        _("Variété liée : entropie des groupes à l’intérieur des divisions, en bits."),
    )


def unlike(reader: Reader, place: Place) -> Figure:
    """Krugman's index against the reference, over divisions."""
    name = _("Écart à la référence (Krugman)")
    method = _(
        "Somme des écarts de parts des divisions avec {reference} : 0, la même structure ; 2, rien en commun."
    ).format(reference=reader.reference.name(reader.language))
    if place.code == reader.reference.code:
        return reader.figure(place, name, Cell(0.0, State.ZERO), decimals=2, method=method)
    return _figure(reader, place, name, _krugman(reader.held, place.code), method)


@lru_cache(maxsize=1024)
def _krugman(held: Catalogue, place: str) -> Bounds | None:
    reader = Reader(held, "fr")
    here, away = (_counted(held, code, DIVISION) for code in (place, reader.reference.code))
    if here is None or away is None or not here[1] or not away[1]:
        return None
    # A cell for what has no known activity may stand on one side only.
    size = max(len(here[0]), len(away[0]))
    ours, theirs = (np.array([*side[0], *[0.0] * (size - len(side[0]))]) for side in (here, away))
    low, high = krugman_bounds(ours[None, :], [here[1]], theirs, away[1])
    return float(low[0]), float(high[0])


def _figure(reader: Reader, place: Place, name: str, bounds: Bounds | None, method: str) -> Figure:
    if bounds is None:
        shown = reader.counts(place.code, "enterprises", ALL)
        state = State.NOT_MEASURED if shown.value is not None else shown.state
        return reader.figure(place, name, Cell(None, state), decimals=2, method=method)
    low, high = bounds
    value = (low + high) / 2
    sure = round(low, 2) == round(high, 2)
    return reader.figure(
        place,
        name,
        Cell(value, state_of(value)),
        decimals=2,
        low=None if sure else low,
        high=None if sure else high,
        interval="" if sure else _("ce que les nombres supprimés peuvent changer"),
        method=method,
    )
