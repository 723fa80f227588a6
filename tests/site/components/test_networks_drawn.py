"""What a network promises: sizes of published values only, names that never overlap, a whole key."""

from __future__ import annotations

import itertools
import re

import pytest

from perron.site.components import network_specimens
from perron.site.components.network_layout import layout
from perron.site.components.networks import (
    ASPECT,
    WIDTHS,
    Edge,
    Group,
    Kind,
    NetworkChart,
    Node,
    drawing,
)

KINDS = (Kind("strong", "au-dessus"), Kind("plain", "en dessous"), Kind("suppressed", "supprimé"))


@pytest.fixture
def chart():
    def made(sizes=(100.0, 25.0, 0.0, None), kinds=("strong", "plain", "plain", "suppressed")):
        codes = [f"a{i}" for i in range(len(sizes))]
        return NetworkChart(
            title="T",
            says="U, 2019.",
            nodes=tuple(
                Node(c, f"Nom {c}", f"Nom {c} : dit", size=s, kind=k, href=f"/x/{c}/")
                for c, s, k in zip(codes, sizes, kinds, strict=True)
            ),
            edges=(Edge("a0", "a1", "strong"), Edge("a0", "a2", "in"), Edge("a0", "a3", "faint")),
            layout=layout([codes], [("a0", c, 1.0) for c in codes[1:]], ASPECT),
            groups=(Group(("Famille",), "?communaute=1"),),
            kinds=KINDS,
            lines=(Kind("strong", "fort"), Kind("in", "autre")),
        )

    return made


def test_areas_are_in_proportion_and_a_hidden_size_is_the_same_whatever_it_is(chart):
    drawn = drawing(chart((400.0, 100.0, None, None)), "fr")
    radii = [float(point.r) for point in drawn.points]
    assert radii[0] / radii[1] == pytest.approx(2, rel=0.02)
    assert radii[2] == radii[3] == float(drawing(chart((4.0, 1.0, None, None)), "fr").points[3].r)


def test_a_suppressed_node_is_hatched(chart, draw):
    html = draw("{% network chart %}", chart=chart())
    assert html.count('fill="url(#network-hatch)"') == 2  # the node, and the key
    assert re.search(r'class="node suppressed"[^>]*data-code="a3"', html)


def test_every_node_leads_somewhere_and_says_its_neighbours(chart, draw):
    html = draw("{% network chart %}", chart=chart())
    assert html.count('class="node ') == 4
    assert 'href="/x/a0/" tabindex="-1" data-code="a0" data-near="1 2 3"' in html
    assert "<title>Nom a3 : dit</title>" in html


def test_the_key_counts_every_node_and_names_the_kinds_of_links_drawn(chart):
    drawn = drawing(chart(), "fr")
    assert [(kind.css, count) for kind, count in drawn.key] == [
        ("strong", 1), ("plain", 2), ("suppressed", 1),
    ]  # fmt: skip
    assert [kind.css for kind in drawn.lines] == ["strong", "in"]
    assert "Réseau de 4 activités, 3 liens." in drawn.summary
    assert "supprimé : 1." in drawn.summary


def test_links_of_a_kind_are_one_path_and_the_faintest_lies_below(chart):
    paths = drawing(chart(), "fr").paths
    assert [kind for kind, _d in paths] == ["faint", "in", "strong"]
    assert all(re.fullmatch(r"(M\d+ \d+L\d+ \d+)+", d) for _kind, d in paths)


LETTER, BOLD, LINE = 6.5, 7.3, 15.0


def _boxes(chart: NetworkChart, width: int) -> list[tuple[float, float, float, float]]:
    """Where each name written at a width lies, worked out again from what the template draws."""
    drawn, high = drawing(chart, "fr"), width / ASPECT
    names = []
    for point in drawn.points:
        if not point.label or int(point.label[1:]) > width:
            continue
        x = float(point.x.rstrip("%")) / 100 * width + float(point.dx or 0)
        y = float(point.y.rstrip("%")) / 100 * high + float(point.dy)
        long = len(point.name) * LETTER
        left = {"start": x, "end": x - long}.get(point.anchor, x - long / 2)
        names.append((left, y - 10, left + long, y + 3))
    for title in drawn.titles:
        if int(title.css[1:]) > width:
            continue
        x = float(title.x.rstrip("%")) / 100 * width
        y = float(title.y.rstrip("%")) / 100 * high + float(title.lines[0][1])
        half = max(len(line) for line, _dy in title.lines) * BOLD / 2
        names.append((x - half, y - 10, x + half, y + 3 + LINE * (len(title.lines) - 1)))
    return names


@pytest.mark.parametrize("width", WIDTHS)
def test_names_never_overlap_and_stay_in_the_picture_at_any_width(width):
    large = network_specimens.large("fr")
    names = _boxes(large, width)
    assert len(names) > 20
    for a, b in itertools.combinations(names, 2):
        apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        assert apart, (a, b)
    assert all(n[0] >= 0 and n[2] <= width and n[1] >= -1 for n in names)


def test_more_names_appear_as_the_picture_grows():
    counts = [len(_boxes(network_specimens.large("fr"), width)) for width in WIDTHS]
    assert counts == sorted(counts)
    assert counts[-1] > 3 * counts[0]


def test_the_largest_network_is_as_large_as_it_says():
    large = network_specimens.large("fr")
    assert (len(large.nodes), len(large.edges)) == (800, 5_000)
    assert len({(e.a, e.b) for e in large.edges}) == 5_000
