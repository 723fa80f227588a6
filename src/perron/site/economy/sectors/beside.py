"""What lies beside a sector: the activities found where it is, and whom it trades with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from perron.lake.provenance import Figure
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import DIVISION, Activity
from perron.site.economy.links.counted import method, of_network
from perron.site.economy.links.flows import Flows, flows
from perron.site.economy.links.networks import EMPLOYMENT, ENTERPRISES, near, network
from perron.site.economy.reader import Reader

#: Neighbours that a sheet shows; the page Liens has them all.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An activity found with the sector more often than chance, and whether it is a speciality here."""

    activity: Activity
    proximity: Figure
    gap: Figure
    together: Figure
    quotient: Figure


@dataclass(frozen=True, slots=True)
class Beside:
    """`network` is the one that answers; `of` are the activities of it that the sector counts in."""

    network: str
    period: str
    territories: int
    of: tuple[Activity, ...]
    neighbours: tuple[Neighbour, ...]
    flows: Flows | None


@lru_cache(maxsize=128)
def beside(held: Catalogue, language: str, code: str, place: str) -> Beside:
    """Neighbours by jobs among European regions for a division, by enterprises among communes below."""
    reader = Reader(held, language)
    activity, where = reader.tree[code], reader.place(place)
    order = (EMPLOYMENT, ENTERPRISES) if activity.level <= DIVISION else (ENTERPRISES,)
    for name in order:
        if links := near(held, code, name):
            break
    else:
        return Beside("", "", 0, (), (), flows(held, code, language))
    found = network(held, name)
    assert found is not None
    how = method(found)
    kept = links[:SHOWN]
    return Beside(
        name,
        found.period,
        found.territories,
        tuple(reader.tree[c] for c in dict.fromkeys(link.of for link in kept)),
        tuple(
            Neighbour(
                reader.tree[link.code],
                of_network(found, _("Proximité"), link.proximity, decimals=2, method=how),
                of_network(found, _("Écart au hasard"), link.z, decimals=1, method=how),
                of_network(found, _("Territoires communs"), link.cooccurrence, method=how),
                reader.jobs_quotient(where, link.code)
                if name == EMPLOYMENT
                else reader.quotient(where, link.code),
            )
            for link in kept
        ),
        flows(held, code, language),
    )
