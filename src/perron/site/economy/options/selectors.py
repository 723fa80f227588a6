"""The page Options: each sector with its figures, in the quadrant that both its intervals allow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from perron import formats
from perron.errors import InputError
from perron.lake.provenance import Figure, Origin, State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.methods.economy import Position
from perron.site.directory.activities import Activity
from perron.site.directory.jobs import JOBS as JOBS_TABLE
from perron.site.directory.places import OUTSIDE, Place
from perron.site.economy.options.assessed import Assessed, Assessment, assessed
from perron.site.economy.options.basis import (
    BASES,
    DEPTHS,
    ENTERPRISES,
    JOBS,
    available,
    depths,
)
from perron.site.economy.options.foretelling import Foretelling, foretelling
from perron.site.economy.reader import Reader
from perron.site.economy.sectors.selectors import territories
from perron.site.economy.sectors.words import short

#: The order in which quadrants are shown: what is there, then what is near, then what is neither.
QUADRANTS = (Position.STRENGTH, Position.OPPORTUNITY, Position.THREAT, Position.WEAKNESS)


@dataclass(frozen=True, slots=True)
class Option:
    """A sector of the page: what is measured, and the figures that speak for or against."""

    activity: Activity
    assessment: Assessment
    size: Figure
    quotient: Figure
    near: Figure
    density: Figure
    expected: Figure
    #: The chance that as much, or for an isolated sector as little, comes by itself.
    chance: Figure
    known: Figure
    stays: Figure
    #: Starts less stops of the year, and the quotient on the other basis.
    balance: Figure
    other_quotient: Figure

    label: str

    @property
    def position(self) -> Position:
        return self.assessment.position


@dataclass(frozen=True, slots=True)
class OptionsPage:
    """Everything the page shows of one territory on one basis."""

    place: Place
    in_sentence: str
    is_ours: bool
    base: str
    depth: int
    bases: tuple[tuple[str, bool], ...]
    depths: tuple[int, ...]
    territories: tuple[Place, ...]
    #: What the quotients are relative to here, and on every other page.
    reference: str
    national: str
    period: str
    #: How many other territories say what is near.
    others: int
    options: tuple[Option, ...]
    counts: dict[Position, Figure]
    foretelling: Foretelling | None
    origin: Origin
    #: Why there is nothing to show, "" where there is.
    why: str = ""

    def at(self, position: Position) -> tuple[Option, ...]:
        """The sectors of a quadrant, by code: nothing is ranked."""
        return tuple(option for option in self.options if option.position is position)

    def of(self, code: str) -> Option | None:
        return next((option for option in self.options if option.activity.code == code), None)


def depth_name(depth: int) -> str:
    """The name of a grain in an address."""
    return next(name for name, value in DEPTHS.items() if value == depth)


@lru_cache(maxsize=64)
def options_page(
    held: Catalogue, language: str, territory: str = "", base: str = "", depth: int = 0
) -> OptionsPage:
    """The page of a place, by default ours, on the best founded basis and its usual grain.

    A basis or a grain that the place does not have is the nearest that it has. InputError for an
    unknown place, or one that is no territory.
    """
    reader = Reader(held, language)
    place = reader.place(territory)
    if place.level == OUTSIDE:
        raise InputError(_("{name} n’est pas un territoire.").format(name=place.name(language)))
    there = [name for name in BASES if available(reader, place, name)]
    chosen = base if base in there else (there or [ENTERPRISES])[0]
    grains = depths(reader, place, chosen)
    grain = depth if depth in grains else grains[0]
    found = assessed(held, place.code, chosen, grain) if there else None
    return OptionsPage(
        place=place,
        in_sentence=reader.said(place),
        is_ours=place.code == reader.home.code,
        base=chosen,
        depth=grain,
        bases=tuple((name, name in there) for name in BASES),
        depths=tuple(sorted(grains)),
        territories=territories(reader),
        reference=_reference(reader, chosen),
        national=reader.reference.name(reader.language),
        period=found.period if found else reader.counts.period,
        others=found.others if found else 0,
        options=tuple(_option(reader, place, found, s) for s in found.sectors) if found else (),
        counts=_counts(reader, place, chosen, found),
        foretelling=foretelling(held),
        origin=reader.origin(JOBS_TABLE) if chosen == JOBS else reader.register,
        why="" if found else _why(reader, place, there),
    )


def prepare(held: Catalogue) -> None:
    """Compute what first visitors ask: our territory on both bases. Others are made when asked, and kept."""
    reader = Reader(held, "fr")
    foretelling(held)
    for name in BASES:
        if available(reader, reader.home, name):
            assessed(held, reader.home.code, name, depths(reader, reader.home, name)[0])


def _reference(reader: Reader, base: str) -> str:
    if base == JOBS:
        return _("régions européennes")
    return reader.reference.name(reader.language)


def _why(reader: Reader, place: Place, there: list[str]) -> str:
    if place.code == reader.reference.code:
        return _(
            "{name} est la référence des quotients : elle ne se compare pas à elle-même. Choisissez un territoire qu’elle contient."
        ).format(name=place.name(reader.language))
    return _(
        "Il faut au moins dix autres territoires de la même sorte pour dire ce qui est proche, et le lac ne les a pas."
    )


# --- figures --------------------------------------------------------------------------------------


def _base_fields(reader: Reader, base: str, period: str) -> dict[str, object]:
    table = JOBS_TABLE if base == JOBS else reader.register.table
    return {
        "period": period,
        "origin": reader.origin(table),
        "limit_years": reader.limits.get(table),
    }


def _counts(
    reader: Reader, place: Place, base: str, found: Assessed | None
) -> dict[Position, Figure]:
    """How many sectors are in each position: facts of the page."""
    if found is None:
        return {}
    method = _(
        "Secteurs dont les deux intervalles, du quotient et du voisinage, sont du même côté de 1."
    )
    return {
        position: reader.figure(
            place,
            _("Nombre de secteurs"),
            Cell(float(count), state_of(float(count))),
            **(_base_fields(reader, base, found.period) | {"method": method}),
        )
        for position in Position
        for count in [len(found.at(position))]
    }


def _option(reader: Reader, place: Place, found: Assessed, of: Assessment) -> Option:
    activity = reader.tree[of.code]
    fields = _base_fields(reader, found.name, found.period)
    near = of.near

    def figure(name: str, value: float | None, **more: object) -> Figure:
        state = of.cell.state if of.cell.value is None else state_of(value)
        shown = None if of.cell.value is None else value
        return reader.figure(place, name, Cell(shown, state), **(fields | more))

    isolated = near is not None and near.ratio <= 1
    return Option(
        activity=activity,
        assessment=of,
        size=_size(reader, place, found, of),
        quotient=_quotient(reader, place, found, of),
        near=figure(
            _("Voisinage"),
            near.ratio if near else None,
            decimals=2,
            low=near.low if near else None,
            high=near.high if near else None,
            interval=_("à 95 %, si d’autres territoires avaient dit ce qui est proche"),
            method=_near_method(reader, found, of),
        ),
        density=figure(
            _("Part déjà là de ce qui est proche"),
            100 * near.density if near else None,
            unit="%",
            method=_("Liens au-delà du hasard dans les {n} autres territoires.").format(
                n=found.others
            ),
        ),
        expected=figure(
            _("Part que le hasard mettrait"),
            100 * near.expected if near else None,
            unit="%",
            method=_(
                "Un territoire qui a autant de spécialités, chacune aussi répandue que dans les autres."
            ),
        ),
        chance=figure(
            _("Le hasard ferait autant"),
            100 * ((1 - near.as_much) if isolated else near.as_much) if near else None,
            unit="%",
            method=_(
                "Chances qu’un tirage donne un voisinage aussi dense, ou pour un secteur isolé aussi vide."
            ),
        ),
        known=figure(
            _("Voisinage connu"),
            100 * near.known_share if near else None,
            unit="%",
            method=_(
                "Part de ce qui est proche dont le nombre est publié ici. Le reste est supprimé ou inconnu."
            ),
        ),
        stays=figure(
            _("Seuils où la réponse tient"),
            float(of.stays) if near else None,
            method=_("De 0,75 à 1,25 par 0,05 : onze seuils du quotient."),
        ),
        balance=reader.balance(place, of.code)
        if reader.counts.shows(place.code, of.code)
        else figure(_("Créations moins cessations"), None),
        other_quotient=_other(reader, place, found, of),
        label=short(activity),
    )


def _size(reader: Reader, place: Place, found: Assessed, of: Assessment) -> Figure:
    if found.name == JOBS:
        return reader.jobs(place, of.code)
    return reader.count(place, "enterprises", of.code)


def _quotient(reader: Reader, place: Place, found: Assessed, of: Assessment) -> Figure:
    """The quotient that decides: in enterprises that of every page, in jobs relative to Europe."""
    if found.name == ENTERPRISES:
        return reader.quotient(place, of.code)
    name = _("Quotient en emplois, Europe = 1")
    state = of.cell.state if of.cell.value is None else state_of(of.quotient)
    known = state in (State.OBSERVED, State.ZERO)
    return reader.figure(
        place,
        name,
        Cell(of.quotient if known else None, state),
        **(
            _base_fields(reader, JOBS, found.period)
            | {
                "decimals": 2,
                "low": of.low if known else None,
                "high": of.high if known else None,
                "interval": _(
                    "si l’on coupait à 1,25 ou à 0,75 au lieu de 1 : Eurostat ne publie pas d’intervalle"
                ),
                "method": _(
                    "Part de la division dans l’emploi d’ici, sur sa part dans les {n} régions européennes publiées et ici."
                ).format(n=found.others),
            }
        ),
    )


def _near_method(reader: Reader, found: Assessed, of: Assessment) -> str:
    if of.near is None:
        return _("Aucun autre territoire ne joint ce secteur à un autre plus que le hasard.")
    return _(
        "{here} de ce qui est proche est une spécialité d’ici, {chance} le serait par hasard. Proche : ce que les {n} autres territoires ont ensemble plus que le hasard."
    ).format(
        here=formats.percent(of.near.density, 0, reader.language),
        chance=formats.percent(of.near.expected, 0, reader.language),
        n=found.others,
    )


def _other(reader: Reader, place: Place, found: Assessed, of: Assessment) -> Figure:
    """The quotient on the other basis, at the nearest grain that it has."""
    if found.name == JOBS:
        return reader.quotient(place, of.code)
    return reader.jobs_quotient(place, reader.tree.lineage(of.code)[-2].code)
