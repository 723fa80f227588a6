"""Everything the page Moteurs de changement shows of one place, and what it cannot show and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.methods.economy.shift_share import Method
from perron.site.directory.jobs import JOBS
from perron.site.directory.nuts import TABLE as NUTS
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import OUTSIDE, Place
from perron.site.economy.drivers import establishments, ruptures
from perron.site.economy.drivers.churn import Churn, churn
from perron.site.economy.drivers.comparison import (
    DATASETS,
    Option,
    Side,
    carrier,
    compared,
    options,
    side_of,
)
from perron.site.economy.drivers.growth import METHODS, Growth, growth
from perron.site.economy.reader import Reader
from perron.site.economy.sectors.selectors import territories

#: Most regions that may be added up into a base, and the longest code read of each.
MOST, LONGEST = 20, 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks; an empty field takes the page's own choice."""

    territory: str = ""
    base: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    method: str = Method.DUNN.value
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class DriversPage:
    """The five questions of the page. A part that is None has its reason beside it."""

    asked: Asked
    place: Place
    is_ours: bool
    in_sentence: str
    reference: Place
    territories: tuple[Place, ...]
    #: The place whose jobs are shown: itself, or the smallest around that has any.
    carrier: Place | None
    options: tuple[Option, ...]
    growth: Growth | None
    #: Why there is no decomposition, or not the one asked for.
    problem: str
    churn: Churn
    ruptures: ruptures.Ruptures | None
    establishments: establishments.Trend | None
    #: Tables that the lake lacks.
    missing: frozenset[str]


@lru_cache(maxsize=64)
def drivers_page(held: Catalogue, language: str, asked: Asked) -> DriversPage:
    """The page of a place, by default the one that the agency steers. InputError for an unknown one."""
    reader = Reader(held, language)
    place = reader.place(asked.territory)
    if place.level == OUTSIDE:
        raise InputError(
            _("{name} n’est pas un territoire : rien ne s’y compare.").format(
                name=place.name(language)
            )
        )
    missing = frozenset({JOBS, NUTS, establishments.TABLE} - set(held.tables))
    around = None if JOBS in missing else carrier(reader, place)
    found, problem = _growth(reader, around, asked)
    return DriversPage(
        asked,
        place,
        place.code == reader.home.code,
        reader.said(place),
        reader.reference,
        territories(reader),
        around,
        tuple(options(reader, _side(reader, around))) if around else (),
        found,
        problem,
        churn(reader, place),
        ruptures.ruptures(reader, place),
        establishments.trend(reader, place),
        missing,
    )


def prepare(held: Catalogue) -> None:
    """Compute what would make the first reader wait."""
    ruptures.prepare(held)


def _side(reader: Reader, place: Place) -> Side:
    return Side(place.short(reader.language), nuts_of(reader.held, place.code), place)


def _growth(reader: Reader, around: Place | None, asked: Asked) -> tuple[Growth | None, str]:
    """The decomposition asked for, else the nearest one that can be made, and what stood in the way."""
    if around is None:
        return None, ""
    here = _side(reader, around)
    wanted = asked.base or _own_base(reader, here)
    if not wanted:
        return None, _("Ce territoire est la référence elle-même : choisissez une base.")
    try:
        base = side_of(reader, wanted)
        made = compared(
            reader, here, base, DATASETS.get(asked.dataset, ""), asked.since, asked.until
        )
    except InputError as error:
        return None, str(error)
    method = Method(asked.method) if asked.method in tuple(METHODS) else Method.DUNN
    try:
        return growth(reader, made, method), ""
    except InputError as error:
        if method is not Method.DYNAMIC:
            return None, str(error)
        return growth(reader, made, Method.DUNN), str(error)


def _own_base(reader: Reader, here: Side) -> tuple[str, ...]:
    """The widest comparator, or all the peers where the territory is that one."""
    if here.place is None or here.place.code != reader.reference.code:
        return (reader.reference.code,)
    return tuple(peer.code for peer in reader.ours.peers)
