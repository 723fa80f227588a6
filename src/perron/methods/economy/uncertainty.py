"""How sure an option is: other regions in the sample, another threshold, and what is hidden."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, EmptyWarning, Labels, Matrix, unlabelled
from perron.methods.economy.outlook import aligned, density_of
from perron.methods.economy.quotients import quotients_of, specialised_of
from perron.methods.economy.relatedness import binary, counts_of, proximity_of

Resampling = Literal["bootstrap", "leave-one-out"]
#: The cuts of the location quotient that an option is tried at.
CUTS: tuple[float, ...] = tuple(np.round(np.arange(0.75, 1.2501, 0.05), 2).tolist())


def known_share(specialised: Matrix, proximity: Any) -> Matrix:
    r"""How much of what is near a sector is known in the region.

    .. math:: \kappa_{ri} = \frac{\sum_{j\,known} \phi_{ij}}{\sum_j \phi_{ij}}

    Parameters and errors are those of `outlook.density`.

    Returns
    -------
    The kind and shape of `specialised`, from 0 to 1: 1 where nothing is hidden, NaN for a hidden cell
    or a sector that is near no other. A density with a low share rests on little.

    Source: own.

    >>> M = np.array([[1, np.nan, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> known_share(M, np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]]))[0].tolist()
    [0.75, nan, 0.75]
    """
    held, known, near, labels = aligned(specialised, proximity)
    if known is None:
        known = np.ones(held.shape, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (known.astype(np.float64) @ near) / near.sum(axis=0)
    share[~known] = np.nan
    result: Matrix = labels.cells(share)
    return result


def resampled_density(
    specialised: Matrix,
    region: Hashable,
    method: Resampling = "bootstrap",
    *,
    diagonal: float = 1.0,
    draws: int = 200,
    seed: int = 0,
    confidence: float = 0.95,
) -> Any:
    r"""The density of one region's sectors, had other regions made the proximities.

    The specialisations stay; the regions that the proximities are counted on change:

    .. math:: \phi^w_{ij} = \frac{\sum_q w_q M_{qi} M_{qj}}{\max(\sum_q w_q M_{qi}, \sum_q w_q M_{qj})}

    "bootstrap": :math:`w` are the times each region is drawn, with replacement; the interval holds the
    middle `confidence` of the draws. "leave-one-out": each region in turn has weight 0; the interval
    goes from the least to the greatest, and shows whether a single region makes the answer.

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        1, 0, NaN where not known.
    region : label, or position in an array
    method : "bootstrap" or "leave-one-out"
    diagonal : float
        Of the proximity.
    draws, seed : int
        Of the bootstrap.
    confidence : float

    Returns
    -------
    DataFrame with the sectors as index and the columns `density`, `low`, `high`. NaN for a hidden cell.

    Raises
    ------
    ValueError
        If the region is not there, or there are fewer than three.

    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, sections 6 and 11, with the
    regions as the sample.

    >>> M = (np.random.default_rng(0).random((20, 4)) < 0.5).astype(float)
    >>> resampled_density(M, 0, "leave-one-out").round(2).values.tolist()[0]
    [0.54, 0.51, 0.55]
    """
    held, known, labels = binary(specialised)
    at = _place(region, labels, len(held))
    if len(held) < 3:
        raise ValueError(f"{len(held)} regions, expected at least 3 to leave some out")
    own = held[at : at + 1], None if known is None else known[at : at + 1]
    plain = _density(held, known, np.ones(len(held)), diagonal, own)
    if method == "bootstrap":
        generator = np.random.default_rng(seed)
        drawn = generator.multinomial(len(held), np.full(len(held), 1 / len(held)), size=draws)
        tail = 50 * (1 - confidence)
    elif method == "leave-one-out":
        drawn, tail = 1 - np.eye(len(held), dtype=np.int64), 0.0
    else:
        raise ValueError(f"method is {method!r}, expected bootstrap or leave-one-out")
    found = np.array([_density(held, known, w.astype(float), diagonal, own) for w in drawn])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a hidden sector has no draw
        low, high = np.nanpercentile(found, [tail, 100 - tail], axis=0)
    return _by_sector({"density": plain, "low": low, "high": high}, labels, held.shape[1])


def threshold_sweep(
    values: Matrix, region: Hashable, cuts: Sequence[float] = CUTS, *, diagonal: float = 1.0
) -> pd.DataFrame:
    """The density of one region's sectors, at each cut of the location quotient.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Jobs, enterprises…, NaN where not known.
    region : label, or position in an array
    cuts : numbers above 0
        From 0.75 to 1.25 by 0.05 if not said.
    diagonal : float
        Of the proximity.

    Returns
    -------
    DataFrame of shape (sectors, cuts). NaN where the region is specialised at that cut, so that there
    is nothing to enter, or where the cell is not known.

    Source: the sweep is ours; that results depend on the cut, Hidalgo and others (2007), supporting
    material, who take 1.

    >>> jobs = np.array([[30.0, 10, 5], [20, 40, 5], [10, 10, 20]])
    >>> threshold_sweep(jobs, 0, [0.5, 1.0]).round(2).values.tolist()
    [[nan, nan], [nan, 0.0], [nan, 0.0]]
    """
    array, labels = unlabelled(values)
    at = _place(region, labels, len(array))
    quotients = quotients_of(array)
    columns = {}
    for cut in cuts:
        if not cut > 0:
            raise ValueError(f"cut {cut}, expected a number above 0")
        matrix = specialised_of(quotients, cut)
        known = ~np.isnan(matrix)
        held = np.where(known, matrix, 0.0)
        around = _density(
            held, known, np.ones(len(held)), diagonal, (held[at : at + 1], known[at : at + 1])
        )
        columns[cut] = np.where(held[at] == 1, np.nan, around)
    return _by_sector(columns, labels, array.shape[1])


def options(
    values: Matrix,
    region: Hashable,
    *,
    threshold: float = 1.0,
    diagonal: float = 1.0,
    cuts: Sequence[float] = CUTS,
    draws: int = 200,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """The sectors that a region could enter, nearest first, each with how sure it is.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Jobs, enterprises…, NaN where not known.
    region : label, or position in an array
    threshold, diagonal : float
        Of the specialisation and of the proximity.
    cuts, draws, seed, confidence
        As for `threshold_sweep` and `resampled_density`.

    Returns
    -------
    DataFrame with the sectors as index, in decreasing order of density, and the columns `quotient`,
    `density`, `low`, `high` (bootstrap of the regions), `least`, `greatest` (any one region left out),
    `sweep_low`, `sweep_high` (over the cuts), `open_share` (the part of the cuts at which the region is
    not specialised already) and `known_share`. A sector whose cell is suppressed or unknown is never
    there: it may be held already. The columns are read side by side; no score is made of them.

    Raises
    ------
    ValueError
        If the region is not there, or an argument is out of range.

    Source: the intervals of the functions it puts together.

    >>> jobs = np.random.default_rng(1).poisson(20, (12, 5)).astype(float)
    >>> jobs[0, 2] = np.nan
    >>> options(jobs, 0, draws=50)[["density", "low", "high"]].round(2).to_dict("index")
    {4: {'density': 0.49, 'low': 0.16, 'high': 0.59}}
    """
    array, labels = unlabelled(values)
    at = _place(region, labels, len(array))
    quotients = quotients_of(array)
    matrix = specialised_of(quotients, threshold)
    sampled = resampled_density(
        matrix, at, diagonal=diagonal, draws=draws, seed=seed, confidence=confidence
    )
    left_out = resampled_density(matrix, at, "leave-one-out", diagonal=diagonal)
    swept = threshold_sweep(array, at, cuts, diagonal=diagonal).to_numpy()
    held, known, _ = binary(matrix)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        near = np.nan_to_num(proximity_of(held, known, counts_of(held), diagonal))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a sector held at every cut
        sweep = np.nanmin(swept, axis=1), np.nanmax(swept, axis=1)
    table = _by_sector(
        {
            "quotient": quotients[at],
            "density": sampled["density"].to_numpy(),
            "low": sampled["low"].to_numpy(),
            "high": sampled["high"].to_numpy(),
            "least": left_out["low"].to_numpy(),
            "greatest": left_out["high"].to_numpy(),
            "sweep_low": sweep[0],
            "sweep_high": sweep[1],
            "open_share": (~np.isnan(swept)).mean(axis=1),
            "known_share": np.asarray(known_share(matrix, near))[at],
        },
        labels,
        array.shape[1],
    )
    kept = table[(matrix[at] == 0) & ~np.isnan(table["density"].to_numpy())]
    return kept.sort_values("density", ascending=False, kind="stable")


def _density(
    held: Array,
    known: NDArray[np.bool_] | None,
    weight: Array,
    diagonal: float,
    own: tuple[Array, NDArray[np.bool_] | None],
) -> Array:
    """The density of one region, the others counting as many times as their weight."""
    weighted = held * weight[:, None]
    counts = weighted.T @ held
    among = weighted.T @ np.ones(held.shape) if known is None else weighted.T @ known.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.nan_to_num(counts / np.maximum(among, among.T))
    # A sector that no region of the draw holds is near nothing, itself included.
    np.fill_diagonal(near, np.where(np.diagonal(counts) > 0, diagonal, 0.0))
    return np.asarray(density_of(own[0], own[1], near)[0])


def _place(region: Hashable, labels: Labels, count: int) -> int:
    if labels.regions is not None:
        if region not in labels.regions:
            raise ValueError(f"no region {region!r}")
        return int(labels.regions.get_loc(region))
    if not isinstance(region, int | np.integer) or not 0 <= region < count:
        raise ValueError(f"no region number {region!r}, expected 0 to {count - 1}")
    return int(region)


def _by_sector(columns: dict[Any, Array], labels: Labels, count: int) -> pd.DataFrame:
    index = pd.RangeIndex(count) if labels.sectors is None else labels.sectors
    return pd.DataFrame(columns, index=index)
