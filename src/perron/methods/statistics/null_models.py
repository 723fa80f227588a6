"""What a 0/1 matrix would look like by chance, its row and column sums being what they are.

Two models. `bicm` keeps the sums on average and gives the probability of each cell. `curveball` keeps
them exactly and draws matrices. Both say what co-occurrence is to be expected from the sums alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import expit

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Global trades before the first draw and between two draws: measured in docs/methods/economy/
#: significant-links.md, where the co-occurrences of a real table are uncorrelated after ten.
BURN_IN = 100
THINNING = 10
#: Draws are shared among this many chains, whatever the number of threads: the answer to a seed
#: does not depend on the machine.
CHAINS = 4


def bicm(matrix: ArrayLike, known: ArrayLike | None = None, tolerance: float = 1e-10) -> Array:
    r"""Probability of each cell in the bipartite configuration model: sums kept on average.

    The distribution of greatest entropy among those whose expected row and column sums are the
    observed ones. Cells are independent, with

    .. math:: p_{ij} = \frac{x_i y_j}{1 + x_i y_j}, \quad
        \sum_j p_{ij} = d_i, \quad \sum_i p_{ij} = u_j

    It is solved by Newton's method on the likelihood, which is concave in :math:`\log x, \log y`,
    with one unknown for all lines of the same sum (and the same known cells).

    Parameters
    ----------
    matrix : array-like of shape (rows, columns)
        0, 1, or NaN where not known.
    known : array-like of bool, same shape, optional
        False where the cell is not known, besides the NaN. Sums are those of the known cells, and the
        model says nothing of the others.
    tolerance : float
        How far an expected sum may be from the observed one, as a share of it.

    Returns
    -------
    Array of shape (rows, columns), probabilities; NaN where the cell is not known. A cell that takes
    the same value in every matrix of these sums (in an empty or full line, for one) has exactly it.

    Raises
    ------
    ValueError
        If the matrix has not two dimensions, holds another value than 0, 1 and NaN, `known` has
        another shape, or the sums are not met.

    Source: Saracco, Di Clemente, Gabrielli, Squartini (2015), "Randomizing bipartite networks: the
    case of the World Trade Web", Scientific Reports 5, 10595, equations 4 to 6; Squartini, Garlaschelli
    (2011), "Analytical maximum-likelihood method to detect patterns in real networks", New Journal of
    Physics 13, 083001.

    >>> bicm([[1, 1, 0], [1, 0, 0], [0, 0, 1]]).round(4).tolist()
    [[0.8631, 0.5684, 0.5684], [0.5684, 0.2158, 0.2158], [0.5684, 0.2158, 0.2158]]
    """
    held, seen = _checked(matrix)
    if known is not None:
        mask = np.asarray(known, dtype=bool)
        if mask.shape != held.shape:
            raise ValueError(f"known has shape {mask.shape}, the matrix {held.shape}")
        seen &= mask
        held &= mask
    free = _free(held, seen)
    if free.size and free.all():
        return _solved(held, free, tolerance)
    answer = np.where(seen, held.astype(np.float64), np.nan)
    rows, columns = free.any(axis=1), free.any(axis=0)
    if rows.any():
        inner = np.ix_(rows, columns)
        solved = _solved(held[inner] & free[inner], free[inner], tolerance)
        answer[inner] = np.where(free[inner], solved, answer[inner])
    return answer


def _checked(matrix: ArrayLike) -> tuple[Mask, Mask]:
    """Which cells are 1, and which are known."""
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"the matrix has {values.ndim} dimensions, expected two")
    seen = ~np.isnan(values)
    held = values == 1
    if (wrong := seen & ~held & (values != 0)).any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"the matrix holds {values[row, column]:g} at row {row}, column {column}:"
            " expected 0, 1 or NaN"
        )
    return held, seen


def _free(held: Mask, seen: Mask) -> Mask:
    """Which known cells differ between two matrices of the same sums.

    A cell can change if, and only if, it is on a cycle that alternates between ones and zeros: drawing
    each 1 from its row to its column and each 0 from its column to its row, if both ends are in the same
    strongly connected component.
    """
    rows, columns = held.shape
    zeros = (seen & ~held).T
    ends = np.concatenate(
        [np.flatnonzero(held) % max(columns, 1) + rows, np.flatnonzero(zeros) % max(rows, 1)]
    ).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.r_[held.sum(axis=1), zeros.sum(axis=1)])])
    graph = csr_array(
        (np.ones(ends.size, np.int8), ends, starts.astype(np.int32)), shape=(rows + columns,) * 2
    )
    _, part = connected_components(graph, directed=True, connection="strong")
    free: Mask = seen & (part[:rows, None] == part[None, rows:])
    return free


def _classes(sums: NDArray[np.intp], free: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Lines alike, with the same sum and the same free cells: the first of each, and each one's class."""
    if free.all():
        _, first, of = np.unique(sums, return_index=True, return_inverse=True)
        return first, of
    key = np.concatenate(
        [sums.astype(np.int64).view(np.uint8).reshape(sums.size, 8), np.packbits(free, axis=1)],
        axis=1,
    )
    whole = np.ascontiguousarray(key).view(np.dtype((np.void, key.shape[1]))).ravel()
    _, first, of = np.unique(whole, return_index=True, return_inverse=True)
    return first, of


