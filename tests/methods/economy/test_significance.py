"""Links are those that the sums do not explain, with the probabilities that the models give."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.conformity import tables

from perron.methods.economy import quotients
from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.significance import (
    EXACT_REGIONS,
    _shifted_binomial_tail,
    link_significance,
    links_by_chance,
    significant,
)
from perron.methods.statistics.null_models import Array, bicm, curveball, curveball_moments


def made_up(regions: int, sectors: int, seed: int, spread: float = 1.0) -> Array:
    generator = np.random.default_rng(seed)
    odds = generator.normal(0, spread, (regions, 1)) + generator.normal(0, spread, sectors) - 1.5
    held = (generator.random((regions, sectors)) < 1 / (1 + np.exp(-odds))).astype(float)
    np.fill_diagonal(held, 1.0)  # no empty sector
    return held


def tails(chances: Array) -> Array:
    """P(at least c) for c = 0, 1, …: each trial convolved with those before."""
    law = np.ones(1)
    for chance in chances:
        law = np.convolve(law, [1 - chance, chance])
    return law[::-1].cumsum()[::-1]


def upper(frame: Array) -> Array:
    return np.asarray(frame)[np.triu_indices(len(frame), 1)]


@pytest.mark.parametrize("regions", [20, EXACT_REGIONS])
def test_bicm_links_are_those_of_the_formula(regions: int) -> None:
    matrix = made_up(regions, 8, seed=1)
    chance = bicm(matrix)
    links = link_significance(matrix)
    for i, j in itertools.permutations(range(8), 2):
        both = [chance[r, i] * chance[r, j] for r in range(regions)]
        count = sum(matrix[r, i] * matrix[r, j] for r in range(regions))
        spread = sum(q * (1 - q) for q in both) ** 0.5
        assert links.cooccurrence[i, j] == count
        assert links.expected[i, j] == pytest.approx(sum(both), rel=1e-12)
        assert links.z[i, j] == pytest.approx((count - sum(both)) / spread, rel=1e-9)
        assert links.p_value[i, j] == pytest.approx(tails(np.array(both))[int(count)], rel=1e-9)


def test_beyond_the_exact_size_the_tail_is_within_two_percent_where_it_decides() -> None:
    matrix = made_up(400, 45, seed=2)
    chance = bicm(matrix)
    links = link_significance(matrix)
    assert EXACT_REGIONS < 400
    checked = 0
    for i, j in itertools.combinations(range(45), 2):
        exact = tails(chance[:, i] * chance[:, j])[int(links.cooccurrence[i, j])]
        if exact > 1e-3:
            assert links.p_value[i, j] == pytest.approx(exact, rel=0.02)
            checked += 1
    assert checked > 900


def test_the_tail_of_rare_sectors_is_right_where_the_refined_normal_is_not() -> None:
    # 200 regions where two rare sectors meet once in 4,000, and are seen together in two regions.
    chances = np.linspace(1, 3, 200) * 1.25e-4
    count, mean, second, third = 2.0, chances.sum(), (chances**2).sum(), (chances**3).sum()
    found = _shifted_binomial_tail(*map(np.array, (count, mean, second, third, 200.0)))
    exact = tails(chances)[2]
    assert float(found) == pytest.approx(exact, rel=1e-3)
    # Volkova (1996), as in Hong (2013), equation 14: the brief's first choice, and why it is not used.
    deviation = np.sqrt(mean - second)
    at = (count - 0.5 - mean) / deviation
    skew = (mean - 3 * second + 2 * third) / deviation**3
    density = np.exp(-at * at / 2) / np.sqrt(2 * np.pi)
    refined = stats.norm.sf(at) + skew * (at**2 - 1) * density / 6
    assert refined < 1e-5 * exact


def test_a_count_beyond_the_matched_support_keeps_a_bound_above_its_probability() -> None:
    chances = np.array([0.9, 0.1, 0.1])
    sums = [np.array(x) for x in (3.0, chances.sum(), (chances**2).sum(), (chances**3).sum(), 3.0)]
    found = float(_shifted_binomial_tail(*sums))
    assert 0.009 <= found < 0.06
    assert found == pytest.approx((1.1 / 3) ** 3)


def test_curveball_links_are_those_of_the_draws() -> None:
    matrix = made_up(30, 9, seed=3)
    links = link_significance(matrix, "curveball", draws=200, seed=4)
    moments = curveball_moments(matrix, 200, 4)
    for i, j in itertools.permutations(range(9), 2):
        count = (matrix[:, i] * matrix[:, j]).sum()
        assert links.expected[i, j] == moments.mean[i, j]
        assert links.z[i, j] == pytest.approx(
            (count - moments.mean[i, j]) / moments.variance[i, j] ** 0.5, rel=1e-12
        )
        assert links.p_value[i, j] == (1 + moments.at_least[i, j]) / 201
    assert (links.model, links.draws, links.control) == ("curveball", 200, "bh")


@pytest.mark.parametrize("model", ["bicm", "curveball"])
def test_drawn_from_the_null_model_almost_nothing_is_significant(model: str) -> None:
    # Sums kept, structure lost: any link found here is false.
    start = made_up(80, 30, seed=5)
    found = []
    for matrix in curveball(start, 4, seed=6):
        links = link_significance(matrix, model, draws=250)  # type: ignore[arg-type]
        found.append(upper(significant(links)).mean())
        assert np.mean(upper(links.p_value) <= 0.05) <= 0.07
    assert max(found) < 0.01


@pytest.mark.parametrize("model", ["bicm", "curveball"])
def test_a_planted_link_is_found_and_ubiquity_alone_is_not_one(model: str) -> None:
    matrix = made_up(150, 6, seed=7)
    matrix[:, 1] = matrix[:, 0]
    matrix[:, 2:4] = 1.0
    matrix[:3, 2] = matrix[3:6, 3] = 0.0  # held nearly everywhere, so together nearly everywhere
    links = link_significance(matrix, model, draws=400)  # type: ignore[arg-type]
    kept = significant(links)
    assert kept.dtype == bool
    assert kept[0, 1] and links.z[0, 1] > 4
    assert links.cooccurrence[2, 3] > 2 * links.cooccurrence[0, 1]
    assert not kept[2, 3:].any()


def test_a_lone_link_needs_as_many_draws_as_there_are_pairs() -> None:
    # 435 pairs, p at best 1 / 401: fewer than 22 links at best cannot reach 5 %.
    matrix = made_up(150, 30, seed=7)
    matrix[:, 1] = matrix[:, 0]
    links = link_significance(matrix, "curveball", draws=400)
    assert links.p_value[0, 1] == 1 / 401 and links.z[0, 1] > 4
    assert not significant(links)[0, 1]
    assert significant(link_significance(matrix))[0, 1]


def test_answers_are_symmetric_and_empty_on_the_diagonal_and_follow_the_labels() -> None:
    matrix = made_up(60, 6, seed=8)
    names = list("ABCDEF")
    frame = pd.DataFrame(matrix, columns=names)
    links, plain = link_significance(frame), link_significance(matrix)
    for name in ("cooccurrence", "expected", "z", "p_value", "q_value"):
        labelled, array = getattr(links, name), getattr(plain, name)
        np.testing.assert_array_equal(labelled.to_numpy(), array)
        np.testing.assert_array_equal(array, array.T)
        assert np.isnan(np.diag(array)).all()
        assert list(labelled.index) == list(labelled.columns) == names
    order = [3, 0, 5, 1, 4, 2]
    shuffled = link_significance(frame.iloc[::-1, order])
    np.testing.assert_allclose(
        shuffled.q_value.to_numpy(), links.q_value.to_numpy()[np.ix_(order, order)], rtol=1e-7
    )
    assert list(significant(shuffled).columns) == [names[at] for at in order]


@pytest.mark.parametrize("control", ["bh", "by"])
def test_q_values_are_over_the_distinct_pairs(control: str) -> None:
    links = link_significance(made_up(60, 7, seed=9), control=control)  # type: ignore[arg-type]
    np.testing.assert_allclose(
        upper(links.q_value), stats.false_discovery_control(upper(links.p_value), method=control)
    )


@pytest.mark.parametrize("model", ["bicm", "curveball"])
def test_a_sector_that_no_region_holds_costs_only_itself(model: str) -> None:
    matrix = made_up(50, 6, seed=10)
    whole = link_significance(matrix, model, draws=100)  # type: ignore[arg-type]
    wider = np.insert(matrix, 2, 0.0, axis=1)
    with pytest.warns(EmptyWarning, match="1 empty sectors"):
        links = link_significance(wider, model, draws=100)  # type: ignore[arg-type]
    assert np.isnan(links.p_value[2]).all() and np.isnan(links.z[:, 2]).all()
    rest = np.delete(np.arange(7), 2)
    if model == "bicm":
        np.testing.assert_allclose(links.q_value[np.ix_(rest, rest)], whole.q_value, rtol=1e-9)
    assert not np.isnan(upper(links.q_value[np.ix_(rest, rest)])).any()
    assert not significant(links)[2].any()


def test_a_pair_that_cannot_vary_has_no_z_and_is_not_significant() -> None:
    matrix = made_up(40, 5, seed=11)
    matrix[:, 0] = 1.0
    for model in ("bicm", "curveball"):
        links = link_significance(matrix, model, draws=100)  # type: ignore[arg-type]
        assert not significant(links)[0].any()
    assert np.isnan(links.z[0]).all()
    np.testing.assert_array_equal(links.p_value[0, 1:], 1.0)
    # All cells are forced here: nothing is said, and nothing is a link.
    links = link_significance(np.array([[1.0, 1, 1], [1, 0, 0]]))
    np.testing.assert_array_equal(upper(links.p_value), 1.0)
    assert np.isnan(links.z).all()


def test_a_cell_not_known_counts_neither_way() -> None:
    matrix = made_up(80, 6, seed=12)
    hidden = matrix.copy()
    hidden[np.random.default_rng(1).random(matrix.shape) < 0.15] = np.nan
    links = link_significance(hidden)
    chance = bicm(hidden)
    for i, j in itertools.combinations(range(6), 2):
        known = ~np.isnan(hidden[:, i]) & ~np.isnan(hidden[:, j])
        both = chance[known, i] * chance[known, j]
        count = (hidden[known, i] * hidden[known, j]).sum()
        assert links.cooccurrence[i, j] == count
        assert links.expected[i, j] == pytest.approx(both.sum(), rel=1e-12)
        assert links.p_value[i, j] == pytest.approx(tails(both)[int(count)], rel=1e-9)
    with pytest.raises(ValueError, match="bicm"):
        link_significance(hidden, "curveball")


def test_a_sector_not_known_anywhere_is_said_to_be_empty() -> None:
    matrix = made_up(30, 4, seed=13)
    matrix[:, 1] = np.nan
    with pytest.warns(EmptyWarning):
        links = link_significance(matrix)
    assert np.isnan(links.q_value[1]).all()
    assert not np.isnan(links.q_value[0, 2])


@pytest.mark.parametrize("model", ["bicm", "curveball"])
def test_a_single_region_or_sector_has_no_link(model: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        one_region = link_significance(np.array([[1.0, 0, 1]]), model, draws=10)  # type: ignore[arg-type]
        one_sector = link_significance(np.array([[1.0], [0]]), model, draws=10)  # type: ignore[arg-type]
    assert not significant(one_region).any()
    assert one_sector.p_value.shape == (1, 1) and np.isnan(one_sector.p_value).all()


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="model is 'swap'"):
        link_significance(np.eye(2), "swap")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"holds 0.5 at row 0, column 0"):
        link_significance(np.array([[0.5, 1], [1, 0]]))
    with pytest.raises(ValueError, match="q is 0"):
        significant(link_significance(made_up(10, 3, seed=1)), q=0)


@pytest.mark.slow
def test_the_links_of_933_metropolitan_areas_are_those_of_the_page() -> None:
    """The figures of docs/methods/economy/significant-links.md: most co-locations are what chance gives."""
    held = quotients.specialised(tables.matrix("us_cbp_2018_naics4"))
    upper = np.triu_indices(held.shape[1], 1)
    exact = link_significance(held, "bicm")
    z, q = np.asarray(exact.z)[upper], np.asarray(exact.q_value)[upper]
    assert z.size == 41_328
    assert (z > 1.96).sum() == 9_763
    assert (q <= 0.05).sum() == 5_975
    by = np.asarray(link_significance(held, "bicm", control="by").q_value)[upper]
    assert (by <= 0.05).sum() == 2_557
    drawn = link_significance(held, "curveball", draws=300, seed=0)
    share = (np.asarray(drawn.z)[upper] > 1.96).mean()
    # 28.9 % with 1,000 draws; 29 % in the literature's own run.
    assert share == pytest.approx(0.289, abs=0.005)
    # The two models rank the pairs alike.
    assert np.corrcoef(z, np.asarray(drawn.z)[upper])[0, 1] > 0.95


def test_links_by_chance_are_as_many_as_the_exact_laws_of_the_pairs_add_up_to() -> None:
    matrix = made_up(60, 25, seed=4)
    chance = bicm(matrix)
    expected, observed = 0.0, 0
    for i, j in itertools.combinations(range(25), 2):
        both = chance[:, i] * chance[:, j]
        limit = both.sum() + 1.96 * (both * (1 - both)).sum() ** 0.5
        expected += tails(both)[int(np.floor(limit)) + 1]
        observed += bool((matrix[:, i] * matrix[:, j]).sum() > limit)
    found, by_chance = links_by_chance(matrix, draws=400)
    assert found == observed
    # Four standard errors of a mean of 400 draws, each about as spread as a count.
    assert by_chance == pytest.approx(expected, abs=2 * (expected / 100) ** 0.5)


def test_links_by_chance_count_where_both_are_known_and_are_the_same_for_a_seed() -> None:
    matrix = made_up(60, 12, seed=5)
    matrix[::7, 3] = np.nan
    z = link_significance(matrix).z
    found, by_chance = links_by_chance(matrix)
    assert found == (z[np.triu_indices(12, 1)] > 1.96).sum()
    assert links_by_chance(matrix) == (found, by_chance)
    assert links_by_chance(matrix, seed=1)[1] != by_chance
    with pytest.raises(ValueError, match="draws is 0"):
        links_by_chance(matrix, draws=0)
