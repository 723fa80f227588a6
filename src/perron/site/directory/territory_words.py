"""What the page Territoire says in words around its figures: context lines, verdict, reserves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
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
        "title": title(page),
        "lead": _lead_drawn(page),
        "level": beside(page.place, page.name, page.became),
        "merger": merger(page),
        "lineage": [_link(p) for p in page.lineage],
        "territory_name": ours.said(ours.article, language()),
        "context": context(page),
        "csv": {
            table: reverse("territory-download", args=[page.place.code, table, "csv"])
            for table in TABLES
        },
        "reserves": reserves(page),
        "silent": silent(),
    }


def title(page: TerritoryPage) -> str:
    """The answer of the page: whether enterprises start or stop more."""
    gained = page.profile.balance.value
    if gained is None:
        said = _("{name} : ce que l’on peut en dire.")
    elif gained > 0:
        said = _("{name} : plus d’entreprises naissent qu’il n’en cesse.")
    elif gained < 0:
        said = _("{name} : plus d’entreprises cessent qu’il n’en naît.")
    else:
        said = _("{name} : autant d’entreprises naissent qu’il n’en cesse.")
    return said.format(name=page.name)


def lead(page: TerritoryPage) -> str:
    """What the page says under its title, as plain text."""
    return " ".join(said.format(**values, **rates) for said, values, rates in _lead(page))


def _lead_drawn(page: TerritoryPage) -> str:
    """The same with its rates set apart."""
    sentences = (
        format_html(said, **values, **{k: format_html("<b>{}</b>", v) for k, v in rates.items()})
        for said, values, rates in _lead(page)
    )
    return format_html_join(" ", "{}", ((sentence,) for sentence in sentences))


def _lead(page: TerritoryPage) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Each sentence, its values, and the rates in it: the counts, then the place beside the reference."""
    profile, reference = page.profile, page.reference
    if profile.start_rate.value is None or profile.balance.value is None:
        return
    values = {
        "period": formats.period(profile.starts.period, language()),
        "starts": value_text(profile.starts),
        "stops": value_text(profile.stops),
    }
    yield _("En {period}, {starts} créations et {stops} cessations."), values, {}
    if profile.place.code != reference.place.code:
        rates = {
            "rate": value_text(profile.start_rate),
            "other": value_text(reference.start_rate),
        }
        compared = _(
            "Pour 100 entreprises, il s’en crée {rate}, contre {other} en référence ({reference})."
        )
        yield compared, {"reference": reference.name}, rates
        if verdict := _verdict(profile, reference):
            yield "{verdict}", {"verdict": verdict}, {}


def merger(page: TerritoryPage) -> dict[str, Any] | None:
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


def context(page: TerritoryPage) -> dict[str, str]:
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


def reserves(page: TerritoryPage) -> list[str]:
    """What a hostile reader would object, said first."""
    found = [
        _(
            "Une entreprise compte à son siège, non là où elle travaille : les communes de sièges en comptent davantage."
        ),
        _("Un taux compare les créations d’une seule année au parc de la même année."),
    ]
    if page.place.source:
        found.append(
            ngettext(
                "Le bassin réunit {n} commune, dont il additionne les chiffres. Sa composition : {source}.",
                "Le bassin réunit {n} communes, dont il additionne les chiffres. Sa composition : {source}.",
                len(page.units),
            ).format(n=len(page.units), source=page.place.source)
        )
    outside = [f for f in page.outside if f.value]
    if page.reference.place.level == "country" and outside:
        found.append(
            _("« {reference} » est la somme de ses communes. N’y sont pas : {outside}.").format(
                reference=page.reference.name,
                outside=formats.listed(
                    [f"{f.territory.lower()} ({value_text(f)})" for f in outside], language()
                ),
            )
        )
    hidden = sum(1 for row in page.sections if row.enterprises.state == "suppressed")
    if hidden:
        found.append(
            ngettext(
                "{n} section est supprimée : moins de 3 entreprises, ou une autre qu’elle trahirait.",
                "{n} sections sont supprimées : moins de 3 entreprises, ou d’autres qu’elles trahiraient.",
                hidden,
            ).format(n=hidden)
        )
    return found


def silent() -> str:
    """What the figures of the page do not say."""
    return _(
        "L’emploi : une entreprise d’une personne y compte autant qu’une usine. La qualité des créations, leur survie, et ce qui s’est passé depuis."
    )
