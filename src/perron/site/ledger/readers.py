"""The readers of the lake: what an indicator may be read from, with its parameters and its limits.

A reader knows one table. It answers with a cell in the state it has there; what the table lacks is said
in words, and is never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow.parquet as pq
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron import formats
from perron.lake.provenance import State, state_of
from perron.lake.published import Cell, mask
from perron.lake.snapshots import Catalogue
from perron.methods.statistics.intervals import wilson
from perron.site.directory import business, incomes
from perron.site.directory.activities import ALL, DIVISION, SECTION, activities
from perron.site.directory.jobs import ACCOUNTS, EVERYTHING, JOBS, STRUCTURAL, regional_jobs
from perron.site.directory.municipal import Series, series
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place, places
from perron.site.directory.population import population
from perron.site.directory.section_names import NAMES
from perron.site.directory.sums import summed

POPULATION, ESTABLISHMENTS = "population", "establishments"
Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the lake."""

    held: Catalogue
    language: str
    place: Place
    period: str
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell with how it was counted, its bounds, and the further tables it rests on."""

    cell: Cell
    method: str = ""
    low: float | None = None
    high: float | None = None
    interval: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a reader asks: the choices are codes with their words, the first one is the default."""

    name: str
    label: str | Promise
    choices: Callable[[Catalogue, str], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader of one table. `limits` says, before anyone rests on it, what it can't tell."""

    name: str
    label: str | Promise
    unit: str | Promise
    table: str
    limits: str | Promise
    #: The periods that the table holds, whatever the place.
    periods: Callable[[Catalogue, Parameters], tuple[str, ...]]
    answer: Callable[[Asked], Answer]
    parameters: tuple[Parameter, ...] = field(default=())
    decimals: int = 0
    #: Further tables without which nothing can be read.
    needs: tuple[str, ...] = ()

    def missing(self, held: Catalogue) -> str:
        """The first of its tables that the lake lacks, "" where it has all."""
        return next((t for t in (self.table, *self.needs) if t not in held.tables), "")


# --- jobs --------------------------------------------------------------------------------------------

_GROUPS = {
    EVERYTHING: _lazy("toutes les branches"),
    "A": _lazy("agriculture"),
    "B-E": _lazy("industrie, énergie et eau"),
    "C": _lazy("industrie manufacturière"),
    "F": _lazy("construction"),
    "G-I": _lazy("commerce, transport, hôtels et restaurants"),
    "J": _lazy("information et communication"),
    "K": _lazy("finance et assurance"),
    "L": _lazy("immobilier"),
    "M-N": _lazy("services aux entreprises"),
    "O-Q": _lazy("administration, enseignement, santé"),
    "R-U": _lazy("culture et autres services"),
}


def group_name(group: str) -> str:
    """The words of a group of branches of the regional accounts."""
    return str(_GROUPS[group])


def _groups(_held: Catalogue, _language: str) -> list[tuple[str, str]]:
    return [(code, str(words)) for code, words in _GROUPS.items()]


def _accounts(asked: Asked) -> Answer:
    regions = nuts_of(asked.held, asked.place.code)
    group = asked.parameters["activity"]
    cell = regional_jobs(asked.held).at(ACCOUNTS, regions, group, asked.period)
    if not regions:
        return Answer(cell, _("Ce territoire n’est pas fait de régions européennes entières."))
    return Answer(
        cell,
        _("Personnes occupées au lieu de travail, {group}, comptes régionaux ({regions}).").format(
            group=group_name(group), regions=", ".join(regions)
        ),
    )


def _divisions(held: Catalogue, language: str) -> list[tuple[str, str]]:
    tree = activities(held)
    published = {key[2] for key in regional_jobs(held).cells if key[0] == STRUCTURAL}
    found = []
    for activity in sorted(
        (a for a in tree if a.level in (SECTION, DIVISION)),
        key=lambda a: (tree.lineage(a.code)[-1].code, a.level, a.code),
    ):
        code = _published_code(activity.code, tree.lineage(activity.code)[-1].code)
        if code in published:
            found.append((activity.code, f"{activity.written} {activity.label(language)}"))
    return found


def _published_code(code: str, section: str) -> str:
    return code if code == section else f"{section}{code}"


def _structural(asked: Asked) -> Answer:
    regions = nuts_of(asked.held, asked.place.code)
    if not regions or any(len(region) > 4 for region in regions):
        return Answer(
            Cell(None, State.NOT_MEASURED),
            _("Les emplois par division sont publiés pour les provinces et au-dessus."),
        )
    code = asked.parameters["activity"]
    activity = activities(asked.held)[code]
    published = _published_code(code, activities(asked.held).lineage(code)[-1].code)
    cell = regional_jobs(asked.held).at(STRUCTURAL, regions, published, asked.period)
    said = _("Personnes occupées, {activity}, statistiques structurelles ({regions}).")
    return Answer(
        cell,
        said.format(activity=activity.label(asked.language), regions=", ".join(regions)),
    )


# --- enterprises ---------------------------------------------------------------------------------------


def _sectors(held: Catalogue, language: str) -> list[tuple[str, str]]:
    tree = activities(held)
    found = [(ALL, _("toutes les activités"))]
    for section in tree.of_level(SECTION):
        found.append((section.code, str(NAMES.get(section.code) or section.label(language))))
        found += [(code, f"{code} {tree[code].label(language)}") for code in section.children]
    return found


def _register_periods(held: Catalogue, _parameters: Parameters) -> tuple[str, ...]:
    return (business.counts(held).period,)


def _sector_words(asked: Asked) -> str:
    return dict(_sectors(asked.held, asked.language))[asked.parameters["activity"]]


def _count(measure: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        cell = business.counts(asked.held)(asked.place.code, measure, asked.parameters["activity"])
        said = _("Assujetties à la TVA, comptées à leur siège : {activity}.")
        return Answer(cell, said.format(activity=_sector_words(asked)))

    return answer


def _balance(asked: Asked) -> Answer:
    counted, activity = business.counts(asked.held), asked.parameters["activity"]
    starts = counted(asked.place.code, "starts", activity)
    stops = counted(asked.place.code, "stops", activity)
    said = _("Créations moins cessations de l’année, au siège : {activity}.")
    method = said.format(activity=_sector_words(asked))
    if hidden := mask(starts, stops):
        return Answer(Cell(None, hidden), method)
    value = (starts.value or 0.0) - (stops.value or 0.0)
    return Answer(Cell(value, state_of(value)), method)


def _start_rate(asked: Asked) -> Answer:
    counted, activity = business.counts(asked.held), asked.parameters["activity"]
    starts = counted(asked.place.code, "starts", activity)
    stock = counted(asked.place.code, "enterprises", activity)
    said = _("Créations de l’année pour 100 entreprises en fin d’année : {activity}.")
    method = said.format(activity=_sector_words(asked))
    hidden = mask(starts, stock)
    if hidden or not stock.value:
        return Answer(Cell(None, hidden or State.UNKNOWN), method)
    part, whole = starts.value or 0.0, stock.value
    value = 100 * part / whole
    if part > whole:
        return Answer(Cell(value, state_of(value)), method)
    low, high = (100 * float(bound) for bound in wilson(part, whole))
    return Answer(
        Cell(value, state_of(value)),
        method,
        low,
        high,
        _("à 95 %, Wilson : ce que le hasard d’une année peut faire"),
    )


#: Inhabitants under which a municipality is among the smallest, by the parameter's code.
_SIZES = ("5000", "10000", "20000")


def _sizes(_held: Catalogue, language: str) -> list[tuple[str, str]]:
    said = _("moins de {n} habitants")
    return [(size, said.format(n=formats.number(float(size), 0, language))) for size in _SIZES]


def _smallest(asked: Asked) -> Answer:
    """Enterprises of the municipalities of a place that have fewer inhabitants than the parameter says."""
    most, people = float(asked.parameters["below"]), population(asked.held)
    units = places(asked.held).within(asked.place.code, business.FINEST)
    known = {unit.code: people.latest(unit.code).value for unit in units}
    if any(value is None for value in known.values()):
        return Answer(
            Cell(None, State.UNKNOWN),
            _("La population d’une de ces communes n’est pas connue : leur liste ne l’est pas."),
        )
    small = [code for code, value in known.items() if value is not None and value < most]
    said = _(
        "Assujetties à la TVA, au siège, dans {n} communes de moins de {most} habitants en {year}."
    ).format(n=len(small), most=round(most), year=people.last)
    if not small:
        return Answer(Cell(None, State.NOT_MEASURED), said, others=(POPULATION,))
    cell = summed([business.counts(asked.held)(code, "enterprises") for code in small])
    return Answer(cell, said, others=(POPULATION,))


# --- people and income ----------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _municipal(held: Catalogue, table: str, measure: str) -> Series:
    """A measure of a table by municipality, summed for every place."""
    names = ["territory", "period", measure, f"{measure}_status"]
    filters = [("sex", "=", "total")] if table == POPULATION else None
    rows = pq.read_table(held.snapshot(table).path, columns=names, filters=filters)
    columns = (rows.column(name).to_pylist() for name in names)
    return series(
        held,
        {
            (code, period): Cell(None if value is None else float(value), State(status))
            for code, period, value, status in zip(*columns, strict=True)
        },
    )


def _municipal_periods(table: str, measure: str) -> Callable[..., tuple[str, ...]]:
    def periods(held: Catalogue, _parameters: Parameters) -> tuple[str, ...]:
        return _municipal(held, table, measure).periods

    return periods


def _inhabitants(asked: Asked) -> Answer:
    cell = _municipal(asked.held, POPULATION, "population")(asked.place.code, asked.period)
    return Answer(cell, _("Population au 1er janvier, somme des communes."))


def _establishments(asked: Asked) -> Answer:
    found = _municipal(asked.held, ESTABLISHMENTS, "establishments")
    return Answer(
        found(asked.place.code, asked.period),
        _(
            "Unités d’établissement au quatrième trimestre, là où l’on travaille, somme des communes."
        ),
    )


_BY = {
    "residents": _lazy("par habitant"),
    "declarations": _lazy("par déclaration"),
}


def _income(asked: Asked) -> Answer:
    by = asked.parameters["by"]
    found = incomes.incomes(asked.held)
    total = found["net_taxable_income"](asked.place.code, asked.period)
    count = found[by](asked.place.code, asked.period)
    hidden = mask(total, count)
    value = None if hidden or not count.value else (total.value or 0.0) / count.value
    said = _("Revenu net imposable {by}, euros de {year}, somme des communes.")
    return Answer(
        Cell(value, hidden or state_of(value)),
        said.format(by=_BY[by], year=asked.period),
    )


_ACTIVITY = Parameter("activity", _lazy("Activité"), _sectors)
_ONE_EDITION = _lazy(
    "Seule la dernière édition du registre est lue ; un compte de moins de trois entreprises est supprimé."
)


def _register(
    name: str,
    label: str | Promise,
    unit: str | Promise,
    answer: Callable[[Asked], Answer],
    parameter: Parameter = _ACTIVITY,
    decimals: int = 0,
    needs: tuple[str, ...] = (),
) -> Reading:
    return Reading(
        *(name, label, unit, business.TABLE, _ONE_EDITION, _register_periods, answer),
        (parameter,),
        decimals,
        ("nace", *needs),
    )


READINGS: tuple[Reading, ...] = (
    Reading(
        "jobs",
        _lazy("Emplois par groupe de branches (Eurostat, chaque année)"),
        _lazy("emplois"),
        JOBS,
        _lazy(
            "Provinces et au-dessus ; un arrondissement seulement s’il est une région NUTS 3. Arrondis à la centaine, révisés par leur source."
        ),
        lambda held, _parameters: regional_jobs(held).periods.get(ACCOUNTS, ()),
        _accounts,
        (Parameter("activity", _lazy("Branches"), _groups),),
    ),
    Reading(
        "division-jobs",
        _lazy("Emplois par section ou division (Eurostat, statistiques structurelles)"),
        _lazy("emplois"),
        JOBS,
        _lazy("Provinces et au-dessus, sans l’agriculture, la finance ni les services publics."),
        lambda held, _parameters: regional_jobs(held).periods.get(STRUCTURAL, ()),
        _structural,
        (Parameter("activity", _lazy("Activité"), _divisions),),
        needs=("nace",),
    ),
    _register("enterprises", _lazy("Entreprises"), _lazy("entreprises"), _count("enterprises")),
    _register("starts", _lazy("Créations d’entreprises"), _lazy("créations"), _count("starts")),
    _register("stops", _lazy("Cessations d’entreprises"), _lazy("cessations"), _count("stops")),
    _register("balance", _lazy("Créations moins cessations"), _lazy("entreprises"), _balance),
    _register("start-rate", _lazy("Taux de création"), "%", _start_rate, decimals=1),
    _register(
        "small-municipalities",
        _lazy("Entreprises des plus petites communes"),
        _lazy("entreprises"),
        _smallest,
        Parameter("below", _lazy("Communes de"), _sizes),
        needs=(POPULATION,),
    ),
    Reading(
        "establishments",
        _lazy("Établissements (Statbel, chaque année)"),
        _lazy("établissements"),
        ESTABLISHMENTS,
        _lazy("Sans activité ni effectif."),
        _municipal_periods(ESTABLISHMENTS, "establishments"),
        _establishments,
    ),
    Reading(
        "population",
        _lazy("Habitants"),
        _lazy("habitants"),
        POPULATION,
        _lazy("Au 1er janvier ; certaines années seulement sont dans le lac."),
        _municipal_periods(POPULATION, "population"),
        _inhabitants,
    ),
    Reading(
        "income",
        _lazy("Revenu net imposable moyen"),
        "€",
        incomes.TABLE,
        _lazy(
            "Euros de l’année, sans correction des prix : une hausse peut n’être que celle des prix."
        ),
        lambda held, _parameters: incomes.incomes(held)["net_taxable_income"].periods,
        _income,
        (
            Parameter(
                "by", _lazy("Par"), lambda _held, _language: [(k, str(v)) for k, v in _BY.items()]
            ),
        ),
    ),
)
