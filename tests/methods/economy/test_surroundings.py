"""What lies near a sector beside what chance puts there: by hand, on planted structure, and on real data."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.conformity.tables import table
from tests.methods.economy.panels_of_counts import drawn
from tests.methods.economy.test_backtest import european

from perron.methods.economy.backtest import area_under_curve, foretold
from perron.methods.economy.quotients import location_quotient, specialised
from perron.methods.economy.relatedness import proximity
from perron.methods.economy.significance import link_significance
from perron.methods.economy.surroundings import (
    excess,
    nearest,
    surroundings,
    surroundings_everywhere,
    surroundings_sweep,
)
from perron.methods.statistics.null_models import bicm

#: Enough regions to say what is near, with cells that are not known.
WIDE = st.tuples(st.integers(11, 14), st.integers(2, 6)).flatmap(
    lambda shape: arrays(
        float, shape, elements=st.integers(0, 9).map(float) | st.just(float("nan"))
    )
)


_BOUNDS = ("hidden_low", "hidden_high")


def quotients(regions: int, sectors: int, seed: int, hidden: float = 0.0) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(location_quotient(drawn(regions, sectors, seed, hidden)))


def planted(regions: int = 60, sectors: int = 20, seed: int = 0) -> np.ndarray:
    """Quotients in which even sectors are found together, and odd ones; the last sector everywhere."""
    generator = np.random.default_rng(seed)
    same = np.arange(regions)[:, None] % 2 == np.arange(sectors)[None, :] % 2
    held = generator.random((regions, sectors)) < np.where(same, 0.7, 0.15)
    held[:, -1] = generator.random(regions) < 0.95
    return np.where(held, 2.0, 0.5)


def slowly(lq: np.ndarray, region: int, cut: float) -> tuple[list[float], list[float]]:
    """Ratio and density by the sums of the docstring, one cell at a time."""
    regions, sectors = lq.shape
    held = np.where(np.isnan(lq), np.nan, (lq > cut).astype(float))
    chance = bicm(held)
    near = np.zeros((sectors, sectors))
    for i, j in itertools.permutations(range(sectors), 2):
        seen = mean = variance = 0.0
        for r in range(regions):
            if r == region or np.isnan(held[r, i]) or np.isnan(held[r, j]):
                continue
            both = chance[r, i] * chance[r, j]
            seen, mean = seen + held[r, i] * held[r, j], mean + both
            variance += both * (1 - both)
        if variance > 1e-9:
            near[i, j] = max(0.0, (seen - mean) / variance**0.5)
    ratios, densities = [], []
    for i in range(sectors):
        mine = expected = total = 0.0
        for j in range(sectors):
            if not np.isnan(held[region, j]):
                mine += held[region, j] * near[i, j]
                expected += chance[region, j] * near[i, j]
                total += near[i, j]
        silent = np.isnan(held[region, i]) or not total
        ratios.append(np.nan if silent else mine / expected)
        densities.append(np.nan if silent else mine / total)
    return ratios, densities


@pytest.mark.parametrize("hidden", [0.0, 0.15])
@pytest.mark.parametrize("cut", [0.8, 1.0])
def test_the_ratio_is_the_sum_of_its_formula(hidden: float, cut: float) -> None:
    lq = quotients(14, 7, 3, hidden)
    found = surroundings(lq, 4, cut=cut, draws=5)
    ratio, dense = slowly(lq, 4, cut)
    np.testing.assert_allclose(found["ratio"], ratio, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["density"], dense, rtol=1e-9, atol=1e-12)


def test_the_excess_is_the_positive_part_of_the_z_of_the_links() -> None:
    held = specialised(drawn(30, 8, 1, 0.1))
    near, z = np.asarray(excess(held)), np.asarray(link_significance(held).z)
    np.fill_diagonal(z, 0.0)
    np.testing.assert_allclose(near, np.maximum(np.nan_to_num(z), 0), rtol=1e-6, atol=1e-9)
    assert (near == near.T).all()


@pytest.mark.parametrize("hidden", [0.0, 0.15])
def test_leaving_a_region_out_is_computing_without_it(hidden: float) -> None:
    """The chances stay those of the whole table; what the region shows of nearness goes."""
    lq = quotients(13, 6, 5, hidden)
    found = surroundings(lq, 2, draws=5)
    held = np.where(np.isnan(lq), np.nan, (lq > 1).astype(float))
    chance = np.nan_to_num(bicm(held))
    own, known = np.nan_to_num(held[2]), (~np.isnan(held[2])).astype(float)
    each = []
    for left in set(range(13)) - {2}:
        kept = [r for r in range(13) if r not in (2, left)]
        h, p = np.nan_to_num(held[kept]), chance[kept]
        variance = p.T @ p - (p**2).T @ p**2
        with np.errstate(divide="ignore", invalid="ignore"):
            near = np.maximum(
                np.where(variance > 1e-9, (h.T @ h - p.T @ p) / variance**0.5, 0.0), 0
            )
            np.fill_diagonal(near, 0)
            each.append((own @ near) / ((chance[2] * known) @ near))
    told = ~found["ratio"].isna().to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        least, greatest = np.nanmin(each, axis=0), np.nanmax(each, axis=0)
    np.testing.assert_allclose(found["least"][told], least[told], rtol=1e-9)
    np.testing.assert_allclose(found["greatest"][told], greatest[told], rtol=1e-9)


def test_every_region_at_once_is_each_by_itself() -> None:
    lq = quotients(15, 6, 2, 0.1)
    everywhere = np.asarray(surroundings_everywhere(lq))
    for region in range(15):
        np.testing.assert_allclose(
            everywhere[region], surroundings(lq, region, draws=2)["ratio"], rtol=1e-9
        )


def test_planted_neighbours_are_found_and_a_sector_held_everywhere_is_near_nothing() -> None:
    lq = planted(150)
    lq[0] = np.where(np.arange(20) % 2 == 0, 2.0, 0.5)  # all even sectors, no odd one
    found = surroundings(lq, 0)
    even, odd = found.loc[0:18:2], found.loc[1:17:2]
    assert (even["low"] > 1).all()
    assert (odd["high"] < 1).all()
    assert (even["as_much"] < 0.05).all()
    # Ubiquity alone makes no neighbour: density without the null model says it does.
    held = (lq > 1).astype(float)
    assert proximity(held)[0, 19] > 1.5 * proximity(held)[0, 1]
    assert excess(held)[19].max() < 2


def test_isolated_and_surrounded_average_to_what_chance_gives() -> None:
    """Centred on what chance gives, where plain density puts two cells in three over its line."""
    jobs = table("sbs_nuts2_divisions_2015").set_index("region")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lq = location_quotient(jobs)
        ratio = np.asarray(surroundings_everywhere(lq))
        held = np.asarray(specialised(jobs))
    plain = _density_without_self(held)
    line = np.nanmean(held, axis=1)[:, None]
    known = ~np.isnan(ratio)
    assert (ratio[known] > 1).mean() == pytest.approx(0.45, abs=0.02)
    assert ratio[known].mean() == pytest.approx(0.98, abs=0.02)
    over = (plain > line)[known].mean()
    assert over == pytest.approx(0.65, abs=0.03)


def test_what_lies_near_foretells_a_region_that_had_no_say_better_than_plain_density() -> None:
    """The comparison of docs/methods/economy/options.md: each region by the 284 others."""
    jobs = table("sbs_nuts2_divisions_2015").set_index("region")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lq = location_quotient(jobs)
        ratio = np.asarray(surroundings_everywhere(lq))
        held = np.asarray(specialised(jobs))
    near, plain = [], []
    for sector in range(held.shape[1]):
        there = ~np.isnan(ratio[:, sector])
        y = held[there, sector]
        if 5 < y.sum() < len(y) - 5:
            near.append(area_under_curve(y, ratio[there, sector]))
            dense = _density_without_self(held)[there, sector]
            plain.append(area_under_curve(y, dense))
    assert np.mean(near) == pytest.approx(0.763, abs=5e-3)
    assert np.mean(plain) == pytest.approx(0.688, abs=5e-3)


def _density_without_self(held: np.ndarray) -> np.ndarray:
    known, own = (~np.isnan(held)).astype(float), np.nan_to_num(held)
    counts, among = own.T @ own, own.T @ known
    found = np.full(held.shape, np.nan)
    for r in range(len(held)):
        with np.errstate(divide="ignore", invalid="ignore"):
            u = among - np.outer(own[r], known[r])
            near = np.nan_to_num((counts - np.outer(own[r], own[r])) / np.maximum(u, u.T))
            np.fill_diagonal(near, 0)
            found[r] = (own[r] @ near) / (known[r] @ near)
    return found


@settings(max_examples=40, deadline=None)
@given(WIDE, st.integers(0, 10))
def test_nothing_is_said_of_a_hidden_cell(values: np.ndarray, region: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lq = np.asarray(location_quotient(values))
        found = surroundings(lq, region, draws=5)
        swept = surroundings_sweep(lq, region, (0.8, 1.2))
    hidden = np.isnan(lq[region])
    assert found[hidden].isna().all().all()
    assert swept[hidden].isna().all().all()
    told = ~found["ratio"].isna()
    assert (found["hidden_low"][told] <= found["ratio"][told] + 1e-9).all()
    assert (found["hidden_high"][told] >= found["ratio"][told] - 1e-9).all()
    assert found["known_share"][told].between(0, 1 + 1e-9).all()
    assert found["as_much"][told].between(0, 1).all()


def test_whatever_hidden_cells_hold_the_density_stays_within_its_bounds() -> None:
    lq = planted(40, 8, 3)
    hidden = [2, 5]
    lq[0, hidden] = np.nan
    told = surroundings(lq, 0, draws=5)
    near = nearest(lq, 0, top=8)
    for filled in itertools.product((0.0, 1.0), repeat=2):
        for at in told.index.difference(hidden):
            if np.isnan(told["ratio"][at]):
                continue
            fill = dict(zip(hidden, filled, strict=True))
            full = sum(share * fill.get(name, was) for name, share, was in near[at])
            low, high = (told[name][at] * told["expected"][at] for name in _BOUNDS)
            assert low - 1e-9 <= full <= high + 1e-9
            if filled == (0.0, 0.0):
                assert full == pytest.approx(low)
            if filled == (1.0, 1.0):
                assert full == pytest.approx(high)


def test_the_sweep_at_one_is_the_ratio() -> None:
    lq = quotients(20, 6, 9)
    swept = surroundings_sweep(lq, 3, (0.75, 1.0, 1.25))
    np.testing.assert_allclose(swept[1.0], surroundings(lq, 3, draws=2)["ratio"])


def test_the_nearest_are_the_largest_shares_and_say_what_is_held() -> None:
    lq = pd.DataFrame(planted(), columns=[f"s{i}" for i in range(20)])
    lq.loc[0, "s4"] = np.nan
    found = nearest(lq, 0, top=4)
    assert all(int(name[1:]) % 2 == 0 for name, _share, _held in found["s0"])
    shares = [share for _name, share, _held in found["s2"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1
    held = {name: was for name, _share, was in nearest(lq, 0, top=20)["s2"]}
    assert np.isnan(held["s4"])
    assert held["s6"] == float(lq.loc[0, "s6"] > 1)


def test_postal_services_look_surrounded_in_liege_only_where_their_hidden_cell_is_filled() -> None:
    jobs = table("sbs_nuts2_divisions_2015").set_index("region")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trap = surroundings(location_quotient(jobs.fillna(0)), "BE33", draws=50)
        honest = surroundings(location_quotient(jobs), "BE33", draws=50)
    assert trap.loc["H53", "specialised"] == 0
    assert trap.loc["H53", "low"] > 1
    hidden = jobs.columns[jobs.loc["BE33"].isna()]
    assert "H53" in hidden
    assert honest.loc[hidden].isna().all().all()


def test_what_lies_near_foretells_entries_a_little_and_exits_no_better_than_chance() -> None:
    """The figures of docs/methods/economy/options.md: ten groups of branches, 2008 to 2015."""
    panels = european()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = surroundings_everywhere(location_quotient(panels[2008]))
        start, end = specialised(panels[2008]), specialised(panels[2015])
    entry = foretold(start, end, score)
    leaving = foretold(start, end, score, "exit")
    assert (entry.candidates, entry.events) == (1_393, 208)
    assert entry.auc.value == pytest.approx(0.611, abs=5e-4)
    assert entry.better_than_chance
    assert leaving.auc.value == pytest.approx(0.534, abs=5e-4)
    assert not leaving.better_than_chance


def test_too_few_regions_to_say_what_is_near_are_refused() -> None:
    with pytest.raises(ValueError, match="9 other regions, expected at least 10"):
        surroundings(quotients(10, 5, 1), 0)
    with pytest.raises(ValueError, match="no region number 99"):
        surroundings(quotients(12, 5, 1), 99)


def test_the_same_seed_gives_the_same_interval() -> None:
    lq = planted()
    pd.testing.assert_frame_equal(surroundings(lq, 1, seed=3), surroundings(lq, 1, seed=3))
    assert not surroundings(lq, 1, seed=3)["low"].equals(surroundings(lq, 1, seed=4)["low"])