def _solved(held: Mask, free: Mask, tolerance: float) -> Array:
    """The probabilities of the free cells, each line having at least one of either value."""
    if held.shape[0] < held.shape[1]:
        return _solved(held.T, free.T, tolerance).T
    first_row, of_row = _classes(held.sum(axis=1), free)
    first_column, of_column = _classes(held.sum(axis=0), free.T)
    row_weight = np.bincount(of_row).astype(np.float64)
    column_weight = np.bincount(of_column).astype(np.float64)
    row_sum = held.sum(axis=1)[first_row].astype(np.float64)
    column_sum = held.sum(axis=0)[first_column].astype(np.float64)
    open_ = free[np.ix_(first_row, first_column)].astype(np.float64)

    # log x and log y; the start is the model of a sparse matrix, x y = d u / total.
    row = np.log(row_sum / np.sqrt(row_weight @ row_sum))
    column = np.log(column_sum / np.sqrt(row_weight @ row_sum))

    def likelihood(row: Array, column: Array) -> float:
        linear = (row_weight * row_sum) @ row + (column_weight * column_sum) @ column
        logs = open_ * np.logaddexp(0.0, row[:, None] + column)
        return float(linear - row_weight @ logs @ column_weight)

    value = likelihood(row, column)
    for _ in range(200):
        chance = open_ * expit(row[:, None] + column)
        row_gap = row_sum - chance @ column_weight
        column_gap = column_sum - row_weight @ chance
        if max(np.max(abs(row_gap) / row_sum), np.max(abs(column_gap) / column_sum)) <= tolerance:
            found: Array = chance[np.ix_(of_row, of_column)]
            return found
        spread = chance * (1 - chance)
        row_curve = row_weight * (spread @ column_weight)
        column_curve = column_weight * (row_weight @ spread)
        cross = row_weight[:, None] * spread * column_weight
        # The rows are eliminated, so that the system is no larger than the number of columns. Scaling
        # x by a constant and y by its inverse changes nothing: a trace on the diagonal settles it.
        scaled = cross / row_curve[:, None]
        small = np.diag(column_curve * (1 + 1e-10)) - cross.T @ scaled
        row_gap, column_gap = row_weight * row_gap, column_weight * column_gap
        try:
            column_step = cho_solve(cho_factor(small), column_gap - scaled.T @ row_gap)
        except LinAlgError:
            column_step = np.linalg.lstsq(small, column_gap - scaled.T @ row_gap)[0]
        row_step = row_gap / row_curve - scaled @ column_step
        climb = float(row_gap @ row_step + column_gap @ column_step)
        # A step of 4 is odds times 55: a longer one can land where all chances are 0 or 1.
        size = min(1.0, 4 / max(np.max(abs(row_step)), np.max(abs(column_step)), 1e-300))
        while size > 1e-8:
            higher = likelihood(row + size * row_step, column + size * column_step)
            if higher >= value + 1e-4 * size * climb - 1e-12 * abs(value):
                break
            size /= 2
        row, column, value = row + size * row_step, column + size * column_step, higher
    raise ValueError(f"the sums are not met within {tolerance:g} of them after 200 steps")


