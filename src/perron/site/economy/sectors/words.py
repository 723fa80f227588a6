"""What the pages of sectors say in words: titles, verdicts, reserves. All of it follows from figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure, State
from perron.site.components.figures import language, value_text
from perron.site.directory import levels
from perron.site.directory.activities import (
    CLASS,
    DIVISION,
    GROUP,
    LANGUAGES,
    SECTION,
    SUBCLASS,
    Activity,
)
from perron.site.directory.places import Place
from perron.site.directory.section_names import NAMES
from perron.site.economy.sectors.selectors import ABOVE, ALIKE, BELOW, Row, SectorPage

#: Where an official label turns to what it leaves out: a title stops before.
_LEAVES_OUT = re.compile(
    r"\s*(,|\()\s*(à l['’]exception|à l['’]exclusion|sauf|n\.?c\.?a|except|excluding|n\.e\.c|m\.u\.v|excl|ausgenommen|ohne)",
    re.I,
)
#: How a label of a section begins, in each language.
_SECTION = re.compile(r"^(?:(?:section|sectie)\s+)?[A-U]\s+-{1,2}\s+", re.I)
#: Beyond this, a label is cut at its first comma.
_LONG = 60


def short(activity: Activity) -> str:
    """The label of an activity as a title says it.

    >>> short(Activity("25", 2, "C", {"fr": "Fabrication de produits métalliques, à l'exception des machines"}))
    'Fabrication de produits métalliques'
    """
    if activity.code in NAMES:
        return str(NAMES[activity.code])
    label = activity.label(language())
    if found := _LEAVES_OUT.search(label):
        label = label[: found.start()]
    head = label.split(",")[0].strip()
    return head if len(label) > _LONG and len(head) > 10 else label


def plain_label(activity: Activity, language: str) -> str:
    """The official label without the words "section C" and the capitals that some labels come in.

    >>> plain_label(Activity("C", 1, "", {"fr": "SECTION C -- INDUSTRIE MANUFACTURIÈRE"}), "fr")
    'Industrie manufacturière'
    """
    label = _SECTION.sub("", activity.label(language))
    # German writes its nouns with capitals: only the publisher could say which.
    return label.capitalize() if label.isupper() and language != "de" else label


def title(page: SectorPage) -> str:
    """The answer to "is it a speciality here?"."""
    name, place = short(page.activity), page.place.name(language())
    enterprises = page.here.enterprises
    if enterprises.state is State.ZERO:
        return _("{name} : aucun siège d’entreprise ({place}).").format(name=name, place=place)
    if enterprises.value is None:
        return _("{name} : trop peu d’entreprises pour en montrer le nombre ({place}).").format(
            name=name, place=place
        )
    sentences = {
        ABOVE: _("{name} : une spécialité ({place})."),
        BELOW: _("{name} : moins présent qu’en référence ({place})."),
        ALIKE: _("{name} : ni spécialité, ni manque net ({place})."),
    }
    chosen = sentences.get(page.here.reading, _("{name} : ce que l’on peut en dire ({place})."))
    return chosen.format(name=name, place=place)


def lead(page: SectorPage) -> str:
    """How much, and how sure."""
    quotient, reference = page.here.quotient, page.reference.name(language())
    if page.place.code == page.reference.code:
        return _("Le territoire est la référence elle-même : il ne s’y compare pas.")
    if quotient.value is None:
        return (
            _(
                "Le nombre existe et ne se montre pas : moins de 3 entreprises, ou un autre nombre qu’il trahirait. Le niveau au-dessus se lit."
            )
            if quotient.state is State.SUPPRESSED
            else ""
        )
    said = _(
        "Le secteur pèse ici {quotient} fois son poids en référence ({reference}) en entreprises"
    ).format(quotient=value_text(quotient), reference=reference)
    jobs = page.jobs_quotient
    if jobs.value is not None and page.activity.code == page.division.code:
        said += _(", et {quotient} fois en emplois ({period})").format(
            quotient=value_text(jobs), period=jobs.period
        )
    return f"{said}. {verdict(quotient, page.here.reading)}"


def verdict(quotient: Figure, read: str) -> str:
    """What the interval allows to say, in a sentence."""
    if quotient.low is None or quotient.high is None:
        return ""
    low, high = (formats.number(bound, 2, language()) for bound in (quotient.low, quotient.high))
    if read == ABOVE:
        return _("L’avance est nette : au bas de l’intervalle, elle reste de {low} fois.").format(
            low=low
        )
    if read == BELOW:
        return _("Le retrait est net : au haut de l’intervalle, il reste à {high} fois.").format(
            high=high
        )
    return _("L’intervalle ({low} à {high}) contient 1 : on ne peut pas conclure.").format(
        low=low, high=high
    )


#: How a table says the same in two words.
def read_word(read: str) -> str:
    return {
        ABOVE: _("au-dessus"),
        BELOW: _("en dessous"),
        ALIKE: _("on ne peut pas conclure"),
    }.get(read, "")


def context(page: SectorPage) -> dict[str, str]:
    """The second lines under the figures of the page."""
    here = page.here
    period = formats.period(here.enterprises.period, language())
    return {
        "enterprises": _("à leur siège · {period}").format(period=period),
        "balance": _("{starts} créations, {stops} cessations · {period}").format(
            starts=value_text(here.starts), stops=value_text(here.stops), period=period
        ),
        "jobs": ""
        if page.activity.code == page.division.code
        else _("division {code} entière · {period}").format(
            code=page.division.written, period=page.division_jobs.period
        ),
    }


def proxy(page: SectorPage) -> str:
    """Which wider series stands for the activity, since it has none of its own."""
    return _(
        "L’activité {code} n’a pas de série annuelle d’emploi par territoire : non mesuré. On montre ce qui l’entoure de plus près : {label}. L’échelle ne commence pas à zéro."
    ).format(code=page.activity.written, label=page.trend.label if page.trend else "")


def reserves(page: SectorPage) -> list[dict[str, str]]:
    """What a hostile reader would object, said first."""
    found = [
        {
            "title": "",
            "text": _(
                "Une entreprise compte à son siège, non à son atelier. Une grande usine vaut une unité, une société sans salarié aussi."
            ),
        }
    ]
    ages = [f.period for f in (page.here.enterprises, page.division_jobs) if f.value is not None]
    if ages:
        span = formats.listed(sorted(dict.fromkeys(ages)), language())
        found.insert(
            0,
            {
                "title": _("Données anciennes."),
                "text": _("{periods}. À actualiser avant tout usage public.").format(periods=span),
            },
        )
    hidden = sum(unit.enterprises.state is State.SUPPRESSED for unit in page.units)
    if hidden:
        found.append(
            {
                "title": "",
                "text": ngettext(
                    "{n} commune est supprimée : moins de 3 entreprises, ou un nombre qu’elle trahirait.",
                    "{n} communes sont supprimées : moins de 3 entreprises, ou un nombre qu’elles trahiraient.",
                    hidden,
                ).format(n=hidden),
            }
        )
    found.append(
        {
            "title": "",
            "text": _(
                "Les activités exemptées de TVA n’y sont pas : presque toute la santé et l’enseignement, une partie de la finance."
            ),
        }
    )
    return found


def where(place: Place) -> str:
    """The place with its level: "Herstal (commune)"."""
    name = place.name(language())
    level = levels.beside(place, name)
    return f"{name} ({level})" if level else name


def switch(places: Sequence[Place], shown: Place) -> list[tuple[str, str, bool]]:
    """The territories a page may switch to: code, name, and whether it is the one shown."""
    chosen = {p.code: p for p in [*places, shown]}
    return [(p.code, _switch_name(p), p.code == shown.code) for p in chosen.values()]


def _switch_name(place: Place) -> str:
    name = place.short(language())
    level = levels.beside(place, place.name(language()))
    return f"{name} ({level})" if level else name


def sheet_url(code: str, territory: str = "") -> str:
    url = reverse("sector", args=[code])
    return f"{url}?territoire={territory}" if territory else url


def said(page: SectorPage) -> dict[str, Any]:
    """The template's words."""
    here = "" if page.is_ours else page.place.code
    return {
        "title": title(page),
        "lead": lead(page),
        "short_name": short(page.activity),
        "where": where(page.place),
        "switch": switch(page.territories, page.place),
        "context": context(page),
        "proxy": proxy(page),
        "reserves": reserves(page),
        "labels": [(code, page.activity.labels[code]) for code in LANGUAGES],
        "details": [
            (f"{code[:2]}.{code[2:]}", labels.get(language()) or labels["fr"])
            for code, labels in page.activity.details
        ],
        "files": _files(page),
        "next": [
            *(
                (sheet_url(above.code, here), _("Lire {name}").format(name=short(above)))
                for above in page.lineage[-2:-1]
            ),
            (f"{reverse('options')}", _("Voir les options du territoire")),
            (f"{reverse('drivers')}", _("Lire les moteurs de changement")),
            (
                f"{reverse('compare')}?secteur={page.activity.code}",
                _("Comparer ce secteur ailleurs"),
            ),
        ],
    }


