"""The sectors of the page Options in lists: each with its measures, what is for it and what against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron.lake.provenance import State
from perron.methods.economy import Position, Side
from perron.site.components.figures import interval_text, value_text
from perron.site.directory.activities import Activities
from perron.site.economy.options import reasons
from perron.site.economy.options.selectors import Option, OptionsPage
from perron.site.economy.options.words import NAMES, NONE, address, meaning
from perron.site.economy.sectors.words import sheet_url, short

#: The ways of being undecided, in the order shown: sure on one side, or on none.
_UNSURE: tuple[tuple[Side, Side, Promise], ...] = (
    (Side.OVER, Side.CROSSING, _lazy("Des spécialités sûres, au voisinage indécis")),
    (
        Side.CROSSING,
        Side.OVER,
        _lazy("Entourés, sans qu’on sache si ce sont des spécialités"),
    ),
    (Side.CROSSING, Side.UNDER, _lazy("Isolés, sans qu’on sache si ce sont des spécialités")),
    (Side.UNDER, Side.CROSSING, _lazy("Pas des spécialités, au voisinage indécis")),
    (Side.CROSSING, Side.CROSSING, _lazy("Indécis des deux côtés")),
)
#: Sectors of a quadrant shown at once; the rest open on demand.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Case:
    """A sector in a list, in words."""

    option: Option
    name: str
    url: str
    sweep_url: str
    measures: str
    expected: str
    supporting: Sequence[str]
    against: Sequence[str]


def case(page: OptionsPage, option: Option, tree: Activities) -> Case:
    here = "" if page.is_ours else page.place.code
    code = option.activity.code
    return Case(
        option,
        f"{option.activity.written} {short(option.activity)}",
        sheet_url(code, here),
        address(page, secteur=code) + "#secteur",
        measures(option),
        _("le hasard en mettrait {expected} · {period}").format(
            expected=value_text(option.expected), period=page.period
        ),
        reasons.supporting(page, option, tree),
        reasons.against(page, option),
    )


def measures(option: Option) -> str:
    """The two measures with their intervals, in a line."""
    parts = []
    for label, figure in ((_("quotient"), option.quotient), (_("voisinage"), option.near)):
        bounds = interval_text(figure)
        parts.append(f"{label} {value_text(figure)}" + (f" ({bounds})" if bounds else ""))
    return " · ".join(parts)


def quadrant(page: OptionsPage, position: Position, tree: Activities) -> dict[str, Any]:
    """One list of the page: in the order of the codes."""
    cases = [case(page, option, tree) for option in page.at(position)]
    # What is neither there nor near is long and asked least: it opens on demand.
    shown = 0 if position is Position.WEAKNESS else SHOWN
    return {
        "key": position.value,
        "name": NAMES[position],
        "meaning": meaning(page, position),
        "none": NONE[position],
        "count": len(cases),
        "first": cases[:shown],
        "rest": cases[shown:],
    }


def undecided(page: OptionsPage) -> list[dict[str, Any]]:
    """The undecided, by what is not sure of them."""
    groups = []
    for held, near, name in _UNSURE:
        inside = [
            option
            for option in page.at(Position.UNDECIDED)
            if (option.assessment.held, option.assessment.surrounded) == (held, near)
        ]
        if inside:
            groups.append(
                {"name": name, "count": len(inside), "sectors": [_chip(page, o) for o in inside]}
            )
    return groups


def _chip(page: OptionsPage, option: Option) -> dict[str, str]:
    code = option.activity.code
    return {
        "name": f"{option.activity.written} {short(option.activity)}",
        "url": address(page, secteur=code) + "#secteur",
    }


def unassessed(page: OptionsPage) -> list[dict[str, Any]]:
    """The sectors of which nothing is said, by the reason: they are never an option."""
    texts = {
        State.SUPPRESSED: _(
            "Supprimés : le nombre existe et ne se montre pas. Un secteur caché n’est jamais une opportunité : il est peut-être déjà là."
        ),
        State.UNKNOWN: _(
            "Inconnus : la source devrait donner le nombre et ne le donne pas. Un secteur inconnu n’est jamais une opportunité : il est peut-être déjà là."
        ),
        State.NOT_MEASURED: _("Non mesurés à ce niveau de territoire."),
    }
    groups: dict[str, list[Option]] = {}
    for option in page.at(Position.UNASSESSED):
        state = option.quotient.state
        if option.size.state in texts:
            text = texts[option.size.state]
        elif state in texts:
            text = _(
                "Sans quotient : leur nombre ne se montre pas dans la référence, ou n’y existe pas."
            )
        else:
            text = _(
                "Sans voisinage : trop peu d’autres territoires les ont pour dire ce qui en est proche."
            )
        groups.setdefault(text, []).append(option)
    here = "" if page.is_ours else page.place.code
    return [
        {
            "text": text,
            "sectors": [
                {
                    "name": f"{o.activity.written} {short(o.activity)}",
                    "url": sheet_url(o.activity.code, here),
                }
                for o in inside
            ],
        }
        for text, inside in groups.items()
    ]