def curveball(
    matrix: ArrayLike,
    draws: int,
    seed: int,
    *,
    burn_in: int = BURN_IN,
    thinning: int = THINNING,
) -> Iterator[Array]:
    r"""Matrices drawn uniformly among those of the same row and column sums, kept exactly.

    One global trade pairs all lines of the smaller side at random. The two lines of a pair keep what
    both hold, and the columns that only one of them holds are dealt again between them, each keeping
    its number: a shuffle drawn for that pair alone.

    Uniform is stationary: given the pairing, what a trade keeps (the common part of each pair, the
    columns dealt, how many go to each) divides the matrices into groups, and the new state is drawn
    uniformly in the group of the old one, so going there is as likely as coming back. The shuffles
    must be independent between pairs: one order of the columns shared by all of them makes some states
    of a group more likely than others, and the draws are then not uniform (measured in the page
    docs/methods/economy/significant-links.md). Any state can be reached: a step may leave every pair
    but one as it is, and single trades connect all matrices of given sums.

    Parameters
    ----------
    matrix : array-like of shape (rows, columns)
        0 or 1.
    draws : int
        How many matrices, 1 or more.
    seed : int
        The same seed gives the same matrices.
    burn_in, thinning : int
        Global trades before the first draw, 0 or more, and between two draws, 1 or more. The first
        is made of burn-in then thinning.

    Yields
    ------
    Arrays of the shape of `matrix`, 0 or 1, each its own.

    Raises
    ------
    ValueError
        If a cell is neither 0 nor 1; if it is not known (NaN), which `bicm` allows and this does not:
        a trade cannot move what it does not know.

    Source: Strona, Nappo, Boccacci, Fattorini, San-Miguel-Ayanz (2014), "A fast and unbiased procedure
    to randomize ecological binary matrices with fixed row and column totals", Nature Communications 5,
    4114; trades: Verhelst (2008), Psychometrika 73(4); global trades: Carstens, Berger, Strona (2018),
    "A unifying framework for fast randomization of ecological networks with fixed (node) degrees",
    MethodsX 5.

    >>> drawn = next(curveball([[1, 1, 0], [1, 0, 0], [0, 0, 1]], draws=1, seed=0))
    >>> drawn.sum(axis=0).tolist(), drawn.sum(axis=1).tolist()
    ([2.0, 1.0, 1.0], [2.0, 1.0, 1.0])
    """
    held = _fully_known(matrix)
    _check_schedule(draws, burn_in, thinning)
    return _drawn(held, draws, np.random.default_rng(seed), burn_in, thinning)


def _drawn(
    held: Mask, draws: int, generator: np.random.Generator, burn_in: int, thinning: int
) -> Iterator[Array]:
    turned = held.shape[0] > held.shape[1]
    for state in _chain(held, draws, generator, burn_in, thinning):
        yield np.array(state.T if turned else state, dtype=np.float64)


def _fully_known(matrix: ArrayLike) -> Mask:
    held, seen = _checked(matrix)
    if not seen.all():
        row, column = np.argwhere(~seen)[0]
        raise ValueError(
            f"the matrix is not known at row {row}, column {column}: curveball needs every cell,"
            " bicm takes the known ones"
        )
    return held


def _check_schedule(draws: int, burn_in: int, thinning: int) -> None:
    for name, found, least in (
        ("draws", draws, 1),
        ("burn_in", burn_in, 0),
        ("thinning", thinning, 1),
    ):
        if found < least:
            raise ValueError(f"{name} is {found}, expected {least} or more")


def _chain(
    held: Mask, draws: int, generator: np.random.Generator, burn_in: int, thinning: int
) -> Iterator[NDArray[np.uint8]]:
    """The state after each draw, smaller side as rows: the same array each time, changed in place."""
    state = np.array(held.T if held.shape[0] > held.shape[1] else held, dtype=np.uint8, order="C")
    for _ in range(burn_in):
        _trade(state, generator)
    for _ in range(draws):
        for _ in range(thinning):
            _trade(state, generator)
        yield state


def _trade(state: NDArray[np.uint8], generator: np.random.Generator) -> None:
    """One global trade, in place. With an odd number of rows, one of them waits."""
    half = state.shape[0] // 2
    order = generator.permutation(state.shape[0])
    one, other = order[:half], order[half : 2 * half]
    first, second = state[one], state[other]
    dealt = first != second
    where = np.flatnonzero(dealt)
    owner = first.ravel()[where]
    # Sorting (pair, random bits, owner) shuffles the owners within each pair. Two equal draws are
    # ordered by owner: even with 1,000 pairs of 3,000 columns, less than once in a billion trades of
    # a pair.
    bits = np.uint64(half.bit_length())
    keys = generator.integers(0, 2**64 - 1, size=where.size, dtype=np.uint64, endpoint=True)
    keys >>= bits
    keys &= np.uint64(2**64 - 2)
    keys |= owner
    pairs = np.arange(half, dtype=np.uint64) << (np.uint64(64) - bits)
    keys |= np.repeat(pairs, np.count_nonzero(dealt, axis=1))
    keys.sort()
    keys &= np.uint64(1)
    new = first.copy()
    new.ravel()[where] = keys
    state[one] = new
    # What the first gains the second loses.
    first ^= new
    second ^= first
    state[other] = second


