"""What the page Options says in words: its answer, its quadrants, its reserves. All follows from figures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.methods.economy import Position
from perron.site.components.figures import language
from perron.site.directory.activities import CLASS, DIVISION, GROUP
from perron.site.economy.options.basis import ENTERPRISES, JOBS
from perron.site.economy.options.foretelling import ENTRY, EXIT, MODEL
from perron.site.economy.options.selectors import QUADRANTS, OptionsPage, depth_name
from perron.site.economy.sectors.words import switch, where

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


def said(page: OptionsPage) -> dict[str, Any]:
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
        "undecided_count": len(page.at(Position.UNDECIDED)),
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
