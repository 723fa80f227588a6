"""What the page Territoire says in words around its figures: context lines, verdict, reserves."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.components.figures import language, value_text
from perron.site.directory.downloads import TABLES
from perron.site.directory.levels import beside
from perron.site.directory.places import Place
from perron.site.directory.selectors import Profile, TerritoryPage, steered


def said(page: TerritoryPage) -> dict[str, Any]:
    """The template's words: everything here is computed from the page's figures."""
    ours = steered()
    return {
        "level": beside(page.place, page.name, page.became),
        "merger": _merger(page),
        "lineage": [_link(p) for p in page.lineage],
        "territory_name": ours.said(ours.article, language()),
        "verdict": _verdict(page.profile, page.reference),
        "context": _context(page),
        "csv": {
            table: reverse("territory-download", args=[page.place.code, table, "csv"])
            for table in TABLES
        },
        "reserves": _reserves(page),
    }


def _merger(page: TerritoryPage) -> dict[str, Any] | None:
    """What a merger made of the municipality, or made it of, with the places to go on to."""
    if page.became is not None:
        text = _("Depuis le 1er janvier {year}, ce territoire est dans la commune de")
        return {
            "text": text.format(year=page.became.vintage),
            "places": [_link(page.became)],
        }
    if page.place.level == "municipality" and page.parts:
        text = _(
            "Commune créée le 1er janvier {year} ; ses chiffres d’avant sont la somme de ceux de"
        )
        return {
            "text": text.format(year=page.place.vintage),
            "places": [_link(part) for part in page.parts],
        }
    return None


def _link(place: Place) -> dict[str, str]:
    return {"code": place.code, "name": place.name(language())}


def _verdict(profile: Profile, reference: Profile) -> str:
    """Whether the gap with the reference is more than a year's chance."""
    low, high, mark = profile.start_rate.low, profile.start_rate.high, reference.start_rate.value
    if low is None or high is None or mark is None:
        return ""
    if high < mark:
        return _("L’écart est net : même au haut de l’intervalle, le taux reste en dessous.")
    if low > mark:
        return _("L’écart est net : même au bas de l’intervalle, le taux reste au-dessus.")
    return _("L’écart tient dans l’intervalle : on ne peut pas conclure.")


def _context(page: TerritoryPage) -> dict[str, str]:
    profile = page.profile
    period = formats.period(profile.enterprises.period, language())
    return {
        "enterprises": _("à leur siège · {period}").format(period=period),
        "balance": _("{starts} créations, {stops} cessations · {period}").format(
            starts=value_text(profile.starts), stops=value_text(profile.stops), period=period
        ),
        "population": _("1er janvier {period} · {growth} depuis {first}").format(
            period=profile.population.period,
            growth=value_text(profile.growth, signed=True),
            first=profile.growth_since,
        ),
    }


def _reserves(page: TerritoryPage) -> list[str]:
    """What a hostile reader would object, said first."""
    reserves = [
        _(
            "Une entreprise compte à son siège, non là où elle travaille : les communes de sièges en comptent davantage."
        ),
        _("Un taux compare les créations d’une seule année au parc de la même année."),
    ]
    if page.place.source:
        reserves.append(
            ngettext(
                "Le bassin réunit {n} commune, dont il additionne les chiffres. Sa composition : {source}.",
                "Le bassin réunit {n} communes, dont il additionne les chiffres. Sa composition : {source}.",
                len(page.units),
            ).format(n=len(page.units), source=page.place.source)
        )
    outside = [f for f in page.outside if f.value]
    if page.reference.place.level == "country" and outside:
        reserves.append(
            _("« {reference} » est la somme de ses communes. N’y sont pas : {outside}.").format(
                reference=page.reference.name,
                outside=formats.listed(
                    [f"{f.territory.lower()} ({value_text(f)})" for f in outside], language()
                ),
            )
        )
    hidden = sum(1 for row in page.sections if row.enterprises.state == "suppressed")
    if hidden:
        reserves.append(
            ngettext(
                "{n} section est supprimée : moins de 3 entreprises, ou une autre qu’elle trahirait.",
                "{n} sections sont supprimées : moins de 3 entreprises, ou d’autres qu’elles trahiraient.",
                hidden,
            ).format(n=hidden)
        )
    return reserves
