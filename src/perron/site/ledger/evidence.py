"""Figures frozen as they were: everything that answers "d'où ?" at the day of the decision.

A frozen figure is a plain mapping that an entry of the chain holds (`facts["figures"]`). It is shown as it
stood; what the lake says today stands beside it, never in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.lake.provenance import Figure, Origin, State
from perron.lake.snapshots import Catalogue
from perron.site.components import figures
from perron.site.components.downloads import Drawn, figures_of
from perron.site.ledger import readings
from perron.site.ledger.models import Indicator

#: The most figures of one table that an entry holds: beyond, the file is the evidence.
MOST = 400
_PLAIN = ("name", "territory", "period", "unit", "decimals", "method", "interval", "limit_years")
_NUMBERS = ("value", "low", "high")


def frozen_figure(
    figure: Figure, held: Catalogue, asked: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A figure as a mapping that JSON holds exactly, with the checksum of the data it was read from.

    `asked` says how it can be read again (`frozen_reading` gives it).
    """
    found: dict[str, Any] = {name: _text(getattr(figure, name)) for name in _PLAIN}
    found |= {name: _number(getattr(figure, name)) for name in _NUMBERS}
    found["state"] = figure.state.value
    found["origin"] = _origin(figure.origin, held)
    found["others"] = [_origin(other, held) for other in figure.others]
    if asked is not None:
        found["asked"] = dict(asked)
    return found


def frozen_reading(
    indicator: Indicator, territory: str, period: str, held: Catalogue, language: str = "fr"
) -> dict[str, Any]:
    """What an indicator reads in the lake now, frozen, with the question so that it can be asked again."""
    figure = readings.read(indicator, territory, period, held, language)
    asked = {
        "reading": indicator.reading,
        "parameters": dict(indicator.parameters),
        "territory": territory,
        "period": period,
    }
    return frozen_figure(figure, held, asked)


def frozen_table(drawn: Drawn, held: Catalogue) -> list[dict[str, Any]]:
    """Every figure of a table, chart or map of a page, each once, in reading order."""
    return frozen_figures(figures_of(drawn), held)


def frozen_figures(given: Iterable[Figure], held: Catalogue) -> list[dict[str, Any]]:
    """Several figures, each once. InputError where they are too many for an entry."""
    kept = list(dict.fromkeys(given))
    if len(kept) > MOST:
        raise InputError(
            _(
                "Cette table a {count} chiffres, et une preuve en garde {most} au plus : choisissez-en une plus courte, ou joignez le fichier."
            ).format(count=len(kept), most=MOST)
        )
    return [frozen_figure(figure, held) for figure in kept]


def thawed(frozen: Mapping[str, Any]) -> Figure:
    """The figure as it was, to be shown by the components that show any figure."""
    return Figure(
        **{name: frozen[name] for name in (*_PLAIN, *_NUMBERS)},
        state=State(frozen["state"]),
        origin=_from(frozen["origin"]),
        others=tuple(_from(other) for other in frozen["others"]),
    )


def thawed_all(facts: Mapping[str, Any]) -> tuple[Figure, ...]:
    """The figures that the facts of an entry hold."""
    return tuple(thawed(one) for one in facts.get("figures", ()))


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a frozen figure: as it was, as the lake gives it now, and a sentence.

    `now` is None where it can't be read again by itself; `said` is empty where nothing changed.
    """

    then: Figure
    now: Figure | None
    said: str = ""


def since(frozen: Mapping[str, Any], held: Catalogue, language: str = "fr") -> Since:
    """Whether the tables of a frozen figure changed since, then what it is today."""
    then = thawed(frozen)
    origins = [frozen["origin"], *frozen["others"]]
    gone = [o["table"] for o in origins if o["table"] and o["table"] not in held.tables]
    if gone:
        return Since(
            then, None, _("La table {table} n’est plus dans le lac.").format(table=gone[0])
        )
    if all(_in_service(o, held) for o in origins):
        return Since(then, None)
    asked = frozen.get("asked")
    if not asked:
        said = _("La table a changé depuis : ce chiffre est celui de la version du {version}.")
        return Since(then, None, said.format(version=then.origin.version))
    indicator = Indicator(
        name=then.name,
        unit=then.unit,
        decimals=then.decimals,
        reading=asked["reading"],
        parameters=asked["parameters"],
    )
    now = readings.read(indicator, asked["territory"], asked["period"], held, language)
    if (now.value, now.state) == (then.value, then.state):
        return Since(then, now, _("La table a changé depuis, pas ce chiffre."))
    said = _("La table a changé depuis : alors {then}, aujourd’hui {now}.")
    return Since(then, now, said.format(then=figures.value_text(then), now=figures.value_text(now)))


def _in_service(said: Mapping[str, Any], held: Catalogue) -> bool:
    """Whether the lake still serves the data that a frozen origin names; true where it names none."""
    if not said["table"]:
        return True
    manifest = held.tables[said["table"]].manifest
    return (manifest.version, manifest.sha256) == (said["version"], said["sha256"])


def _origin(origin: Origin, held: Catalogue) -> dict[str, Any]:
    """An origin with the SHA-256 of its data, empty where the lake no longer serves that version."""
    snapshot = held.tables.get(origin.table)
    same = snapshot is not None and snapshot.manifest.version == origin.version
    return {
        **{n: getattr(origin, n) for n in ("table", "version", "source", "publisher")},
        **{n: getattr(origin, n) for n in ("licence", "url")},
        "retrieved": origin.retrieved.isoformat(),
        "sha256": snapshot.manifest.sha256 if snapshot is not None and same else "",
    }


def _from(said: Mapping[str, Any]) -> Origin:
    return Origin(
        **{n: said[n] for n in ("table", "version", "source", "publisher", "licence", "url")},
        retrieved=date.fromisoformat(said["retrieved"]),
    )


def _text(value: Any) -> Any:
    """Words of a page may be translated as late as possible: an entry holds them as they are said."""
    return value if value is None or isinstance(value, int) else str(value)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
