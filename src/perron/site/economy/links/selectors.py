"""Which activities go together, with the reason of each link, and which of them are ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell, mask
from perron.lake.snapshots import Catalogue
from perron.methods.economy import quotient_of_counts
from perron.site.components.network_layout import Layout
from perron.site.directory.activities import ALL, Activity
from perron.site.directory.places import OUTSIDE, Place
from perron.site.directory.sums import summed
from perron.site.economy.links import naming
from perron.site.economy.links.flows import branches
from perron.site.economy.links.networks import (
    NETWORKS,
    TRADE,
    Community,
    Link,
    Network,
    grain,
    network,
)
from perron.site.economy.links.places import MOST_DRAWN, around, places_of, zoomed
from perron.site.economy.links.query import ALL_LINKS, RATES, SHARES, STRICT, Query
from perron.site.economy.reader import CHANCE, Reader
from perron.site.economy.sectors.selectors import ABOVE, reading, territories
from perron.site.economy.sectors.words import short


@dataclass(frozen=True, slots=True)
class Here:
    """An activity of a network in a place: what may be published of it, and what can be concluded."""

    code: str
    name: str
    enterprises: Figure
    quotient: Figure
    #: "above", "below", "alike" or "hidden", by the interval of the quotient.
    reading: str

    @property
    def ours(self) -> bool:
        return self.reading == ABOVE


@dataclass(frozen=True, slots=True, eq=False)
class LinksPage:
    """Everything the page shows. `network` is None where the lake lacks its tables."""

    held: Catalogue
    query: Query
    place: Place
    is_ours: bool
    in_sentence: str
    reference: Place
    territories: tuple[Place, ...]
    network: Network | None
    here: dict[str, Here]
    #: The links that answer the query, strongest first, and those between neighbours of a sector.
    links: tuple[Link, ...]
    context: tuple[Link, ...]
    layout: Layout
    #: The activities drawn, in their order.
    drawn: tuple[str, ...]
    #: The communities that are drawn, with the discs of the layout.
    communities: tuple[Community, ...]
    #: What was asked as a sector: its activity, those of the network it stands for, or what it may mean.
    sector: Activity | None
    sector_here: Here | None
    sector_codes: tuple[str, ...]
    suggestions: tuple[Activity, ...]

    @property
    def kept(self) -> tuple[Link, ...]:
        return self.network.kept if self.network else ()

    @property
    def neighbours(self) -> tuple[str, ...]:
        """What the activity that was asked for is linked to, the surest link first."""
        own = set(self.sector_codes)
        return tuple(
            dict.fromkeys(c for link in self.links for c in (link.a, link.b) if c not in own)
        )

    @property
    def between_ours(self) -> tuple[Link, ...]:
        """Links above chance between two specialities of the place."""
        return tuple(k for k in self.kept if self.here[k.a].ours and self.here[k.b].ours)

    @property
    def measured(self) -> bool:
        """Whether the place is shown at the grain of the network at all."""
        return any(h.enterprises.state is not State.NOT_MEASURED for h in self.here.values())


@lru_cache(maxsize=64)
def links_page(held: Catalogue, language: str, query: Query) -> LinksPage:
    """The page for a query. An unknown territory is an InputError."""
    reader = Reader(held, language)
    place = reader.place(query.territory)
    if place.level == OUTSIDE:
        raise InputError(
            _("{name} n’est pas un territoire : aucun lien ne s’y lit.").format(
                name=place.name(language)
            )
        )
    found = network(held, query.network)
    here = specialities(held, language, query.network, place.code)
    sector, codes, suggestions = _sector(reader, found, query)
    links = _asked(found, here, query, codes) if found else ()
    context = _context(found, links, codes, query) if found and codes else ()
    drawn_links = (*links[:MOST_DRAWN], *context)
    drawn = tuple(dict.fromkeys(c for link in drawn_links for c in (link.a, link.b)))
    whole = _layout(held, query, links, codes, drawn)
    shown = tuple(code for code in drawn if code in whole.points)
    communities: tuple[Community, ...] = ()
    if found and whole.discs:
        visible = [c for c in found.communities if any(m in shown for m in c.members)]
        communities = tuple(visible)
        whole = replace(whole, discs=tuple(whole.discs[c.number - 1] for c in visible))
    return LinksPage(
        held=held,
        query=query,
        place=place,
        is_ours=place.code == reader.home.code,
        in_sentence=reader.said(place),
        reference=reader.reference,
        territories=territories(reader),
        network=found,
        here=here,
        links=links,
        context=context,
        layout=whole,
        drawn=shown,
        communities=communities,
        sector=sector,
        sector_here=_sector_here(reader, place, here, sector, codes),
        sector_codes=codes,
        suggestions=suggestions,
    )


def _asked(
    found: Network, here: dict[str, Here], query: Query, codes: Sequence[str]
) -> tuple[Link, ...]:
    """The links that the filters leave."""
    links: Sequence[Link] = found.links if query.level == ALL_LINKS else found.kept
    if query.level == STRICT:
        links = [k for k in links if strict(found, k)]
    if query.sector:
        own = set(codes)
        links = [k for k in links if len(own.intersection((k.a, k.b))) == 1] if own else []
    if query.community:
        inside = {code for code, node in found.nodes.items() if node.community == query.community}
        links = [k for k in links if k.a in inside and k.b in inside]
    if query.ours:
        links = [k for k in links if here[k.a].ours or here[k.b].ours]
    return tuple(links)


def strict(found: Network, link: Link) -> bool:
    """Whether a link passes the stricter threshold."""
    if found.name == TRADE:
        return link.share >= SHARES[STRICT]
    return link.q <= RATES[STRICT]


def _context(
    found: Network, links: Sequence[Link], codes: Sequence[str], query: Query
) -> tuple[Link, ...]:
    """The links among the neighbours of a sector: what holds them together without it."""
    around_it = {c for link in links for c in (link.a, link.b)} - set(codes)
    return tuple(
        k
        for k in found.kept
        if k.a in around_it and k.b in around_it and (query.level != STRICT or strict(found, k))
    )


def _layout(
    held: Catalogue, query: Query, links: Sequence[Link], codes: Sequence[str], drawn: Sequence[str]
) -> Layout:
    if query.sector:
        return replace(around(codes, links[:MOST_DRAWN]), discs=())
    whole = places_of(held, query.network, query.level == ALL_LINKS)
    return zoomed(whole, drawn) if query.community else whole


def _sector(
    reader: Reader, found: Network | None, query: Query
) -> tuple[Activity | None, tuple[str, ...], tuple[Activity, ...]]:
    """The activity that was typed, what stands for it in the network, or what it may be."""
    if not query.sector or found is None:
        return None, (), ()
    typed = query.sector.split(" ")[0]
    code = typed.replace(".", "").upper()
    if found.name == TRADE and typed in found.nodes:
        divisions = branches(reader.held).get(typed, ())
        return (reader.tree[divisions[0]] if len(divisions) == 1 else None), (typed,), ()
    if code in reader.tree:
        return reader.tree[code], grain(reader.held, code, found.name), ()
    matches = [activity for activity, _said in reader.tree.search(query.sector, 60)]
    linked = [a for a in matches if grain(reader.held, a.code, found.name)]
    if len(linked) == 1:
        return linked[0], grain(reader.held, linked[0].code, found.name), ()
    return None, (), tuple(linked[:12])


def _sector_here(
    reader: Reader,
    place: Place,
    here: dict[str, Here],
    sector: Activity | None,
    codes: Sequence[str],
) -> Here | None:
    """The figures of what was asked for, at its own grain where that is finer or coarser."""
    if sector is None:
        return here[codes[0]] if codes else None
    enterprises, quotient = _figures(reader, place, (sector.code,))
    return Here(sector.code, short(sector), enterprises, quotient, reading(quotient))


@lru_cache(maxsize=32)
def specialities(held: Catalogue, language: str, name: str, territory: str) -> dict[str, Here]:
    """Every activity of a network in a place, by code: published figures only."""
    found = network(held, name)
    if found is None:
        return {}
    reader = Reader(held, language)
    place = reader.place(territory)
    answer = {}
    for code in found.nodes:
        parts = branches(held).get(code, ()) if name == TRADE else (code,)
        enterprises, quotient = _figures(reader, place, parts)
        answer[code] = Here(
            code, naming.name(held, name, code), enterprises, quotient, reading(quotient)
        )
    return answer


def _figures(reader: Reader, place: Place, parts: Sequence[str]) -> tuple[Figure, Figure]:
    """Enterprises and quotient of an activity, or of the divisions of a branch together."""
    if len(parts) == 1:
        return reader.count(place, "enterprises", parts[0]), reader.quotient(place, parts[0])
    if not parts:
        absent = Cell(None, State.NOT_MEASURED)
        return tuple(  # type: ignore[return-value]
            reader.figure(place, name, absent) for name in (_("Entreprises"), _("Quotient en entreprises"))
        )  # fmt: skip

    def count(where: Place, codes: Sequence[str]) -> Cell:
        return summed([reader.counts(where.code, "enterprises", code) for code in codes])

    here, away = place, reader.reference
    cells = [count(here, parts), count(here, [ALL]), count(away, parts), count(away, [ALL])]
    said = _("Assujetties à la TVA, comptées à leur siège, divisions {codes}.").format(
        codes=", ".join(parts)
    )
    enterprises = reader.figure(place, _("Entreprises"), cells[0], method=said)
    state = mask(*cells)
    if state is None and not all(cell.value for cell in cells[1:]):
        state = State.UNKNOWN
    if state is not None:
        return enterprises, reader.figure(
            place, _("Quotient en entreprises"), Cell(None, state), decimals=2, method=said
        )
    value, low, high = (float(v) for v in quotient_of_counts(*(c.value or 0.0 for c in cells)))
    whole = here.code == away.code
    return enterprises, reader.figure(
        place,
        _("Quotient en entreprises"),
        Cell(value, state_of(value)),
        decimals=2,
        low=None if whole else low,
        high=None if whole else high,
        interval=_(CHANCE),
        method=said,
    )


def prepare(held: Catalogue) -> None:
    """Compute every network and every picture, so that no reader waits for them."""
    for name in NETWORKS:
        for every in (False, True):
            places_of(held, name, every)
