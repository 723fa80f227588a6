"""The picture of a network: shapes of activities, kinds of links, names."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import State
from perron.site.components.figures import language, value_text
from perron.site.components.networks import ZOOMS, Edge, Group, Kind, NetworkChart, Node
from perron.site.economy.links import naming
from perron.site.economy.links.addresses import file_url, sheet
from perron.site.economy.links.counted import counted
from perron.site.economy.links.networks import (
    EMPLOYMENT,
    ENTERPRISES,
    TRADE,
    Community,
    Link,
    Network,
)
from perron.site.economy.links.places import MOST_DRAWN
from perron.site.economy.links.selectors import Here, LinksPage
from perron.site.economy.sectors.selectors import ABOVE, ALIKE, BELOW


@lru_cache(maxsize=64)
def picture(page: LinksPage) -> NetworkChart | None:
    """The network as it was asked for; None where nothing is drawn."""
    found = page.network
    if found is None or not page.drawn:
        return None
    links = (*page.links[:MOST_DRAWN], *page.context)
    degree: dict[str, int] = {}
    for link in links:
        for code in (link.a, link.b):
            degree[code] = degree.get(code, 0) + 1
    own = set(page.sector_codes)
    zooms = tuple((z, page.query.address(zoom=z) + "#reseau") for z in ZOOMS)
    return NetworkChart(
        title=_picture_title(page),
        says=_picture_says(page, found),
        nodes=tuple(_node(page, page.here[c], degree.get(c, 0), c in own) for c in page.drawn),
        edges=tuple(_edge(page, found, link) for link in links),
        layout=page.layout,
        groups=tuple(_group(page, c) for c in page.communities),
        kinds=_kinds(page),
        lines=_lines(found),
        note=_note(page),
        zoom=page.query.zoom,
        zooms=zooms,
        name="reseau",
        table_id="liens",
        source=counted(page)["kept"],
        csv_url=file_url(page, "liens"),
        about=_("réseau"),
    )


def _picture_title(page: LinksPage) -> str:
    ours = [page.here[c] for c in page.drawn if page.here[c].ours]
    if not page.measured or page.place.code == page.reference.code:
        return ngettext(
            "{n} activité a un lien au moins.",
            "{n} activités ont un lien au moins.",
            len(page.drawn),
        ).format(n=formats.number(len(page.drawn), 0, language()))
    if not ours:
        return _("Aucune de ces {all} activités n’est une spécialité nette ({place}).").format(
            all=formats.number(len(page.drawn), 0, language()), place=page.place.name(language())
        )
    return ngettext(
        "{n} de ces {all} activités est une spécialité nette ({place}).",
        "{n} de ces {all} activités sont des spécialités nettes ({place}).",
        len(ours),
    ).format(
        n=formats.number(len(ours), 0, language()),
        all=formats.number(len(page.drawn), 0, language()),
        place=page.place.name(language()),
    )


def _picture_says(page: LinksPage, found: Network) -> str:
    sizes = _(
        "Un rond est une activité, grand selon ses entreprises ici ({place}, {year})."
    ).format(place=page.place.name(language()), year=_year(page))
    links = {
        ENTERPRISES: _("Un trait : communes spécialistes des deux, {n} communes, {year}."),
        EMPLOYMENT: _("Un trait : régions spécialistes des deux, {n} régions NUTS 2, {year}."),
        TRADE: _("Un trait : ventes d’une branche à l’autre, pays entier, {year}."),
    }[found.name].format(n=formats.number(found.territories, 0, language()), year=found.period)
    return f"{sizes} {links} " + _("La distance ne mesure rien.")


def _year(page: LinksPage) -> str:
    return next(iter(page.here.values())).enterprises.period if page.here else ""


def _kind(here: Here) -> str:
    """The shape of an activity: whether it is ours, or why nothing can be said."""
    if here.enterprises.state is not State.OBSERVED:
        return here.enterprises.state.value
    if here.quotient.value is None:
        return here.quotient.state.value
    return {ABOVE: "strong", ALIKE: "open", BELOW: "plain"}[here.reading]


def _kinds(page: LinksPage) -> tuple[Kind, ...]:
    if page.place.code == page.reference.code:
        return (Kind("open", _("activité du territoire de référence")),)
    return (
        Kind("strong", _("spécialité : plus présente qu’en référence, même au bas de l’intervalle")),
        Kind("open", _("on ne peut pas conclure")),
        Kind("plain", _("moins présente qu’en référence")),
        Kind("suppressed", _("supprimé : moins de 3 entreprises, ou un nombre que d’autres trahiraient")),
        Kind("zero", _("zéro entreprise")),
        Kind("unknown", _("inconnu")),
        Kind("not_measured", _("non mesuré à ce niveau")),
    )  # fmt: skip


def _lines(found: Network) -> tuple[Kind, ...]:
    return (
        Kind("strong", _("lien entre deux spécialités d’ici")),
        Kind("in", _("autre lien")),
        Kind("faint", _("lien sous le seuil") if found.name == TRADE else _("lien que le hasard peut donner")),
    )  # fmt: skip


def _note(page: LinksPage) -> str:
    left = len(page.links) - MOST_DRAWN
    if left > 0:
        return _("Les {n} liens les plus sûrs sont dessinés, sur {all}. Choisissez une activité pour tous les siens.").format(
            n=formats.number(MOST_DRAWN, 0, language()),
            all=formats.number(len(page.links), 0, language()),
        )  # fmt: skip
    return ""


def _node(page: LinksPage, here: Here, degree: int, asked: bool) -> Node:
    kind = _kind(here)
    said = [_("{code}").format(code=naming.written(page.held, here.code))]
    enterprises, quotient = here.enterprises, here.quotient
    if enterprises.value is None:
        said.append(_("entreprises : {value}").format(value=value_text(enterprises)))
    else:
        said.append(
            ngettext("{n} entreprise", "{n} entreprises", int(enterprises.value)).format(
                n=formats.number(enterprises.value, 0, language())
            )
        )
    if quotient.low is not None and quotient.high is not None:
        said.append(
            _("quotient {value} ({interval})").format(
                value=value_text(quotient),
                interval=formats.interval(quotient.low, quotient.high, 2, language()),
            )
        )
    said.append(ngettext("{n} lien", "{n} liens", degree).format(n=degree))
    return Node(
        here.code,
        naming.tag(here.name),
        f"{here.name} : {', '.join(said)}",
        size=enterprises.value,
        kind=kind,
        href=sheet(page, here.code),
        weight=1e6 * asked + 1e3 * here.ours + degree,
    )


def _edge(page: LinksPage, found: Network, link: Link) -> Edge:
    if not link.kept:
        return Edge(link.a, link.b, "faint")
    if page.here[link.a].ours and page.here[link.b].ours:
        return Edge(link.a, link.b, "strong")
    same = found.nodes[link.a].community == found.nodes[link.b].community
    return Edge(link.a, link.b, "in" if same else "between")


def _group(page: LinksPage, community: Community) -> Group:
    if len(community.members) < 4:
        return Group()
    return Group(
        naming.community_lines(page.held, page.query.network, community),
        page.query.address(community=community.number, zoom=1) + "#reseau",
    )