def _files(page: SectorPage) -> list[tuple[str, str]]:
    """The tables of the sheet that have something to say, by the name of their file."""
    return [
        (name, label)
        for name, label, there in (
            ("territoires", _("Territoire par territoire"), True),
            ("communes", _("Les communes"), bool(page.units)),
            ("activites", _("Activités plus fines"), bool(page.children)),
            ("emploi", _("Emploi depuis l’origine"), page.trend is not None),
            ("tailles", _("Tailles"), bool(page.size)),
        )
        if there
    ]


def level_name(level: int) -> str:
    """The level of an activity, before its code."""
    return {
        SECTION: _("section"),
        DIVISION: _("division"),
        GROUP: _("groupe"),
        CLASS: _("classe"),
        SUBCLASS: _("sous-classe"),
    }[level]


def levels_name(level: int) -> str:
    return {
        SECTION: _("Sections"),
        DIVISION: _("Divisions"),
        GROUP: _("Groupes"),
        CLASS: _("Classes"),
        SUBCLASS: _("Sous-classes"),
    }[level]


def language_name(code: str) -> str:
    """A language in itself."""
    return {"fr": "Français", "nl": "Nederlands", "de": "Deutsch", "en": "English"}[code]


def index_next() -> list[tuple[str, str]]:
    """Where to go from the list of sectors."""
    return [
        (reverse("options"), _("Voir les options du territoire")),
        (reverse("links"), _("Voir ce qui va avec quoi")),
        (reverse("territory"), _("Voir le territoire")),
    ]


def index_title(rows: tuple[Row, ...], place: str) -> str:
    """How many divisions set the place apart."""
    above = sum(row.reading == ABOVE for row in rows)
    if not above:
        return _("Aucun secteur ne se distingue nettement ({place}).").format(place=place)
    return ngettext(
        "{n} secteur sur {all} est une spécialité nette ({place}).",
        "{n} secteurs sur {all} sont des spécialités nettes ({place}).",
        above,
    ).format(n=above, all=len(rows), place=place)
