"""Questions about the register of drivers, answered with figures that say where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.site.accounts import log
from perron.site.accounts.models import Entry
from perron.site.directory.activities import Activity
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader
from perron.site.economy.sectors.selectors import territories
from perron.site.strategy.exposures import Exposed, Exposedness, exposedness
from perron.site.strategy.models import (
    Direction,
    Driver,
    Evidence,
    Exposure,
    Grade,
    Kind,
    Status,
)
from perron.translation import gettext as _

#: From the strongest to the weakest.
GRADES = (Grade.ATTESTED, Grade.PROBABLE, Grade.CLAIMED)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the register is shown; an empty field is everything, closed drivers excepted."""

    kind: str = ""
    direction: str = ""
    status: str = ""

    def known(self) -> Filters:
        """The same without what is no answer."""
        return Filters(
            self.kind if self.kind in Kind.values else "",
            self.direction if self.direction in Direction.values else "",
            self.status if self.status in (*Status.values, "all") else "",
        )


@dataclass(frozen=True, slots=True)
class Card:
    """A driver in the list: its evidence counted, and what it touches."""

    driver: Driver
    evidences: int
    #: The strongest grade of its evidence, empty without any.
    grade: str
    exposed: Exposedness


@dataclass(frozen=True, slots=True)
class Register:
    """The drivers that the filters keep, by kind, and how many there are in all."""

    filters: Filters
    place: Place
    reference: Place
    cards: tuple[Card, ...]
    total: int
    closed: int

    def by_kind(self) -> list[tuple[Kind, list[Card]]]:
        groups = [(kind, [c for c in self.cards if c.driver.kind == kind]) for kind in Kind]
        return [(kind, cards) for kind, cards in groups if cards]


@dataclass(frozen=True, slots=True)
class Touched:
    """An exposed activity with its place in the classification; None where the lake lacks it."""

    exposure: Exposure
    activity: Activity | None


@dataclass(frozen=True, slots=True)
class DriverSheet:
    """One driver, its evidence, what it touches and what was written of it."""

    driver: Driver
    territory: Place | None
    place: Place
    evidences: tuple[Evidence, ...]
    withdrawn: tuple[Evidence, ...]
    touched: tuple[Touched, ...]
    no_more: tuple[Touched, ...]
    exposed: Exposedness
    entries: tuple[Entry, ...]
    #: Who wrote each entry, by their opaque identifier; an erased person is not there.
    names: dict[UUID, str]
    territories: tuple[Place, ...]


def register(held: Catalogue, language: str, filters: Filters, territory: str = "") -> Register:
    """The drivers asked for, with their exposure in a place. InputError for an unknown place."""
    wanted = filters.known()
    reader = Reader(held, language)
    place = reader.place(territory)
    found = Driver.objects.prefetch_related(
        Prefetch("evidences", Evidence.objects.filter(withdrawn_because="")),
        Prefetch("exposures", Exposure.objects.filter(withdrawn_because="")),
    )
    kept = found
    if wanted.kind:
        kept = kept.filter(kind=wanted.kind)
    if wanted.direction:
        kept = kept.filter(direction__in=_directions(wanted.direction))
    if wanted.status in Status.values:
        kept = kept.filter(status=wanted.status)
    elif not wanted.status:
        kept = kept.exclude(status=Status.CLOSED)
    order = {kind: i for i, kind in enumerate(Kind.values)}
    drivers = sorted(kept, key=lambda d: (order[d.kind], d.title))
    return Register(
        wanted,
        place,
        reader.reference,
        tuple(_card(held, language, driver, place) for driver in drivers),
        Driver.objects.count(),
        Driver.objects.filter(status=Status.CLOSED).count(),
    )


def _directions(asked: str) -> Sequence[str]:
    """A threat is also what is both."""
    return (asked,) if asked == Direction.BOTH else (asked, Direction.BOTH)


def _card(held: Catalogue, language: str, driver: Driver, place: Place) -> Card:
    grades = {evidence.grade for evidence in driver.evidences.all()}
    return Card(
        driver,
        len(driver.evidences.all()),
        next((grade.value for grade in GRADES if grade in grades), ""),
        exposedness(held, language, _exposed(held, language, driver), place.code),
    )


def _exposed(held: Catalogue, language: str, driver: Driver) -> Exposed:
    """The activities of a driver that the lake knows, in the form that is computed on."""
    tree = Reader(held, language).tree
    return tuple(
        (e.activity, e.share)
        for e in driver.exposures.all()
        if not e.withdrawn_because and e.activity in tree
    )


def sheet(held: Catalogue, language: str, driver: int, territory: str = "") -> DriverSheet:
    """The sheet of a driver, its exposure that of a place, by default its own territory."""
    found = _driver(driver)
    reader = Reader(held, language)
    own = found.territory if found.territory in reader.known else ""
    place = reader.place(territory or own)
    touched = [Touched(e, reader.tree.by_code.get(e.activity)) for e in found.exposures.all()]
    evidences = list(found.evidences.all())
    written = tuple(log.entries("driver", found.pk))
    return DriverSheet(
        found,
        reader.known[own] if own else None,
        place,
        tuple(e for e in evidences if not e.withdrawn_because),
        tuple(e for e in evidences if e.withdrawn_because),
        tuple(t for t in touched if not t.exposure.withdrawn_because),
        tuple(t for t in touched if t.exposure.withdrawn_because),
        exposedness(held, language, _exposed(held, language, found), place.code),
        written,
        log.names(entry.actor for entry in written),
        territories(reader),
    )


def _driver(driver: int) -> Driver:
    found = Driver.objects.prefetch_related("evidences", "exposures").filter(pk=driver).first()
    if found is None:
        raise InputError(_("Ce moteur n’existe pas dans le registre."))
    return found


def driver(pk: int) -> Driver:
    """One driver. InputError where there is none."""
    return _driver(pk)


def evidence(pk: int, driver: int) -> Evidence:
    """An evidence of a driver that was not withdrawn. InputError where there is none."""
    found = Evidence.objects.filter(pk=pk, driver=driver, withdrawn_because="").first()
    if found is None:
        raise InputError(_("Cette preuve n’existe pas, ou a été retirée."))
    return found


def exposure(pk: int, driver: int) -> Exposure:
    """An exposure of a driver that was not withdrawn. InputError where there is none."""
    found = Exposure.objects.filter(pk=pk, driver=driver, withdrawn_because="").first()
    if found is None:
        raise InputError(_("Cette exposition n’existe pas, ou a été retirée."))
    return found


def everything() -> list[Driver]:
    """Every driver with its evidence and exposures, for a file."""
    return list(Driver.objects.prefetch_related("evidences", "exposures"))
