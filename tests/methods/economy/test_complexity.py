"""ECI, PCI and Fitness: published values, slow eigenvectors, one sign, and refusal where they say nothing."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conformity.tables import matrix, table
from tests.methods.economy.panels_of_counts import drawn

from perron.methods.economy.complexity import ComplexityWarning, eci_pci, fitness
from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.quotients import specialised

NAN = float("nan")
ANY_SIZE = (1, 1, 0.0)


def held_of(seed: int, regions: int = 30, sectors: int = 25) -> np.ndarray:
    return specialised(drawn(regions, sectors, seed))


def slow_indices(held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The eigenvector of the non-symmetric matrix of sectors, then the mean over what is held."""
    regions, sectors = held.shape
    diversity = [sum(held[r]) for r in range(regions)]
    ubiquity = [sum(held[:, i]) for i in range(sectors)]
    steps = np.zeros((sectors, sectors))
    for i, j in np.ndindex(sectors, sectors):
        steps[i, j] = sum(
            held[r, i] * held[r, j] / (ubiquity[i] * diversity[r]) for r in range(regions)
        )
    values, vectors = np.linalg.eig(steps)
    kp = np.real(vectors[:, np.argsort(-values.real)[1]])
    kc = np.array([sum(held[r] * kp) / diversity[r] for r in range(regions)])
    if np.corrcoef(diversity, kc)[0, 1] < 0:
        kc, kp = -kc, -kp
    return (kc - kc.mean()) / kc.std(), (kp - kc.mean()) / kc.std()


# Values from an independent source


def test_fitness_of_countries_and_products_is_that_shipped_with_economiccomplexity() -> None:
    found = fitness(specialised(matrix("world_trade_1998_2000")), updates=19)
    for name, values in (("country", found.fitness), ("product", found.product_fitness)):
        expected = table(f"world_trade_1998_2000_expected_{name}").set_index(name).iloc[:, 0]
        assert len(expected) == len(values)
        np.testing.assert_allclose(values.reindex(expected.index), expected, rtol=1e-12)


# A second implementation, and what follows from the definition


