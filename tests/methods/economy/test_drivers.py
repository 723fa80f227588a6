"""Contributions add up, enterprise rates agree with Statbel's sums, exposure bounds are sharp."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

import perron.demo
from perron.methods.economy.drivers import (
    Demography,
    Population,
    enterprise_demography,
    exposure,
    growth_contribution,
)
from perron.methods.economy.labels import EmptyWarning

TABLE = Path(perron.demo.__file__).parent / "tables" / "statbel_vat.parquet"


# Contribution to growth


@settings(max_examples=50, deadline=None)
@given(
    arrays(np.float64, (3, 4), elements=st.integers(1, 5000).map(float)),
    arrays(np.float64, (3, 4), elements=st.integers(0, 5000).map(float)),
)
def test_contributions_add_up_to_the_growth_in_per_cent(x: np.ndarray, y: np.ndarray) -> None:
    found = growth_contribution(x, y)
    assert found.sum(axis=1) == pytest.approx(100 * (y.sum(axis=1) / x.sum(axis=1) - 1), abs=1e-9)
    for r, i in itertools.product(range(3), range(4)):
        assert found[r, i] == pytest.approx(100 * (y[r, i] - x[r, i]) / sum(x[r]))
    assert growth_contribution(x[::-1, ::-1], y[::-1, ::-1]) == pytest.approx(found[::-1, ::-1])


def test_contribution_of_what_is_not_known_is_not_known() -> None:
    start = pd.DataFrame(
        [[80.0, 20], [80, np.nan], [0, 0]], index=["a", "b", "c"], columns=["A", "C"]
    )
    end = pd.DataFrame(
        [[84.0, np.nan], [84, 30], [1, 0]], index=["a", "b", "c"], columns=["A", "C"]
    )
    with pytest.warns(EmptyWarning, match=r"1 empty regions \(c\)"):
        found = growth_contribution(start, end.iloc[::-1, ::-1])
    assert found.loc["a", "A"] == 4
    assert found.loc["a", "C":].isna().all()
    assert found.loc[["b", "c"]].isna().all(axis=None)


def test_contribution_wants_the_same_shape() -> None:
    with pytest.raises(
        ValueError, match=r"end has shape \(1, 1\), expected that of start, \(1, 2\)"
    ):
        growth_contribution(np.ones((1, 2)), np.ones((1, 1)))


# Enterprises


@pytest.fixture(scope="module")
def statbel() -> pd.DataFrame:
    return pd.read_parquet(TABLE, columns=["territory", "enterprises", "starts", "stops"])


def test_rates_of_belgium_are_those_of_the_sums_of_statbel(statbel: pd.DataFrame) -> None:
    total = statbel[["enterprises", "starts", "stops"]].sum()
    assert total.tolist() == [1_010_635, 103_747, 69_421]  # 2019, stated by the source
    found = enterprise_demography(*(np.array([float(n)]) for n in total), Population.AT_YEAR_END)
    active = 1_010_635 + 69_421
    assert found.active[0] == active
    assert found.birth.value[0] == pytest.approx(103_747 / active)
    assert found.stop.value[0] == pytest.approx(69_421 / active)
    assert found.churn.value[0] == pytest.approx((103_747 + 69_421) / active)
    assert found.net.value[0] == pytest.approx((103_747 - 69_421) / active)


def test_rates_by_commune_follow_the_labels_and_hold_the_total(statbel: pd.DataFrame) -> None:
    by_commune = statbel.groupby("territory").sum()
    counts = [by_commune[c] for c in ("enterprises", "starts", "stops")]
    found = enterprise_demography(
        counts[0], counts[1].iloc[::-1], counts[2], Population.AT_YEAR_END
    )
    assert isinstance(found.birth.value, pd.Series)
    weighted = (found.birth.value * found.active).sum()
    assert weighted == pytest.approx(103_747)
    for rate in (found.birth, found.stop, found.churn, found.net):
        assert ((rate.low <= rate.value) & (rate.value <= rate.high)).all()
    assert found.small.sum() == (found.active < 30).sum() > 0


def test_the_stock_at_the_years_end_is_recognised() -> None:
    # One commune and activity of Statbel's table has no enterprise left and one that stopped.
    with pytest.raises(ValueError, match=r"stops are 1 of 0 active.*AT_YEAR_END"):
        enterprise_demography(np.array([0.0]), np.array([0.0]), np.array([1.0]))
    found = enterprise_demography(
        np.array([0.0]), np.array([0.0]), np.array([1.0]), Population.AT_YEAR_END
    )
    assert (found.stop.value[0], found.small[0]) == (1, True)


def test_intervals_are_those_of_the_counts() -> None:
    n, b, d = 400.0, 30.0, 12.0
    found = enterprise_demography(*(np.array([v]) for v in (n, b, d)))
    z = stats.norm.ppf(0.975)
    for side, bound in ((-1, found.birth.low), (1, found.birth.high)):
        p = bound[0]  # Wilson's bound is where the score test just rejects
        assert (b / n - p) * -side == pytest.approx(z * np.sqrt(p * (1 - p) / n))
    low = found.churn.low[0] * n
    high = found.churn.high[0] * n
    assert stats.poisson.sf(b + d - 1, low) == pytest.approx(0.025)
    assert stats.poisson.cdf(b + d, high) == pytest.approx(0.025)
    # Zou and Donner: each side adds the squares of the two distances to the nearer bound.
    (b_low, b_high), (d_low, d_high) = (
        (stats.chi2.ppf(0.025, 2 * x) / 2, stats.chi2.ppf(0.975, 2 * x + 2) / 2) for x in (b, d)
    )
    assert found.net.low[0] * n == pytest.approx(18 - np.hypot(b - b_low, d_high - d))
    assert found.net.high[0] * n == pytest.approx(18 + np.hypot(b_high - b, d - d_low))


def test_a_rate_of_few_enterprises_is_said_to_be() -> None:
    n = np.array([29.0, 30.0, np.nan])
    assert enterprise_demography(n, n / 10, n / 10).small.tolist() == [True, False, False]
    assert enterprise_demography(n, n / 10, n / 10, small_below=31).small[1]


@pytest.mark.slow
def test_net_rate_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    for born, stopped in ((3.0, 2.0), (40.0, 25.0)):
        b, d = rng.poisson(born, 20_000).astype(float), rng.poisson(stopped, 20_000).astype(float)
        found = enterprise_demography(np.full(b.shape, 500.0), b, d)
        truth = (born - stopped) / 500
        held = ((found.net.low <= truth) & (truth <= found.net.high)).mean()
        assert 0.945 < held < 0.99


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_rates_stay_within_their_bounds(stock: int, starts: int, stops: int) -> None:
    starts = min(starts, stock + stops)
    found = enterprise_demography(
        *(np.array([float(n)]) for n in (stock, starts, stops)), Population.AT_YEAR_END
    )
    if stock + stops == 0:
        assert np.isnan([found.birth.value[0], found.churn.low[0], found.net.high[0]]).all()
        return
    assert 0 <= found.birth.low[0] <= found.birth.value[0] <= found.birth.high[0] <= 1
    assert -1 <= found.net.value[0] <= 1
    assert found.net.low[0] <= found.net.value[0] <= found.net.high[0]
    assert found.churn.value[0] == pytest.approx(found.birth.value[0] + found.stop.value[0])


def test_counts_not_known_give_rates_not_known() -> None:
    cell = pd.DataFrame([[100.0, np.nan]], index=["62063"], columns=["A", "C"])
    found = enterprise_demography(cell, cell / 10, cell / 20)
    assert found.net.value.loc["62063", "A"] == pytest.approx(0.05)
    assert np.isnan([rate.high.loc["62063", "C"] for rate in (found.birth, found.net)]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: enterprise_demography(*(np.array([v]) for v in (5.0, -1, 0))),
            "starts holds a neg",
        ),
        (
            lambda: enterprise_demography(np.ones(2), np.ones(1), np.ones(2)),
            r"starts has shape \(1,\)",
        ),
        (lambda: enterprise_demography(np.ones(1), np.ones(1), np.ones(1), "stock"), "stock"),
        (
            lambda: enterprise_demography(np.ones(1), np.ones(1), np.ones(1), confidence=1),
            "confidence is 1",
        ),
        (
            lambda: enterprise_demography(
                pd.Series([1.0]), pd.Series([1.0], [2]), pd.Series([1.0])
            ),
            "starts: the region 2 is at one date",
        ),
    ],
)
def test_bad_counts_are_said_in_a_sentence(call: Callable[[], Demography], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# Exposure


def unit(shape: tuple[int, ...]) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, shape, elements=st.integers(0, 4).map(lambda n: n / 4))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_exposure_bounds_are_the_extremes_over_all_that_could_be(data: st.DataObject) -> None:
    x = data.draw(arrays(np.float64, (2, 4), elements=st.integers(0, 50).map(float)))
    x[:, 0] += 1  # no region without the axis
    unknown = data.draw(arrays(np.bool_, (2, 4)))
    member, exposed = data.draw(unit((4, 2))), data.draw(unit((4,)))
    member[0] = 1
    unknown[:, 0] = False
    blind = data.draw(arrays(np.bool_, (4,)))
    most = data.draw(arrays(np.float64, (2, 4), elements=st.integers(0, 80).map(float)))
    found = exposure(
        np.where(unknown, np.nan, x), member, np.where(blind, np.nan, exposed), ceiling=most
    )
    for r, a in itertools.product(range(2), range(2)):
        ends = [[0.0, most[r, i]] if unknown[r, i] else [x[r, i]] for i in range(4)]
        levels = [[0.0, 1.0] if blind[i] else [exposed[i]] for i in range(4)]
        seen = [
            sum(v[i] * member[i, a] * e[i] for i in range(4))
            / sum(v[i] * member[i, a] for i in range(4))
            for v in itertools.product(*ends)
            for e in itertools.product(*levels)
        ]
        assert found.low[r, a] == pytest.approx(min(seen), abs=1e-12)
        assert found.high[r, a] == pytest.approx(max(seen), abs=1e-12)
        if not np.isnan(found.share[r, a]):
            assert found.share[r, a] == found.low[r, a] == found.high[r, a]
            assert len({round(s, 12) for s in seen}) == 1


def test_without_a_ceiling_a_cell_not_known_may_be_all_there_is() -> None:
    values = np.array([[30.0, 70.0, np.nan, 5.0]])
    member = np.array([[1.0], [1.0], [0.5], [0.0]])
    found = exposure(values, member, np.array([1.0, 0.0, 0.9, 1.0]))
    assert np.isnan(found.share[0, 0])
    assert (found.low[0, 0], found.high[0, 0]) == (pytest.approx(0.3), 0.9)
    limited = exposure(
        values, member, np.array([1.0, 0.0, 0.9, 1.0]), ceiling=np.array([[0, 0, 20.0, 0]])
    )
    assert limited.high[0, 0] == pytest.approx((30 + 9) / 110)


def test_exposure_keeps_labels_and_says_which_axis_is_absent() -> None:
    values = pd.DataFrame([[10.0, 30.0, 0.0]], index=["BE332"], columns=["C", "F", "J"])
    member = pd.DataFrame(
        {"works": {"F": 1.0, "C": 1.0, "J": 0.0}, "digital": {"J": 1.0, "C": 0.0, "F": 0.0}}
    )
    exposed = pd.Series({"J": 1.0, "F": 0.0, "C": 1.0, "Z": 1.0})
    with pytest.warns(EmptyWarning, match=r"1 empty axes \(digital\)"):
        found = exposure(values, member, exposed)
    assert found.share.loc["BE332", "works"] == 0.25
    assert np.isnan(found.high.loc["BE332", "digital"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones((1, 2)), np.ones((3, 1)), np.ones(2)), r"membership has shape \(3, 1\)"),
        ((np.ones((1, 2)), 2 * np.ones((2, 1)), np.ones(2)), "not between 0 and 1"),
        ((np.ones((1, 2)), np.full((2, 1), np.nan), np.ones(2)), "not known or not between"),
        ((np.ones((1, 2)), np.ones((2, 1)), np.ones(3)), r"exposed has shape \(3,\)"),
        ((np.ones((1, 2)), np.ones((2, 1)), -np.ones(2)), "exposed has a value"),
        ((-np.ones((1, 2)), np.ones((2, 1)), np.ones(2)), "negative"),
        (
            (pd.DataFrame([[1.0]], columns=["A"]), pd.DataFrame({"x": {"B": 1.0}}), np.ones(1)),
            "membership has no sector 'A'",
        ),
    ],
)
def test_bad_exposure_input_is_said_in_a_sentence(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        exposure(*arguments)
