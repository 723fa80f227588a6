"""What the page Liens says in words: the answer, how sure it is, what it does not say."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.components.figures import language
from perron.site.economy.links import naming
from perron.site.economy.links.counted import counted, first_link
from perron.site.economy.links.networks import (
    EMPLOYMENT,
    ENTERPRISES,
    NEEDS,
    NETWORKS,
    TRADE,
    Community,
    Network,
)
from perron.site.economy.links.query import ALL_LINKS, LEVELS, STRICT, USUAL, Query
from perron.site.economy.links.selectors import LinksPage
from perron.site.economy.sectors.words import sheet_url, short, switch, where
from perron.sources.registry import sources

#: From this agreement between runs on, communities can be told; docs/methods/economy/communities.md.
FIRM = 0.8


def number(value: float, decimals: int = 0) -> str:
    return formats.number(value, decimals, language())


def network_name(name: str) -> str:
    return {
        ENTERPRISES: _("Mêmes communes"),
        EMPLOYMENT: _("Mêmes régions d’Europe"),
        TRADE: _("Ventes et achats"),
    }[name]


def question(name: str) -> str:
    """What a link of the network is."""
    return {
        ENTERPRISES: _(
            "Deux activités sont liées quand des communes en sont spécialistes ensemble plus souvent que le hasard ne le donne."
        ),
        EMPLOYMENT: _(
            "Deux divisions sont liées quand des régions d’Europe en sont spécialistes ensemble plus souvent que le hasard ne le donne."
        ),
        TRADE: _(
            "Deux branches sont liées quand l’une tire de l’autre une part importante de ses achats ou de ses ventes."
        ),
    }[name]


def level_name(name: str, level: str) -> str:
    """A threshold, as the list of the filters says it."""
    if name == TRADE:
        return {
            USUAL: _("au moins 5 % des achats ou des ventes"),
            STRICT: _("au moins 10 %"),
            ALL_LINKS: _("au moins 2 %"),
        }[level]
    return {
        USUAL: _("au-delà du hasard (5 % de faux liens)"),
        STRICT: _("nettement au-delà (1 % de faux liens)"),
        ALL_LINKS: _("tous ceux de z > 1,96, hasard compris"),
    }[level]


def title(page: LinksPage) -> str:
    """The answer: how many links there are, and what they say of the place."""
    if page.network is None:
        return _("Ce réseau attend ses données.")
    if page.query.sector:
        return _sector_title(page)
    n = len(page.kept)
    if page.query.network == TRADE:
        first = ngettext(
            "{n} flux entre branches pèse au moins 5 % des achats ou des ventes",
            "{n} flux entre branches pèsent au moins 5 % des achats ou des ventes",
            n,
        )
    else:
        first = ngettext(
            "{n} lien entre activités dépasse le hasard",
            "{n} liens entre activités dépassent le hasard",
            n,
        )
    said = first.format(n=number(n))
    if not n:
        return _("Aucun lien entre activités ne dépasse le hasard.")
    if not page.measured or page.place.code == page.reference.code:
        return f"{said}."
    ours = len(page.between_ours)
    links = (
        ngettext("{n} unit deux spécialités", "{n} unissent deux spécialités", ours)
        if ours
        else _("aucun n’unit deux spécialités")
    ).format(n=number(ours))
    # Only the territory's file says how its name goes after a preposition.
    sentence = (
        _("{said} ; {links} dans {place}.") if page.is_ours else _("{said} ; {links} ({place}).")
    )
    return sentence.format(said=said, links=links, place=page.in_sentence)


def sector_name(page: LinksPage) -> str:
    return page.sector_here.name if page.sector_here else page.query.sector


def _sector_title(page: LinksPage) -> str:
    name = sector_name(page)
    if page.suggestions:
        return _("« {name} » : de quelle activité s’agit-il ?").format(name=name)
    if not page.sector_codes and page.sector is None:
        return _("« {name} » : aucune activité de ce nom n’a de lien ici.").format(name=name)
    if not page.links:
        return _("« {name} » : aucun lien ne dépasse le hasard.").format(name=name)
    neighbours = page.neighbours
    said = (
        ngettext(
            "« {name} » va avec une activité : « {other} ».",
            "« {name} » va avec {n} activités, d’abord « {other} ».",
            len(neighbours),
        )
        if page.query.level != ALL_LINKS
        else ngettext(
            "« {name} » va avec une activité, hasard compris : « {other} ».",
            "« {name} » va avec {n} activités, hasard compris, d’abord « {other} ».",
            len(neighbours),
        )
    )
    return said.format(name=name, n=number(len(neighbours)), other=page.here[neighbours[0]].name)


def lead(page: LinksPage) -> str:
    found = page.network
    if found is None:
        return ""
    if page.query.sector:
        return _sector_lead(page)
    if not found.communities:
        return question(found.name)
    largest = [c for c in found.communities[:2] if len(c.members) > 2] or list(
        found.communities[:1]
    )
    names = formats.listed(
        [
            _("« {name} » ({n} activités)").format(
                name=community_name(page, c), n=number(len(c.members))
            )
            for c in largest
        ],
        language(),
    )
    return ngettext(
        "Ils forment une communauté : {names}.",
        "Ils forment {n} communautés, dont {names}.",
        len(found.communities),
    ).format(n=number(len(found.communities)), names=names)


def _sector_lead(page: LinksPage) -> str:
    """Whether the answer is at another grain than the question."""
    if page.sector is None or not page.sector_codes or page.network is None:
        return ""
    codes = page.sector_codes
    if len(codes) == 1 and codes[0] == page.sector.code:
        return question(page.network.name)
    if len(codes) == 1:
        return _(
            "Ce réseau s’arrête à un niveau plus large : la réponse est celle de « {name} » ({code})."
        ).format(name=page.here[codes[0]].name, code=naming.written(page.held, codes[0]))
    return _(
        "Ce réseau est plus fin : la réponse réunit les liens de ses {n} activités qui en ont, sans ceux qu’elles ont entre elles."
    ).format(n=number(len(codes)))


def community_name(page: LinksPage, community: Community) -> str:
    return naming.community_name(page.held, page.query.network, community)


def facts(page: LinksPage) -> list[dict[str, Any]]:
    """The figures under the title, each with what it is compared to."""
    found = page.network
    if found is None:
        return []
    if page.query.sector:
        return _sector_facts(page)
    made = counted(page)
    answer: list[dict[str, Any]] = [
        {
            "figure": made["kept"],
            "text": _("sur {n} paires d’activités").format(n=number(found.tests)),
        }
    ]
    if page.measured and page.place.code != page.reference.code:
        answer.append({"figure": made["ours"], "text": page.place.name(language())})
    answer.append({"figure": made["communities"], "text": _firm_words(found)})
    if found.name != TRADE:
        answer.append(
            {
                "figure": made["above"],
                "text": _("dont {n} que le hasard seul donnerait").format(
                    n=number(found.by_chance)
                ),
            }
        )
    return answer


def _sector_facts(page: LinksPage) -> list[dict[str, Any]]:
    """How many neighbours, the reason of the surest link, and what the activity is here."""
    here = page.sector_here
    if here is None or page.network is None:
        return []
    answer: list[dict[str, Any]] = []
    if page.links:
        made = first_link(page)
        other = page.here[page.neighbours[0]].name
        answer.append(
            {"figure": made["neighbours"], "text": level_name(page.query.network, page.query.level)}
        )
        if page.query.network == TRADE:
            answer.append({"figure": made["flow"], "text": _("avec « {name} »").format(name=other)})
        else:
            text = _("avec « {name} », {n} attendues au hasard").format(
                name=other, n=number(page.links[0].expected, 1)
            )
            answer.append({"figure": made["both"], "text": text})
    answer += [{"figure": here.enterprises, "text": ""}, {"figure": here.quotient, "text": ""}]
    return answer


def _firm_words(found: Network) -> str:
    agreement = number(found.agreement, 2)
    if found.agreement >= FIRM:
        return _("accord entre calculs {agreement} : elles tiennent").format(agreement=agreement)
    return _("accord entre calculs {agreement} : leurs bords bougent").format(agreement=agreement)


def reserves(page: LinksPage) -> list[dict[str, str]]:
    """What a hostile reader would object, said first."""
    found = page.network
    if found is None:
        return []
    answer = [
        {
            "title": _("Données de {period}.").format(period=found.period),
            "text": _("À actualiser avant tout usage public."),
        }
    ]
    if found.name == TRADE:
        texts = [
            _("La table est nationale : elle dit qui achète à qui dans le pays, jamais dans le territoire."),
            _("Le seuil de 5 % est un choix. Les petites branches l’atteignent plus vite que les grandes."),
        ]  # fmt: skip
    else:
        texts = [
            _("Un lien est une coïncidence mesurée, ni une cause, ni un échange : deux activités peuvent partager une ville, un port ou un climat."),
            ngettext(
                "À ce seuil, {n} lien sur {all} est sans doute faux (5 %).",
                "À ce seuil, {n} liens sur {all} sont sans doute faux (5 %).",
                max(1, round(0.05 * len(found.kept))),
            ).format(n=max(1, round(0.05 * len(found.kept))), all=number(len(found.kept))),
            _("Une paire sans lien n’est pas une paire sans rapport : le nombre de territoires ne permet pas de conclure."),
        ]  # fmt: skip
        texts.append(
            _("Une entreprise compte à son siège, non à son atelier : les communes de sièges se ressemblent pour cela aussi.")
            if found.name == ENTERPRISES
            else _("Le nombre d’emplois que les statistiques européennes taisent est traité comme inconnu, jamais comme zéro.")
        )  # fmt: skip
    return answer + [{"title": "", "text": text} for text in texts]


def silent(page: LinksPage) -> str:
    if page.query.network == TRADE:
        return _(
            "Les échanges entre entreprises d’une même branche, l’importation, et la part du territoire dans ces flux."
        )
    return _("Si les entreprises se connaissent, se vendent ou se disputent leurs travailleurs. La force d’un lien : z grandit avec le nombre de territoires, la proximité non.")  # fmt: skip


def missing(page: LinksPage) -> dict[str, str]:
    """What to do where the lake lacks the tables of a network: the commands that fill it."""
    tables = NEEDS[page.query.network]
    commands = dict.fromkeys(
        f"perron data load {source.name} FICHIER" + (" --period ANNÉE" if source.yearly else "")
        for source in sources()
        if any(table.name in tables for table in source.tables)
    )
    return {
        "title": _("Ce réseau n’a pas ses données."),
        "text": _("Il se calcule avec {tables}. Chargez-les, et il se fait tout seul : {commands}.").format(
            tables=formats.listed([f"« {table} »" for table in tables], language()),
            commands=formats.listed([f"« {command} »" for command in commands], language()),
        ),
    }  # fmt: skip


def _bound(text: str) -> str:
    """No line ends between a quotation mark and the word that it holds."""
    return text.replace("« ", f"«{formats.NBSP}").replace(" »", f"{formats.NBSP}»")


def said(page: LinksPage) -> dict[str, Any]:
    """The template's words, and where each choice leads."""
    query = page.query
    found = page.network
    here = "" if page.is_ours else page.place.code
    return {
        "title": _bound(title(page)),
        "lead": _bound(lead(page)),
        "where": where(page.place),
        "question": question(query.network),
        "facts": facts(page),
        "reserves": reserves(page),
        "silent": silent(page),
        "networks": [
            (Query(network=name, territory=query.territory, ours=query.ours).address(), network_name(name), name == query.network)
            for name in NETWORKS
        ],
        "levels": [(level, level_name(query.network, level), level == query.level) for level in LEVELS],
        "communities": [
            (c.number, naming.in_list(community_name(page, c)), c.number == query.community)
            for c in (found.communities if found else ())
        ],
        "places": switch(page.territories, page.place),
        "everything": Query(network=query.network, territory=query.territory).address(),
        "suggestions": [
            (query.address(sector=activity.code, community=0), short(activity), activity.written)
            for activity in page.suggestions
        ],
        "sheets": [
            (sheet_url(activity.code, here), short(activity))
            for activity in ([page.sector] if page.sector else [])
        ],
        "empty": empty(page),
        "coarse": _coarse(page),
        "next": [
            (reverse("sectors") + (f"?territoire={here}" if here else ""), _("Voir tous les secteurs")),
            (reverse("sources"), _("Voir les données et leur âge")),
        ],
    }  # fmt: skip


