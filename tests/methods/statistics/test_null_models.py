"""Null models keep what they promise to keep, and draw each matrix as often as any other."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize, stats

from perron.methods.statistics.null_models import (
    CHAINS,
    Array,
    _cooccurrence,
    bicm,
    curveball,
    curveball_moments,
)

#: Sums whose matrices are few enough to write down: rows, columns, how many matrices.
SMALL = [
    ((3, 2, 1, 1), (2, 2, 2, 1), 27),
    ((2, 2, 1, 1), (2, 2, 1, 1), 34),
    ((2, 1, 2, 1, 1), (3, 2, 2), 31),  # an odd number of lines on the smaller side
]

matrices = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=9),
    elements=st.sampled_from([0.0, 1]),
)


def all_matrices(rows: tuple[int, ...], columns: tuple[int, ...]) -> list[Array]:
    """Every 0/1 matrix of these sums, row by row."""
    found = []
    choices = [
        [
            [float(at in held) for at in range(len(columns))]
            for held in itertools.combinations(range(len(columns)), row)
        ]
        for row in rows
    ]
    for lines in itertools.product(*choices):
        matrix = np.array(lines)
        if (matrix.sum(axis=0) == columns).all():
            found.append(matrix)
    return found


# ---- bicm


@given(matrices)
@settings(deadline=None)
def test_bicm_keeps_the_sums_and_gives_probabilities(matrix: Array) -> None:
    found = bicm(matrix)
    assert found.shape == matrix.shape
    assert ((found >= 0) & (found <= 1)).all()
    for axis in (0, 1):
        np.testing.assert_allclose(found.sum(axis), matrix.sum(axis), rtol=1e-9, atol=1e-12)


def test_bicm_meets_the_sums_of_a_large_uneven_matrix_within_its_tolerance() -> None:
    generator = np.random.default_rng(5)
    odds = 2 * generator.normal(size=(300, 1)) + 2 * generator.normal(size=120) - 2
    matrix = (generator.random((300, 120)) < 1 / (1 + np.exp(-odds))).astype(float)
    found = bicm(matrix)
    for axis in (0, 1):
        np.testing.assert_allclose(found.sum(axis), matrix.sum(axis), rtol=1.001e-10)


@pytest.mark.parametrize("spread", [0.3, 3.0, 8.0, 20.0])
def test_bicm_meets_the_sums_of_nearly_nested_and_of_mostly_unknown_matrices(spread: float) -> None:
    # Such sums leave little choice: a step too long lands where every chance is 0 or 1.
    generator = np.random.default_rng(int(spread))
    for hidden in (0.0, 0.2, 0.6) * 40:
        rows, columns = generator.integers(2, 60, 2)
        odds = generator.normal(0, spread, (rows, 1)) + generator.normal(0, spread, columns)
        matrix = (odds + generator.logistic(size=odds.shape) > 0).astype(float)
        matrix[generator.random(matrix.shape) < hidden] = np.nan
        found = bicm(matrix)
        for axis in (0, 1):
            np.testing.assert_allclose(
                np.nansum(found, axis), np.nansum(matrix, axis), rtol=1.001e-10
            )


def test_bicm_solves_the_equations_of_a_small_matrix() -> None:
    # Sums 2, 1, 1 both ways: three different cells a, b, c with a + 2b = 2, b + 2c = 1, and the odds of
    # x y, x v, u y, u v multiply: odds(a) odds(c) = odds(b)^2.
    def odds(p: float) -> float:
        return p / (1 - p)

    b = optimize.brentq(
        lambda b: odds(2 - 2 * b) * odds((1 - b) / 2) - odds(b) ** 2,
        0.5 + 1e-9,
        1 - 1e-9,
        xtol=1e-15,
    )
    found = bicm([[1, 1, 0], [1, 0, 0], [0, 0, 1]])
    np.testing.assert_allclose(found[0], [2 - 2 * b, b, b], rtol=1e-9)
    np.testing.assert_allclose(found[1], [b, (1 - b) / 2, (1 - b) / 2], rtol=1e-9)


def test_bicm_agrees_with_a_slow_fixed_point() -> None:
    matrix = (np.random.default_rng(2).random((7, 5)) < 0.5).astype(float)
    d, u = matrix.sum(axis=1), matrix.sum(axis=0)
    x, y = d.copy(), u.copy() / u.sum()
    for _ in range(20000):
        for i in range(7):
            x[i] = d[i] / sum(y[j] / (1 + x[i] * y[j]) for j in range(5))
        for j in range(5):
            y[j] = u[j] / sum(x[i] / (1 + x[i] * y[j]) for i in range(7))
        if (
            max(
                abs(sum(x[i] * y[j] / (1 + x[i] * y[j]) for j in range(5)) - d[i]) for i in range(7)
            )
            < 1e-13
        ):
            break
    for i in range(7):
        for j in range(5):
            assert bicm(matrix)[i, j] == pytest.approx(x[i] * y[j] / (1 + x[i] * y[j]), rel=1e-9)


def test_bicm_of_even_sums_is_even() -> None:
    np.testing.assert_allclose(bicm(np.kron(np.eye(3), np.ones((2, 2)))), np.full((6, 6), 1 / 3))


@given(matrices, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_bicm_follows_a_permutation_and_a_transposition(matrix: Array, random: object) -> None:
    rows = random.sample(range(matrix.shape[0]), matrix.shape[0])  # type: ignore[attr-defined]
    columns = random.sample(range(matrix.shape[1]), matrix.shape[1])  # type: ignore[attr-defined]
    found = bicm(matrix)
    np.testing.assert_allclose(
        bicm(matrix[np.ix_(rows, columns)]), found[np.ix_(rows, columns)], atol=1e-9
    )
    np.testing.assert_allclose(bicm(matrix.T), found.T, atol=1e-9)


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 1, 1], [1, 0, 0], [0, 0, 0]],  # full, empty, and full once the full row is set aside
        [
            [1, 1, 1, 0],
            [1, 1, 0, 1],
            [1, 0, 0, 0],
            [0, 1, 0, 0],
        ],  # a full block, an empty one, no full line
        [[1, 0, 1], [0, 1, 1]],
    ],
)
def test_bicm_is_exact_where_the_sums_leave_no_choice(matrix: list[list[int]]) -> None:
    start = np.array(matrix, dtype=float)
    every = np.array(all_matrices(tuple(start.sum(1).astype(int)), tuple(start.sum(0).astype(int))))
    same = (every == every[0]).all(axis=0)
    found = bicm(start)
    assert same.any()
    np.testing.assert_array_equal(found[same], start[same])
    assert ((found[~same] > 0.01) & (found[~same] < 0.99)).all()


def test_bicm_leaves_out_what_is_not_known() -> None:
    matrix = (np.random.default_rng(3).random((40, 25)) < 0.3).astype(float)
    known = np.random.default_rng(4).random(matrix.shape) < 0.9
    hidden = np.where(known, matrix, np.nan)
    found = bicm(hidden)
    np.testing.assert_array_equal(np.isnan(found), ~known)
    for axis in (0, 1):
        np.testing.assert_allclose(np.nansum(found, axis), np.nansum(hidden, axis), rtol=1e-9)
    # Neither the value under the mask nor the way to say it matters.
    np.testing.assert_array_equal(bicm(matrix, known), found)
    np.testing.assert_array_equal(bicm(np.where(known, matrix, 1 - matrix), known), found)
    # Among known cells, the odds are still a product: those of any four cells of a rectangle cancel.
    odds = np.log(found / (1 - found))
    crossed = odds[:-1, :-1] - odds[:-1, 1:] - odds[1:, :-1] + odds[1:, 1:]
    assert np.nanmax(abs(crossed)) < 1e-6


def test_bicm_says_nothing_of_a_line_not_known_at_all() -> None:
    found = bicm([[1, 0, np.nan], [0, 1, np.nan]])
    np.testing.assert_allclose(found[:, :2], 0.5)
    assert np.isnan(found[:, 2]).all()


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (1, 4), (4, 1), (1, 1)])
def test_a_matrix_with_nothing_to_draw_is_given_back(shape: tuple[int, int]) -> None:
    np.testing.assert_array_equal(bicm(np.ones(shape)), np.ones(shape))
    np.testing.assert_array_equal(next(curveball(np.ones(shape), 1, seed=0)), np.ones(shape))


def test_bicm_refuses_what_it_cannot_read() -> None:
    with pytest.raises(ValueError, match="holds 2 at row 1, column 0"):
        bicm([[0, 1], [2, 0]])
    with pytest.raises(ValueError, match="1 dimensions"):
        bicm([0, 1])
    with pytest.raises(ValueError, match=r"known has shape \(1, 2\)"):
        bicm([[0, 1], [1, 0]], known=[[True, True]])


# ---- curveball


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("rows", "columns", "count"), SMALL)
def test_curveball_draws_every_matrix_of_the_sums_as_often(
    rows: tuple[int, ...], columns: tuple[int, ...], count: int, turned: bool
) -> None:
    every = [matrix.T if turned else matrix for matrix in all_matrices(rows, columns)]
    assert len(every) == count
    drawn = Counter(
        matrix.tobytes() for matrix in curveball(every[0], 2500, seed=11, burn_in=50, thinning=8)
    )
    assert set(drawn) == {np.ascontiguousarray(matrix).tobytes() for matrix in every}
    assert stats.chisquare(list(drawn.values())).pvalue > 1e-3


def _law(shuffle: Callable[[list[list[int]], int], list[tuple[tuple[int, ...], ...]]]) -> Array:
    """Exact law of one global trade between the 27 matrices, `shuffle` giving the orders to deal in."""
    every = all_matrices(*SMALL[0][:2])
    index = {matrix.tobytes(): at for at, matrix in enumerate(every)}
    law = np.zeros((len(every),) * 2)
    for at, matrix in enumerate(every):
        for order in itertools.permutations(range(4)):
            pairs = [order[:2], order[2:]]
            dealt = [np.flatnonzero(matrix[a] != matrix[b]).tolist() for a, b in pairs]
            ways = shuffle(dealt, 4)
            for way in ways:
                after = matrix.copy()
                for (a, b), columns in zip(pairs, way, strict=True):
                    kept = int((matrix[a] > matrix[b]).sum())
                    after[a, columns[:kept]], after[b, columns[:kept]] = 1, 0
                    after[a, columns[kept:]], after[b, columns[kept:]] = 0, 1
                law[at, index[after.tobytes()]] += 1 / (24 * len(ways))
    return law


def test_shuffles_of_their_own_make_uniform_stationary_and_a_shared_order_does_not() -> None:
    own = _law(lambda dealt, _: list(itertools.product(*map(itertools.permutations, dealt))))
    np.testing.assert_allclose(own, own.T, atol=1e-12)
    np.testing.assert_allclose(own.sum(axis=0), 1)
    shared = _law(
        lambda dealt, size: [
            tuple(tuple(column for column in order if column in of) for of in dealt)
            for order in itertools.permutations(range(size))
        ]
    )
    values, vectors = np.linalg.eig(shared.T)
    stationary = vectors[:, np.argmax(values.real)].real
    stationary *= 27 / stationary.sum()
    # The figures of the page: some matrices 64 % too often, others 15 % too seldom.
    assert (stationary.max().round(2), stationary.min().round(2)) == (1.64, 0.85)


@given(matrices, st.integers(0, 100))
@settings(deadline=None, max_examples=50)
def test_curveball_keeps_the_sums_at_every_draw(matrix: Array, seed: int) -> None:
    for drawn in curveball(matrix, 5, seed, burn_in=0, thinning=1):
        assert drawn.shape == matrix.shape
        assert set(np.unique(drawn)) <= {0.0, 1.0}
        np.testing.assert_array_equal(drawn.sum(axis=0), matrix.sum(axis=0))
        np.testing.assert_array_equal(drawn.sum(axis=1), matrix.sum(axis=1))


def test_a_seed_gives_its_own_draws_and_each_draw_is_kept() -> None:
    matrix = np.random.default_rng(0).random((30, 20)) < 0.3
    first, again, other = (list(curveball(matrix, 3, seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (np.array(first) != np.array(other)).any()
    assert (first[0] != first[1]).any()


def test_curveball_refuses_what_is_not_known_or_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match=r"not known at row 0, column 1.*bicm"):
        curveball([[1, np.nan], [0, 1]], 1, seed=0)
    with pytest.raises(ValueError, match="draws is 0"):
        curveball([[1, 0], [0, 1]], 0, seed=0)
    with pytest.raises(ValueError, match="thinning is 0"):
        curveball([[1, 0], [0, 1]], 1, seed=0, thinning=0)
    with pytest.raises(ValueError, match="draws is 1"):
        curveball_moments([[1, 0], [0, 1]], 1, seed=0)


# ---- co-occurrence over the draws


@pytest.mark.parametrize("shape", [(3, 5), (70, 64), (130, 200), (1, 1)])
def test_counting_words_is_the_product_of_matrices(shape: tuple[int, int]) -> None:
    columns = (np.random.default_rng(1).random(shape) < 0.4).astype(np.uint8)
    np.testing.assert_array_equal(
        _cooccurrence(columns), columns.astype(int) @ columns.T.astype(int)
    )


@pytest.mark.parametrize("turned", [False, True])
def test_moments_are_those_of_all_matrices_of_the_sums(turned: bool) -> None:
    every = [matrix.T if turned else matrix for matrix in all_matrices(*SMALL[2][:2])]
    counts = np.array([matrix.T @ matrix for matrix in every])
    draws = 2500
    found = curveball_moments(every[7], draws, seed=3, burn_in=30, thinning=6)
    error = np.sqrt(counts.var(axis=0) / draws)
    assert (abs(found.mean - counts.mean(axis=0)) <= 4.5 * error).all()
    np.testing.assert_allclose(found.variance, counts.var(axis=0), rtol=0.2, atol=1e-12)
    share = (counts >= counts[7]).mean(axis=0)
    assert (abs(found.at_least / draws - share) <= 4.5 * np.sqrt(share * (1 - share) / draws)).all()


def test_moments_are_those_of_the_draws_of_each_chain() -> None:
    matrix = (np.random.default_rng(0).random((12, 9)) < 0.4).astype(float)
    found = curveball_moments(matrix, 9, seed=5, burn_in=4, thinning=2)
    # The same chains by hand: 9 draws over 4 chains are 3, 2, 2, 2.
    assert CHAINS == 4
    counts = []
    for generator, share in zip(np.random.default_rng(5).spawn(4), (3, 2, 2, 2), strict=True):
        counts += [m.T @ m for m in curveball(matrix, share, generator, burn_in=4, thinning=2)]
    np.testing.assert_allclose(found.mean, np.mean(counts, axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.variance, np.var(counts, axis=0, ddof=1), atol=1e-12)
    np.testing.assert_array_equal(
        found.at_least, np.sum(np.array(counts) >= matrix.T @ matrix, axis=0)
    )


def test_moments_do_not_depend_on_the_number_of_threads() -> None:
    matrix = np.random.default_rng(0).random((40, 30)) < 0.3
    one, two, five = (curveball_moments(matrix, 50, seed=1, threads=n) for n in (1, 2, 5))
    for other in (two, five):
        np.testing.assert_array_equal(one.mean, other.mean)
        np.testing.assert_array_equal(one.variance, other.variance)
        np.testing.assert_array_equal(one.at_least, other.at_least)
