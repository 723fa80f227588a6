"""The entry model finds the law a panel was made with, and nothing where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from scipy.optimize import minimize
from tests.methods.economy import synthetic
from tests.methods.economy.panels_of_counts import HELD

from perron.methods.economy.entry import (
    FULL,
    MARGINS,
    NotMeasurableError,
    density_test,
    entries,
    entry_model,
)
from perron.methods.economy.outlook import density
from perron.methods.economy.relatedness import proximity

NAN = float("nan")


def two_dates(law: str, seed: int, **options: float) -> tuple[np.ndarray, np.ndarray]:
    made = synthetic.panel(law, seed, **options)
    return (np.where(made[2010] > 50, 1.0, 0.0), np.where(made[2013] > 50, 1.0, 0.0))


@given(HELD)
def test_an_entry_is_held_at_the_end_and_known_not_to_be_at_the_start(held: np.ndarray) -> None:
    later = np.roll(held, 1, axis=0)
    found = entries(held, later)
    for r, s in np.ndindex(held.shape):
        if held[r, s] == 0 and not np.isnan(later[r, s]):
            assert found[r, s] == later[r, s]
        else:
            assert np.isnan(found[r, s])


def test_the_fit_is_the_maximum_of_the_likelihood() -> None:
    start, end = two_dates("density", 3)
    model = entry_model(start, end, ("density",))
    around, outcome = density(start, proximity(start)), entries(start, end)
    x, y = around[~np.isnan(outcome)], outcome[~np.isnan(outcome)]
    z = (x - x.mean()) / x.std()

    def loss(b: np.ndarray) -> float:
        score = b[0] + b[1] * z
        return -np.sum(y * score - np.logaddexp(0, score))

    best = minimize(loss, [0.0, 0.0], method="BFGS", options={"gtol": 1e-9})
    assert model.intercept == pytest.approx(best.x[0], abs=1e-4)
    assert model.coefficients[0] == pytest.approx(best.x[1], abs=1e-4)
    assert model.log_likelihood == pytest.approx(-best.fun, rel=1e-9)
    chance = 1 / (1 + np.exp(-(best.x[0] + best.x[1] * z)))
    design = np.column_stack([np.ones_like(z), z])
    covariance = np.linalg.inv((design * (chance * (1 - chance))[:, None]).T @ design)
    assert model.errors[0] == pytest.approx(covariance[1, 1] ** 0.5, rel=1e-3)
    predicted = model.predict(start)
    np.testing.assert_allclose(predicted[~np.isnan(outcome)], chance, atol=1e-5)


def test_it_recovers_the_law_of_a_panel_made_with_density() -> None:
    found = [entry_model(*two_dates("density", seed), ("density",)) for seed in range(20)]
    # The law's slope is by SPREAD of density, the model's by the standard deviation it met.
    slopes = [m.coefficients[0] * synthetic.SPREAD / m.deviations[0] for m in found]
    errors = [m.errors[0] * synthetic.SPREAD / m.deviations[0] for m in found]
    inside = [abs(b - 1) < 1.96 * e for b, e in zip(slopes, errors, strict=True)]
    assert sum(inside) >= 16  # 19 of 20 expected; fewer than 16 would come once in 3,000 times
    assert np.mean(slopes) == pytest.approx(1.0, abs=0.1)


@pytest.mark.slow
def test_density_is_not_found_where_only_the_margins_act() -> None:
    p_values = []
    for seed in range(60):
        start, end = two_dates("margins", seed)
        p_values.append(density_test(entry_model(start, end), entry_model(start, end, MARGINS)))
    # At 5 %, 3 of 60 are expected; 10 or more would come once in 1,500 times.
    assert sum(p < 0.05 for p in p_values) < 10
    start, end = two_dates("density", 1)
    assert density_test(entry_model(start, end), entry_model(start, end, MARGINS)) < 1e-6


def test_nothing_is_foretold_of_a_cell_that_is_held_or_hidden() -> None:
    start, end = two_dates("density", 4)
    start[0, :5] = NAN
    end[1, :5] = NAN
    predicted = entry_model(start, end).predict(start)
    assert np.isnan(predicted[0, :5]).all()
    assert (np.isnan(predicted) == ((start == 1) | np.isnan(start))).all()
    inside = predicted[~np.isnan(predicted)]
    assert ((inside > 0) & (inside < 1)).all()


def test_frames_are_put_in_the_same_order_and_give_labels_back() -> None:
    start, end = (pd.DataFrame(m) for m in two_dates("density", 5))
    shuffled = end.sample(frac=1, random_state=0).sample(frac=1, axis=1, random_state=0)
    assert entry_model(start, shuffled) == entry_model(start, end)
    predicted = entry_model(start, end).predict(start)
    assert predicted.index.equals(start.index)


def test_what_cannot_be_measured_is_said() -> None:
    held = (np.random.default_rng(0).random((30, 20)) < 0.3).astype(float)
    with pytest.raises(NotMeasurableError, match="0 entries among"):
        entry_model(held, held)
    with pytest.raises(ValueError, match="not the same sectors"):
        entries(pd.DataFrame(held), pd.DataFrame(held).rename(columns={0: "A"}))
    with pytest.raises(ValueError, match="have shapes"):
        entries(held, held[:, :3])
    start, end = two_dates("density", 6)
    with pytest.raises(ValueError, match="expected density, ubiquity or diversity"):
        entry_model(start, end, ("size",))  # type: ignore[arg-type]
    full = entry_model(start, end, FULL)
    with pytest.raises(ValueError, match="not the full model with fewer terms"):
        density_test(full, full)
