"""The tables of the page Liens: links with their reason, communities, activities."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.site.components.figures import language
from perron.site.components.tables import Column, Table, TableRow
from perron.site.economy.links import naming
from perron.site.economy.links.addresses import file_url, sheet
from perron.site.economy.links.counted import counted, method, of_network
from perron.site.economy.links.networks import (
    ENTERPRISES,
    TRADE,
    Community,
    Link,
    Network,
)
from perron.site.economy.links.places import MOST_DRAWN
from perron.site.economy.links.selectors import LinksPage

#: The most links that the page lists; the file has them all.
MOST_LISTED = 500


@lru_cache(maxsize=64)
def links(page: LinksPage, most: int = MOST_LISTED) -> Table | None:
    """Every link that is asked for, with its reason."""
    found = page.network
    if found is None or not page.links:
        return None
    trade = found.name == TRADE
    shown = page.links[:most]
    return Table(
        title=_links_title(page, len(shown)),
        says=_links_says(found),
        first=_("Activités"),
        columns=_trade_columns() if trade else _pair_columns(found),
        rows=[(_trade_row if trade else _pair_row)(page, found, link) for link in shown],
        id="liens",
        sorted_by=2 if trade else 4,
        descending=trade,
        source=counted(page)["kept"],
        csv_url=file_url(page, "liens"),
        about=_("liens"),
    )


def _links_title(page: LinksPage, shown: int) -> str:
    if shown < len(page.links):
        written, every = (formats.number(n, 0, language()) for n in (shown, len(page.links)))
        if len(page.links) > MOST_DRAWN:
            return _("Les {n} liens les plus sûrs, sur {all} ; le fichier en a {most}.").format(
                n=written, all=every, most=formats.number(MOST_DRAWN, 0, language())
            )
        return _("Les {n} liens les plus sûrs ; le fichier a les {all}.").format(
            n=written, all=every
        )
    return ngettext("{n} lien, avec sa raison.", "{n} liens, chacun avec sa raison.", shown).format(
        n=formats.number(shown, 0, language())
    )


def _links_says(found: Network) -> str:
    if found.name == TRADE:
        return _("Le plus grand flux entre les deux branches, millions d’euros, {year}. Quotients : entreprises, ici.").format(year=found.period)  # fmt: skip
    return _("Combien de territoires sont spécialistes des deux, et combien le hasard en attend ; z, écart en écarts-types ; q, part attendue de faux liens parmi les liens au moins aussi nets. Quotients : entreprises, ici.")  # fmt: skip


def _pair_columns(found: Network) -> tuple[Column, ...]:
    both = _("Communes des deux") if found.name == ENTERPRISES else _("Régions des deux")
    return (
        Column(both),
        Column(_("Attendues au hasard"), decimals=1),
        Column(_("z"), decimals=1),
        Column(_("q"), decimals=3, least=0.001),
        Column(_("Proximité"), decimals=2),
        Column(_("Quotient de la première")),
        Column(_("Quotient de la seconde")),
        Column(_("Communauté"), numeric=False),
    )


def _pair_row(page: LinksPage, found: Network, link: Link) -> TableRow:
    first, second = _ordered(page, link)
    here, other = page.here[first], page.here[second]
    how = method(found)
    cells = (
        of_network(found, _("Territoires spécialistes des deux"), link.cooccurrence, method=how),
        of_network(found, _("Attendus au hasard"), link.expected, decimals=1, method=how),
        of_network(found, _("z"), link.z, decimals=1, method=how),
        of_network(found, _("q"), link.q, decimals=3, method=how),
        of_network(found, _("Proximité"), link.proximity, decimals=2, method=how),
        here.quotient,
        other.quotient,
        _community(found, first, second),
    )
    return TableRow(
        here.name,
        cells,
        sub=_("avec {name} · {codes}").format(
            name=other.name,
            codes=formats.listed(
                [naming.written(page.held, c) for c in (first, second)], language()
            ),
        ),
        href=sheet(page, first),
        sub_href=sheet(page, second),
        strong=here.ours and other.ours,
    )


def _ordered(page: LinksPage, link: Link) -> tuple[str, str]:
    """The two ends, the activity asked for first."""
    return (link.b, link.a) if link.b in page.sector_codes else (link.a, link.b)


def _community(found: Network, a: str, b: str) -> str:
    """The number of the community of both, or of each."""
    numbers = [found.nodes[code].community for code in (a, b)]
    written = [str(n) if n else "—" for n in numbers]
    return written[0] if numbers[0] == numbers[1] else " – ".join(written)


def _trade_columns() -> tuple[Column, ...]:
    return (
        Column(_("Flux, M€")),
        Column(_("Part, %"), decimals=1),
        Column(_("De quoi"), numeric=False),
        Column(_("Quotient du vendeur")),
        Column(_("Quotient de l’acheteur")),
        Column(_("Communauté"), numeric=False),
    )


def _trade_row(page: LinksPage, found: Network, link: Link) -> TableRow:
    seller, buyer = page.here[link.seller], page.here[link.buyer]
    how = method(found)
    of = _("de ses achats") if link.share_of == "inputs" else _("de ses ventes")
    whose = buyer if link.share_of == "inputs" else seller
    return TableRow(
        seller.name,
        (
            of_network(found, _("Flux"), link.flow, unit="M€", method=how),
            of_network(found, _("Part"), 100 * link.share, unit="%", decimals=1, method=how),
            _("{of} ({name})").format(of=of, name=naming.tag(whose.name)),
            seller.quotient,
            buyer.quotient,
            _community(found, link.seller, link.buyer),
        ),
        sub=_("vend à {name} · {codes}").format(
            name=buyer.name,
            codes=formats.listed(
                [naming.written(page.held, c) for c in (link.seller, link.buyer)], language()
            ),
        ),
        href=sheet(page, link.seller),
        sub_href=sheet(page, link.buyer),
        strong=seller.ours and buyer.ours,
    )


@lru_cache(maxsize=64)
def communities(page: LinksPage) -> Table | None:
    """Each community with its members, those that are ours, and how firm it is."""
    found = page.network
    if found is None or not found.communities:
        return None
    firm = sum(c.firmness >= 0.9 for c in found.communities)
    return Table(
        title=ngettext(
            "{n} communauté sur {all} se retrouve presque à chaque calcul.",
            "{n} communautés sur {all} se retrouvent presque à chaque calcul.",
            firm,
        ).format(n=firm, all=len(found.communities)),
        says=_("Nommées par leurs activités les plus liées. Solidité : part de leurs paires d’activités que les autres calculs gardent ensemble. Une petite peut être solide dans une plus grande."),
        first=_("Communauté"),
        columns=(
            Column(_("Activités")),
            Column(_("Spécialités ici")),
            Column(_("Lesquelles"), numeric=False),
            Column(_("Solidité, %")),
        ),
        rows=[_community_row(page, found, c) for c in found.communities],
        id="communautes",
        sorted_by=1,
        descending=True,
        source=counted(page)["communities"],
        csv_url=file_url(page, "communautes"),
        about=_("communautés"),
    )  # fmt: skip


def _community_row(page: LinksPage, found: Network, community: Community) -> TableRow:
    ours = [page.here[c] for c in community.members if page.here[c].ours]
    # One more is named rather than counted.
    named = [naming.core(h.name) for h in ours[: 5 if len(ours) == 5 else 4]]
    if len(ours) > len(named):
        named.append(_("et {n} autres").format(n=len(ours) - len(named)))
    counts = counted(page)
    shown = page.measured and page.place.code != page.reference.code
    mine: Figure | str = (
        of_network(found, _("Spécialités ici"), len(ours), method=counts["ours"].method)
        if shown
        else ""
    )
    return TableRow(
        naming.community_name(page.held, found.name, community),
        (
            of_network(found, _("Activités"), len(community.members), method=counts["communities"].method),
            mine,
            ", ".join(named),
            of_network(found, _("Solidité"), 100 * community.firmness, unit="%", method=counts["communities"].method),
        ),
        sub=_("communauté {n}").format(n=community.number),
        href=page.query.address(community=community.number, sector="", zoom=1) + "#reseau",
        code=str(community.number),
    )  # fmt: skip


def activities(page: LinksPage) -> Table | None:
    """Every activity drawn, as a file: what the picture says of each."""
    found = page.network
    if found is None or not page.drawn:
        return None
    return Table(
        title=_("Les activités du réseau."),
        says=page.place.name(language()),
        first=_("Activité"),
        columns=(
            Column(_("Entreprises")),
            Column(_("Quotient"), decimals=2),
            Column(_("Liens retenus")),
            Column(_("Communauté"), numeric=False),
        ),
        rows=[
            TableRow(
                page.here[c].name,
                (
                    page.here[c].enterprises,
                    page.here[c].quotient,
                    of_network(
                        found, _("Liens retenus"), found.nodes[c].degree, method=method(found)
                    ),
                    str(found.nodes[c].community or "—"),
                ),
                sub=naming.written(page.held, c),
                code=c,
            )
            for c in page.drawn
        ],
        source=counted(page)["kept"],
        about=_("activités"),
    )
