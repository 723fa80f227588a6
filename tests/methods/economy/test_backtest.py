"""The back-test sees nothing of the year it is judged on, and says what the intervals allow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from tests.conformity.tables import table
from tests.methods.economy import synthetic

from perron.methods.economy.backtest import Verdict, area_under_curve, backtest, foretold
from perron.methods.economy.entry import NotMeasurableError, entries
from perron.methods.economy.quotients import specialised
from perron.methods.statistics.intervals import wilson

TRAIN, TEST = (2010, 2013), 2016


def european() -> dict[int, pd.DataFrame]:
    """Jobs by region and branch, Eurostat, 2008-2015."""
    jobs = table("lfst_employment")
    years = {
        int(year): rows.pivot_table(index="region", columns="sector", values="value", dropna=False)
        for year, rows in jobs.groupby("year")
    }
    everywhere = sorted(set(jobs["region"]))
    return {year: frame.reindex(everywhere) for year, frame in years.items()}


# Measures


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=2, max_size=30).filter(
        lambda cases: len({outcome for outcome, _ in cases}) == 2
    )
)
def test_the_area_is_the_share_of_pairs_in_the_right_order(cases: list) -> None:
    outcome = np.array([float(o) for o, _ in cases])
    score = np.array([float(s) for _, s in cases])
    ups, downs = score[outcome == 1], score[outcome == 0]
    pairs = [1.0 if u > d else 0.5 if u == d else 0.0 for u in ups for d in downs]
    found = area_under_curve(outcome, score)
    assert found == pytest.approx(sum(pairs) / len(pairs))
    assert found == pytest.approx(roc_auc_score(outcome, score))
    # A case counted twice is the same as a weight of 2.
    doubled = area_under_curve(outcome, score, np.where(np.arange(len(score)) == 0, 2.0, 1.0))
    assert doubled == pytest.approx(
        area_under_curve(np.append(outcome, outcome[0]), np.append(score, score[0]))
    )


def test_each_measure_is_that_of_its_formula() -> None:
    panels = synthetic.panel("density", 1)
    found = backtest(panels, TRAIN, TEST, draws=50)
    outcome = entries(specialised(panels[2013]), specialised(panels[2016]))
    p = np.asarray(found.predicted)[~np.isnan(outcome)]
    y = outcome[~np.isnan(outcome)]
    m = {name: score.value for name, score in found.measures.items()}
    assert m["auc"] == pytest.approx(roc_auc_score(y, p))
    assert m["auc_gain"] == pytest.approx(m["auc"] - m["auc_margins"])
    assert m["brier"] == pytest.approx(
        sum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / len(y)
    )
    rate = found.model.entries / found.model.candidates
    reference = sum((rate - b) ** 2 for b in y) / len(y)
    assert m["brier_skill"] == pytest.approx(1 - m["brier"] / reference)
    assert m["base_rate"] == pytest.approx(y.mean())
    low, _high = wilson(np.array([y.sum()]), np.array([float(y.size)]))
    assert found.measures["base_rate"].low == pytest.approx(low[0])
    assert (m["candidates"], m["entries"]) == (y.size, y.sum())
    for name in ("auc", "auc_margins", "auc_gain", "brier", "brier_skill"):
        assert found.measures[name].low <= m[name] <= found.measures[name].high


def test_the_calibration_counts_each_candidate_once_from_least_to_most_likely() -> None:
    found = backtest(synthetic.panel("density", 2), TRAIN, TEST, draws=50)
    made = found.calibration()
    assert len(made) == 10
    assert made["candidates"].sum() == found.measures["candidates"].value
    assert made["entries"].sum() == found.measures["entries"].value
    assert made["predicted"].is_monotonic_increasing
    np.testing.assert_allclose(made["observed"], made["entries"] / made["candidates"])
    assert ((made["low"] <= made["observed"]) & (made["observed"] <= made["high"])).all()


# Strictly out of sample


def test_nothing_of_the_test_year_reaches_what_is_foretold() -> None:
    panels = synthetic.panel("density", 3)
    plain = backtest(panels, TRAIN, TEST, draws=20)
    shuffled = panels[2016].copy()
    np.random.default_rng(0).shuffle(shuffled.T)
    other = backtest({**panels, 2016: shuffled}, TRAIN, TEST, draws=20)
    np.testing.assert_array_equal(plain.predicted, other.predicted)
    assert plain.model == other.model
    assert plain.measures["auc"].value > 0.6
    assert other.measures["auc"].value < plain.measures["auc"].value


# What it finds


def test_a_panel_made_with_density_is_foretold_better_than_by_the_margins() -> None:
    found = backtest(synthetic.panel("density", 4), TRAIN, TEST, draws=300)
    assert found.verdict is Verdict.BETTER_THAN_MARGINS
    assert found.density_p < 1e-6
    # Foretold and seen agree: the model is the law.
    made = found.calibration()
    agree = (made["low"] <= made["predicted"]) & (made["predicted"] <= made["high"])
    assert agree.sum() >= 7


@pytest.mark.slow
def test_the_placebo_is_rarely_called_better_than_the_margins() -> None:
    verdicts = [
        backtest(synthetic.panel("margins", seed), TRAIN, TEST, draws=300).verdict
        for seed in range(40)
    ]
    # The interval of a gain near nothing is a little narrow: 4 of 60 were seen, 1.5 expected. At 5 %,
    # 7 or more of 40 would come once in 300 times.
    assert sum(v is Verdict.BETTER_THAN_MARGINS for v in verdicts) < 7
    assert sum(v is Verdict.BETTER_THAN_CHANCE for v in verdicts) > 30


@pytest.mark.slow
def test_chance_is_rarely_called_better_than_chance() -> None:
    verdicts = [
        backtest(synthetic.panel("margins", seed, slope=0.0), TRAIN, TEST, draws=300).verdict
        for seed in range(40)
    ]
    assert sum(v is not Verdict.NO_BETTER_THAN_CHANCE for v in verdicts) < 5


def test_the_real_run_on_european_regions() -> None:
    """The figures of docs/methods/economy/entry-and-backtest.md."""
    found = backtest(european(), (2008, 2011), 2015)
    m = found.measures
    assert found.verdict is Verdict.BETTER_THAN_MARGINS
    assert (m["candidates"].value, m["entries"].value) == (1_772, 204)
    assert m["auc"].value == pytest.approx(0.685, abs=5e-4)
    assert (m["auc"].low, m["auc"].high) == pytest.approx((0.645, 0.723), abs=2e-3)
    assert m["auc_gain"].value == pytest.approx(0.133, abs=5e-4)
    assert m["base_rate"].value == pytest.approx(0.115, abs=5e-4)
    assert m["brier_skill"].value == pytest.approx(0.045, abs=5e-4)


def test_a_hidden_cell_is_no_candidate() -> None:
    panels = european()
    found = backtest(panels, (2008, 2011), 2015, draws=10)
    hidden = panels[2011].isna()
    assert hidden.to_numpy().sum() > 100
    assert found.predicted.to_numpy()[hidden.to_numpy()].size
    assert np.isnan(found.predicted.to_numpy()[hidden.to_numpy()]).all()


@pytest.mark.parametrize(
    ("train", "test", "said"),
    [
        ((2010, 2013), 2019, "no panel of 2019"),
        ((2013, 2010), 2016, "expected an increasing order"),
    ],
)
def test_wrong_years_are_refused(train: tuple[int, int], test: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        backtest(synthetic.panel("density", 1), train, test)


def test_too_few_entries_in_the_test_year_cannot_be_measured() -> None:
    panels = synthetic.panel("density", 1)
    with pytest.raises(NotMeasurableError, match=r"0 entries among .* from 2013 to 2016"):
        backtest({**panels, 2016: panels[2013]}, TRAIN, TEST)


# A score that nothing was fitted to


def test_a_score_that_follows_the_law_foretells_and_one_that_does_not_is_no_better_than_chance() -> (
    None
):
    panels = synthetic.panel("density", 1)
    start, end = (specialised(panels[year]) for year in (2013, 2016))
    law = synthetic.log_odds("density", start, 1.0)
    assert foretold(start, end, law, draws=200).better_than_chance
    noise = np.random.default_rng(3).random(start.shape)
    assert not foretold(start, end, noise, draws=200).better_than_chance


def test_the_area_of_exits_is_that_of_a_low_score() -> None:
    generator = np.random.default_rng(0)
    start = (generator.random((30, 20)) < 0.5).astype(float)
    score = generator.random((30, 20))
    left = (start == 1) & (generator.random((30, 20)) > score)
    end = np.where(left, 0.0, start)
    found = foretold(start, end, score, "exit", draws=200)
    there = start == 1
    assert found.auc.value == pytest.approx(roc_auc_score(left[there], -score[there]))
    assert (found.candidates, found.events) == (int(there.sum()), int(left.sum()))
    assert found.better_than_chance


def test_a_cell_without_a_score_or_hidden_at_the_end_is_no_candidate() -> None:
    generator = np.random.default_rng(0)
    start, end = ((generator.random((30, 20)) < 0.4).astype(float) for _ in range(2))
    score = generator.random((30, 20))
    score[:, 3], end[:, 4] = np.nan, np.nan
    found = foretold(start, end, score, draws=50)
    assert found.candidates == int((np.delete(start, [3, 4], axis=1) == 0).sum())
    with pytest.raises(NotMeasurableError, match="0 events"):
        foretold(start, start, score, draws=50)
