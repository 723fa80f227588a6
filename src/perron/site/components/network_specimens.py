"""Networks of the internal pages: a small one with every shape, and one as large as a page may draw."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from django.utils.translation import gettext as _

from perron.lake.provenance import State
from perron.site.components.figures import word
from perron.site.components.network_layout import layout
from perron.site.components.networks import (
    ASPECT,
    ZOOMS,
    Edge,
    Group,
    Kind,
    NetworkChart,
    Node,
)

#: What a page promises to draw and to answer for in a tenth of a second.
NODES, EDGES, GROUPS = 800, 5_000, 14


def _kinds() -> tuple[Kind, ...]:
    states = (State.SUPPRESSED, State.ZERO, State.UNKNOWN, State.NOT_MEASURED)
    return (
        Kind("strong", _("au-dessus")),
        Kind("open", _("on ne peut pas conclure")),
        Kind("plain", _("en dessous")),
        *(Kind(state.value, word(state)) for state in states),
    )


def _lines() -> tuple[Kind, ...]:
    return (
        Kind("strong", _("lien qui compte")),
        Kind("in", _("autre lien")),
        Kind("faint", _("lien que le hasard peut donner")),
    )


@lru_cache(maxsize=4)
def small(language: str) -> NetworkChart:
    """Twelve invented nodes in two groups: each shape and each kind of link."""
    del language  # only tells one set of words from another
    kinds = [kind.css for kind in _kinds()]
    names = "ABCDEFGHIJKL"
    sizes = [60, 22, 8, None, 0, None, None, 35, 12, 18, 5, 3]
    shapes = [*kinds, "strong", "open", "plain", "open", "plain"]
    inside = [(0, i) for i in range(1, 8)] + [(1, 2), (8, 9), (9, 10), (10, 11), (8, 11)]
    between = [(7, 8), (2, 10)]
    apart = {(0, 7): "strong", (0, 5): "faint", (0, 6): "faint"}
    codes = [f"n{i}" for i in range(len(names))]
    return NetworkChart(
        title=_("Chaque forme dit un état, chaque trait un lien."),
        says=_("Douze activités inventées. Passez sur un rond : ses voisins s’éclairent."),
        nodes=tuple(
            Node(
                f"n{i}",
                _("Activité {letter}").format(letter=names[i]),
                _("Activité {letter} : exemple fictif").format(letter=names[i]),
                size=sizes[i],
                kind=shapes[i],
                href=f"#n{i}",
                weight=float(sizes[i] or 0),
            )
            for i in range(len(names))
        ),
        edges=tuple(
            Edge(codes[a], codes[b], apart.get((a, b), "in" if (a, b) in inside else "between"))
            for a, b in [*inside, *between]
        ),
        layout=layout(
            [codes[:8], codes[8:]],
            [(codes[a], codes[b], 1.0) for a, b in [*inside, *between]],
            ASPECT,
        ),
        groups=(
            Group((_("Première famille"),), "#n0"),
            Group((_("Seconde famille"),), "#n8"),
        ),
        kinds=_kinds(),
        lines=_lines(),
        name="specimen-reseau",
        source=_("exemple fictif"),
        about=_("réseau"),
    )  # fmt: skip


@lru_cache(maxsize=4)
def large(language: str) -> NetworkChart:
    """As many nodes and links as a page may draw, in groups of very unequal sizes."""
    del language
    generator = np.random.default_rng(0)
    shares = 0.72 ** np.arange(GROUPS)
    groups = np.repeat(np.arange(GROUPS), np.maximum(4, NODES * shares / shares.sum()).astype(int))
    groups = np.concatenate([groups, np.zeros(NODES, dtype=int)])[:NODES]
    codes = [f"n{i}" for i in range(NODES)]
    members = [[codes[i] for i in np.flatnonzero(groups == g)] for g in range(GROUPS)]
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < EDGES:
        a, b = (int(i) for i in generator.integers(0, NODES, 2))
        # Nine links in ten are inside a group.
        if a == b or (groups[a] != groups[b] and generator.random() < 0.98):
            continue
        pairs[min(a, b), max(a, b)] = None
    counts = generator.lognormal(3, 1.2, NODES).round()
    kinds = [kind.css for kind in _kinds()[:4]]
    shapes = generator.choice(kinds, NODES, p=[0.2, 0.4, 0.3, 0.1])
    edges = [(codes[a], codes[b]) for a, b in pairs]
    of = dict(zip(codes, groups.tolist(), strict=True))
    return NetworkChart(
        title=_("800 activités et 5 000 liens se lisent et répondent."),
        says=_("Réseau inventé : ce qu’une page peut dessiner au plus."),
        nodes=tuple(
            Node(
                code,
                _("Activité {letter}").format(letter=i),
                _("Activité {letter} : exemple fictif").format(letter=i),
                size=None if shapes[i] == "suppressed" else float(counts[i]),
                kind=str(shapes[i]),
                href=f"#n{i}",
                weight=float(counts[i]),
            )
            for i, code in enumerate(codes)
        ),
        edges=tuple(Edge(a, b, "in" if of[a] == of[b] else "between") for a, b in edges),
        layout=layout(members, [(a, b, 1.0) for a, b in edges], ASPECT),
        groups=tuple(Group((_("Famille {n}").format(n=g + 1),), f"#n{g}") for g in range(GROUPS)),
        kinds=_kinds(),
        lines=_lines(),
        zooms=tuple((zoom, f"?zoom={zoom}") for zoom in ZOOMS),
        name="grand-reseau",
        source=_("exemple fictif"),
        about=_("réseau"),
    )