def _coarse(page: LinksPage) -> dict[str, str] | None:
    """Where a place is not shown at the grain of the network, and where it is."""
    if page.network is None or page.measured:
        return None
    return {
        "text": _("Le nombre d’entreprises d’une commune ne se montre que par division : à ce grain-ci, presque tous seraient supprimés."),
        "action": _("Voir les liens entre divisions"),
        "href": page.query.address(network=EMPLOYMENT, community=0) + "#choix",
    }  # fmt: skip


def empty(page: LinksPage) -> dict[str, str] | None:
    """What to do where the filters leave nothing."""
    query = page.query
    if page.network is None:
        return missing(page) | {
            "action": _("Voir les données et leur âge"), "href": reverse("sources"),
        }  # fmt: skip
    if page.links or page.suggestions:
        return None
    clear = Query(network=query.network, territory=query.territory).address()
    if query.sector and page.sector_here is None and page.sector is None:
        return {
            "title": _("Aucune activité de ce nom n’a de lien dans ce réseau."),
            "text": _("Essayez un mot plus court, ou les premiers chiffres du code."),
            "action": _("Chercher dans tous les secteurs"),
            "href": f"{reverse('sectors')}?{urlencode({'q': query.sector})}",
            "other": _("Effacer les choix"),
            "other_href": clear,
        }
    answer = {
        "title": _("Aucun lien ne répond à ces choix."),
        "text": _("Une activité sans lien n’est pas isolée : rien ne permet de dire que le hasard ne suffit pas."),
        "other": _("Effacer les choix"),
        "other_href": clear,
    }  # fmt: skip
    if query.level != ALL_LINKS:
        answer["action"] = _("Montrer aussi ce que le hasard peut donner")
        answer["href"] = query.address(level=ALL_LINKS)
    else:
        other = EMPLOYMENT if query.network != EMPLOYMENT else ENTERPRISES
        answer["action"] = _("Chercher dans « {network} »").format(network=network_name(other))
        answer["href"] = query.address(network=other, community=0)
    return answer
