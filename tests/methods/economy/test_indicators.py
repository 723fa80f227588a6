"""All indicators of a year: the figures of the package ecomplexity and of EconGeo, masks and bounds kept."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conformity.tables import matrix, table
from tests.methods.economy.panels_of_counts import MASKED, drawn

from perron.methods.economy.indicators import indicators
from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.quotients import location_quotient

CELLS = [
    "lq",
    "lq_low",
    "lq_high",
    "lq_min",
    "lq_max",
    "specialised",
    "density",
    "distance",
    "opportunity_gain",
]


def beside(values: np.ndarray, threshold: float = 1.0) -> pd.DataFrame:
    """What the package ecomplexity finds, one row a cell."""
    from ecomplexity import ecomplexity

    regions, sectors = values.shape
    long = pd.DataFrame(
        {
            "year": 1,
            "region": np.repeat(np.arange(regions), sectors),
            "sector": np.tile(np.arange(sectors), regions),
            "value": values.ravel(),
        }
    )
    names = {"time": "year", "loc": "region", "prod": "sector", "val": "value"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return ecomplexity(
            long,
            names,
            rca_mcp_threshold=threshold,
            check_logsupermodularity=False,
            verbose=False,
        )


@pytest.mark.peers
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("more sectors", drawn(40, 70, 1)),
        ("more regions", drawn(90, 35, 2)),
        ("metropolitan areas", None),
        ("world trade", None),
    ],
)
def test_each_figure_is_that_of_ecomplexity(name: str, values: np.ndarray | None) -> None:
    if name == "metropolitan areas":
        values = matrix("us_cbp_2018_naics4").to_numpy()
    elif name == "world trade":
        values = matrix("world_trade_1998_2000").to_numpy()
    assert values is not None
    shape = values.shape
    peer = beside(values)
    found = indicators(values)
    ours: dict[str, Any] = {
        "rca": found.lq,
        "mcp": found.specialised,
        "diversity": found.diversity,
        "ubiquity": found.ubiquity,
        "density": found.density,
        "eci": found.complexity.eci,
        "pci": found.complexity.pci,
        "coi": found.coi,
        "cog": found.opportunity_gain,
    }
    for column, values_found in ours.items():
        theirs = peer[column].to_numpy(dtype=float).reshape(shape)
        if column in ("diversity", "eci", "coi"):
            theirs = theirs[:, 0]
        elif column in ("ubiquity", "pci"):
            theirs = theirs[0]
        # Relative to the figure, or to the standard deviation of 1 that most of them have.
        np.testing.assert_allclose(values_found, theirs, rtol=1e-9, atol=1e-9, err_msg=column)


def test_regions_and_sectors_are_those_of_econgeo() -> None:
    jobs = matrix("us_cbp_2018_naics4")
    found = indicators(jobs).regions()
    expected = table("econgeo_cbsa_specialisation").set_index("cbsa").reindex(jobs.index)
    for ours, theirs in (
        ("diversity", "diversity"),
        ("krugman", "krugman"),
        ("hachman", "hachman"),
        ("specialisation", "spec_coeff"),
        ("herfindahl", "herfindahl"),
    ):
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=1e-9, err_msg=ours)
    sectors = indicators(jobs).sectors()
    concentration = table("econgeo_naics_concentration").set_index("naics").reindex(jobs.columns)
    for column in set(concentration) & set(sectors):
        np.testing.assert_allclose(sectors[column], concentration[column], rtol=1e-9)
    assert {"ubiquity", "locational_gini"} & set(concentration)


def test_the_tables_have_the_columns_of_the_contract() -> None:
    found = indicators(drawn(12, 9, 3), parents=[0, 0, 0, 1, 1, 1, 2, 2, 2])
    assert list(found.cells()) == CELLS
    assert list(found.regions()) == [
        "diversity",
        "eci",
        "fitness",
        "coi",
        "herfindahl",
        "krugman",
        "hachman",
        "specialisation",
        "theil",
        "entropy",
        "related_variety",
        "unrelated_variety",
    ]
    assert list(found.sectors()) == ["ubiquity", "pci", "product_fitness", "locational_gini"]
    pairs = found.relatedness()
    assert list(pairs) == [
        "sector_a",
        "sector_b",
        "cooccurrence",
        "proximity",
        "cosine",
        "jaccard",
        "association",
        "probability",
        "z",
        "q_value",
    ]
    assert len(pairs) == 9 * 8 / 2
    assert (pairs["sector_a"] < pairs["sector_b"]).all()


def test_variety_is_that_of_its_parts_and_empty_without_parents() -> None:
    values = drawn(12, 9, 3)
    found = indicators(values, parents=[0, 0, 0, 1, 1, 1, 2, 2, 2]).regions()
    np.testing.assert_allclose(
        found["related_variety"] + found["unrelated_variety"], found["entropy"], rtol=1e-12
    )
    assert indicators(values).regions()["related_variety"].isna().all()


@settings(deadline=None, max_examples=40)
@given(MASKED)
def test_nothing_is_recommended_on_a_hidden_cell(values: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cells = indicators(values).cells()
    hidden = np.isnan(values)
    for name, found in cells.items():
        if name not in ("lq_min", "lq_max"):
            assert np.isnan(found[hidden]).all(), name


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 500), st.sampled_from([0.5, 1.0, 1.25]))
def test_the_order_of_the_panel_changes_nothing(seed: int, threshold: float) -> None:
    values = pd.DataFrame(drawn(12, 10, seed, hidden=0.1))
    shuffled = values.sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = indicators(values, threshold=threshold)
        other = indicators(shuffled, threshold=threshold)
        steady = one.complexity.gap > 1e-3 and one.complexity.anchor_correlation > 1e-3
        first, second = one.cells(), other.cells()
    for name, found in first.items():
        if name != "opportunity_gain" or steady:
            pd.testing.assert_frame_equal(
                second[name].loc[found.index, found.columns], found, atol=1e-7
            )


def test_an_empty_region_is_said_once_and_costs_only_itself() -> None:
    values = drawn(12, 9, 5)
    larger = np.vstack([values, np.zeros(9)])
    with pytest.warns(EmptyWarning) as caught:
        found = indicators(larger)
        regions, cells = found.regions(), found.cells()
    assert len(caught) == 1
    alone = indicators(values)
    pd.testing.assert_frame_equal(
        regions.iloc[:12][["diversity", "eci", "coi", "fitness"]],
        alone.regions()[["diversity", "eci", "coi", "fitness"]],
    )
    assert regions.iloc[12].drop(["theil"]).isna().all()
    np.testing.assert_allclose(cells["density"][:12], alone.density)
    assert np.isnan(cells["density"][12]).all()


# The real trap: confidential cells of European regions


def european() -> pd.DataFrame:
    return table("sbs_nuts2_divisions_2015").set_index("region")


def options(values: pd.DataFrame, region: str) -> pd.Series:
    """The densest sectors that a region is not specialised in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = indicators(values)
    around = found.density.loc[region][found.specialised.loc[region] == 0]
    return around.dropna().sort_values(ascending=False)