@dataclass(frozen=True, slots=True)
class Moments:
    """Co-occurrence of the columns over draws of a null model.

    `mean`, `variance` (unbiased) and `at_least`, the number of draws at or above the observed
    co-occurrence, are arrays of shape (columns, columns).
    """

    mean: Array
    variance: Array
    at_least: NDArray[np.int64]
    draws: int


def curveball_moments(
    matrix: ArrayLike,
    draws: int,
    seed: int,
    *,
    burn_in: int = BURN_IN,
    thinning: int = THINNING,
    threads: int = 2,
) -> Moments:
    r"""Mean and variance of the co-occurrence :math:`M^\top M` over `curveball` draws.

    The draws are not kept. They come from `CHAINS` independent chains, each with its burn-in.

    Parameters
    ----------
    matrix, draws, seed, burn_in, thinning
        As for `curveball`; 2 draws or more.
    threads : int
        How many chains run at once. The answer does not depend on it.

    Returns
    -------
    Moments. The empirical p-value of an excess is ``(1 + at_least) / (1 + draws)``: North, Curtis, Sham
    (2002), "A note on the calculation of empirical p values from Monte Carlo procedures", American
    Journal of Human Genetics 71(2).

    Raises
    ------
    ValueError
        As `curveball`.

    >>> found = curveball_moments([[1, 1, 0], [1, 0, 1], [0, 1, 0], [1, 0, 0]], draws=2000, seed=0)
    >>> round(float(found.mean[0, 1]), 1), round(float(found.variance[0, 1]), 1)
    (1.2, 0.2)
    """
    held = _fully_known(matrix)
    _check_schedule(draws, burn_in, thinning)
    if draws < 2 or threads < 1:
        raise ValueError(f"draws is {draws} and threads {threads}, expected 2 and 1 or more")
    turned = held.shape[0] > held.shape[1]
    observed = _cooccurrence(held.T.astype(np.uint8))

    def run(generator: np.random.Generator, share: int) -> tuple[Array, Array, NDArray[np.int64]]:
        # Whole numbers: float64 adds them exactly, so the order of the chains does not matter.
        total, squares = np.zeros(observed.shape), np.zeros(observed.shape)
        at_least = np.zeros(observed.shape, dtype=np.int64)
        for state in _chain(held, share, generator, burn_in, thinning):
            count = _cooccurrence(state if turned else state.T)
            at_least += count >= observed
            total += count
            squares += np.square(count, dtype=np.float64)
        return total, squares, at_least

    generators = np.random.default_rng(seed).spawn(CHAINS)
    shares = [draws // CHAINS + (chain < draws % CHAINS) for chain in range(CHAINS)]
    with ThreadPoolExecutor(min(threads, CHAINS)) as pool:
        parts = list(pool.map(run, generators, shares))
    total, squares = (np.sum([part[at] for part in parts], axis=0) for at in (0, 1))
    at_least = np.sum([part[2] for part in parts], axis=0)
    mean = total / draws
    variance = (squares - total * mean) / (draws - 1)
    return Moments(mean, variance, at_least, draws)


def _cooccurrence(columns: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """How many lines hold both of two columns, given the columns as rows.

    Lines are packed 64 to a word and counted: as fast as a product of matrices, without the threads of
    the linear algebra library, which take the processors from the chains.
    """
    packed = np.packbits(np.ascontiguousarray(columns), axis=1)
    packed = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    words = np.ascontiguousarray(packed.view(np.uint64).T)
    size = columns.shape[0]
    counts = np.zeros((size, size), dtype=np.uint32)
    # Blocks small enough to stay in the processor's cache.
    for start in range(0, size, 64):
        block = counts[start : start + 64, start:]
        for word in words:
            block += np.bitwise_count(word[start : start + 64, None] & word[start:])
        counts[start:, start : start + 64] = block.T
    return counts
