"""What a series would do if it went on as before: a random walk with drift, with its prediction interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

#: A slope and a variance are estimated: fewer values leave nothing to estimate them from.
FEWEST = 4


@dataclass(frozen=True, slots=True)
class Forecast:
    """The middle and the ends of the range at a horizon."""

    middle: float
    low: float
    high: float


def drift(values: ArrayLike, horizon: int, confidence: float = 0.8) -> Forecast:
    r"""The value of a series `horizon` steps after its last, if it keeps its mean step.

    .. math:: \hat y_{T+h} = y_T + h \, \frac{y_T - y_1}{T - 1}, \qquad
        \hat\sigma_h^2 = \hat\sigma^2 h \left(1 + \frac{h}{T - 1}\right), \qquad
        \hat\sigma^2 = \frac{1}{T - 2} \sum_{t=2}^{T} (y_t - y_{t-1} - \hat c)^2

    with :math:`\hat c` the mean step. The range is :math:`\hat y \pm t \hat\sigma_h`, with
    :math:`t` the quantile of Student's law with :math:`T - 2` degrees of freedom: a short series is
    given a wide range.

    Parameters
    ----------
    values : array-like
        One value a step, in order, without a gap. Of a positive quantity whose changes are
        proportional, give the logarithms and take the exponential of what comes back.
    horizon : int
        Steps after the last value, one or more.
    confidence : float
        The chance that the range holds the value, if steps stay alike and independent.

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        For fewer than 4 values, one that is missing, a horizon under 1, or a confidence out of range.

    Source: Hyndman, Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd edition, OTexts,
    sections 5.2 and 5.5, the drift method; its formula takes the normal quantile.

    >>> found = drift([1, 3, 4, 6, 6], horizon=2)
    >>> round(found.middle, 3), round(found.low, 3), round(found.high, 3)
    (8.5, 5.784, 11.216)
    """
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 1 or len(y) < FEWEST:
        raise ValueError(f"{y.size} values are too few, expected {FEWEST} or more")
    if not np.isfinite(y).all():
        raise ValueError("a value is missing: give the series without its gap")
    if horizon < 1:
        raise ValueError(f"horizon is {horizon}, expected 1 or more")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected between 0 and 1")
    count = len(y)
    step = (y[-1] - y[0]) / (count - 1)
    spread = float(((np.diff(y) - step) ** 2).sum() / (count - 2))
    error = math.sqrt(spread * horizon * (1 + horizon / (count - 1)))
    reach = float(stats.t.ppf(0.5 + confidence / 2, count - 2)) * error
    middle = float(y[-1] + horizon * step)
    return Forecast(middle, middle - reach, middle + reach)


def proportional_drift(values: ArrayLike, horizon: int, confidence: float = 0.8) -> Forecast:
    """`drift` of the logarithms, back in the unit of the values, which must be above zero.

    The middle is then the median of what is foreseen.

    >>> found = proportional_drift([100, 110, 121, 133.1], horizon=1)
    >>> round(found.middle, 2), round(found.low, 2), round(found.high, 2)
    (146.41, 146.41, 146.41)
    """
    y = np.asarray(values, dtype=np.float64)
    if (y <= 0).any():
        raise ValueError("a value is zero or less: its logarithm is not defined")
    found = drift(np.log(y), horizon, confidence)
    return Forecast(math.exp(found.middle), math.exp(found.low), math.exp(found.high))
