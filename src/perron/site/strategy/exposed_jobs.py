"""How many of a place's jobs lie in what a driver touches: by division, the grain that is published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell, mask
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import Activities, activities
from perron.site.directory.jobs import JOBS, STRUCTURAL, regional_jobs
from perron.site.directory.places import Place
from perron.site.economy.jobs import by_division
from perron.site.economy.reader import Reader, all_structural_jobs
from perron.site.strategy.parts import Part, against, bounds, decimals, touch


def jobs_share(reader: Reader, place: Place, named: Mapping[str, float | None]) -> Figure:
    """Part of the jobs of the sections that the statistics cover which is in the activities named.

    Not measured where the place has no region of its own, or no activity named is in those sections.
    """
    held, tree = reader.held, reader.tree
    cells = {d: by_division(held, place.code, d, tree)[0] for d in covered(held)}
    years = regional_jobs(held).periods.get(STRUCTURAL, ())
    sections = {_section(tree, division) for division in cells}
    about = any(_section(tree, code) in sections for code in named)
    if not about or all(cell.value is None for cell in cells.values()):
        return _figure(reader, place, years, Cell(None, State.NOT_MEASURED))
    parts = [
        Part(
            division,
            _section(tree, division),
            *touch(tree, division, named),
            np.nan if cell.value is None else cell.value,
            np.nan if cell.value is not None else _left(reader, place, division, cells),
        )
        for division, cell in cells.items()
    ]
    whole = all_structural_jobs(held, place.code).value
    share, low, high = bounds(against(parts, whole))
    if not np.isnan(share):
        return _figure(reader, place, years, Cell(share, state_of(share)))
    touched = [cells[part.code] for part in parts if part.inside != 0]
    cell = Cell(None, mask(*touched) or State.UNKNOWN)
    return _figure(reader, place, years, cell, None if np.isnan(low) else (low, high))


@lru_cache(maxsize=4)
def covered(held: Catalogue) -> tuple[str, ...]:
    """The divisions that the structural statistics publish."""
    tree = activities(held)
    found = {
        activity[1:]
        for dataset, _region, activity, _period in regional_jobs(held).cells
        if dataset == STRUCTURAL and len(activity) == 3
    }
    return tuple(sorted(code for code in found if code in tree))


def _section(tree: Activities, code: str) -> str:
    return tree.lineage(code)[-1].code


def _left(reader: Reader, place: Place, division: str, cells: Mapping[str, Cell]) -> float:
    """What the section leaves to a division that is hidden; NaN where the section is hidden too."""
    section = _section(reader.tree, division)
    whole = by_division(reader.held, place.code, section, reader.tree)[0].value
    if whole is None:
        return float("nan")
    siblings = [c.value for d, c in cells.items() if _section(reader.tree, d) == section]
    return max(0.0, whole - sum(value for value in siblings if value is not None))


def _figure(
    reader: Reader,
    place: Place,
    years: tuple[str, ...],
    cell: Cell,
    between: tuple[float, float] | None = None,
) -> Figure:
    more: dict[str, Any] = {}
    if JOBS in reader.held.tables:
        more = {"origin": reader.origin(JOBS), "limit_years": reader.limits.get(JOBS)}
    low, high = between or (None, None)
    return reader.figure(
        place,
        _("Part des emplois exposés"),
        cell,
        period=years[-1] if years else reader.counts.period,
        unit="%",
        decimals=decimals(cell.value if cell.value is not None else high),
        low=low,
        high=high,
        interval=_(
            "bornes : ce que les nombres absents et le grain des divisions laissent possible"
        ),
        method=_(
            "Emplois des divisions exposées pour 100 emplois des sections B à N sans K, statistique structurelle des entreprises. Une activité plus fine qu’une division n’y a que des bornes."
        ),
        **more,
    )