def test_postal_services_are_not_proposed_to_liege_from_a_hidden_cell() -> None:
    jobs = european()
    hidden = jobs.columns[jobs.loc["BE33"].isna()]
    assert set(hidden) == {"B08", "B09", "C19", "C31", "H51", "H53"}
    # The trap is real: zero in place of what is hidden makes postal services a first option.
    assert "H53" in options(jobs.fillna(0), "BE33").index[:8]
    proposed = options(jobs, "BE33")
    assert not set(hidden) & set(proposed.index)
    assert len(proposed) > 20


def test_what_hides_in_liege_does_not_change_what_is_proposed() -> None:
    """No option rests on a hidden cell: whatever these hold, each density stays within its bounds."""
    from perron.methods.economy.outlook import density_bounds

    jobs = european()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = indicators(jobs)
        low, high = density_bounds(found.specialised, found.proximity)
    known = found.specialised.loc["BE33"].notna()
    assert (low.loc["BE33"][known] <= found.density.loc["BE33"][known] + 1e-12).all()
    assert (high.loc["BE33"][known] >= found.density.loc["BE33"][known] - 1e-12).all()
    assert low.loc["BE33"][~known].isna().all()


def test_the_bounds_of_liege_hold_its_quotients() -> None:
    jobs = european()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cells = indicators(jobs).cells()
        quotients = location_quotient(jobs)
    known = quotients.loc["BE33"].notna()
    row = {name: cells[name].loc["BE33"][known] for name in ("lq_min", "lq_max")}
    assert (row["lq_min"] <= quotients.loc["BE33"][known] + 1e-12).all()
    assert (row["lq_max"] >= quotients.loc["BE33"][known] - 1e-12).all()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"threshold": 0}, "threshold is 0, expected a number above 0"),
        ({"diagonal": 0.5}, "diagonal is 0.5, expected 0 or 1"),
    ],
)
def test_an_option_out_of_range_is_refused(option: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        indicators(drawn(5, 5, 1), **option)


@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (1, 1)])
def test_a_single_region_or_sector_gives_what_can_be_said(shape: tuple[int, int]) -> None:
    values = np.arange(1.0, 1 + shape[0] * shape[1]).reshape(shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = indicators(values)
        assert (found.lq == 1).all()
        assert not found.specialised.any()
        assert found.regions()["eci"].isna().all()
        assert len(found.relatedness()) == shape[1] * (shape[1] - 1) // 2


def test_all_hidden_is_all_unknown() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = indicators(np.full((4, 5), np.nan))
        for name, values in found.cells().items():
            assert np.isnan(values).all(), name
        assert found.regions().isna().all().all()
