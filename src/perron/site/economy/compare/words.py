"""What the page Comparer says in words: who differs, by how much, and what does not compare."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.site.components.figures import language, value_text
from perron.site.directory import levels
from perron.site.directory.activities import DIVISION
from perron.site.economy.compare.choice import MOST
from perron.site.economy.compare.indicators import FIRST, Group, Indicator
from perron.site.economy.compare.selectors import ComparePage, Side
from perron.site.economy.compare.typical import FEWEST, Typical
from perron.site.economy.links.naming import tag
from perron.site.economy.sectors.words import short

#: How many specialities a sentence names.
_NAMED = 4


def title(page: ComparePage) -> str:
    """How many of them make fewer or more enterprises than the reference, beyond chance."""
    if len(page.sides) < 2:
        return _("{name} : ajoutez un territoire pour comparer.").format(name=page.sides[0].name)
    plain = ngettext(
        "{n} territoire, côte à côte.", "{n} territoires, côte à côte.", len(page.sides)
    ).format(n=len(page.sides))
    group = page.group(FIRST)
    if group is None:
        return plain
    over, below, others = stand_out(page, group.lead())
    reference = page.reference.name(language())
    if not others:
        return plain
    if len(below) == others:
        return _(
            "Aucun de ces {n} territoires ne crée autant d’entreprises que la référence ({reference})."
        ).format(n=others, reference=reference)
    if len(over) == others:
        return _(
            "Ces {n} territoires créent tous plus d’entreprises que la référence ({reference})."
        ).format(n=others, reference=reference)
    if not over and not below:
        return _(
            "Aucun de ces {n} territoires ne se distingue nettement de la référence ({reference}) par ses créations."
        ).format(n=others, reference=reference)
    fields = {"all": others, "reference": reference, "over": len(over), "below": len(below)}
    if not below:
        return ngettext(
            "Sur {all} territoires, {over} crée nettement plus d’entreprises que la référence ({reference}).",
            "Sur {all} territoires, {over} créent nettement plus d’entreprises que la référence ({reference}).",
            len(over),
        ).format(**fields)
    if not over:
        return ngettext(
            "Sur {all} territoires, {below} crée nettement moins d’entreprises que la référence ({reference}).",
            "Sur {all} territoires, {below} créent nettement moins d’entreprises que la référence ({reference}).",
            len(below),
        ).format(**fields)
    return ngettext(
        "Sur {all} territoires, {over} crée nettement plus d’entreprises que la référence ({reference}), {below} nettement moins.",
        "Sur {all} territoires, {over} créent nettement plus d’entreprises que la référence ({reference}), {below} nettement moins.",
        len(over),
    ).format(**fields)


def lead(page: ComparePage) -> str:
    """How far apart start rates are, and what each is most typical for."""
    group = page.group(FIRST)
    if len(page.sides) < 2:
        return ""
    said = [extremes(page, group.lead())] if group else []
    named: list[str] = []
    used: set[str] = set()
    for side in page.sides:
        fresh = next((t for t in side.typical if t.activity.code not in used), None)
        if fresh is None or len(named) == _NAMED:
            continue
        used.add(fresh.activity.code)
        sector = tag(short(fresh.activity)).removesuffix("…").rstrip()
        named.append(f"{sector[:1].lower()}{sector[1:]} ({side.name})")
    if named:
        said.append(
            _("À chacun sa spécialité : {list}.").format(list=formats.listed(named, language()))
        )
    return " ".join(said)


def stand_out(page: ComparePage, indicator: Indicator) -> tuple[list[str], list[str], int]:
    """The territories whose interval is above the reference, below it, and how many are compared."""
    mark = page.reference_figures[indicator.name].value
    sides = [s for s in page.sides if s.place.code != page.reference.code]
    if mark is None:
        return [], [], 0
    figures = [(side.name, page.of(side, indicator)) for side in sides]
    over = [name for name, f in figures if f.low is not None and f.low > mark]
    below = [name for name, f in figures if f.high is not None and f.high < mark]
    return over, below, len(sides)


def extremes(page: ComparePage, indicator: Indicator) -> str:
    """The lowest and the highest value, with where."""
    label = page.of(page.sides[0], indicator).name
    known = [
        (side, figure)
        for side in page.sides
        for figure in [page.of(side, indicator)]
        if figure.value is not None
    ]
    if not known:
        return _("{label} : aucun de ces territoires n’a ce chiffre.").format(label=label)
    if len(known) == 1:
        return _("{label} : un seul de ces territoires a ce chiffre, {name} ({value}).").format(
            label=label, name=known[0][0].name, value=_value(known[0][1], indicator)
        )
    low = min(known, key=lambda pair: pair[1].value or 0.0)
    high = max(known, key=lambda pair: pair[1].value or 0.0)
    if _value(low[1], indicator) == _value(high[1], indicator):
        return _("{label} : partout {value}.").format(label=label, value=_value(low[1], indicator))
    return _("{label} : de {low} ({one}) à {high} ({other}).").format(
        label=label,
        low=_value(low[1], indicator),
        one=low[0].name,
        high=_value(high[1], indicator),
        other=high[0].name,
    )


def _value(figure: Figure, indicator: Indicator) -> str:
    return value_text(figure, indicator.signed)


def against_reference(page: ComparePage, indicator: Indicator) -> str:
    """Which territories stand out of the reference by more than their intervals."""
    over, below, others = stand_out(page, indicator)
    if not others:
        return extremes(page, indicator)
    reference = _("{name}, {value}").format(
        name=page.reference.name(language()),
        value=value_text(page.reference_figures[indicator.name]),
    )
    parts = []
    if over:
        parts.append(
            _("nettement au-dessus, {names}").format(names=formats.listed(over, language()))
        )
    if below:
        parts.append(
            _("nettement en dessous, {names}").format(names=formats.listed(below, language()))
        )
    label = page.of(page.sides[0], indicator).name
    if not parts:
        return _("{label} : aucun ne se distingue nettement de la référence ({reference}).").format(
            label=label, reference=reference
        )
    return _("{label}, face à la référence ({reference}) : {parts}.").format(
        label=label, reference=reference, parts=" ; ".join(parts)
    )


def periods(page: ComparePage, group: Group) -> str:
    """The periods of a group's main indicator, each where they differ."""
    found = {page.of(s, group.lead()).period for s in page.sides if _known(page, s, group.lead())}
    return formats.listed([formats.period(p, language()) for p in sorted(found)], language())


