"""The indicators of a territory, in groups of one source each: what Comparer sets side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell, mask
from perron.site.directory.activities import ALL
from perron.site.directory.business import TABLE as REGISTER
from perron.site.directory.incomes import TABLE as INCOMES
from perron.site.directory.jobs import JOBS
from perron.site.directory.places import Place
from perron.site.directory.selectors import Profile, profile_of
from perron.site.economy import sizes
from perron.site.economy.compare import census, income, variety, work
from perron.site.economy.drivers import establishments
from perron.site.economy.reader import Reader

Measure = Callable[[Reader, Place], Figure]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measure of any place; `signed` where the sign is written."""

    name: str
    label: str | Promise
    of: Measure
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators of one table of the lake. `main` is the one its title is about; `says` explains them."""

    name: str
    question: str | Promise
    says: str | Promise
    table: str
    indicators: tuple[Indicator, ...]
    main: str

    def lead(self) -> Indicator:
        return next(i for i in self.indicators if i.name == self.main)


def _profile(field: str) -> Measure:
    def of(reader: Reader, place: Place) -> Figure:
        found: Profile = profile_of(reader.held, reader.language, place.code)
        figure = getattr(found, field)
        assert isinstance(figure, Figure)
        return figure

    return of


def _establishments(field: str) -> Measure:
    names = {
        "last": _lazy("Établissements"),
        "change": _lazy("Évolution des établissements"),
    }

    def of(reader: Reader, place: Place) -> Figure:
        trend = establishments.trend(reader, place)
        if trend is not None:
            return trend.last if field == "last" else trend.change
        fields: dict[str, object] = {"unit": "%", "decimals": 1} if field == "change" else {}
        periods = establishments.counted(reader.held).periods
        if periods:
            fields |= {
                "period": periods[-1],
                "origin": reader.origin(establishments.TABLE),
                "limit_years": reader.limits.get(establishments.TABLE),
            }
        return reader.figure(place, str(names[field]), Cell(None, State.UNKNOWN), **fields)

    return of


#: The share of each group of sizes, by its first group.
_SIZES: dict[str, Promise] = {
    "0": _lazy("Part des entreprises sans salarié"),
    "1-9": _lazy("Part des entreprises de 1 à 9 salariés"),
    "10-49": _lazy("Part des entreprises de 10 à 49 salariés"),
    "50-249": _lazy("Part des entreprises de 50 salariés et plus"),
}


def _size(*groups: str) -> Measure:
    """The share of enterprises of some sizes, all activities together."""

    def of(reader: Reader, place: Place) -> Figure:
        found = sizes.sizes(reader.held)
        parts = [found(place.code, ALL, group) for group in groups]
        whole = found(place.code, ALL)
        state = mask(*parts, whole)
        value = None
        if state is None and whole.value:
            value = 100 * sum(part.value or 0.0 for part in parts) / whole.value
        fields: dict[str, object] = {"unit": "%", "decimals": 1}
        if found.period:
            fields |= {
                "period": found.period,
                "origin": reader.origin(sizes.TABLE),
                "limit_years": reader.limits.get(sizes.TABLE),
            }
        return reader.figure(
            place,
            str(_SIZES[groups[0]]),
            Cell(value, state or state_of(value)),
            method=_("Entreprises assujetties à la TVA, au 31 décembre, pour 100."),
            **fields,
        )

    return of


GROUPS: tuple[Group, ...] = (
    Group(
        "creations",
        _lazy("Où les entreprises naissent-elles ?"),
        _lazy("Créations et cessations de l’année pour 100 entreprises de sa fin, au siège"),
        REGISTER,
        (
            Indicator("start_rate", _lazy("Taux de création, %"), _profile("start_rate")),
            Indicator("stop_rate", _lazy("Taux de cessation, %"), _profile("stop_rate")),
            Indicator("balance", _lazy("Solde"), _profile("balance"), signed=True),
        ),
        main="start_rate",
    ),
    Group(
        "entreprises",
        _lazy("Combien d’entreprises ?"),
        _lazy("Assujetties à la TVA, à leur siège, en fin d’année"),
        REGISTER,
        (
            Indicator("enterprises", _lazy("Entreprises"), _profile("enterprises")),
            Indicator("density", _lazy("Pour 1 000 habitants"), _profile("density")),
        ),
        main="density",
    ),
    Group(
        "population",
        _lazy("La population croît-elle ?"),
        _lazy("Habitants au 1er janvier ; évolution depuis la première année du lac"),
        "population",
        (
            Indicator("population", _lazy("Habitants"), _profile("population")),
            Indicator("growth", _lazy("Évolution, %"), _profile("growth"), signed=True),
        ),
        main="growth",
    ),
    Group(
        "revenus",
        _lazy("Quels revenus ?"),
        _lazy("Revenu net imposable, en euros de l’année, là où l’on habite"),
        INCOMES,
        (
            Indicator("per_inhabitant", _lazy("Par habitant, €"), income.per_inhabitant),
            Indicator("per_declaration", _lazy("Par déclaration, €"), income.per_declaration),
        ),
        main="per_inhabitant",
    ),
    Group(
        "etablissements",
        _lazy("Où travaille-t-on de plus en plus ?"),
        _lazy("Unités d’établissement là où elles sont, au quatrième trimestre"),
        establishments.TABLE,
        (
            Indicator(
                "establishments",
                _lazy("Établissements"),
                _establishments("last"),
            ),
            Indicator(
                "establishments_change",
                _lazy("Évolution, %"),
                _establishments("change"),
                signed=True,
            ),
        ),
        main="establishments_change",
    ),
    Group(
        "emplois",
        _lazy("L’emploi croît-il ?"),
        _lazy("Personnes occupées là où elles travaillent, comptes régionaux"),
        JOBS,
        (
            Indicator("jobs", _lazy("Emplois"), work.jobs),
            Indicator(
                "jobs_change",
                _lazy("Évolution, %"),
                work.whole_change,
                signed=True,
            ),
            Indicator("jobs_yearly", _lazy("Par an, %"), work.yearly_change, signed=True),
        ),
        main="jobs_yearly",
    ),
    Group(
        "tailles",
        _lazy("De quelle taille sont les entreprises ?"),
        _lazy("Part des entreprises par nombre de salariés"),
        sizes.TABLE,
        (
            Indicator("size_0", _lazy("Sans salarié, %"), _size("0")),
            Indicator("size_1", _lazy("1 à 9, %"), _size("1-9")),
            Indicator("size_10", _lazy("10 à 49, %"), _size("10-49")),
            Indicator("size_50", _lazy("50 et plus, %"), _size("50-249", "250+")),
        ),
        main="size_10",
    ),
    Group(
        "variete",
        _lazy("De quoi chacun est-il fait ?"),
        _lazy(
            "Écart de structure avec la référence, de 0 à 2 ; variété en bits, entre divisions et à l’intérieur, entreprises au siège"
        ),
        REGISTER,
        (
            Indicator("between", _lazy("Variété entre divisions"), variety.between),
            Indicator("within", _lazy("Variété dans les divisions"), variety.within),
            Indicator("unlike", _lazy("Écart à la référence"), variety.unlike),
        ),
        main="unlike",
    ),
    Group(
        "societe",
        _lazy("Qui travaille là ?"),
        _lazy(
            "Personnes occupées au lieu de travail, par province seulement ; une part de moins de 5 personnes est supprimée"
        ),
        census.TABLE,
        (
            Indicator("women", _lazy("Femmes, %"), census.women),
            Indicator("tertiary", _lazy("Diplômés du supérieur, %"), census.tertiary),
            Indicator(
                "tertiary_women",
                _lazy("Chez les femmes, %"),
                lambda reader, place: census.tertiary(reader, place, (census.WOMEN,)),
            ),
            Indicator(
                "tertiary_men",
                _lazy("Chez les hommes, %"),
                lambda reader, place: census.tertiary(reader, place, (census.MEN,)),
            ),
            Indicator("low", _lazy("Au plus secondaire inférieur, %"), census.low),
        ),
        main="women",
    ),
)
#: Groups that stand beside one another on a wide page; the first is under the choice.
ROWS: tuple[tuple[str, ...], ...] = (
    ("entreprises", "population"),
    ("revenus", "etablissements"),
    ("emplois", "tailles"),
    ("variete",),
    ("societe",),
)
FIRST = "creations"
