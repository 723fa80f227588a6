"""Questions about a territory, answered with figures that can say where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from perron.config import config
from perron.errors import InputError
from perron.lake.provenance import Figure, Origin, State, state_of
from perron.lake.published import Cell, mask
from perron.lake.snapshots import Catalogue, Lake
from perron.methods.statistics.intervals import wilson
from perron.site.directory import business
from perron.site.directory.activities import ALL, SECTION, UNKNOWN, Activity, activities
from perron.site.directory.business import Counts
from perron.site.directory.geometry import Drawing, drawing
from perron.site.directory.places import LEVELS, Place, Places, places
from perron.site.directory.population import Population, population
from perron.site.directory.section_names import NAMES
from perron.territory import Territory
from perron.territory import territory as territory_of

#: Districts shown beside ours when the reader does not ask for all: the nearest in size.
NEAREST = 6


def catalogue() -> Catalogue:
    """The lake as it stands now; a page that holds it reads one version from end to end."""
    return Lake(config().lake).current()


def steered() -> Territory:
    """The territory of this installation."""
    return territory_of(config().territory)


@dataclass(frozen=True, slots=True)
class Profile:
    """A place in eight figures, each with its source, state, period and interval."""

    place: Place
    name: str
    enterprises: Figure
    starts: Figure
    stops: Figure
    balance: Figure
    start_rate: Figure
    stop_rate: Figure
    density: Figure
    population: Figure
    growth: Figure
    growth_since: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A NACE section here: its count, its share, and its share in the reference."""

    section: Activity
    label: str
    enterprises: Figure
    starts: Figure
    stops: Figure
    share: Figure
    reference_share: Figure

    @property
    def excess(self) -> float | None:
        """Points of share above the reference; None where either may not be shown."""
        here, there = self.share.value, self.reference_share.value
        return None if here is None or there is None else here - there


@dataclass(frozen=True, slots=True)
class TerritoryPage:
    """Everything the page Territoire shows about one place."""

    place: Place
    name: str
    in_sentence: str
    lineage: tuple[Place, ...]
    is_ours: bool
    profile: Profile
    reference: Profile
    peers: tuple[Profile, ...]
    wider: tuple[Profile, ...]
    all_peers: bool
    peer_count: int
    units: tuple[Profile, ...]
    unit_level: str
    drawing: Drawing | None
    labels: tuple[str, ...]
    sections: tuple[SectionRow, ...]
    outside: tuple[Figure, ...]
    #: The places that this one is made of, and the municipality that it is part of since a merger.
    parts: tuple[Place, ...]
    became: Place | None

    @property
    def above_reference(self) -> int:
        """Units whose start rate is above that of the reference."""
        mark = self.reference.start_rate.value
        return sum(
            1
            for unit in self.units
            if mark is not None
            and unit.start_rate.value is not None
            and unit.start_rate.value > mark
        )

    @property
    def distinguishable(self) -> int:
        """Units whose interval lies wholly above or below the rate of the reference."""
        mark = self.reference.start_rate.value
        return sum(
            1
            for unit in self.units
            if mark is not None
            and unit.start_rate.low is not None
            and unit.start_rate.high is not None
            and not unit.start_rate.low <= mark <= unit.start_rate.high
        )

    @property
    def most_typical(self) -> SectionRow | None:
        """The section that weighs most more here than in the reference, in points of share."""
        known = [
            (row.excess, row)
            for row in self.sections
            if row.excess is not None and row.section.code != UNKNOWN
        ]
        return max(known, key=lambda pair: pair[0], default=(0.0, None))[1]


