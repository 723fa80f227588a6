"""Adjusted p-values agree with SciPy, with their definition, and with what they promise."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from perron.methods.statistics.false_discovery import q_values

controls = pytest.mark.parametrize("control", ["bh", "by"])
Control = Literal["bh", "by"]


def by_definition(p: list[float], control: Control) -> list[float]:
    """For each test, the smallest rate at which the step-up procedure rejects it."""
    m = len(p)
    factor = sum(1 / k for k in range(1, m + 1)) if control == "by" else 1.0
    answer = []
    for value in p:
        best = 1.0
        for threshold in p:
            if threshold >= value:
                rank = sum(other <= threshold for other in p)
                best = min(best, threshold * m * factor / rank)
        answer.append(best)
    return answer


@controls
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_are_those_of_scipy_and_of_the_definition(
    control: Control, p: list[float]
) -> None:
    found = q_values(p, control)
    np.testing.assert_allclose(
        found, stats.false_discovery_control(p, method=control), rtol=1e-12, atol=1e-300
    )
    np.testing.assert_allclose(found, by_definition(p, control), rtol=1e-12, atol=1e-300)


def test_the_first_published_example_rejects_four_of_fifteen() -> None:
    # Benjamini and Hochberg (1995), section 3.2.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert int((q_values(p) <= 0.05).sum()) == 4


@controls
def test_what_was_not_tested_stays_so_and_does_not_count(control: Control) -> None:
    p = np.array([[0.01, np.nan, 0.2], [np.nan, 0.03, 0.5]])
    found = q_values(p, control)
    assert np.isnan(found[[0, 1], [1, 0]]).all()
    np.testing.assert_array_equal(found[~np.isnan(p)], q_values(p[~np.isnan(p)], control))


@controls
@pytest.mark.parametrize("p", [[], [np.nan, np.nan]])
def test_no_test_at_all_gives_no_value(control: Control, p: list[float]) -> None:
    np.testing.assert_array_equal(q_values(p, control), p)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_tests_does_not_matter(p: list[float], random: object) -> None:
    order = random.sample(range(len(p)), len(p))  # type: ignore[attr-defined]
    np.testing.assert_allclose(
        q_values(np.array(p)[order]), q_values(p)[order], rtol=1e-12, atol=1e-300
    )


def test_a_wrong_p_value_or_control_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a p-value is 1.5"):
        q_values([0.2, 1.5])
    with pytest.raises(ValueError, match="control is 'holm'"):
        q_values([0.2], "holm")  # type: ignore[arg-type]
