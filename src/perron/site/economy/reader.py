"""The figures of field 1: one catalogue, one language, any place and any activity."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import Figure, Origin, State, state_of
from perron.lake.published import Cell, mask
from perron.lake.snapshots import Catalogue
from perron.methods.economy import quotient_of_counts
from perron.site.components.figures import language as page_language
from perron.site.directory import business
from perron.site.directory.activities import ALL, DIVISION, Activities, Activity, activities
from perron.site.directory.jobs import JOBS, STRUCTURAL, regional_jobs
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place, Places, places
from perron.site.directory.selectors import steered
from perron.site.economy.jobs import by_division
from perron.translation import gettext_noop

#: Words for what the sampling interval of a register's count is.
CHANCE = gettext_noop("à 95 % : ce que le hasard peut faire d’un tel nombre")


class Reader:
    """Makes figures. Everything it gives comes from published counts, so it tells nothing more."""

    def __init__(self, held: Catalogue, language: str) -> None:
        self.held = held
        self.language = language
        self.known: Places = places(held)
        self.tree: Activities = activities(held)
        self.counts: business.Counts = business.counts(held)
        self.register: Origin = held.snapshot(business.TABLE).origin()
        self.ours = steered()
        self.limits = self.ours.limits
        self.home: Place = self.known[self.ours.place.code]
        compared = self.ours.place.comparators
        #: What quotients are relative to: the widest comparator, the territory itself for want of one.
        self.reference: Place = self.known[compared[-1]] if compared else self.home

    def place(self, code: str) -> Place:
        """The place asked for, ours by default. InputError for an unknown one."""
        return self.known[code] if code else self.home

    def said(self, place: Place) -> str:
        """The place in a sentence, with its article where the territory's file gives one."""
        if place.code == self.home.code:
            return self.ours.said(self.ours.article, self.language)
        return place.name(self.language)

    def figure(self, place: Place, name: str, cell: Cell, **more: Any) -> Figure:
        """A figure of the register; `more` overrides its period, origin, unit, method…"""
        fields: dict[str, Any] = {
            "period": self.counts.period,
            "origin": self.register,
            "limit_years": self.limits.get(business.TABLE),
            **more,
        }
        return Figure(name, cell.value, cell.state, place.name(self.language), **fields)

    def origin(self, table: str) -> Origin:
        return self.held.snapshot(table).origin()

    def count(self, place: Place, measure: str, activity: str = ALL) -> Figure:
        """Enterprises, starts or stops of an activity, at their seat."""
        names = {
            "enterprises": _("Entreprises"),
            "starts": _("Créations"),
            "stops": _("Cessations"),
        }
        return self.figure(
            place,
            names[measure],
            self.counts(place.code, measure, activity),
            method=_("Assujetties à la TVA, comptées à leur siège, {activity}.").format(
                activity=self.named(activity)
            ),
        )

    def named(self, activity: str) -> str:
        """An activity in the middle of a sentence."""
        if activity == ALL:
            return _("toutes activités")
        return _("NACE-BEL {code}").format(code=self.tree[activity].written)

    def balance(self, place: Place, activity: str = ALL) -> Figure:
        starts, stops = (self.counts(place.code, m, activity) for m in ("starts", "stops"))
        hidden = mask(starts, stops)
        gained = None if hidden else (starts.value or 0.0) - (stops.value or 0.0)
        return self.figure(
            place,
            _("Créations moins cessations"),
            Cell(gained, hidden or state_of(gained)),
            method=_(
                "Différence des deux nombres de l’année. Les déménagements de siège n’y sont pas."
            ),
        )

    def quotient(self, place: Place, activity: str) -> Figure:
        """Location quotient in enterprises against the reference, with its sampling interval.

        Masked with any of the four counts it is made from.
        """
        name = _("Quotient en entreprises")
        here, away = place.code, self.reference.code
        cells = [
            self.counts(here, "enterprises", activity),
            self.counts(here, "enterprises"),
            self.counts(away, "enterprises", activity),
            self.counts(away, "enterprises"),
        ]
        state = mask(*cells)
        if state is None and not all(cell.value for cell in cells[1:]):
            state = State.UNKNOWN
        if state is not None:
            return self.figure(place, name, Cell(None, state), decimals=2)
        x, r, c, t = (cell.value or 0.0 for cell in cells)
        value, low, high = (float(found) for found in quotient_of_counts(x, r, c, t))
        whole = place.code == away
        return self.figure(
            place,
            name,
            Cell(value, state_of(value)),
            decimals=2,
            low=None if whole else low,
            high=None if whole else high,
            interval=_(CHANCE),
            method=_(
                "{x} entreprises sur {r}, rapporté à {c} sur {t} ({reference}) : la part du secteur ici sur sa part là-bas."
            ).format(
                x=self.number(x),
                r=self.number(r),
                c=self.number(c),
                t=self.number(t),
                reference=self.reference.name(self.language),
            ),
        )

    def number(self, value: float, decimals: int = 0) -> str:
        return formats.number(value, decimals, self.language)

    def jobs(self, place: Place, activity: str) -> Figure:
        """Persons employed in a section or division; not measured for any finer activity."""
        name = _("Emplois")
        if JOBS not in self.held.tables:
            return self.figure(place, name, Cell(None, State.NOT_MEASURED))
        asked: Activity | None = self.tree[activity] if activity != ALL else None
        if asked is None or asked.level > DIVISION:
            cell, year = Cell(None, State.NOT_MEASURED), ""
        else:
            cell, year = by_division(self.held, place.code, activity, self.tree)
        return self.figure(
            place,
            name,
            cell,
            period=year or self.counts.period,
            origin=self.origin(JOBS),
            limit_years=self.limits.get(JOBS),
            method=_(
                "Personnes occupées, statistique structurelle des entreprises (sections B à N sans K), par division seulement."
            ),
        )

    def jobs_quotient(self, place: Place, division: str) -> Figure:
        """Location quotient in jobs, over all divisions that the statistics publish in both places.

        No sampling interval is published with these statistics.
        """
        parts = [
            by_division(self.held, where.code, division, self.tree)
            for where in (place, self.reference)
        ]
        wholes = [self._all_jobs(where) for where in (place, self.reference)]
        state = mask(*(cell for cell, _year in parts), *wholes)
        value = None
        if state is None:
            (x, _y), (c, _z) = parts
            r, t = (cell.value or 0.0 for cell in wholes)
            if r and t and c.value:
                value = (x.value or 0.0) / r / (c.value / t)
        cell = Cell(value, state or state_of(value))
        return self.figure(
            place,
            _("Quotient en emplois"),
            cell,
            decimals=2,
            period=parts[0][1] or self.counts.period,
            origin=self.origin(JOBS) if JOBS in self.held.tables else self.register,
            limit_years=self.limits.get(JOBS),
            method=_(
                "Part de la division dans l’emploi des sections B à N sans K, rapportée à la même part en référence ({reference})."
            ).format(reference=self.reference.name(self.language)),
        )

    def _all_jobs(self, place: Place) -> Cell:
        """The jobs of the sections that the statistics cover."""
        return all_structural_jobs(self.held, place.code)


@lru_cache(maxsize=256)
def all_structural_jobs(held: Catalogue, place: str) -> Cell:
    """Jobs of every section that the structural statistics publish of a place, summed with their states.

    A section they hide makes the sum unknown.
    """
    jobs = regional_jobs(held)
    years = jobs.periods.get(STRUCTURAL, ())
    regions = nuts_of(held, place)
    if not years or not regions or any(len(region) > 4 for region in regions):
        return Cell(None, State.NOT_MEASURED)
    sections = {
        activity
        for name, _region, activity, _period in jobs.cells
        if name == STRUCTURAL and len(activity) == 1
    }
    cells = [jobs.at(STRUCTURAL, regions, section, years[-1]) for section in sorted(sections)]
    if state := mask(*cells):
        return Cell(None, state)
    return Cell(float(np.sum([cell.value or 0.0 for cell in cells])), State.OBSERVED)


def reader(held: Catalogue) -> Reader:
    """A reader in the language of the page."""
    return Reader(held, page_language())
