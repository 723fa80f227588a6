"""How much of a territory lies in what a driver touches: enterprises from published counts, jobs by division.

Activities are cut into parts that do not overlap: wherever a driver names an activity, the tree is
opened down to it, and everything else stays as coarse as it may. A part takes the share of the finest
activity named above it. A hidden count is anything from nothing to what its published parent leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import ALL, DIVISION, SECTION, UNKNOWN, Activities, counted_in
from perron.site.directory.places import Place
from perron.site.directory.section_names import NAMES
from perron.site.economy.reader import Reader
from perron.site.strategy.exposed_jobs import jobs_share
from perron.site.strategy.parts import Part, against, bounds, decimals, touch

#: An activity that is exposed, and how much of it; None where that is not known.
Exposed = tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class SectionShare:
    """The part of a section that is in exposed activities, here and in the reference."""

    code: str
    label: str
    here: Figure
    there: Figure
    count: Figure


@dataclass(frozen=True, slots=True)
class Exposedness:
    """What a driver touches of one place, beside the reference."""

    place: Place
    reference: Place
    count: Figure
    enterprises: Figure
    enterprises_there: Figure
    degree: Figure
    degree_there: Figure
    jobs: Figure
    jobs_there: Figure
    sections: tuple[SectionShare, ...]
    #: Whether the driver says how much of any activity is exposed.
    degrees_known: bool


@lru_cache(maxsize=256)
def exposedness(held: Catalogue, language: str, exposed: Exposed, place: str = "") -> Exposedness:
    """The exposure of a place, by default ours. InputError for an unknown one."""
    reader = Reader(held, language)
    here, there = reader.place(place), reader.reference
    named = dict(exposed)
    cuts = {code: _parts(reader, code, named) for code in (here.code, there.code)}
    sections = sorted({p.section for p in cuts[here.code] if p.inside != 0})
    return Exposedness(
        here,
        there,
        _count(reader, here, cuts[here.code]),
        _share(reader, here, cuts[here.code]),
        _share(reader, there, cuts[there.code]),
        _share(reader, here, cuts[here.code], by_degree=True),
        _share(reader, there, cuts[there.code], by_degree=True),
        jobs_share(reader, here, named),
        jobs_share(reader, there, named),
        tuple(
            SectionShare(
                section,
                str(NAMES.get(section, section)),
                _share(reader, here, cuts[here.code], section),
                _share(reader, there, cuts[there.code], section),
                _count(reader, here, cuts[here.code], section),
            )
            for section in sections
        ),
        any(share is not None for share in named.values()),
    )


def partition(tree: Activities, codes: Iterable[str], named: Iterable[str]) -> list[str]:
    """The codes that cut all activities without overlap, opened wherever one below is named.

    `codes` are all those that are counted, the ones of unknown last digits included.
    """
    wanted = [code for code in named if code in tree]
    open_ = {above.code for code in wanted for above in tree.lineage(code)[1:]} | {ALL}
    odd: dict[str, list[str]] = {}
    for code in codes:
        if code not in tree and code not in (ALL, UNKNOWN):
            odd.setdefault(counted_in(code, tree), []).append(code)

    def cut(code: str) -> list[str]:
        if code not in open_:
            return [code]
        below = [s.code for s in tree.of_level(SECTION)] if code == ALL else tree[code].children
        return [leaf for child in below for leaf in cut(child)] + odd.get(code, [])

    return cut(ALL)


def _parts(reader: Reader, place: str, named: dict[str, float | None]) -> list[Part]:
    """The partition at the finest grain that is shown of the place, with what is published of each part."""
    counts, tree = reader.counts, reader.tree
    shown = [code for code in named if counts.shows(place, code)]
    coarser = {code: tree.above(code, DIVISION).code for code in named if code not in shown}
    found = []
    for code in partition(tree, counts.columns, [*shown, *coarser.values()]):
        inside, degree = touch(tree, code, named)
        cell = counts(place, "enterprises", code)
        value = np.nan if cell.value is None else cell.value
        section = tree.lineage(counted_in(code, tree))[-1].code
        ceiling = _ceiling(reader, place, code) if cell.value is None else np.nan
        found.append(Part(code, section, inside, degree, value, ceiling))
    return found


def _ceiling(reader: Reader, place: str, code: str) -> float:
    """What the nearest published parent leaves to a hidden count; NaN where none is published."""
    counts, tree = reader.counts, reader.tree
    up = counted_in(code, tree)
    if up == code:
        up = tree[code].parent
    while up:
        cell = counts(place, "enterprises", up)
        if cell.value is not None:
            below = [s.code for s in tree.of_level(SECTION)] if up == ALL else tree[up].children
            siblings = [counts(place, "enterprises", child).value for child in below]
            return max(0.0, cell.value - sum(v for v in siblings if v is not None))
        up = "" if up == ALL else tree[up].parent
    return float("nan")


def _whole(reader: Reader, place: Place, section: str) -> float | None:
    """Published enterprises of a section, or of every known activity; None where hidden."""
    if section:
        return reader.counts(place.code, "enterprises", section).value
    every, unknown = (reader.counts(place.code, "enterprises", code) for code in (ALL, UNKNOWN))
    if every.value is None or unknown.value is None:
        return None
    return every.value - unknown.value


def _share(
    reader: Reader, place: Place, parts: list[Part], section: str = "", *, by_degree: bool = False
) -> Figure:
    kept = [part for part in parts if not section or part.section == section]
    divided = against(kept, _whole(reader, place, section))
    share, low, high = bounds(divided, by_degree)
    known = not np.isnan(share)
    hidden = any(np.isnan(part.value) for part in divided)
    absent = State.SUPPRESSED if hidden else State.UNKNOWN
    bounded = not known and not np.isnan(low)
    return reader.figure(
        place,
        _("Part exposée, degrés compris") if by_degree else _("Part des entreprises exposées"),
        Cell(share, state_of(share)) if known else Cell(None, absent),
        unit="%",
        decimals=decimals(share if known else high),
        low=low if bounded else None,
        high=high if bounded else None,
        interval=_(
            "bornes : ce que les nombres supprimés ou les degrés inconnus laissent possible"
        ),
        method=_(
            "Entreprises pondérées par la part exposée de leur activité, pour 100 entreprises d’activité connue."
        )
        if by_degree
        else _(
            "Entreprises des activités exposées pour 100 entreprises d’activité connue, au siège. Une branche est coupée au grain de l’activité nommée."
        ),
    )


def _count(reader: Reader, place: Place, parts: list[Part], section: str = "") -> Figure:
    """Enterprises of the activities named, hidden with any of them."""
    kept = [p for p in parts if p.inside != 0 and (not section or p.section == section)]
    if any(np.isnan(p.value) for p in kept):
        cell = Cell(None, State.SUPPRESSED)
    elif any(np.isnan(p.inside) and p.value for p in kept):
        cell = Cell(None, State.NOT_MEASURED)
    else:
        total = float(sum(p.value for p in kept))
        cell = Cell(total, state_of(total))
    return reader.figure(
        place,
        _("Entreprises des activités exposées"),
        cell,
        method=_("Somme des nombres publiés, au siège."),
    )