class _Reader:
    """One catalogue, one language: makes the figures of any place."""

    def __init__(self, held: Catalogue, language: str) -> None:
        self.held = held
        self.language = language
        self.known: Places = places(held)
        self.counts: Counts = business.counts(held)
        self.people: Population = population(held)
        self.register: Origin = held.snapshot(business.TABLE).origin()
        self.census: Origin = held.snapshot("population").origin()
        self.limits = steered().limits

    def figure(self, place: Place, name: str, cell: Cell, **more: Any) -> Figure:
        fields: dict[str, Any] = {
            "period": self.counts.period,
            "origin": self.register,
            "limit_years": self.limits.get(business.TABLE),
            **more,
        }
        return Figure(name, cell.value, cell.state, place.name(self.language), **fields)

    def count(
        self, place: Place, measure: str, name: str, method: str, section: str = ALL
    ) -> Figure:
        return self.figure(place, name, self.counts(place.code, measure, section), method=method)

    def rate(self, place: Place, measure: str, name: str, method: str) -> Figure:
        """Events of the year for 100 enterprises of its end, with Wilson's interval."""
        events = self.counts(place.code, measure)
        stock = self.counts(place.code, "enterprises")
        if hidden := mask(events, stock):
            return self.figure(place, name, Cell(None, hidden), unit="%", decimals=1, method=method)
        if not stock.value:
            return self.figure(
                place, name, Cell(None, State.UNKNOWN), unit="%", decimals=1, method=method
            )
        part, whole = events.value or 0.0, stock.value
        value = 100 * part / whole
        low = high = None
        # More events than enterprises is possible in a tiny place: then no proportion, no interval.
        if part <= whole:
            low, high = (100 * float(bound) for bound in wilson(part, whole))
        return self.figure(
            place,
            name,
            Cell(value, state_of(value)),
            unit="%",
            decimals=1,
            method=method
            + " "
            + _("{part} pour {whole} entreprises.").format(part=round(part), whole=round(whole)),
            low=low,
            high=high,
            interval=_("à 95 %, Wilson : ce que le hasard d’une année peut faire"),
        )

    def profile(self, place: Place) -> Profile:
        at_seat = _("Entreprises assujetties à la TVA, comptées à leur siège, toutes activités.")
        starts, stops = self.counts(place.code, "starts"), self.counts(place.code, "stops")
        hidden = mask(starts, stops)
        gained = None if hidden else (starts.value or 0.0) - (stops.value or 0.0)
        stock = self.counts(place.code, "enterprises")
        people = self.people.latest(place.code)
        per_thousand = (
            None if stock.value is None or not people.value else 1000 * stock.value / people.value
        )
        masked = mask(stock, Cell(people.value, people.state))
        growth = self.people.growth(place.code)
        return Profile(
            place=place,
            name=place.short(self.language),
            enterprises=self.count(place, "enterprises", _("Entreprises"), at_seat),
            starts=self.count(
                place,
                "starts",
                _("Créations"),
                _("Premiers assujettissements à la TVA dans l’année."),
            ),
            stops=self.count(
                place, "stops", _("Cessations"), _("Fins d’assujettissement à la TVA dans l’année.")
            ),
            balance=self.figure(
                place,
                _("Créations moins cessations"),
                Cell(gained, hidden or state_of(gained)),
                method=_(
                    "Différence des deux nombres de l’année. Les déménagements de siège n’y sont pas."
                ),
            ),
            start_rate=self.rate(
                place,
                "starts",
                _("Taux de création"),
                _("Créations de l’année pour 100 entreprises en fin d’année."),
            ),
            stop_rate=self.rate(
                place,
                "stops",
                _("Taux de cessation"),
                _("Cessations de l’année pour 100 entreprises en fin d’année."),
            ),
            density=self.figure(
                place,
                _("Entreprises pour 1 000 habitants"),
                Cell(per_thousand, masked or state_of(per_thousand)),
                decimals=1,
                method=_("Entreprises de {year} rapportées à la population de {other}.").format(
                    year=self.counts.period, other=self.people.last
                ),
                others=(self.census,),
            ),
            population=self.figure(
                place,
                _("Habitants"),
                Cell(people.value, people.state),
                period=self.people.last,
                origin=self.census,
                limit_years=self.limits.get("population"),
                method=_("Population au 1er janvier, somme des communes."),
            ),
            growth=self.figure(
                place,
                _("Évolution de la population"),
                Cell(growth.value, growth.state),
                unit="%",
                decimals=1,
                period=self.people.last,
                origin=self.census,
                limit_years=self.limits.get("population"),
                method=_("De {first} à {last}, en pour cent de la population de {first}.").format(
                    first=self.people.first, last=self.people.last
                ),
            ),
            growth_since=self.people.first,
        )

    def section(self, place: Place, reference: Place, section: Activity) -> SectionRow:
        counted = _("Entreprises de la section, au siège.")
        return SectionRow(
            section=section,
            label=str(NAMES.get(section.code) or section.label(self.language)),
            enterprises=self.count(place, "enterprises", _("Entreprises"), counted, section.code),
            starts=self.count(place, "starts", _("Créations"), counted, section.code),
            stops=self.count(place, "stops", _("Cessations"), counted, section.code),
            share=self.share(place, section),
            reference_share=self.share(reference, section),
        )

    def share(self, place: Place, section: Activity) -> Figure:
        """Part of the section among the enterprises of the place."""
        part, whole = (
            self.counts(place.code, "enterprises", section.code),
            self.counts(place.code, "enterprises"),
        )
        hidden = mask(part, whole)
        value = None if hidden or not whole.value else 100 * (part.value or 0.0) / whole.value
        return self.figure(
            place,
            _("Part des entreprises"),
            Cell(value, hidden or state_of(value)),
            unit="%",
            decimals=1,
            method=_("Entreprises de la section pour 100 entreprises."),
        )


