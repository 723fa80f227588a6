"""Verdict and grade: words that follow from the value, its range and where it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perron.methods.statistics.expectations import Proof, grade, growth, verdict

numbers = st.floats(allow_nan=False, allow_infinity=False)
ends = st.tuples(st.none() | numbers, st.none() | numbers).filter(
    lambda pair: pair != (None, None) and (None in pair or pair[0] <= pair[1])
)


@given(numbers, ends)
def test_there_is_one_verdict_and_the_ends_of_the_range_are_in_it(value, pair):
    low, high = pair
    found = verdict(value, low, high)
    assert (found == "below") == (low is not None and value < low)
    assert (found == "above") == (high is not None and value > high)
    for end in pair:
        assert end is None or verdict(end, low, high) == "held"


@given(ends)
def test_without_a_value_nothing_is_said_whatever_the_range(pair):
    for nothing in (None, float("nan")):
        assert verdict(nothing, *pair) == "unknown"
        assert grade(nothing, *pair, Proof(published=True)) == "not_measured"


@given(numbers, ends, numbers, numbers)
def test_attested_asks_for_one_verdict_over_the_whole_interval(value, pair, one, other):
    low, high = sorted((one, other, value))[::2]
    found = grade(value, *pair, Proof(published=True, low=low, high=high))
    verdicts = {verdict(v, *pair) for v in (low, value, high)}
    assert found == ("attested" if len(verdicts) == 1 else "probable")
    assert grade(value, *pair, Proof(published=True, exact=False, low=low, high=high)) == "probable"


def test_a_person_is_believed_as_far_as_the_document_goes():
    assert grade(3.0, 1.0, None, Proof(published=False)) == "claimed"
    assert grade(3.0, 1.0, None, Proof(published=False, document=True)) == "probable"
    assert grade(0.0, 1.0, None, Proof(published=True)) == "attested"


@pytest.mark.parametrize(("low", "high"), [(None, None), (2.0, 1.0)])
def test_a_range_that_is_none_is_refused(low, high):
    with pytest.raises(ValueError, match="end"):
        verdict(1.0, low, high)


def test_growth_needs_where_it_began():
    assert growth(544_800, 508_500) == pytest.approx(-6.663, abs=0.001)
    assert growth(None, 1.0) is growth(0.0, 1.0) is growth(1.0, None) is None
