"""What speaks for the place of a sector in its quadrant, and what against: sentences made of figures.

None of them weighs more than another, and no number is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.methods.economy import Position, Side
from perron.methods.economy.uncertainty import CUTS
from perron.site.components.figures import interval_text, language, value_text
from perron.site.directory.activities import Activities
from perron.site.economy.options.assessed import Near
from perron.site.economy.options.basis import ENTERPRISES, JOBS
from perron.site.economy.options.selectors import Option, OptionsPage
from perron.site.economy.sectors.words import short

#: Enterprises under which one that moves changes the answer.
_FEW = 10
#: Neighbours, counted as if all were as near, under which chance easily does as well.
_FEW_NEAR = 8
#: The chance that a draw does as well, and the hidden part of what is near, worth being said.
_CHANCE, _HIDDEN = 0.05, 0.10
#: How near 1 an interval may end without being said to be a near thing.
_EDGE = 0.05
#: How many neighbours a sentence names.
_NAMED = 3
#: Where growth speaks for a place: it keeps a strength and makes an opportunity come.
_RISING = (Position.STRENGTH, Position.OPPORTUNITY)


def supporting(page: OptionsPage, option: Option, tree: Activities) -> list[str]:
    """What speaks for the quadrant."""
    return list(_for(page, option, tree))


def against(page: OptionsPage, option: Option) -> list[str]:
    """What speaks against it, or makes it fragile."""
    return list(_against(page, option))


def _for(page: OptionsPage, option: Option, tree: Activities) -> Iterator[str]:
    at = option.assessment
    if at.held is Side.OVER and option.size.value is not None:
        yield _weight(page, option)
    if names := _neighbours(option, tree):
        text = (
            _("Déjà là parmi ce qui en est le plus proche : {names}.")
            if at.surrounded is Side.OVER
            else _("Absent parmi ce qui en est le plus proche : {names}.")
        )
        yield text.format(names=names)
    if at.stays == len(CUTS):
        yield _("Même réponse aux {n} seuils.").format(n=len(CUTS))
    if _other_side(page, option) is at.held and at.held in (Side.OVER, Side.UNDER):
        yield _other_says(page, option, _("de même"))
    balance = option.balance.value
    if balance and (balance > 0) == (option.position in _RISING):
        yield _balance(option)


def _against(page: OptionsPage, option: Option) -> Iterator[str]:
    at, near = option.assessment, option.assessment.near
    if at.held is Side.CROSSING:
        yield _("Spécialité ou non ? L’intervalle du quotient contient 1 ({bounds}).").format(
            bounds=interval_text(option.quotient)
        )
    if at.surrounded is Side.CROSSING:
        yield _("Entouré ou non ? L’intervalle du voisinage contient 1 ({bounds}).").format(
            bounds=interval_text(option.near)
        )
    if at.stays < len(CUTS):
        yield ngettext(
            "La réponse ne tient qu’à {n} seuil sur {all}.",
            "La réponse ne tient qu’à {n} seuils sur {all}.",
            at.stays,
        ).format(n=at.stays, all=len(CUTS))
    if near is not None:
        yield from _fragile(option, near)
    size = option.size.value
    if page.base == ENTERPRISES and size is not None and 0 < size < _FEW:
        yield ngettext(
            "{n} entreprise seulement : un départ change la réponse.",
            "{n} entreprises seulement : un départ peut changer la réponse.",
            round(size),
        ).format(n=round(size))
    other = _other_side(page, option)
    if {other, at.held} == {Side.OVER, Side.UNDER}:
        yield _other_says(page, option, _("l’inverse"))
    balance = option.balance.value
    if balance and (balance > 0) != (option.position in _RISING):
        yield _balance(option)


def _fragile(option: Option, near: Near) -> Iterator[str]:
    """What makes the answer about what lies near fragile."""
    decided = option.assessment.surrounded in (Side.OVER, Side.UNDER)
    edge = near.low if option.assessment.surrounded is Side.OVER else near.high
    if decided and edge is not None and abs(edge - 1) < _EDGE:
        yield _("De justesse : l’intervalle du voisinage s’arrête à {edge}.").format(
            edge=formats.number(edge, 2, language())
        )
    if decided and near.least <= 1 < near.greatest:
        yield _("Tient à un seul territoire : sans lui, le voisinage irait de {bounds}.").format(
            bounds=formats.interval(near.least, near.greatest, 2, language())
        )
    chance = option.chance.value
    if decided and chance is not None and chance > 100 * _CHANCE:
        yield _("Le hasard ferait autant {n} fois sur 100.").format(n=max(1, round(chance)))
    if near.neighbours < _FEW_NEAR:
        yield ngettext(
            "Peu de voisins : comme s’il n’y en avait que {n}.",
            "Peu de voisins : comme s’il n’y en avait que {n}.",
            round(near.neighbours),
        ).format(n=round(near.neighbours))
    hidden = 1 - near.known_share
    enough = decided and (near.hidden_low <= 1) != (near.hidden_high <= 1)
    if enough or hidden > _HIDDEN:
        text = (
            _("{part} de son voisinage est caché ici, assez pour changer la réponse ({bounds}).")
            if enough
            else _("{part} de son voisinage est caché ici.")
        )
        yield text.format(
            part=formats.percent(hidden, 0, language()),
            bounds=formats.interval(near.hidden_low, near.hidden_high, 2, language()),
        )


def _weight(page: OptionsPage, option: Option) -> str:
    if page.base == JOBS:
        return _("{n} emplois : {quotient} fois sa part en Europe.").format(
            n=value_text(option.size), quotient=value_text(option.quotient)
        )
    return ngettext(
        "{n} entreprise : {quotient} fois sa part en référence ({bounds}).",
        "{n} entreprises : {quotient} fois sa part en référence ({bounds}).",
        round(option.size.value or 0),
    ).format(
        n=value_text(option.size),
        quotient=value_text(option.quotient),
        bounds=interval_text(option.quotient),
    )


def _neighbours(option: Option, tree: Activities) -> str:
    """The nearest sectors that are there, or for an isolated one that are not."""
    wanted = option.assessment.surrounded is Side.OVER
    if option.assessment.surrounded not in (Side.OVER, Side.UNDER):
        return ""
    names = [
        f"{_lower(short(tree[near.code]))} ({tree[near.code].written})"
        for near in option.assessment.nearest
        if near.held is wanted
    ]
    return formats.listed(names[:_NAMED], language())


def _lower(text: str) -> str:
    """A label in the middle of a sentence; an acronym keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _other_side(page: OptionsPage, option: Option) -> Side:
    """The side of the quotient on the other basis, where it is sure."""
    other = option.other_quotient
    if other.value is None:
        return Side.UNKNOWN
    low, high = _bounds(page, other)
    if low > 1:
        return Side.OVER
    return Side.UNDER if high <= 1 else Side.CROSSING


def _bounds(page: OptionsPage, other: Figure) -> tuple[float, float]:
    value = other.value or 0.0
    if page.base == JOBS:
        return (
            value if other.low is None else other.low,
            value if other.high is None else other.high,
        )
    return value / max(CUTS), value / min(CUTS)


def _other_says(page: OptionsPage, option: Option, how: str) -> str:
    text = (
        _("Les entreprises disent {how} : {quotient} fois leur part en référence ({reference}).")
        if page.base == JOBS
        else _(
            "Les emplois de la division disent {how} : {quotient} fois leur part en référence ({reference})."
        )
    )
    return text.format(how=how, quotient=value_text(option.other_quotient), reference=page.national)


def _balance(option: Option) -> str:
    return _("Créations moins cessations en {period} : {balance}.").format(
        period=formats.period(option.balance.period, language()),
        balance=value_text(option.balance, signed=True),
    )