def _known(page: ComparePage, side: Side, indicator: Indicator) -> bool:
    return page.of(side, indicator).value is not None


def says(page: ComparePage, group: Group) -> str:
    """What a group counts, and when."""
    when = periods(page, group)
    return f"{group.says}, {when}." if when else f"{group.says}."


def level_of(side: Side) -> str:
    """The level, where the name does not say it."""
    return levels.beside(side.place, side.place.name(language()))


def reserves(page: ComparePage) -> list[dict[str, str]]:
    """What does not compare, said first."""
    found = []
    if len(page.levels) > 1:
        said = formats.listed([str(levels.WORDS[level]) for level in page.levels], language())
        found.append(
            {
                "title": _("Des niveaux différents."),
                "text": _(
                    "Il y a ici {levels} : un taux s’y compare, un nombre non. Et l’un peut contenir l’autre."
                ).format(levels=said),
            }
        )
    if any(_mixed(page, group) for group in page.groups):
        found.append(
            {
                "title": _("Des périodes différentes."),
                "text": _(
                    "Les années d’emploi ne sont pas les mêmes partout : comparez l’évolution par an."
                ),
            }
        )
    found += [
        {
            "title": "",
            "text": _(
                "Une entreprise compte à son siège, un établissement et un emploi là où ils sont, un revenu là où l’on habite."
            ),
        },
        {
            "title": "",
            "text": _(
                "Aucun total ne réunit ces lignes : on ne classe pas des territoires par une note."
            ),
        },
    ]
    return found


def _mixed(page: ComparePage, group: Group) -> bool:
    """Whether one indicator has several periods among the territories."""
    return any(
        len({page.of(s, i).period for s in page.sides if _known(page, s, i)}) > 1
        for i in group.indicators
    )


def silent() -> str:
    """What the page does not say."""
    return _(
        "Pourquoi : deux territoires diffèrent par leur taille, leur frontière, leur histoire. Et ce qui s’est passé depuis."
    )


def typical_title(page: ComparePage, side: Side) -> str:
    """How many sectors a territory has surely above the reference."""
    if side.place.code == page.reference.code:
        return _("{name} est la référence.").format(name=side.name)
    words = (
        ngettext("{n} division", "{n} divisions", side.typical_count)
        if side.depth == DIVISION
        else ngettext("{n} groupe", "{n} groupes", side.typical_count)
    ).format(n=side.typical_count)
    return _("{name} : {words} au-dessus de la référence").format(name=side.name, words=words)


def typical_sub(one: Typical) -> str:
    """The code and the count under a sector's name."""
    count = one.enterprises.value or 0.0
    return ngettext("{code} · {n} entreprise", "{code} · {n} entreprises", round(count)).format(
        code=one.activity.written, n=value_text(one.enterprises)
    )


def typical_says(page: ComparePage) -> str:
    return _(
        "Quotient le plus élevé dont tout l’intervalle dépasse 1, parmi les secteurs d’au moins {n} entreprises, référence : {reference}. Cinq au plus."
    ).format(n=FEWEST, reference=page.reference.name(language()))


def said(page: ComparePage) -> dict[str, Any]:
    """The template's words."""
    return {
        "title": title(page),
        "lead": lead(page),
        "reserves": reserves(page),
        "silent": silent(),
        "document": _document(page),
        "chosen": [
            {
                "name": side.place.name(language()),
                "level": levels.beside(side.place, side.place.name(language())),
                "url": reverse("place", args=[side.place.code]),
                "remove": page.choice.without(side.place.code) if len(page.sides) > 1 else "",
            }
            for side in page.sides
        ],
        "full": page.choice.full,
        "most": MOST,
        "missing": [str(group.question) for group in page.missing],
        "typical_says": typical_says(page),
        "without_sector": page.choice.address(sector=""),
        "sector_name": short(page.sector) if page.sector else "",
    }


def _document(page: ComparePage) -> str:
    """The address of the page as a document."""
    url = reverse("document", args=["comparer", ",".join(page.choice.codes), "pdf"])
    return f"{url}?secteur={page.choice.sector}" if page.choice.sector else url
