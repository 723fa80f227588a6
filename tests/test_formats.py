"""Numbers, dates and periods, written one way everywhere; the examples of the docstrings run."""

from __future__ import annotations

import datetime
import doctest

import pytest

from perron import formats


@pytest.mark.parametrize(
    "module",
    [
        "perron.formats",
        "perron.site.components.charts",
        "perron.site.components.scales",
        "perron.site.components.maps",
        "perron.site.components.contrast",
        "perron.site.components.figures",
    ],
)
def test_the_examples_in_the_documentation_are_true(module):
    import importlib

    from django.utils import translation

    with translation.override("fr"):
        result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-0.4, 0, "0"), (-0.5, 0, "−1"),
        (1.005, 2, "1,01"), (1234567.891, 1, "1\u202f234\u202f567,9"), (1e-9, 2, "0,00"),
    ],
)  # fmt: skip
def test_rounding_is_half_away_from_zero_and_never_minus_zero(value, decimals, said):
    assert formats.number(value, decimals) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "1\u202f234,5"), ("en", "1,234.5"), ("nl", "1.234,5"), ("de", "1.234,5")],
)
def test_each_language_writes_a_number_its_own_way(language, said):
    assert formats.number(1234.5, 1, language) == said


def test_a_change_says_its_sign_but_nothing_has_none():
    assert formats.signed(0.4) == "0"
    assert formats.signed(-0.4) == "0"
    assert formats.signed(0.6) == "+1"


def test_an_unknown_language_is_written_as_french():
    assert formats.number(1.5, 1, "ja") == "1,5"
    assert formats.date(datetime.date(2026, 11, 23), "ja") == "23 novembre 2026"


def test_only_the_first_of_the_month_is_ordinal_in_french():
    assert formats.date(datetime.date(2026, 12, 1), style="full") == "mardi 1er décembre 2026"
    assert formats.date(datetime.date(2026, 12, 11)) == "11 décembre 2026"
    assert formats.date(datetime.date(2026, 12, 1), "en") == "1 December 2026"


@pytest.mark.parametrize("text", ["2023-13", "2023-Q5", "", "dernier trimestre"])
def test_a_period_that_is_none_is_shown_as_it_stands(text):
    assert formats.period(text) == text
