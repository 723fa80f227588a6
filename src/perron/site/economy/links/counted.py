"""Figures of a network itself: how many links, of which kinds, made how."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import Figure, state_of
from perron.site.components.figures import language
from perron.site.directory.selectors import steered
from perron.site.economy.links.networks import (
    ENTERPRISES,
    TRADE,
    Network,
)
from perron.site.economy.links.selectors import LinksPage


def territories(found: Network) -> str:
    """The territories that a link is about, as its figures name them."""
    n = formats.number(found.territories, 0, language())
    whole = found.whole.name(language())
    if found.name == ENTERPRISES:
        return _("{whole}, {n} communes").format(whole=whole, n=n)
    return whole if found.name == TRADE else _("Europe, {n} régions NUTS 2").format(n=n)


def of_network(found: Network, name: str, value: float, **more: object) -> Figure:
    """A figure of the network itself."""
    fields: dict[str, object] = {
        "limit_years": steered().limits.get(found.origins[0].table),
        "others": found.origins[1:],
        **more,
    }
    known = None if np.isnan(value) else float(value)
    return Figure(
        name,
        known,
        state_of(known),
        territories(found),
        found.period,
        found.origins[0],
        **fields,  # type: ignore[arg-type]
    )


def method(found: Network) -> str:
    """How a link is told from chance, for whoever asks where a figure comes from."""
    if found.name == TRADE:
        return _(
            "Une branche achète à l’autre, ou lui vend, au moins 5 % de tout ce qu’elle achète (importations comprises) ou vend (ménages et exportations compris)."
        )
    return _(
        "Spécialité : quotient de localisation supérieur à 1. Hasard : modèle BiCM, qui garde en moyenne le nombre de spécialités de chaque territoire et de territoires de chaque activité. Taux de fausses découvertes : 5 % (Benjamini et Hochberg)."
    )


@lru_cache(maxsize=64)
def counted(page: LinksPage) -> dict[str, Figure]:
    """How many links, and of which kinds."""
    found = page.network
    assert found is not None
    how = method(found)
    kept = _("Flux importants") if found.name == TRADE else _("Liens au-delà du hasard")
    answer = {
        "kept": of_network(found, kept, len(found.kept), method=how),
        "ours": of_network(
            found,
            _("Entre deux spécialités"),
            len(page.between_ours),
            method=_(
                "Liens dont les deux activités ont, dans le territoire, un quotient en entreprises dont l’intervalle à 95 % est au-dessus de 1."
            ),
        ),
        "communities": of_network(
            found,
            _("Communautés"),
            len(found.communities),
            method=_("Méthode de Louvain sur les liens retenus, la meilleure de dix ; modularité {q}.").format(
                q=formats.number(found.modularity, 2, language())
            ),
        ),
    }  # fmt: skip
    if found.name != TRADE:
        answer["above"] = of_network(
            found,
            _("Paires de z supérieur à 1,96"),
            found.above,
            method=_(
                "Écart au hasard de plus de 1,96 écart-type, sans contrôle des fausses découvertes. Ce que le hasard donne : moyenne de vingt tirages du modèle."
            ),
        )
    return answer


@lru_cache(maxsize=64)
def first_link(page: LinksPage) -> dict[str, Figure]:
    """How many neighbours an activity has, and the reason of its surest link."""
    found = page.network
    assert found is not None
    link, how = page.links[0], method(found)
    both = _("Communes des deux") if found.name == ENTERPRISES else _("Régions des deux")
    return {
        "neighbours": of_network(found, _("Activités liées"), len(page.neighbours), method=how),
        "flow": of_network(found, _("Plus grand flux"), link.flow, unit="M€", method=how),
        "both": of_network(found, both, link.cooccurrence, method=how),
    }