@pytest.mark.parametrize("shape", [(30, 25), (25, 60), (8, 7), (60, 12)])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_indices_are_the_eigenvectors(shape: tuple[int, int], seed: int) -> None:
    held = held_of(seed, *shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        found = eci_pci(held, least=ANY_SIZE)
    rows, columns = held.sum(axis=1) > 0, held.sum(axis=0) > 0
    eci, pci = slow_indices(held[rows][:, columns])
    np.testing.assert_allclose(found.eci[rows], eci, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found.pci[columns], pci, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_one_sign_for_regions_and_sectors_on_sixty_panels(seed: int) -> None:
    held = held_of(seed)
    held = held[held.sum(axis=1) > 0][:, held[held.sum(axis=1) > 0].sum(axis=0) > 0]
    found = eci_pci(held)
    # ECI is the mean PCI of what is held, sign included.
    np.testing.assert_allclose(found.eci, (held @ found.pci) / held.sum(axis=1), atol=1e-9)
    assert np.corrcoef(found.eci, held.sum(axis=1))[0, 1] > 0
    assert found.anchor == "diversity"
    assert found.eci.mean() == pytest.approx(0, abs=1e-9)
    assert found.eci.std() == pytest.approx(1)


def test_the_anchor_turns_both_and_is_stated() -> None:
    held = held_of(3)
    plain = eci_pci(held)
    turned = eci_pci(held, anchor=-plain.eci)
    np.testing.assert_allclose(turned.eci, -plain.eci, rtol=1e-12)
    np.testing.assert_allclose(turned.pci, -plain.pci, rtol=1e-9)
    assert turned.anchor == "values given"
    assert turned.anchor_correlation == pytest.approx(1)
    by_ubiquity = eci_pci(held, anchor="ubiquity")
    assert np.corrcoef(by_ubiquity.pci, held.sum(axis=0))[0, 1] < 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_order_changes_nothing(seed: int, random) -> None:
    held = held_of(seed, 12, 14)
    rows, columns = list(range(12)), list(range(14))
    random.shuffle(rows)
    random.shuffle(columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, other = eci_pci(held), eci_pci(held[rows][:, columns])
        f, g = fitness(held), fitness(held[rows][:, columns])
    if one.gap > 1e-3 and one.anchor_correlation > 1e-3:
        np.testing.assert_allclose(other.eci, one.eci[rows], atol=1e-7)
        np.testing.assert_allclose(other.pci, one.pci[columns], atol=1e-7)
    np.testing.assert_allclose(g.fitness, f.fitness[rows], rtol=1e-7)


def test_what_is_published_beside_says_how_far_to_trust_it() -> None:
    held = held_of(4)
    size = pd.Series(np.arange(30.0))
    found = eci_pci(held, size=size)
    steps = (held / held.sum(axis=0)).T @ (held / held.sum(axis=1)[:, None])
    values = np.sort(np.linalg.eigvals(steps).real)[::-1]
    assert found.eigenvalue == pytest.approx(values[1], rel=1e-9)
    assert found.gap == pytest.approx(values[1] - values[2], rel=1e-6)
    ranks = pd.Series(found.eci).rank().corr(size.rank())
    assert found.size_correlation == pytest.approx(ranks)
    assert np.isnan(eci_pci(held).size_correlation)


@pytest.mark.parametrize("updates", [1, 2, 5])
def test_fitness_is_that_of_the_definition(updates: int) -> None:
    held = held_of(5, 9, 7)
    held = held[held.sum(axis=1) > 0][:, held[held.sum(axis=1) > 0].sum(axis=0) > 0]
    f, q = [1.0] * held.shape[0], [1.0] * held.shape[1]
    for _ in range(updates):
        new_f = [sum(held[r, i] * q[i] for i in range(len(q))) for r in range(len(f))]
        new_q = [1 / sum(held[r, i] / f[r] for r in range(len(f))) for i in range(len(q))]
        f = [value * len(new_f) / sum(new_f) for value in new_f]
        q = [value * len(new_q) / sum(new_q) for value in new_q]
    found = fitness(held, updates)
    np.testing.assert_allclose(found.fitness, f, rtol=1e-12)
    np.testing.assert_allclose(found.product_fitness, q, rtol=1e-12)


def test_a_region_that_holds_more_of_the_same_is_not_less_fit() -> None:
    held = held_of(6, 15, 12)
    held[1] = np.maximum(held[0], held[1])
    found = fitness(held[held.sum(axis=1) > 0])
    assert found.fitness[1] >= found.fitness[0]


# What is not known, empties, pieces, and what is too small


def test_a_hidden_cell_is_left_out_of_the_means() -> None:
    held = held_of(7)
    hidden = held.copy()
    hidden[3, np.flatnonzero(held[3] == 0)[:2]] = NAN
    np.testing.assert_allclose(eci_pci(hidden).eci, eci_pci(held).eci, rtol=1e-12)


def test_an_empty_row_or_column_costs_only_itself() -> None:
    held = held_of(8)
    whole = eci_pci(held)
    larger = np.zeros((31, 27))
    larger[:30, :25] = held
    with pytest.warns(EmptyWarning):
        found = eci_pci(larger)
    np.testing.assert_allclose(found.eci[:30], whole.eci, rtol=1e-9)
    np.testing.assert_allclose(found.pci[:25], whole.pci, rtol=1e-9)
    assert np.isnan(found.eci[30])
    assert np.isnan(found.pci[25:]).all()
    with pytest.warns(EmptyWarning):
        alone = fitness(larger)
    assert np.isnan(alone.fitness[30])
    np.testing.assert_allclose(alone.fitness[:30], fitness(held).fitness, rtol=1e-12)


def test_two_pieces_are_not_compared() -> None:
    large, small = held_of(9, 20, 15), np.ones((5, 4))
    held = np.zeros((25, 19))
    held[:20, :15] = large
    held[20:, 15:] = small
    with pytest.warns(ComplexityWarning, match="separate pieces.*20 regions and 15 sectors"):
        found = eci_pci(held)
    np.testing.assert_allclose(found.eci[:20], eci_pci(large).eci, rtol=1e-8)
    assert np.isnan(found.eci[20:]).all()


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (np.ones((3, 40)), "3 regions and 40 sectors"),
        (np.eye(80) + np.eye(80, k=1), "80 regions"),
        (np.ones((10, 10)), "do not differ"),
        (np.zeros((10, 10)), "0 regions"),
    ],
)
def test_it_refuses_what_says_nothing(held: np.ndarray, said: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        with pytest.warns(ComplexityWarning, match=said):
            found = eci_pci(held, least=(5, 5, 0.03))
    assert np.isnan(found.eci).all()
    assert np.isnan(found.pci).all()
    assert found.refused


def test_a_single_region_has_no_complexity_but_a_fitness() -> None:
    with pytest.warns(ComplexityWarning):
        assert np.isnan(eci_pci(np.ones((1, 6))).eci).all()
    assert fitness(np.ones((1, 6))).fitness.tolist() == [1.0]


def test_wrong_arguments_are_refused() -> None:
    held = held_of(1)
    with pytest.raises(ValueError, match="anchor is 'size'"):
        eci_pci(held, anchor="size")
    with pytest.raises(ValueError, match=r"anchor has shape \(2,\)"):
        eci_pci(held, anchor=[1, 2])
    with pytest.raises(ValueError, match="updates is 0"):
        fitness(held, updates=0)
