"""Names of activities and communities: whole in a table, in a few words on a picture."""

from __future__ import annotations

import re

from perron import formats
from perron.lake.snapshots import Catalogue
from perron.site.components.figures import language
from perron.site.directory.activities import activities
from perron.site.economy.links.flows import branch_name, branches
from perron.site.economy.links.networks import TRADE, Community
from perron.site.economy.sectors.words import short

#: What nearly every label of a language begins with and tells nothing apart.
_OPENINGS = re.compile(
    r"^(fabrication|production|activités|exploitation|organisation|autres activités"
    r"|manufacture|activities|vervaardiging|herstellung)"
    r"( (et|en|and|und) \w+)? (de la |de l['’]|des |de |du |d['’]|of |van |von )",
    re.I,
)
#: Trade says first what matters least; it then stands behind, in brackets.
_TRADE = re.compile(r"^commerce de (gros|détail) (de la |de l['’]|des |de |du |d['’])", re.I)
_AND = re.compile(r" (et|ou) (de la |de l['’]|des |de |du |d['’])")
#: Words that a cut name does not end with.
_LOOSE = re.compile(
    r"( (et|ou|de|des|du|d['’]|à|au|aux|la|le|les|l['’]|en|pour|par|sur|dans|and|of|for|the|en|van|und))+$",
    re.I,
)
#: Where a name on a picture is cut.
_MOST = 30


def name(held: Catalogue, network: str, code: str) -> str:
    """An activity or a branch as a table says it."""
    if network == TRADE:
        divisions = branches(held).get(code, ())
        if len(divisions) != 1 or code not in activities(held):
            return branch_name(held, code, language())
    tree = activities(held)
    return short(tree[code]) if code in tree else code


def core(text: str) -> str:
    """A label without its opening, up to its first comma.

    >>> core("Fabrication de papier et de carton ondulés, et d'emballages")
    'Papier et carton ondulés'
    >>> core("Commerce de gros d'animaux vivants")
    'Animaux vivants (gros)'
    """
    if found := _TRADE.match(text):
        rest = re.split(r"\s*[,;(]", text[found.end() :])[0].strip()
        return f"{rest[:1].upper()}{rest[1:]} ({found[1].lower()})"
    cut = _OPENINGS.sub("", text)
    if cut != text:
        cut = _AND.sub(r" \1 ", cut)
    cut = re.split(r"\s*[,;(]", cut)[0].strip() or text
    return cut[:1].upper() + cut[1:]


def tag(text: str) -> str:
    """A name in a few words, for a picture.

    >>> tag("Fabrication de structures métalliques et de parties de structures")
    'Structures métalliques…'
    >>> tag("Usinage")
    'Usinage'
    """
    whole = core(text)
    if len(whole) <= _MOST:
        return whole
    head = whole[:_MOST] if whole[_MOST - 1] == " " else whole[: _MOST - 1].rsplit(" ", 1)[0]
    cut = _LOOSE.sub("", head.rstrip(" ,'’"))
    return f"{cut}…"


def written(held: Catalogue, code: str) -> str:
    """The code as the classification prints it."""
    tree = activities(held)
    return tree[code].written if code in tree else code.rstrip("_")


def _named_by(held: Catalogue, network: str, community: Community, count: int) -> list[str]:
    """The members of a community with most links inside it."""
    return [name(held, network, code) for code in community.members[:count]]


def community_lines(held: Catalogue, network: str, community: Community) -> tuple[str, ...]:
    """A community named by its members with most links, a line each, for a picture."""
    return tuple(tag(text) for text in _named_by(held, network, community, 2))


def community_name(held: Catalogue, network: str, community: Community) -> str:
    """A community named by its members with most links, in the language in force."""
    count = 2 if len(community.members) < 12 else 3
    first, *rest = (core(text) for text in _named_by(held, network, community, count))
    return formats.listed([first, *(part[:1].lower() + part[1:] for part in rest)], language())


def in_list(text: str) -> str:
    """A name in a list of choices, which is as wide as its longest.

    >>> in_list("Conseil juridique") == "Conseil juridique"
    True
    """
    return text if len(text) <= 60 else f"{text[:59].rsplit(' ', 1)[0]}…"
