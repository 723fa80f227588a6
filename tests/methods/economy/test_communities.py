"""Communities are those planted, whatever the order; what is not linked belongs to none."""

from __future__ import annotations

import itertools
import math
import random

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perron.methods.economy.communities import (
    adjusted_rand,
    communities,
    weighted_communities,
)
from perron.methods.economy.labels import Array
from perron.methods.economy.significance import Links, link_significance, significant


def planted(sizes: tuple[int, ...], loners: int = 0, seed: int = 0) -> Array:
    """Regions that hold one group of sectors, with noise, and sectors held by chance."""
    generator = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    regions = np.repeat(np.arange(len(sizes)), 150)
    held = generator.random((regions.size, groups.size)) < np.where(
        regions[:, None] == groups, 0.7, 0.05
    )
    chance = generator.random((regions.size, loners)) < 0.3
    return np.hstack([held, chance]).astype(float)


weights = pytest.mark.parametrize("weight", ["z", "association", "equal"])


@weights
@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_planted_partition_is_found_in_any_order(weight: str, order: int) -> None:
    truth = np.repeat([3.0, 1.0, 2.0], [4, 9, 6])
    mixed = np.random.default_rng(order).permutation(19)
    links = link_significance(planted((4, 9, 6))[:, mixed])
    found = communities(links, weight=weight)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.membership, truth[mixed])
    assert found.sizes == (9, 6, 4)
    assert found.agreement == 1.0
    assert (found.runs, found.weight) == (10, weight)


def test_permuting_labelled_sectors_permutes_the_answer_even_where_it_is_not_firm() -> None:
    generator = np.random.default_rng(3)
    odds = generator.normal(size=(200, 3)) @ generator.normal(size=(3, 60)) - 1.5
    frame = pd.DataFrame((odds + generator.logistic(size=odds.shape) > 0).astype(float))
    frame.columns = [f"{at:02d}" for at in range(60)]
    found = communities(link_significance(frame), runs=4)
    mixed = communities(link_significance(frame[generator.permutation(frame.columns)]), runs=4)
    pd.testing.assert_series_equal(mixed.membership[frame.columns], found.membership)
    assert mixed.agreement == found.agreement
    assert len(found.sizes) > 1


def test_a_sector_without_a_link_has_no_community() -> None:
    links = link_significance(planted((6, 6, 5), loners=3))
    alone = ~significant(links).any(axis=1)
    assert alone[17:].any()
    found = communities(links)
    np.testing.assert_array_equal(np.isnan(found.membership), alone)
    assert sum(found.sizes) == (~alone).sum()


def test_equal_sizes_are_ordered_by_first_sector_label() -> None:
    matrix = planted((5, 5, 3))
    assert communities(link_significance(matrix)).membership[0] == 1
    frame = pd.DataFrame(matrix, columns=list("FGHIJABCDEKLM"))
    assert communities(link_significance(frame)).membership["A"] == 1
    mixed = pd.DataFrame(matrix, columns=[*"FGHIJ", 1, 2, 3, 4, 5, *"KLM"])
    assert communities(link_significance(mixed)).membership[1] == 1


@weights
def test_modularity_is_that_of_the_formula_on_significant_links_only(weight: str) -> None:
    links = link_significance(planted((5, 7, 4), loners=2))
    found = communities(links, weight=weight, resolution=1.3)  # type: ignore[arg-type]
    kept = significant(links)
    size = len(kept)
    count = np.nan_to_num(links.cooccurrence)
    w = np.zeros((size, size))
    for i, j in itertools.permutations(range(size), 2):
        if kept[i, j]:
            w[i, j] = {
                "z": links.z[i, j],
                "association": count[i, j] * count.sum() / (count[i].sum() * count[j].sum()),
                "equal": 1.0,
            }[weight]
    k, total = w.sum(axis=1), w.sum()
    expected = sum(
        (w[i, j] - 1.3 * k[i] * k[j] / total) / total
        for i in range(size)
        for j in range(size)
        if found.membership[i] == found.membership[j]
    )
    assert found.modularity == pytest.approx(expected, rel=1e-12)


def test_the_best_of_the_runs_is_kept_and_their_agreement_is_the_mean_of_pairs() -> None:
    generator = np.random.default_rng(8)
    odds = 1.5 * generator.normal(size=(600, 6)) @ generator.normal(size=(6, 60)) - 1.5
    links = link_significance((odds + generator.logistic(size=odds.shape) > 0).astype(float))
    graph = nx.Graph()
    kept = significant(links)
    graph.add_nodes_from(np.flatnonzero(kept.any(axis=1)).tolist())
    graph.add_weighted_edges_from(
        (int(i), int(j), links.z[i, j]) for i, j in np.argwhere(np.triu(kept, 1))
    )
    runs = [nx.community.louvain_communities(graph, seed=seed) for seed in (5, 6, 7)]
    found = communities(links, runs=3, seed=5)
    assert found.modularity == max(nx.community.modularity(graph, run) for run in runs)
    names = [{node: at for at, group in enumerate(run) for node in group} for run in runs]
    alike = [
        adjusted_rand([one[node] for node in graph], [other[node] for node in graph])
        for one, other in itertools.combinations(names, 2)
    ]
    assert found.agreement == pytest.approx(np.mean(alike), rel=1e-12)
    assert found.agreement < 1
    assert math.isnan(communities(links, runs=1).agreement)


