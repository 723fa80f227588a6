"""Intervals of proportions and of counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def wilson(successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95) -> Bounds:
    r"""Score interval of a proportion.

    With :math:`p = x / n` and :math:`z` the normal quantile of the confidence,

    .. math:: \frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}

    Unlike the usual interval it stays within 0 and 1, and says something at 0 and at `n`.

    Parameters
    ----------
    successes, trials : array-like, same shape or broadcast together
        Counts :math:`x` and :math:`n`, with :math:`0 \le x \le n`. They need not be whole numbers.
    confidence : float
        Between 0 and 1, both excluded.

    Returns
    -------
    low, high : arrays of float
        NaN where a count is missing (NaN) or where `trials` is 0: nothing is known there.

    Raises
    ------
    ValueError
        If the confidence is out of range, or a count is negative or above its trials.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    J. Am. Stat. Assoc. 22(158). The example is that of Newcombe (1998), Stat. Med. 17, table I.

    >>> low, high = wilson(81, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2553, 0.3662)
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected between 0 and 1")
    x, n = np.broadcast_arrays(np.asarray(successes, float), np.asarray(trials, float))
    if np.any(x < 0) or np.any(x > n):
        raise ValueError("a count is negative or above its trials")
    z = special.ndtri(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(n > 0, x / n, np.nan)
        middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    # At the ends the formula gives 0 and 1 up to rounding: the bounds are exact there.
    low = np.where(x == 0, np.where(n > 0, 0.0, np.nan), middle - half)
    high = np.where((x == n) & (n > 0), 1.0, middle + half)
    return low, high


def poisson(count: ArrayLike, confidence: float = 0.95) -> Bounds:
    r"""Exact interval of the mean of a Poisson count.

    .. math:: \tfrac12 \chi^2_{\alpha/2}(2x), \quad \tfrac12 \chi^2_{1-\alpha/2}(2x + 2)

    Parameters
    ----------
    count : array-like
        Counts, zero or more; NaN gives NaN.
    confidence : float
        Between 0 and 1, both excluded.

    Returns
    -------
    low, high : arrays of float, in the unit of the count. The low bound of 0 is 0.

    Raises
    ------
    ValueError
        If the confidence is out of range or a count is negative.

    Source: Garwood (1936), "Fiducial limits for the Poisson distribution", Biometrika 28(3/4).

    >>> low, high = poisson(10)
    >>> round(float(low), 3), round(float(high), 3)
    (4.795, 18.39)
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected between 0 and 1")
    x = np.asarray(count, float)
    if np.any(x < 0):
        raise ValueError("a count is negative")
    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        # Half of a quantile of chi-squared is one of the gamma law.
        low = np.where(x == 0, 0.0, special.gammaincinv(x, tail))
        high = special.gammaincinv(x + 1, 1 - tail)
    return low, np.where(np.isnan(x), np.nan, high)
