"""Where nodes go: apart, inside the picture, groups on no other group, and the same every time."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perron.site.components.network_layout import Layout, layout, ring

ASPECT = 1.5


def _planted(sizes: list[int], seed: int) -> tuple[list[list[str]], list[tuple[str, str, float]]]:
    """Groups, each a random tree with a few links more, and some links between them."""
    groups, edges = [], []
    for number, size in enumerate(sizes):
        nodes = [f"{number}-{i}" for i in range(size)]
        groups.append(nodes)
        tree = nx.random_labeled_tree(size, seed=seed + number)
        edges += [(nodes[a], nodes[b], 1.0) for a, b in tree.edges]
    for first, second in itertools.pairwise(groups):
        edges.append((first[0], second[-1], 2.0))
    return groups, edges


def _nearest(found: Layout) -> float:
    points = [(x * ASPECT, y) for x, y in found.points.values()]
    return min(math.dist(a, b) for a, b in itertools.combinations(points, 2))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=9), st.integers(0, 99))
def test_no_two_nodes_lie_on_each_other_and_all_are_in_the_picture(
    sizes: list[int], seed: int
) -> None:
    groups, edges = _planted(sizes, seed)
    found = layout(groups, edges, ASPECT)
    assert set(found.points) == {node for group in groups for node in group}
    assert all(0 < x < 1 and 0 < y < 1 for x, y in found.points.values())
    # `gap` is what the radii of nodes are chosen by.
    assert _nearest(found) >= 0.97 * found.gap * ASPECT


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=9), st.integers(0, 99))
def test_groups_are_apart_and_each_disc_holds_its_nodes(sizes: list[int], seed: int) -> None:
    groups, edges = _planted(sizes, seed)
    found = layout(groups, edges, ASPECT)
    discs = [(d.x * ASPECT, d.y, d.ry) for d in found.discs]
    for disc in found.discs:
        assert disc.rx * ASPECT == pytest.approx(disc.ry)
    for (x, y, r), (u, v, s) in itertools.combinations(discs, 2):
        assert math.dist((x, y), (u, v)) >= 0.99 * (r + s)
    for group, (x, y, r) in zip(groups, discs, strict=True):
        for node in group:
            u, v = found.points[node]
            assert math.dist((x, y), (u * ASPECT, v)) <= r


def test_the_same_network_is_laid_out_the_same() -> None:
    groups, edges = _planted([20, 9, 3], 0)
    assert layout(groups, edges, ASPECT) == layout(groups, edges, ASPECT)


def test_linked_groups_are_nearer_than_others() -> None:
    groups = [[f"{g}{i}" for i in range(8)] for g in "abcdef"]
    inside = [(g[i], g[i + 1], 1.0) for g in groups for i in range(7)]
    between = [(groups[0][i], groups[5][i], 5.0) for i in range(8)]
    discs = layout(groups, [*inside, *between], ASPECT).discs
    apart = sorted(
        (math.dist((a.x * ASPECT, a.y), (b.x * ASPECT, b.y)), i, j)
        for (i, a), (j, b) in itertools.combinations(enumerate(discs), 2)
    )
    assert (0, 5) in [(i, j) for _distance, i, j in apart[:5]]


def test_a_node_of_no_group_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        layout([["a", "b"]], [("a", "c", 1.0)])


def test_nothing_has_no_layout() -> None:
    assert layout([], []) == Layout({}, (), 0.0)


@pytest.mark.parametrize("count", [1, 7, 30, 75])
def test_an_activity_stands_amid_its_neighbours(count: int) -> None:
    around = [f"n{i}" for i in range(count)]
    found = ring("centre", [around], ASPECT)
    assert found.points["centre"] == (0.5, 0.5)
    assert all(0 < x < 1 and 0 < y < 1 for x, y in found.points.values())
    assert _nearest(found) > 0.02
