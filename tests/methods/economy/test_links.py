"""Links by flows and by shared skills agree with their formulas, carry their reason, keep their rules."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.links import (
    input_output_links,
    input_shares,
    output_shares,
    shared_skill_links,
    strongest_flows,
    strongest_skills,
)

NAN = float("nan")
FLOWS = st.integers(1, 6).flatmap(
    lambda n: arrays(float, (n, n), elements=st.integers(0, 9).map(float))
)
NEEDS = st.tuples(st.integers(1, 5), st.integers(2, 7)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(0, 9).map(float)).filter(
        lambda found: bool((found.sum(axis=1) > 0).all())
    )
)
#: Domestic intermediate flows of Belgium 2015, million euro, from row to column: basic metals, metal
#: products, machinery (Federal Planning Bureau, 64 branches); totals with all 64 branches.
METALS = pd.DataFrame(
    [[2194.0, 631, 259], [523, 1041, 265], [31, 35, 556]],
    index=["24", "25", "28"],
    columns=["24", "25", "28"],
)
SOLD = pd.Series({"24": 4684.0, "25": 5419, "28": 1559})
BOUGHT = pd.Series({"24": 6725.0, "25": 5060, "28": 2622})


def quiet(function, *arguments, **options):  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        return function(*arguments, **options)


# A slow second implementation, straight from the formulas


def slow_link(flows: np.ndarray, i: int, j: int) -> float:
    n = len(flows)
    found = []
    for a, b in ((i, j), (j, i)):
        bought, sold = sum(flows[k, a] for k in range(n)), sum(flows[a, k] for k in range(n))
        if bought:
            found.append(flows[b, a] / bought)
        if sold:
            found.append(flows[a, b] / sold)
        if not bought and not sold:
            return NAN
    return max(found)


def slow_skill_link(needs: np.ndarray, i: int, j: int, reference: str) -> float:
    n = needs.shape[1]
    base = {
        "all": [needs[:, o].sum() / needs.sum() for o in range(n)],
        "equal": [1 / n] * n,
        "none": [0.0] * n,
    }[reference]
    a, b = ([needs[k, o] / sum(needs[k]) - base[o] for o in range(n)] for k in (i, j))
    sizes = [sum(x * x for x in v) ** 0.5 for v in (a, b)]
    if min(sizes) < 1e-12:
        return NAN
    return sum(x * y for x, y in zip(a, b, strict=True)) / sizes[0] / sizes[1]


@settings(max_examples=80, deadline=None)
@given(flows=FLOWS)
def test_a_link_is_the_largest_of_the_four_shares(flows: np.ndarray) -> None:
    found = quiet(input_output_links, flows)
    for i in range(len(flows)):
        for j in range(len(flows)):
            if i != j:
                expected = slow_link(flows, i, j)
                assert found[i, j] == pytest.approx(expected, rel=1e-12, nan_ok=True)


@settings(max_examples=80, deadline=None)
@given(needs=NEEDS, reference=st.sampled_from(["all", "equal", "none"]))
def test_a_skill_link_is_the_cosine_of_what_two_sectors_lean_to(
    needs: np.ndarray, reference: str
) -> None:
    found = shared_skill_links(needs, reference=reference)
    expected = [
        [slow_skill_link(needs, i, j, reference) for j in range(len(needs))]
        for i in range(len(needs))
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(needs=NEEDS)
def test_with_equal_shares_it_is_the_correlation_of_ellison_glaeser_and_kerr(
    needs: np.ndarray,
) -> None:
    found = shared_skill_links(needs, reference="equal")
    flat = needs.std(axis=1) < 1e-9
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.atleast_2d(np.corrcoef(needs))
    expected[flat, :] = expected[:, flat] = NAN
    np.testing.assert_allclose(found, expected, atol=1e-9)


# Properties


@settings(max_examples=60, deadline=None)
@given(flows=FLOWS, seed=st.integers(0, 2**32 - 1))
def test_links_are_symmetric_bounded_and_follow_the_order(flows: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(flows))
    links = quiet(input_output_links, flows)
    np.testing.assert_array_equal(links, links.T)
    assert ((links >= 0) & (links <= 1) | np.isnan(links)).all()
    mixed = quiet(input_output_links, flows[order][:, order] * 1000)
    np.testing.assert_allclose(mixed, links[order][:, order], rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(needs=NEEDS, seed=st.integers(0, 2**32 - 1))
def test_skill_links_do_not_depend_on_the_order_of_skills(needs: np.ndarray, seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows, skills = draw.permutation(len(needs)), draw.permutation(needs.shape[1])
    links = shared_skill_links(needs)
    mixed = shared_skill_links(needs[rows][:, skills] * 10)
    np.testing.assert_allclose(mixed, links[rows][:, rows], atol=1e-9)
    np.testing.assert_array_equal(links, links.T)


@settings(max_examples=30, deadline=None)
@given(flows=FLOWS, direction=st.sampled_from(["both", "inputs", "outputs"]))
def test_the_reason_of_a_flow_link_is_the_share_that_makes_it(
    flows: np.ndarray, direction: str
) -> None:
    links = quiet(input_output_links, flows, direction=direction)
    pairs = [(i, j) for i in range(len(flows)) for j in range(len(flows)) if i != j]
    reasons = strongest_flows(flows, pairs, direction=direction)
    for (i, j), reason in zip(pairs, reasons.itertuples(), strict=True):
        if not links[i, j] > 0:
            assert reason.seller is None
            assert np.isnan(reason.flow)
            continue
        assert reason.share == links[i, j]
        assert {reason.seller, reason.buyer} == {i, j}
        assert direction in ("both", reason.share_of)
        assert reason.flow == flows[reason.seller, reason.buyer]
        over = flows[:, reason.buyer] if reason.share_of == "inputs" else flows[reason.seller]
        assert reason.share == pytest.approx(reason.flow / over.sum())


@settings(max_examples=60, deadline=None)
@given(needs=NEEDS)
def test_the_skills_shown_are_needed_by_both_and_add_up_within_the_link(needs: np.ndarray) -> None:
    links = shared_skill_links(needs)
    found = strongest_skills(needs, [(0, len(needs) - 1)], top=needs.shape[1])
    if np.isnan(links[0, -1]):
        assert found.empty
        return
    assert (found.share_a > found.share_reference).all()
    assert (found.share_b > found.share_reference).all()
    assert found.part.is_monotonic_decreasing
    shares = needs / needs.sum(axis=1, keepdims=True) - needs.sum(axis=0) / needs.sum()
    parts = shares[0] * shares[-1] / np.linalg.norm(shares[0]) / np.linalg.norm(shares[-1])
    assert parts.sum() == pytest.approx(links[0, -1], abs=1e-9)
    for row in found.itertuples():
        assert row.part == pytest.approx(parts[row.skill], abs=1e-9)


# Real figures, by hand


def test_basic_metals_depend_on_metal_products_as_their_customer() -> None:
    links = input_output_links(METALS, inputs=BOUGHT, outputs=SOLD)
    assert links.loc["24", "25"] == pytest.approx(631 / 4684)
    assert links.loc["25", "28"] == pytest.approx(265 / 2622)
    by_supply = input_output_links(METALS, inputs=BOUGHT, outputs=SOLD, direction="inputs")
    assert by_supply.loc["24", "25"] == pytest.approx(631 / 5060)
    reason = strongest_flows(METALS, [("25", "24")], inputs=BOUGHT, outputs=SOLD).iloc[0]
    assert reason.to_dict() == {
        "sector_a": "25",
        "sector_b": "24",
        "seller": "24",
        "buyer": "25",
        "share_of": "outputs",
        "share": pytest.approx(631 / 4684),
        "flow": 631.0,
    }


# Rules


def test_an_unknown_flow_makes_unknown_what_it_enters() -> None:
    flows = np.array([[1.0, 5, 2], [NAN, 3, 1], [4, 2, 6]])
    bought, sold = input_shares(flows), output_shares(flows)
    assert np.isnan(bought[0]).all()
    assert np.isnan(sold[1]).all()
    assert np.isfinite(bought[1:]).all()
    links = input_output_links(flows)
    assert np.isnan(links[0, 1:]).all()
    assert np.isnan(links[1, 2])
    known = input_output_links(flows, inputs=[10, 10, 10], outputs=[10, 10, 13])
    assert np.isnan(known[0, 1])
    assert known[0, 2] == pytest.approx(4 / 10)
    assert known[1, 2] == pytest.approx(2 / 10)
    assert strongest_flows(flows, [(0, 1)]).iloc[0]["seller"] is None


def test_a_sector_that_only_buys_keeps_its_links_and_one_that_trades_nothing_has_none() -> None:
    flows = pd.DataFrame(
        [[0.0, 6, 0], [0, 0, 0], [0, 0, 0]], index=list("abc"), columns=list("abc")
    )
    with pytest.warns(EmptyWarning) as told:
        links = input_output_links(flows)
    assert told[0].message.names == ("c",)
    assert links.loc["a", "b"] == 1
    assert links.loc["c"].isna().all()
    assert links["c"].isna().all()
    with pytest.warns(EmptyWarning) as told:
        bought = input_shares(flows)
    assert told[0].message.names == ("a", "c")
    assert bought.loc["a"].isna().all()


def test_a_skill_not_known_costs_its_own_sector_only() -> None:
    needs = np.array([[1.0, 2, 3], [NAN, 1, 1], [3, 1, 1]])
    links = shared_skill_links(needs)
    assert np.isnan(links[1]).all()
    assert np.isnan(links[:, 1]).all()
    np.testing.assert_allclose(links[[0, 2]][:, [0, 2]], shared_skill_links(needs[[0, 2]]))


def test_a_sector_that_needs_nothing_or_just_what_all_need_has_no_link() -> None:
    needs = pd.DataFrame([[0.0, 0], [1, 1], [1, 3], [3, 1]], index=list("abcd"))
    with pytest.warns(EmptyWarning) as told:
        links = shared_skill_links(needs)
    assert told[0].message.names == ("a",)
    assert links.loc[["a", "b"]].isna().all().all()
    assert links.loc["c", "d"] == pytest.approx(-1)
    assert links.index.equals(links.columns)


def test_what_rounding_leaves_of_equal_profiles_is_no_direction() -> None:
    needs = np.outer([1.0, 3, 7, 0.3], [0.1, 0.2, 0.3, 0.7])
    assert np.isnan(shared_skill_links(needs)).all()


def test_a_reference_of_skills_is_matched_by_label() -> None:
    needs = pd.DataFrame([[1.0, 2, 3], [3, 1, 1]], index=["a", "b"], columns=["x", "y", "z"])
    reference = pd.Series({"z": 50.0, "y": 25.0, "x": 25.0})
    assert shared_skill_links(needs, reference=reference).loc["a", "b"] == pytest.approx(
        shared_skill_links(needs.to_numpy(), reference=np.array([25.0, 25, 50]))[0, 1]
    )
    with pytest.raises(ValueError, match="skill 'x' is not in it"):
        shared_skill_links(needs, reference=reference.drop("x"))


def test_the_diagonal_is_an_argument() -> None:
    assert np.diag(input_output_links(METALS, diagonal=1.0)).tolist() == [1, 1, 1]
    needs = np.array([[1.0, 2, 3], [3, 1, 1]])
    assert np.diag(shared_skill_links(needs, diagonal=0.0)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("flows", "options", "told"),
    [
        ([[1.0, 2]], {}, "as many rows as columns"),
        (pd.DataFrame([[1.0, 2], [3, 4]], index=list("ab"), columns=list("ba")), {}, "same order"),
        (
            pd.DataFrame([[1.0, -2], [3, 4]], index=list("ab"), columns=list("ab")),
            {},
            "from a to b",
        ),
        ([[1.0, 2], [3, 4]], {"inputs": [1, 9]}, "above the total"),
        ([[1.0, 2], [3, 4]], {"outputs": [9]}, "expected 2 sectors"),
        ([[1.0, 2], [3, 4]], {"direction": "up"}, "expected both, inputs or outputs"),
    ],
)
def test_what_is_wrong_with_flows_is_told(
    flows: object, options: dict[str, object], told: str
) -> None:
    given_flows = flows if isinstance(flows, pd.DataFrame) else np.array(flows)
    with pytest.raises(ValueError, match=told):
        input_output_links(given_flows, **options)


def test_what_is_wrong_with_needs_and_pairs_is_told() -> None:
    needs = np.array([[1.0, 2], [3, 4]])
    with pytest.raises(ValueError, match="negative"):
        shared_skill_links(-needs)
    with pytest.raises(ValueError, match="expected all, equal, none"):
        shared_skill_links(needs, reference="others")
    with pytest.raises(ValueError, match="no sector 2"):
        strongest_skills(needs, [(0, 2)])
    with pytest.raises(ValueError, match="no sector 'x'"):
        strongest_flows(METALS, [("24", "x")])
    with pytest.raises(ValueError, match="expected 1 or more"):
        strongest_skills(needs, [(0, 1)], top=0)
