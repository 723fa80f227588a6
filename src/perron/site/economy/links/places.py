"""Where each activity stands in the picture of a network: computed once a state of the lake."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

import pyarrow as pa

from perron.lake.derived import derived
from perron.lake.snapshots import Catalogue
from perron.site.components.network_layout import Disc, Layout, layout, ring
from perron.site.components.networks import ASPECT
from perron.site.economy.links.networks import Link, Network, network

#: The most links a picture draws: beyond, nothing is read in it.
MOST_DRAWN = 5_000
#: The most links that pull nodes together when all are shown.
_PULLING = 3_000


@lru_cache(maxsize=8)
def places_of(held: Catalogue, name: str, every: bool) -> Layout:
    """The layout of the links kept, or of the strongest of all of them where `every` asks for it.

    The groups are the communities, in their order. With `every`, an activity without a link above
    chance stands beside the community that it has most links with, in none.
    """
    found = network(held, name)
    if found is None:
        return Layout({}, (), 0.0)
    suffix = "all" if every else "kept"
    table = derived(held, f"links_{name}_places_{suffix}", lambda: _stored(_laid_out(found, every)))
    said = json.loads((table.schema.metadata or {})[b"perron"])
    columns = (table.column(key).to_pylist() for key in ("code", "x", "y"))
    return Layout(
        {code: (x, y) for code, x, y in zip(*columns, strict=True)},
        tuple(Disc(*disc) for disc in said["discs"]),
        said["gap"],
    )


def _laid_out(found: Network, every: bool) -> Layout:
    groups = [list(community.members) for community in found.communities]
    links: Sequence[Link] = found.links[:MOST_DRAWN] if every else found.kept
    if every:
        home = {code: number for number, group in enumerate(groups) for code in group}
        pull: dict[str, dict[int, float]] = {}
        for link in found.links:
            for one, other in ((link.a, link.b), (link.b, link.a)):
                if one not in home and other in home:
                    at = pull.setdefault(one, {})
                    at[home[other]] = at.get(home[other], 0.0) + link.strength
        drawn = {code for link in links for code in (link.a, link.b)}
        apart = []
        for code in sorted(drawn - set(home)):
            if strengths := pull.get(code):
                groups[max(sorted(strengths), key=lambda n: strengths[n])].append(code)
            else:
                apart.append(code)
        if apart:
            groups.append(apart)
    edges = [(link.a, link.b, link.strength) for link in links[:_PULLING]]
    return layout(groups, edges, ASPECT)


def _stored(made: Layout) -> pa.Table:
    codes = sorted(made.points)
    table = pa.table(
        {
            "code": pa.array(codes, pa.string()),
            "x": pa.array([made.points[code][0] for code in codes], pa.float64()),
            "y": pa.array([made.points[code][1] for code in codes], pa.float64()),
        }
    )
    said = {"gap": made.gap, "discs": [(d.x, d.y, d.rx, d.ry) for d in made.discs]}
    return table.replace_schema_metadata({"perron": json.dumps(said)})


def around(codes: Sequence[str], links: Sequence[Link]) -> Layout:
    """One activity and its neighbours, or several of one branch and theirs, each on an oval.

    The neighbours of several stand around them in the order of the strongest link.
    """
    own = set(codes)
    others = list(
        dict.fromkeys(code for link in links for code in (link.a, link.b) if code not in own)
    )
    held = [code for code in codes if any(code in (link.a, link.b) for link in links)]
    if len(held) == 1:
        return ring(held[0], [others], ASPECT)
    return layout(
        [[*held, *others]],
        [(link.a, link.b, link.strength) for link in links],
        ASPECT,
        margin=0.06,
        named=len(held) + len(others) + 1,
    )


def zoomed(whole: Layout, codes: Sequence[str]) -> Layout:
    """Some of the nodes of a layout, spread over the whole picture; the discs go."""
    points = {code: whole.points[code] for code in codes if code in whole.points}
    if not points:
        return Layout({}, (), 0.0)
    xs, ys = zip(*points.values(), strict=True)
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(0.84 / wide if wide else 12.0, 0.80 / high if high else 12.0, 12.0)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return Layout(
        {
            code: (0.5 + (x - middle[0]) * scale, 0.5 + (y - middle[1]) * scale)
            for code, (x, y) in points.items()
        },
        (),
        whole.gap * scale,
    )