def test_without_a_link_there_is_no_community() -> None:
    found = communities(link_significance(np.array([[1.0, 0, 1], [0, 1, 1]])))
    assert np.isnan(found.membership).all()
    assert found.sizes == () and math.isnan(found.modularity) and math.isnan(found.agreement)


def test_a_link_without_a_z_weighs_nothing() -> None:
    missing = np.full((2, 2), np.nan)
    q = np.array([[np.nan, 0.001], [0.001, np.nan]])
    links = Links(missing, missing, missing, q, q, "curveball", "bh", 999)
    assert np.isnan(communities(links).membership).all()
    assert communities(links, weight="equal").sizes == (2,)


def test_wrong_arguments_are_refused() -> None:
    links = link_significance(planted((4, 4, 4)))
    for arguments, sentence in (
        ({"weight": "p"}, "weight is 'p'"),
        ({"resolution": 0}, "resolution is 0"),
        ({"runs": 0}, "runs is 0"),
        ({"q": 2}, "q is 2"),
    ):
        with pytest.raises(ValueError, match=sentence):
            communities(links, **arguments)


partitions = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 3), min_size=n, max_size=n)] * 2)
)


@given(partitions)
def test_adjusted_rand_is_that_of_counting_pairs(both: tuple[list[int], list[int]]) -> None:
    one, other = both
    # Together in both, in one only, in the other only, in neither: Hubert and Arabie's a, b, c, d.
    a = b = c = d = 0
    for i, j in itertools.combinations(range(len(one)), 2):
        here, there = one[i] == one[j], other[i] == other[j]
        a, b, c, d = (
            a + (here and there),
            b + (here > there),
            c + (there > here),
            d + (not here and not there),
        )
    below = (a + b) * (b + d) + (a + c) * (c + d)
    expected = 2 * (a * d - b * c) / below if below else 1.0
    assert adjusted_rand(one, other) == pytest.approx(expected, abs=1e-12)
    assert adjusted_rand(other, one) == pytest.approx(expected, abs=1e-12)
    assert adjusted_rand(one, one) == 1.0
    renamed = random.Random(0).sample(range(10), 4)
    assert adjusted_rand([renamed[at] for at in one], other) == pytest.approx(expected, abs=1e-12)


def test_adjusted_rand_gives_the_known_values() -> None:
    # The examples of the documentation of scikit-learn's adjusted_rand_score.
    assert round(adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]), 2) == 0.57
    assert adjusted_rand([0, 0, 0, 0], [0, 1, 2, 3]) == 0.0
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
    with pytest.raises(ValueError, match="shapes"):
        adjusted_rand([1, 2], [1, 2, 3])


def test_given_weights_give_the_communities_of_the_links_they_are_of() -> None:
    links = link_significance(planted((6, 8, 5), loners=4))
    kept = np.where(significant(links), np.nan_to_num(np.asarray(links.z)), 0.0)
    of_links, given = communities(links), weighted_communities(kept)
    np.testing.assert_array_equal(given.membership, of_links.membership)
    assert given.modularity == of_links.modularity
    assert (given.firmness, given.weight) == (of_links.firmness, "given")


def test_a_weight_that_is_no_link_is_refused() -> None:
    with pytest.raises(ValueError, match="symmetric"):
        weighted_communities(np.array([[0.0, 1.0], [2.0, 0.0]]))
    with pytest.raises(ValueError, match="negative"):
        weighted_communities(np.array([[0.0, -1.0], [-1.0, 0.0]]))
    with pytest.raises(ValueError, match="as many rows"):
        weighted_communities(np.zeros((2, 3)))


def test_firmness_is_the_share_of_pairs_that_the_other_runs_keep() -> None:
    """By hand, from the partitions that the method of Louvain gives to each seed."""
    generator = np.random.default_rng(1)
    weights = np.triu(generator.random((40, 40)) < 0.12, 1).astype(float)
    weights += weights.T
    runs = 6
    found = weighted_communities(weights, runs=runs, seed=3)
    graph: nx.Graph[int] = nx.from_numpy_array(weights)
    graph.remove_nodes_from(list(nx.isolates(graph)))
    partitions = [nx.community.louvain_communities(graph, seed=3 + run) for run in range(runs)]
    scores = [nx.community.modularity(graph, groups) for groups in partitions]
    best = partitions.pop(int(np.argmax(scores)))
    for number, firmness in enumerate(found.firmness, 1):
        members = set(np.flatnonzero(found.membership == number))
        assert members in best
        pairs = list(itertools.combinations(members, 2))
        kept = [any({a, b} <= group for group in groups) for groups in partitions for a, b in pairs]
        assert firmness == pytest.approx(sum(kept) / len(kept))
    assert min(found.firmness) < 1


def test_a_planted_partition_is_firm_and_a_single_run_says_nothing_of_it() -> None:
    links = link_significance(planted((6, 8, 5)))
    assert communities(links).firmness == (1.0, 1.0, 1.0)
    assert all(math.isnan(each) for each in communities(links, runs=1).firmness)
