"""Shift-share gives REAT's published figures, adds up, and follows its stated rules."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.shift_share import (
    COMPONENTS,
    Decomposition,
    Method,
    dynamic_shift_share,
    shift_share,
    shift_share_by_sector,
)

DATA = Path(__file__).parents[2] / "conformity" / "data"
INPUTS = pd.read_csv(DATA / "shift_share_inputs.csv")
EXPECTED = pd.read_csv(DATA / "shift_share_expected.csv")
LAENDER = pd.read_csv(DATA / "shift_share_laender.csv")
ADDITIVE = [Method.DUNN, Method.ESTEBAN, Method.ARCELUS]
#: The parts that add up to the growth.
PARTS = {
    Method.DUNN: ("national_share", "industrial_mix", "regional_share"),
    Method.ESTEBAN: COMPONENTS[Method.ESTEBAN][1:],
    Method.ARCELUS: COMPONENTS[Method.ARCELUS][1:],
}


def two_dates(case: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.Series]:
    rows = INPUTS[INPUTS.case == case]
    start, end = (
        rows.pivot_table(index="region", columns="sector", values=date, sort=False).astype(float)
        for date in ("start", "end")
    )
    base = start.loc["base"], end.loc["base"]
    return start.drop("base"), end.drop("base"), *base


def laender() -> tuple[dict[int, pd.DataFrame], dict[int, pd.Series]]:
    by_year = {
        int(year): rows.pivot_table(index="region", columns="sector", values="persons").astype(
            float
        )
        for year, rows in LAENDER.groupby("year")
    }
    base = {year: frame.loc["base"] for year, frame in by_year.items()}
    return {year: frame.drop("base") for year, frame in by_year.items()}, base


# Values from an independent source


@pytest.mark.parametrize("method", [Method.DUNN, Method.ESTEBAN, Method.GERFIN])
@pytest.mark.parametrize("case", ["farhauer_kroell", "freiburg", "liege"])
def test_components_are_those_of_reat(case: str, method: Method) -> None:
    start, end, *base = two_dates(case)
    found = shift_share(start, end, *base, method).frame().stack()
    rows = EXPECTED[
        (EXPECTED.method == method) & EXPECTED.sector.isna() & EXPECTED.region.isin(start.index)
    ]
    assert len(rows) or (case, method) == ("liege", Method.GERFIN)  # REAT was not run for that one
    size = start.to_numpy().sum()
    for row in rows.itertuples():
        # The tables print 14 decimals of sums of that size: a part near 0 has fewer right digits.
        assert found[row.region, row.component] == pytest.approx(
            row.value, rel=1e-9, abs=1e-13 * size
        )


def test_sectors_are_those_of_reat() -> None:
    start, end, *base = two_dates("freiburg")
    rows = EXPECTED[EXPECTED.sector.notna()].set_index(["method", "component", "sector"]).value
    dunn = shift_share_by_sector(start, end, *base).frame().loc["freiburg"]
    gerfin = shift_share_by_sector(start, end, *base, Method.GERFIN).frame().loc["freiburg"]
    for sector in start.columns:
        seen = dunn.loc[sector]
        assert seen["growth"] == rows["dunn", "growth", sector]
        # REAT's national share of a sector is its own national growth: share and mix together.
        assert seen["national_share"] + seen["industrial_mix"] == pytest.approx(
            rows["dunn", "national_share", sector], rel=1e-9
        )
        for name in ("regional_share", "net_total_shift"):  # REAT prints the same in both
            assert seen["regional_share"] == pytest.approx(rows["dunn", name, sector], rel=1e-9)
        assert gerfin.loc[sector, "regional_share"] == pytest.approx(
            rows["gerfin", "regional_share", sector], rel=1e-9
        )


def test_shifts_of_all_laender_cancel_out() -> None:
    jobs, base = laender()
    summed = {year: frame.sum() for year, frame in jobs.items()}
    gap = max(float((summed[year] / base[year] - 1).abs().max()) for year in base)
    assert gap < 1e-4  # the published total differs from the sum by a few persons
    for method in (Method.DUNN, Method.ESTEBAN):
        found = shift_share(jobs[2008], jobs[2014], summed[2008], summed[2014], method).frame()
        national = found["national_share"].sum()
        assert found["growth"].sum() == pytest.approx(national)
        assert found["industrial_mix"].sum() == pytest.approx(0, abs=1e-9 * national)


# A second implementation, straight from the formulas


def obvious(
    x: np.ndarray, y: np.ndarray, base: np.ndarray, then: np.ndarray, method: Method
) -> list[float]:
    """One region, every start above 0."""
    total, end, all_base, all_then = sum(x), sum(y), sum(base), sum(then)
    pace, own = all_then / all_base - 1, end / total - 1
    sums = [0.0] * (8 if method is Method.ARCELUS else 4)
    for i in range(len(x)):
        of_base, of_region = then[i] / base[i] - 1, y[i] / x[i] - 1
        alike = total * base[i] / all_base
        if method is Method.DUNN:
            terms = [x[i] * pace, x[i] * (of_base - pace), x[i] * (of_region - of_base)]
            terms.append(terms[1] + terms[2])
        elif method is Method.ESTEBAN:
            terms = [x[i] * pace, x[i] * (of_base - pace), alike * (of_region - of_base)]
            terms.append((x[i] - alike) * (of_region - of_base))
        else:
            effects = (pace, of_base - pace, own - pace, (of_region - own) - (of_base - pace))
            terms = [t for e in effects for t in (alike * e, (x[i] - alike) * e)]
        sums = [a + b for a, b in zip(sums, terms, strict=True)]
    return [end - total, *sums]


def counts(rows: int, columns: int, least: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, (rows, columns), elements=st.integers(least, 5000).map(float))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(1, 5), st.sampled_from(ADDITIVE))
def test_formulas_written_out_give_the_same(
    data: st.DataObject, regions: int, sectors: int, method: Method
) -> None:
    x, y, base = (data.draw(counts(n, sectors, 1)) for n in (regions, regions, 2))
    found = shift_share(x, y, *base, method).values
    for r in range(regions):
        assert found[r] == pytest.approx(obvious(x[r], y[r], *base, method), rel=1e-9, abs=1e-6)


# Properties


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(1, 5), st.sampled_from(ADDITIVE))
def test_parts_add_up_to_the_growth_even_where_there_was_nothing(
    data: st.DataObject, regions: int, sectors: int, method: Method
) -> None:
    x, y, base = (data.draw(counts(n, sectors, 0)) for n in (regions, regions, 2))
    base[0] += x.sum(axis=0)  # the base contains the regions
    if base[0].sum() == 0:
        base[0, 0] = 1
    found = shift_share(x, y, *base, method)
    parts = sum(found.part(name) for name in PARTS[method])
    assert found.part("growth") == pytest.approx(y.sum(axis=1) - x.sum(axis=1))
    assert parts == pytest.approx(found.part("growth"), abs=1e-9 * (1 + x.sum() + y.sum()))
    by_sector = shift_share_by_sector(x, y, *base, method).values
    assert by_sector.sum(axis=1) == pytest.approx(found.values, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from([*ADDITIVE, Method.GERFIN]))
def test_order_and_unit_of_the_input_do_not_matter(data: st.DataObject, method: Method) -> None:
    x, y, base = (data.draw(counts(n, 4, 1)) for n in (3, 3, 2))
    found = shift_share(x, y, *base, method).values
    rows, columns = data.draw(st.permutations(range(3))), data.draw(st.permutations(range(4)))
    pick = np.ix_(rows, columns)
    moved = shift_share(x[pick], y[pick], *base[:, columns], method).values
    assert moved == pytest.approx(found[rows], rel=1e-9, abs=1e-6)
    scale = 1 if method is Method.GERFIN else 10
    tens = shift_share(10 * x, 10 * y, *(10 * base), method).values
    assert tens == pytest.approx(scale * found, rel=1e-9, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_gerfin_factors_multiply(data: st.DataObject) -> None:
    x, y, base = (data.draw(counts(n, 3, 1)) for n in (2, 2, 2))
    found = shift_share(x, y, *base, Method.GERFIN)
    product = found.part("industrial_mix") * found.part("regional_share")
    assert product == pytest.approx(found.part("net_total_shift"))
    growth = y.sum(axis=1) / x.sum(axis=1)
    assert found.part("net_total_shift") * base[1].sum() / base[0].sum() == pytest.approx(growth)


def test_a_region_like_its_base_has_only_a_national_share() -> None:
    base = np.array([100.0, 300.0]), np.array([120.0, 330.0])
    found = shift_share(base[0][None] / 10, base[1][None] / 10, *base).values[0]
    assert found == pytest.approx([5, 5, 0, 0, 0])


# Years


def test_dynamic_is_the_sum_of_one_year_dunn() -> None:
    jobs, base = laender()
    found = dynamic_shift_share(jobs, base)
    assert found.years == tuple(range(2008, 2015))
    assert found.total.method is Method.DYNAMIC
    for region in ("Bayern", "Berlin", "Saarland"):
        summed = [0.0] * 5
        for year in range(2008, 2014):
            pair = [frame.loc[region].to_numpy() for frame in (jobs[year], jobs[year + 1])]
            of_base = [base[year].to_numpy(), base[year + 1].to_numpy()]
            year_parts = obvious(*pair, *of_base, Method.DUNN)
            summed = [a + b for a, b in zip(summed, year_parts, strict=True)]
        assert found.total.frame().loc[region].tolist() == pytest.approx(summed, rel=1e-9)
    two = shift_share(jobs[2008], jobs[2014], base[2008], base[2014]).frame()
    assert found.total.frame()["growth"].tolist() == two["growth"].tolist()
    assert abs(found.total.frame()["industrial_mix"] - two["industrial_mix"]).max() > 100


@pytest.mark.parametrize("method", ADDITIVE)
def test_dynamic_of_one_year_is_that_method(method: Method) -> None:
    jobs, base = laender()
    pair, of_base = {y: jobs[y] for y in (2008, 2009)}, {y: base[y] for y in (2008, 2009)}
    once = shift_share(jobs[2008], jobs[2009], base[2008], base[2009], method)
    found = dynamic_shift_share(pair, of_base, method)
    assert found.total.values.tolist() == once.values.tolist()


def test_dynamic_takes_arrays_and_frames_of_the_base_alike() -> None:
    jobs, base = laender()
    cube = np.stack([frame.to_numpy() for frame in jobs.values()])
    of_base = pd.DataFrame(base).T
    labelled = dynamic_shift_share(jobs, of_base).total
    plain = dynamic_shift_share(cube, of_base.to_numpy()).total
    assert plain.values.tolist() == labelled.values.tolist()
    assert isinstance(plain.part("growth"), np.ndarray)


def test_a_year_missing_in_the_middle_is_said() -> None:
    jobs, base = laender()
    del jobs[2010], jobs[2011]
    with pytest.raises(ValueError, match="no year 2010, 2011 between 2008 and 2014"):
        dynamic_shift_share(jobs, base)


# Stated rules


def test_a_sector_new_to_the_region_is_its_own_doing() -> None:
    x, y = np.array([[100.0, 0.0]]), np.array([[100.0, 40.0]])
    base = np.array([1000.0, 100.0]), np.array([1000.0, 200.0])
    dunn = shift_share_by_sector(x, y, *base).frame().loc[(0, 1)]
    assert dunn.tolist() == [40, 0, 0, 40, 40]
    esteban = shift_share_by_sector(x, y, *base, "esteban").frame().loc[(0, 1)]
    assert esteban.tolist() == [40, 0, 0, 0, 40]
    arcelus = shift_share_by_sector(x, y, *base, "arcelus").frame().loc[(0, 1)]
    assert arcelus["regional_industrial_mix_expected"] == 0
    assert arcelus["regional_industrial_mix_differential"] == 40


def test_a_sector_that_the_base_did_not_have() -> None:
    x, y = np.array([[100.0, 0.0], [100.0, 5.0]]), np.array([[110.0, 40.0], [110.0, 6.0]])
    base = np.array([1000.0, 0.0]), np.array([1100.0, 50.0])
    with pytest.warns(EmptyWarning, match=r"1 empty sectors \(1\)"):
        found = shift_share(x, y, *base).frame()
    assert found.loc[0].tolist() == pytest.approx([50, 15, -5, 40, 35])
    assert found.loc[1, ["industrial_mix", "regional_share"]].isna().all()
    assert found.loc[1, "net_total_shift"] == pytest.approx(11 - 105 * 0.15)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no region had any: nothing is lost
        shift_share(x[:1], y[:1], *base)


@pytest.mark.parametrize("method", [*ADDITIVE, Method.GERFIN])
def test_a_cell_not_known_costs_its_region_only(method: Method) -> None:
    start, end, *base = two_dates("farhauer_kroell")
    whole = shift_share(start, end, *base, method).frame()
    for frame in (start, end):
        masked = frame.copy()
        masked.loc["B", "2"] = np.nan
        pair = (masked, end) if frame is start else (start, masked)
        found = shift_share(*pair, *base, method).frame()
        assert found.loc["B"].isna().all()
        assert found.drop("B").equals(whole.drop("B"))


def test_an_empty_region_costs_itself_only() -> None:
    x, y = np.array([[0.0, 0.0], [50.0, 50.0]]), np.array([[3.0, 0.0], [60.0, 50.0]])
    base = np.array([500.0, 500.0]), np.array([600.0, 500.0])
    with pytest.warns(EmptyWarning, match="1 empty regions"):
        gerfin = shift_share(x, y, *base, Method.GERFIN).values
    assert np.isnan(gerfin[0, :2]).all()
    assert gerfin[1] == pytest.approx([1, 1, 1])
    for method in ADDITIVE:
        found = shift_share(x, y, *base, method)
        assert found.part("growth").tolist() == [3, 10]
        assert sum(found.part(name) for name in PARTS[method])[0] == pytest.approx(3)


def test_labels_are_matched_not_positions() -> None:
    start, end, first, last = two_dates("farhauer_kroell")
    found = shift_share(start, end.iloc[::-1, ::-1], first.iloc[::-1], last)
    assert found.frame().equals(shift_share(start, end, first, last).frame())
    assert isinstance(found.part("growth"), pd.Series)
    cells = shift_share_by_sector(start, end, first, last).part("growth")
    assert cells.equals(end - start)


def test_single_region_and_single_sector() -> None:
    one = np.array([[100.0]]), np.array([[90.0]]), np.array([1000.0]), np.array([1100.0])
    assert shift_share(*one).values[0] == pytest.approx([-10, 10, 0, -20, -20])
    assert shift_share(*one, "esteban").values[0] == pytest.approx([-10, 10, 0, -20, 0])


X = np.array([[1.0, 2.0]])
FRAME = pd.DataFrame(X, index=["BE33"], columns=["A", "C"])
BASE = np.array([10.0, 20.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shift_share(X, X, BASE, BASE, "dun"), "'dun', expected one of dunn, esteban"),
        (lambda: shift_share(X, X, BASE, BASE, "dynamic"), "use dynamic_shift_share"),
        (lambda: shift_share(X, X[:, :1], BASE, BASE), r"end has shape \(1, 1\)"),
        (lambda: shift_share(X, -X, BASE, BASE), "end is negative"),
        (lambda: shift_share(X, X, -BASE, BASE), "base_start is negative at sector number 0"),
        (lambda: shift_share(X, X, 0 * BASE, BASE), "base_start holds nothing"),
        (lambda: shift_share(X, X, BASE[:1], BASE), r"base_start has shape \(1,\)"),
        (lambda: shift_share(X, X, BASE, np.array([1, np.nan])), "not known at sector number 1"),
        (lambda: shift_share(X, X, BASE, BASE * np.inf), "base_end is infinite"),
        (
            lambda: shift_share(FRAME, FRAME.rename(columns={"C": "F"}), BASE, BASE),
            "end: the sector 'F' is at one date and not the other",
        ),
        (
            lambda: shift_share(FRAME, FRAME.rename(index={"BE33": "BE32"}), BASE, BASE),
            "end: the region 'BE32' is at one date",
        ),
        (
            lambda: shift_share(FRAME, FRAME, pd.Series({"A": 1.0}), BASE),
            "base_start has no sector 'C'",
        ),
        (
            lambda: shift_share(FRAME, FRAME, pd.Series({"A": 1.0, "C": 1.0, "F": 1.0}), BASE),
            "base_start has a sector 'F' that the regions do not have",
        ),
        (lambda: shift_share(X, X, BASE, BASE).part("mix"), "dunn has no part 'mix'"),
        (lambda: dynamic_shift_share(X, BASE), "values has 2 dimensions"),
        (lambda: dynamic_shift_share({2008: X}, {2008: BASE}), "1 year, expected two"),
        (lambda: dynamic_shift_share({1: X, 2: X}, {1: BASE}), "base has no year 2"),
        (lambda: dynamic_shift_share(np.array([X, X]), BASE), r"base has shape \(2,\)"),
        (lambda: dynamic_shift_share({}, {}, "gerfin"), "do not add up over years"),
    ],
)
def test_bad_input_is_said_in_a_sentence(call: Callable[[], Decomposition], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
