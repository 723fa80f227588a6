"""What the page of components shows: one piece in each of its states.

The figures on enterprises are those of Statbel for 2019; everything named an example is invented,
and the page says so beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, Origin, State, state_of
from perron.site.components.charts import LineChart, Row, RowChart, Series
from perron.site.components.maps import Choropleth, Unit
from perron.site.components.tables import Column, Table, TableRow

#: Name of a token, what it is for (in the template's order), and the ground it is measured on.
TOKENS = (
    ("ink", "paper"),
    ("ink-2", "paper"),
    ("ink-3", "paper"),
    ("accent", "paper"),
    ("alert", "alert-soft"),
    ("ok", "ok-soft"),
    ("rule-strong", "surface"),
    ("focus", "paper"),
    ("paper", ""),
    ("surface", ""),
    ("sunken", ""),
    ("rule", ""),
    ("data-1", "paper"),
    ("data-2", "paper"),
    ("data-3", "paper"),
    ("data-4", "paper"),
    ("seq-1", ""),
    ("seq-2", ""),
    ("seq-3", ""),
    ("seq-4", ""),
    ("seq-5", ""),
)


def _origin(table: str = "statbel_vat") -> Origin:
    return Origin(
        table=table,
        version="2026-11-23",
        source=_("entreprises assujetties à la TVA"),
        publisher="Statbel",
        licence=_("Statbel open data, avec mention de la source"),
        retrieved=date(2026, 11, 23),
    )


def _invented() -> Origin:
    return Origin(
        table="example",
        version="2026-11-23",
        source=_("exemple fictif"),
        publisher=_("exemple fictif"),
        licence=_("sans objet"),
        retrieved=date(2026, 11, 23),
    )


def _figure(
    name: str,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    **given: Any,
) -> Figure:
    fields: dict[str, Any] = {
        "state": state_of(value),
        "territory": _("Province de Liège, au siège"),
        "period": "2019",
        "origin": _origin(),
        "low": low,
        "high": high,
        "interval": _("à 95 %") if low is not None else "",
        "limit_years": 3,
    }
    return Figure(name=name, value=value, **(fields | given))


def example(
    name: str, value: float | None, low: float | None, high: float | None, **given: Any
) -> Figure:
    """An invented figure, which says that it is."""
    return _figure(name, value, low, high, **({"origin": _invented()} | given))


def facts() -> dict[str, Figure]:
    """A figure in each state: observed, recent, old, and the four words."""
    return {
        "quotient": _figure(
            _("Quotient en entreprises"),
            1.43,
            1.34,
            1.52,
            decimals=2,
            limit_years=None,
            method=_(
                "part du secteur ici, 1 050 sur 77 536, divisée par sa part en Belgique, "
                "9 360 sur 989 091"
            ),
        ),
        "balance": _figure(_("Créations moins cessations"), 15, limit_years=10),
        "stale": _figure(_("Entreprises"), 1050),
        "zero": _figure(_("Créations à Spa"), 0),
        "suppressed": _figure(_("Entreprises à Spa"), None, state=State.SUPPRESSED),
        "unknown": _figure(_("Ventes au pays"), None, state=State.UNKNOWN),
        "not_measured": _figure(_("Emplois par commune"), None, state=State.NOT_MEASURED),
    }


_PLACES = (
    ("Arr. de Verviers", 1.78, 1.61, 1.97, 383),
    ("Province de Liège", 1.43, 1.34, 1.52, 1050),
    ("Arr. de Huy", 1.38, 1.15, 1.65, 114),
    ("Arr. de Liège", 1.31, 1.20, 1.44, 494),
    ("Arr. de Waremme", 0.99, 0.77, 1.28, 59),
)


def dotplot() -> RowChart:
    rows = [
        Row(
            name,
            _figure(name, value, low, high, decimals=2, territory=name),
            kind=2 if value < 1 else 1,
            strong=name.startswith("Province"),
            cells=(_figure(name, count, territory=name),),
        )
        for name, value, low, high, count in _PLACES
    ]
    hidden = _figure("Spa", None, state=State.SUPPRESSED)
    rows.append(Row(_("Spa, pour l’exemple"), hidden, cells=(hidden,)))
    return RowChart(
        title=_("Seul Waremme ne se distingue pas du pays."),
        says=_(
            "Quotient de localisation en entreprises, 2019. Trait vertical : moyenne belge. "
            "Bande : intervalle à 95 %."
        ),
        rows=rows,
        label=_("Territoire"),
        value=_("Quotient"),
        columns=(_("Entreprises"),),
        reference=1.0,
        source=rows[0].figure,
        about=_("quotients"),
    )


def bars() -> RowChart:
    changes = (
        ("Arr. de Liège", 940),
        ("Arr. de Verviers", 412),
        ("Arr. de Huy", 131),
        ("Arr. de Waremme", -16),
    )
    return RowChart(
        title=_("Les barres partent de zéro, des deux côtés."),
        says=_("Solde des entreprises, en unités, exemple fictif."),
        rows=[
            Row(name, _figure(name, value, origin=_invented()), kind=1 if value > 0 else 2)
            for name, value in changes
        ],
        label=_("Territoire"),
        value=_("Solde"),
        signed=True,
        source=_("exemple fictif"),
        about=_("soldes"),
    )


def line() -> LineChart:
    years = [str(year) for year in range(2008, 2020)]
    ours: list[float | None] = [100, 98.2, 95.1, 96, 94.4, None, 90.2, 88.8, 86.1, 85.4, 86.9, 88.1]
    country: list[float | None] = [100, 97.5, 94, 93.6, 91.8, 90.3, 88, 86.6, 85, 84.1, 84.6, 85.2]

    def figures(name: str, values: list[float | None], margin: float) -> list[Figure]:
        return [
            _figure(
                name,
                value,
                None if value is None or not margin else value - margin,
                None if value is None or not margin else value + margin,
                period=year,
                decimals=1,
                origin=_invented(),
            )
            for year, value in zip(years, values, strict=True)
        ]

    return LineChart(
        title=_("La ligne s’arrête où la donnée manque : rien n’est deviné."),
        says=_("Indice, 2008 = 100, exemple fictif."),
        periods=years,
        series=(
            Series("Liège", figures("Liège", ours, 1.6), kind=1),
            Series(_("Belgique"), figures("Belgique", country, 0), kind=2),
        ),
        from_zero=False,
        reference=100,
        source=_("exemple fictif"),
        about=_("indice"),
    )


def _cells() -> list[tuple[str, str, str, float, float, float | None, State]]:
    """Twelve invented units on a slanted grid: a value in each class, then each state."""
    values: list[float | State] = [0.4, 0.9, 1.6, 3.4, 1.1, 2.2, State.SUPPRESSED, 2.8]
    values += [State.UNKNOWN, 0, 1.3, State.NOT_MEASURED]
    cells = []
    for i, given in enumerate(values):
        value = None if isinstance(given, State) else float(given)
        state = given if isinstance(given, State) else state_of(value)
        row, column = divmod(i, 4)
        x, y = 20 + column * 230 + row * 30, 20 + row * 130 + column * 12
        path = f"M{x} {y}l115 -12 115 24 12 62 18 68 -122 -6 -108 -6 -12 -60z"
        name = _("Unité {letter}").format(letter="ABCDEFGHIJKL"[i])
        cells.append((f"u{i}", name, path, x + 122.0, y + 66.0, value, state))
    return cells


def choropleth() -> Choropleth:
    return Choropleth(
        title=_("Chaque classe et chaque état a sa forme, et son effectif."),
        says=_(
            "Quotient, douze unités inventées. Passez sur une unité : "
            "sa ligne s’éclaire dans la table."
        ),
        units=[
            Unit(
                code,
                name,
                path,
                x,
                y,
                _figure(name, value, state=state, decimals=2, origin=_invented()),
            )
            for code, name, path, x, y, value, state in _cells()
        ],
        breaks=(0.8, 1.25, 2, 3),
        width=1040,
        height=470,
        borders=("M250 32l115 -12 115 24 12 62 18 68",),
        labels=("u0", "u3", "u5", "u10"),
        why=_("moins de 3 entreprises"),
        name="specimen",
        table_id="unites",
        source=_("exemple fictif"),
        about=_("carte"),
    )


def table() -> Table:
    rows = []
    for code, name, _path, _x, _y, value, state in _cells():
        bounds = (
            (None, None)
            if state is not State.OBSERVED or value is None
            else (value * 0.9, value * 1.1)
        )
        figure = _figure(name, value, *bounds, state=state, decimals=2, origin=_invented())
        change = _figure(
            name, None if value is None else round((value - 1) * 40), origin=_invented()
        )
        rows.append(TableRow(name, (figure, figure, change if value else figure), code=code))
    total = _figure(_("Ensemble"), 1.43, 1.34, 1.52, decimals=2, origin=_invented())
    return Table(
        title=_("Une table se trie par ses en-têtes et se filtre quand elle est longue."),
        says=_("Les mots d’état restent en dernier dans les deux sens. Exemple fictif."),
        first=_("Unité"),
        columns=(
            Column(_("Quotient")),
            Column(_("Intervalle 95 %"), interval_of=True),
            Column(_("Évolution"), signed=True),
        ),
        rows=rows,
        foot=(TableRow(_("Ensemble"), (total, total, 12), strong=True),),
        id="unites",
        sorted_by=0,
        source=_("exemple fictif"),
        about=_("unités"),
    )
