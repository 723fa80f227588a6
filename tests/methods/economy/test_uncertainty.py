"""Each option carries how sure it is, and a suppressed cell is never one."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conformity.tables import table
from tests.methods.economy.panels_of_counts import MASKED, drawn

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.outlook import density
from perron.methods.economy.quotients import location_quotient, specialised
from perron.methods.economy.relatedness import proximity
from perron.methods.economy.uncertainty import (
    CUTS,
    known_share,
    options,
    resampled_density,
    threshold_sweep,
)

NAN = float("nan")


@settings(max_examples=60, deadline=None)
@given(MASKED, st.integers(0, 5))
def test_suppressed_cells_are_never_recommended(values: np.ndarray, region: int) -> None:
    region %= len(values)
    if len(values) < 3:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = options(values, region, draws=5, cuts=(0.8, 1.0, 1.2))
    assert not set(found.index) & set(np.flatnonzero(np.isnan(values[region])))


@pytest.mark.parametrize("hidden", [0.0, 0.15])
def test_leaving_a_region_out_is_computing_without_it(hidden: float) -> None:
    held = specialised(drawn(9, 7, 1, hidden))
    found = resampled_density(held, 2, "leave-one-out")
    each = []
    for left in range(9):
        others = np.delete(held, left, axis=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EmptyWarning)
            near = np.nan_to_num(proximity(others))
        each.append(density(held[2:3], near)[0])
    known = ~np.isnan(held[2])
    np.testing.assert_allclose(found["low"][known], np.nanmin(each, axis=0)[known], rtol=1e-12)
    np.testing.assert_allclose(found["high"][known], np.nanmax(each, axis=0)[known], rtol=1e-12)
    plain = density(held, np.nan_to_num(proximity(held)))[2]
    np.testing.assert_allclose(found["density"], plain, rtol=1e-12)
    assert found["density"][~known].isna().all()


def test_a_bootstrap_is_computing_on_the_regions_drawn() -> None:
    held = specialised(drawn(8, 6, 2))
    generator = np.random.default_rng(7)
    times = generator.multinomial(8, np.full(8, 1 / 8), size=30)
    each = []
    for weight in times:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EmptyWarning)
            near = np.nan_to_num(proximity(np.repeat(held, weight, axis=0)))
        each.append(density(held[3:4], near)[0])
    found = resampled_density(held, 3, draws=30, seed=7)
    low, high = np.nanpercentile(each, [2.5, 97.5], axis=0)
    np.testing.assert_allclose(found["low"], low, rtol=1e-12)
    np.testing.assert_allclose(found["high"], high, rtol=1e-12)


def test_more_regions_give_narrower_intervals() -> None:
    widths = []
    for regions in (15, 60, 240):
        found = resampled_density(specialised(drawn(regions, 10, 3)), 0, draws=100)
        widths.append(float((found["high"] - found["low"]).mean()))
    assert widths[0] > widths[1] > widths[2]


def test_the_sweep_is_the_density_at_each_cut() -> None:
    values = drawn(10, 8, 4, hidden=0.1)
    found = threshold_sweep(values, 1)
    assert list(found.columns) == list(CUTS)
    assert CUTS[0] == 0.75
    assert CUTS[-1] == 1.25
    for cut in CUTS:
        held = specialised(values, cut)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EmptyWarning)
            near = np.nan_to_num(proximity(held))
        expected = np.where(held[1] == 1, NAN, density(held, near)[1])
        np.testing.assert_allclose(found[cut], expected, rtol=1e-12)


def test_the_known_share_is_what_is_known_of_what_is_near() -> None:
    held = specialised(drawn(8, 6, 5, hidden=0.2))
    near = np.nan_to_num(proximity(held))
    found = known_share(held, near)
    for r, i in np.ndindex(held.shape):
        if np.isnan(held[r, i]):
            assert np.isnan(found[r, i])
        else:
            known = ~np.isnan(held[r])
            assert found[r, i] == pytest.approx(near[i, known].sum() / near[i].sum())
    whole = specialised(drawn(8, 6, 5))
    np.testing.assert_allclose(known_share(whole, proximity(whole)), 1)


def test_the_options_of_liege_are_nearest_first_each_with_its_intervals() -> None:
    jobs = table("sbs_nuts2_divisions_2015").set_index("region")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        found = options(jobs, "BE33", draws=100)
        quotients = location_quotient(jobs).loc["BE33"]
    assert list(found) == [
        *("quotient", "density", "low", "high", "least", "greatest"),
        *("sweep_low", "sweep_high", "open_share", "known_share"),
    ]
    assert found["density"].is_monotonic_decreasing
    assert not {"B08", "B09", "C19", "C31", "H51", "H53"} & set(found.index)
    assert (found["quotient"] <= 1).all()
    assert found["quotient"].equals(quotients[found.index].rename("quotient"))
    assert (found["low"] <= found["high"]).all()
    assert (found["least"] <= found["density"] + 1e-12).all()
    assert (found["density"] <= found["greatest"] + 1e-12).all()
    assert (
        (found["sweep_low"] <= found["density"]) & (found["density"] <= found["sweep_high"])
    ).all()
    assert found["known_share"].between(0.5, 1).all()
    # Some options are there at every cut, some only because the cut is at 1.
    assert found["open_share"].max() == 1
    assert found["open_share"].min() < 1


def test_the_same_seed_gives_the_same_figures() -> None:
    values = pd.DataFrame(drawn(10, 8, 6))
    pd.testing.assert_frame_equal(options(values, 0, draws=20), options(values, 0, draws=20))


def test_what_is_not_there_is_said() -> None:
    held = pd.DataFrame(specialised(drawn(5, 4, 7)), index=list("abcde"))
    with pytest.raises(ValueError, match="no region 'z'"):
        resampled_density(held, "z")
    with pytest.raises(ValueError, match="no region number 9"):
        resampled_density(held.to_numpy(), 9)
    with pytest.raises(ValueError, match="expected bootstrap or leave-one-out"):
        resampled_density(held, "a", "jackknife")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="2 regions, expected at least 3"):
        resampled_density(held.iloc[:2], "a")
    with pytest.raises(ValueError, match="cut 0, expected"):
        threshold_sweep(held, "a", [0])
