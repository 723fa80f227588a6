"""What a driver touches: parts that never overlap, bounds that hold the truth, nothing hidden told."""

from __future__ import annotations

import numpy as np
import pytest

from perron.lake.provenance import State
from perron.site.directory.activities import ALL, UNKNOWN, activities
from perron.site.directory.business import counts
from perron.site.directory.jobs import STRUCTURAL, regional_jobs
from perron.site.directory.selectors import catalogue
from perron.site.economy.panels import enterprises_by_place
from perron.site.strategy.exposures import exposedness, partition

pytestmark = pytest.mark.usefixtures("shipped_home")
#: What the carbon border touches.
STEEL = (("2410", None), ("2420", None), ("2431", None), ("2351", None), ("3511", None))


def test_the_parts_cover_every_activity_once_whatever_is_named() -> None:
    tree, shown = activities(catalogue()), counts(catalogue())
    for named in ([], ["2410"], ["C", "24", "2410", "24100"], ["43", "4399", "43999"]):
        cut = partition(tree, shown.columns, named)
        assert len(cut) == len(set(cut))
        for leaf in tree.by_code.values():
            if leaf.children:
                continue
            above = [a.code for a in tree.lineage(leaf.code)]
            assert sum(code in cut for code in above) == 1, leaf.code


def test_the_count_is_the_sum_of_what_is_published() -> None:
    shown = counts(catalogue())
    found = exposedness(catalogue(), "fr", (("45", None), ("29", None)))
    expected = sum(shown("60000", "enterprises", code).value or 0 for code in ("45", "29"))
    assert found.count.value == expected
    whole = sum(
        sign * (shown("60000", "enterprises", code).value or 0)
        for code, sign in ((ALL, 1), (UNKNOWN, -1))
    )
    assert found.enterprises.value == pytest.approx(100 * expected / whole)


def test_the_finest_activity_named_decides() -> None:
    shown = counts(catalogue())
    found = exposedness(catalogue(), "fr", (("24", 0.5), ("2410", 1.0)))
    steel = shown("60000", "enterprises", "2410").value or 0
    metal = shown("60000", "enterprises", "24").value or 0
    whole = 77_555 - 19  # Statbel 2019: all, less those of unknown activity
    assert found.count.value == metal
    assert found.degree.value == pytest.approx(100 * (steel + 0.5 * (metal - steel)) / whole)


def test_a_hidden_count_gives_bounds_that_hold_the_truth_and_never_a_value() -> None:
    found = exposedness(catalogue(), "fr", STEEL)
    assert found.enterprises.value is None
    assert found.enterprises.state is State.SUPPRESSED
    assert found.count.state is State.SUPPRESSED
    full = enterprises_by_place(catalogue(), "province", 4).loc["60000"]
    truth = 100 * sum(full.get(code, 0.0) for code, _share in STEEL) / (77_555 - 19)
    low, high = found.enterprises.low, found.enterprises.high
    assert low is not None
    assert high is not None
    assert low - 1e-9 <= truth <= high + 1e-9
    assert high > low


def test_bounds_come_from_published_counts_alone() -> None:
    shown = counts(catalogue())
    found = exposedness(catalogue(), "fr", STEEL)
    published = sum(
        cell.value
        for code, _share in STEEL
        if (cell := shown("60000", "enterprises", code)).value is not None
    )
    assert (found.enterprises.low or 0) == pytest.approx(100 * published / (77_555 - 19), rel=1e-3)


def test_a_commune_is_shown_down_to_divisions_and_says_so_by_bounds() -> None:
    found = exposedness(catalogue(), "fr", (("2410", None),), "62063")
    assert found.count.state is State.NOT_MEASURED
    assert found.enterprises.value is None
    assert found.enterprises.low == 0.0
    division = counts(catalogue())("62063", "enterprises", "24").value
    assert division is not None
    assert (found.enterprises.high or 0) > 0


def test_jobs_are_shares_of_the_divisions_that_eurostat_publishes() -> None:
    found = exposedness(catalogue(), "fr", (("24", None),))
    jobs = regional_jobs(catalogue()).cells
    metal = jobs[STRUCTURAL, "BE33", "C24", "2015"].value
    whole = sum(
        jobs[STRUCTURAL, "BE33", section, "2015"].value or 0.0 for section in "BCDEFGHIJLMN"
    )
    assert metal is not None
    assert found.jobs.value == pytest.approx(100 * metal / whole)
    assert found.jobs.period == "2015"


def test_an_activity_finer_than_a_division_leaves_bounds_for_jobs() -> None:
    found = exposedness(catalogue(), "fr", (("2540", 1.0),))
    whole_division = exposedness(catalogue(), "fr", (("25", 1.0),)).jobs.value
    assert found.jobs.value is None
    assert found.jobs.state is State.UNKNOWN
    assert found.jobs.low == 0.0
    assert found.jobs.high == pytest.approx(whole_division)


@pytest.mark.parametrize(
    ("place", "named"), [("62000", (("24", None),)), ("60000", (("86", None),))]
)
def test_jobs_that_nobody_counts_are_not_measured(
    place: str, named: tuple[tuple[str, None], ...]
) -> None:
    assert exposedness(catalogue(), "fr", named, place).jobs.state is State.NOT_MEASURED


def test_an_unknown_share_is_anything_from_nothing_to_all() -> None:
    found = exposedness(catalogue(), "fr", (("45", None), ("29", 1.0)))
    certain = exposedness(catalogue(), "fr", (("29", 1.0),)).enterprises.value
    every = found.enterprises.value
    assert found.degrees_known
    assert found.degree.value is None
    assert found.degree.low == pytest.approx(certain)
    assert found.degree.high == pytest.approx(every)


def test_nothing_named_touches_nothing() -> None:
    found = exposedness(catalogue(), "fr", ())
    assert found.count.state is State.ZERO
    assert found.sections == ()
    assert not np.isnan(found.enterprises.value or 0.0)