@lru_cache(maxsize=1024)
def profile_of(held: Catalogue, language: str, code: str) -> Profile:
    """The figures of any place by its code. InputError for an unknown one."""
    reader = _Reader(held, language)
    return reader.profile(reader.known[code])


def _finer(level: str, wanted: str) -> bool:
    return LEVELS.index(wanted) > LEVELS.index(level)


@lru_cache(maxsize=64)
def territory_page(
    held: Catalogue, language: str, code: str = "", all_peers: bool = False
) -> TerritoryPage:
    """The page of a place, by default the territory that the agency steers.

    The result is kept for as long as `held` is in service: everything in it comes from the lake.
    An unknown code is an InputError.
    """
    ours = steered()
    reader = _Reader(held, language)
    known = reader.known
    home = known[ours.place.code]
    place = known[code] if code else home
    if place.level == "outside":
        raise InputError(
            _("{name} n’est pas un territoire : il n’a ni carte ni comparaison.").format(
                name=place.name(language)
            )
        )
    reference = known[ours.place.comparators[-1]] if ours.place.comparators else home

    units: list[Place] = []
    if place.parts or _finer(place.level, ours.place.unit_level):
        units = known.within(place.code, ours.place.unit_level)
    groups: list[Place] = []
    if units and _finer(place.level, ours.place.peer_level):
        groups = known.within(place.code, ours.place.peer_level)
    shapes = None
    if units:
        outlines = groups or [place]
        shapes = drawing(
            held,
            tuple(unit.code for unit in units),
            tuple(
                tuple(u.code for u in known.within(g.code, ours.place.unit_level)) for g in outlines
            ),
        )

    peers = _peers(reader, place, groups, ours, all_peers)
    lineage = tuple(known.lineage(place.code)[1:])
    wider = [p for p in lineage if p.code in {*ours.place.comparators, home.code}]
    is_ours = place.code == home.code
    known_sections = [
        *activities(held).of_level(SECTION),
        Activity(UNKNOWN, SECTION, ALL, {"fr": "?"}),
    ]
    sections = [reader.section(place, reference, s) for s in known_sections]
    return TerritoryPage(
        place=place,
        name=place.name(language),
        in_sentence=ours.said(ours.article, language) if is_ours else place.name(language),
        lineage=tuple(reversed(lineage)),
        is_ours=is_ours,
        profile=reader.profile(place),
        reference=reader.profile(reference),
        peers=tuple(reader.profile(p) for p in peers),
        wider=tuple(reader.profile(p) for p in wider if p.code != place.code),
        all_peers=all_peers,
        peer_count=sum(1 for p in known.tree() if p.level == ours.place.peer_level),
        units=tuple(reader.profile(unit) for unit in units),
        unit_level=ours.place.unit_level,
        drawing=shapes,
        labels=ours.place.labels,
        sections=tuple(sections),
        outside=tuple(
            reader.figure(p, p.name(language), Cell(seats, state_of(seats)))
            for p in known
            if p.level == "outside" and (seats := reader.counts.seats.get(p.code, 0.0)) is not None
        ),
        parts=tuple(known[part] for part in place.parts),
        became=known.became(place.code),
    )


def _peers(
    reader: _Reader, place: Place, groups: Sequence[Place], ours: Territory, all_peers: bool
) -> list[Place]:
    """The places set beside this one: its districts and the nearest ones in number of enterprises."""
    known = reader.known
    level = ours.place.peer_level
    every = [p for p in known.tree() if p.level == level]
    # A place made of others stands by itself: its parts beside it would say the same twice.
    own = [place] if place.parts else list(groups) or [p for p in every if p.code == place.code]
    if not own or _finer(level, place.level):
        parents = {known[part].parent for part in known.made_of(place.code)}
        own = [place]
        every = [p for p in known.tree() if p.parent in parents and p.level == place.level]
    if all_peers:
        chosen = {p.code for p in [*own, *every]}
        return [p for p in known if p.code in chosen]
    stock = {p.code: reader.counts(p.code, "enterprises").value or 0.0 for p in [*own, *every]}
    largest = max((stock[p.code] for p in own), default=0.0)
    held = {p.code for p in own} | (_filled(known, place) if place.parts else set())
    others = [p for p in every if p.code not in held]
    others.sort(key=lambda p: (abs(stock[p.code] - largest), p.code))
    return [*own, *others[:NEAREST]]


def _filled(known: Places, place: Place) -> set[str]:
    """The places of the tree that lie wholly in one that is made of others."""
    inside = {unit.code for unit in known.within(place.code, LEVELS[-1])}
    pairs = known.municipalities_to_all()
    return {above for _unit, above in pairs} - {
        above for unit, above in pairs if unit not in inside
    }
