"""What the page Options says in words: its answer, its quadrants, its reserves. All follows from figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure, State
from perron.methods.economy import Position, Side
from perron.site.components.figures import interval_text, language, value_text
from perron.site.directory.activities import CLASS, DIVISION, GROUP, Activities
from perron.site.economy.options import reasons
from perron.site.economy.options.basis import ENTERPRISES, JOBS
from perron.site.economy.options.foretelling import ENTRY, EXIT, MODEL
from perron.site.economy.options.selectors import QUADRANTS, Option, OptionsPage, depth_name
from perron.site.economy.sectors.words import sheet_url, short, switch, where

#: Names of the quadrants, and what each says of a sector.
NAMES: dict[Position, Promise] = {
    Position.STRENGTH: _lazy("Forces"),
    Position.OPPORTUNITY: _lazy("Opportunités"),
    Position.THREAT: _lazy("Menaces"),
    Position.WEAKNESS: _lazy("Faiblesses"),
    Position.UNDECIDED: _lazy("Indécis"),
    Position.UNASSESSED: _lazy("Non évaluables"),
}
#: One sector of each, as a table says it.
ONE: dict[Position, Promise] = {
    Position.STRENGTH: _lazy("force"),
    Position.OPPORTUNITY: _lazy("opportunité"),
    Position.THREAT: _lazy("menace"),
    Position.WEAKNESS: _lazy("faiblesse"),
    Position.UNDECIDED: _lazy("indécis"),
    Position.UNASSESSED: _lazy("non évaluable"),
}
MEANINGS: dict[Position, Promise] = {
    Position.STRENGTH: _lazy("Des spécialités entourées : ce qui en est proche est là aussi."),
    Position.OPPORTUNITY: _lazy("Pas des spécialités, mais ce qui en est proche est là."),
    Position.THREAT: _lazy("Des spécialités isolées : ce qui en est proche manque ici."),
    Position.WEAKNESS: _lazy("Ni des spécialités, ni entourés."),
}
NONE: dict[Position, Promise] = {
    Position.STRENGTH: _lazy("Aucune n’est sûre."),
    Position.OPPORTUNITY: _lazy(
        "Aucune n’est sûre : rien de ce qui manque ici n’est entouré dans tout son intervalle."
    ),
    Position.THREAT: _lazy("Aucune n’est sûre."),
    Position.WEAKNESS: _lazy("Aucune n’est sûre."),
}
DEPTH_NAMES: dict[int, Promise] = {
    DIVISION: _lazy("Divisions"),
    GROUP: _lazy("Groupes"),
    CLASS: _lazy("Classes"),
}
BASE_NAMES: dict[str, Promise] = {JOBS: _lazy("Emplois"), ENTERPRISES: _lazy("Entreprises")}
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


def address(page: OptionsPage, **changes: Any) -> str:
    """The query of the page with some choices changed, the usual ones left out."""
    asked = {
        "territoire": "" if page.is_ours else page.place.code,
        "base": page.base if page.base != _usual_base(page) else "",
        "niveau": "" if len(page.depths) < 2 or page.depth == GROUP else depth_name(page.depth),
        **changes,
    }
    kept = {key: value for key, value in asked.items() if value}
    return f"{reverse('options')}?{urlencode(kept)}" if kept else reverse("options")


def _usual_base(page: OptionsPage) -> str:
    return next((name for name, there in page.bases if there), ENTERPRISES)


def title(page: OptionsPage) -> str:
    """The answer: what stands where, and that nothing more is sure."""
    name = page.place.name(language())
    if page.why:
        return _("{place} : on ne peut pas dire ce qui est proche.").format(place=name)
    strengths, options, threats = (
        len(page.at(p)) for p in (Position.STRENGTH, Position.OPPORTUNITY, Position.THREAT)
    )
    if not strengths + options + threats:
        return _("{place} : aucun secteur ne se range sûrement.").format(place=name)
    parts = []
    if strengths:
        parts.append(ngettext("{n} force sûre", "{n} forces sûres", strengths).format(n=strengths))
    if threats:
        parts.append(
            ngettext("{n} spécialité isolée", "{n} spécialités isolées", threats).format(n=threats)
        )
    parts.append(
        ngettext("{n} opportunité", "{n} opportunités", options).format(n=options)
        if options
        else _("aucune opportunité sûre")
    )
    return _("{place} : {parts}.").format(place=name, parts=formats.listed(parts, language()))


def lead(page: OptionsPage) -> str:
    """How many sectors are in a quadrant at all, and that they are not ranked."""
    if page.why:
        return page.why
    placed = sum(len(page.at(position)) for position in QUADRANTS)
    return _(
        "Sur {all} {what}, {placed} ont leurs deux intervalles du même côté de 1 ; {unsure} restent indécis et {never} ne s’évaluent pas. Aucune liste ne les classe : lisez ce qui est pour et contre chacun."
    ).format(
        all=len(page.options),
        what=str(DEPTH_NAMES[page.depth]).lower(),
        placed=placed,
        unsure=len(page.at(Position.UNDECIDED)),
        never=len(page.at(Position.UNASSESSED)),
    )


def where_said(page: OptionsPage) -> str:
    return _("{place} · {base}, {period}").format(
        place=where(page.place), base=str(BASE_NAMES[page.base]).lower(), period=page.period
    )


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


def meaning(page: OptionsPage, position: Position) -> str:
    """What a quadrant says, and whether the data at hand bear out what other studies found."""
    found = page.foretelling
    said = str(MEANINGS[position])
    if position is Position.OPPORTUNITY:
        tested = found is not None and found.better(ENTRY)
        end = (
            _("Ailleurs, de tels secteurs entrent plus souvent ; l’épreuve le montre un peu.")
            if tested
            else _(
                "Ailleurs, de tels secteurs entrent plus souvent ; l’épreuve ne le montre pas ici."
            )
        )
        return f"{said} {end}"
    if position is Position.THREAT:
        tested = found is not None and found.better(EXIT)
        end = (
            _("Ailleurs, elles partent plus souvent ; l’épreuve le montre un peu.")
            if tested
            else _("Ailleurs, elles partent plus souvent ; l’épreuve ne le montre pas ici.")
        )
        return f"{said} {end}"
    return said


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


def foretold(page: OptionsPage) -> dict[str, Any] | None:
    """Whether density foretells anything on the data at hand, for the margin."""
    found = page.foretelling
    if found is None:
        return None

    def figure(name: str, label: str, what: str) -> Figure:
        cases, events = found.cases.get(name, (0, 0))
        return found.figure(
            name,
            label,
            page.origin,
            _("{n} régions européennes").format(n=found.regions),
            _("{what} : {events} sur {cases} possibles. 0,5 est le hasard, 1 la certitude.").format(
                what=what, events=events, cases=cases
            ),
        )

    entry = figure(ENTRY, _("Entrées annoncées"), _("Secteurs devenus des spécialités"))
    leaving = figure(EXIT, _("Départs annoncés"), _("Spécialités perdues"))
    model = figure(
        MODEL, _("Modèle d’entrée complet"), _("Secteurs devenus des spécialités, avec les tailles")
    )
    return {
        "entry": entry,
        "exit": leaving,
        "model": model,
        "entry_text": _("un peu mieux que le hasard")
        if found.better(ENTRY)
        else _("pas mieux que le hasard"),
        "exit_text": _("un peu mieux que le hasard")
        if found.better(EXIT)
        else _("pas mieux que le hasard"),
        "first": found.first,
        "last": found.last,
        "branches": found.branches,
    }


def reserves(page: OptionsPage) -> list[dict[str, str]]:
    """What a hostile reader would object to every line at once."""
    found = []
    if page.options:
        found.append(
            {
                "title": _("Données anciennes."),
                "text": _("{period}. À actualiser avant tout usage public.").format(
                    period=page.period
                ),
            }
        )
    if page.base == JOBS:
        found.append(
            {
                "title": "",
                "text": _(
                    "Les sections B à N sans la finance : ni agriculture, ni administration, ni santé, ni enseignement."
                ),
            }
        )
    else:
        found.append(
            {
                "title": "",
                "text": _(
                    "Une entreprise compte à son siège et pour une, quelle que soit sa taille : des sièges groupés ressemblent à une spécialité."
                ),
            }
        )
    found += [
        {
            "title": "",
            "text": _(
                "Proche veut dire : que d’autres territoires ont les deux, plus que le hasard. Ni les compétences, ni les fournisseurs, ni la demande n’y sont."
            ),
        },
        {
            "title": "",
            "text": _(
                "Salaires non mesurés : suivre ce qui est proche peut enfermer dans des métiers mal payés."
            ),
        },
    ]
    return found


def silent() -> str:
    """What the page does not say."""
    return _(
        "Quel secteur choisir. Être entouré n’est ni un projet, ni un porteur, ni un marché : c’est une question à poser aux forces vives."
    )


def context(page: OptionsPage) -> dict[str, str]:
    """The second lines under the four numbers."""
    return {
        Position.STRENGTH.value: _("spécialités entourées"),
        Position.OPPORTUNITY.value: _("entourés, pas encore spécialités"),
        Position.THREAT.value: _("spécialités isolées"),
        Position.WEAKNESS.value: _("ni spécialités, ni entourés"),
    }


def said(page: OptionsPage, tree: Activities) -> dict[str, Any]:
    """The template's words."""
    chosen = page.place
    return {
        "title": title(page),
        "lead": lead(page),
        "where": where_said(page),
        "switch": switch(page.territories, chosen),
        "keep": "" if page.base == _usual_base(page) else f"&base={page.base}",
        "bases": [
            {
                "name": BASE_NAMES[name],
                "there": there,
                "url": address(page, base=name, niveau=""),
                "current": name == page.base,
            }
            for name, there in page.bases
        ],
        "depths": [
            {
                "name": DEPTH_NAMES[depth],
                "url": address(page, niveau=depth_name(depth)),
                "current": depth == page.depth,
            }
            for depth in page.depths
        ],
        "quadrants": [quadrant(page, position, tree) for position in QUADRANTS],
        "facts": [
            {
                "figure": page.counts[position],
                "label": NAMES[position],
                "text": context(page)[position.value],
                "key": position.value,
            }
            for position in QUADRANTS
            if position in page.counts
        ],
        "undecided": undecided(page),
        "undecided_count": len(page.at(Position.UNDECIDED)),
        "unassessed": unassessed(page),
        "unassessed_count": len(page.at(Position.UNASSESSED)),
        "foretold": foretold(page),
        "reserves": reserves(page),
        "silent": silent(),
        "document": "" if page.why else _document(page),
    }


def _document(page: OptionsPage) -> str:
    """The address of the page as a document, with its choices."""
    url = reverse("document", args=["options", page.place.code, "pdf"])
    query = address(page, territoire="").partition("?")[2]
    return f"{url}?{query}" if query else url
