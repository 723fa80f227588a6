"""Many tests at once: the share of false discoveries among those called significant."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Control = Literal["bh", "by"]


def q_values(p_values: ArrayLike, control: Control = "bh") -> NDArray[np.float64]:
    r"""P-values adjusted for the number of tests: the smallest rate at which each is a discovery.

    With the :math:`m` known p-values in order, :math:`p_{(1)} \le \dots \le p_{(m)}`,

    .. math:: q_{(k)} = \min\Big(1, \min_{l \ge k} \frac{c_m\, m\, p_{(l)}}{l}\Big)

    where :math:`c_m` is 1 for Benjamini and Hochberg and :math:`\sum_{l=1}^m 1/l` for Benjamini and
    Yekutieli. Calling significant what has :math:`q \le \alpha` keeps the expected share of false
    discoveries at or under :math:`\alpha`.

    Parameters
    ----------
    p_values : array-like of any shape
        Between 0 and 1; NaN where there was no test, which does not count in :math:`m`.
    control : "bh" or "by"
        "bh" holds for tests that are independent or positively dependent; "by" whatever the
        dependence, and finds less.

    Returns
    -------
    Array of the same shape; NaN where there was no test.

    Raises
    ------
    ValueError
        If a p-value is not between 0 and 1, or the control is not one of the two.

    Source: Benjamini, Hochberg (1995), "Controlling the false discovery rate", Journal of the Royal
    Statistical Society B 57(1), equation 1; Benjamini, Yekutieli (2001), "The control of the false
    discovery rate in multiple testing under dependency", The Annals of Statistics 29(4), theorem 1.3.

    >>> q_values([0.01, 0.04, 0.03, np.nan]).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    if control not in ("bh", "by"):
        raise ValueError(f"control is {control!r}, expected 'bh' or 'by'")
    p = np.asarray(p_values, dtype=np.float64)
    tested = ~np.isnan(p)
    known = p[tested]
    if (wrong := (known < 0) | (known > 1)).any():
        raise ValueError(f"a p-value is {known[wrong][0]:g}, expected between 0 and 1")
    answer = np.full(p.shape, np.nan)
    order = np.argsort(known, kind="stable")
    ranks = np.arange(1, known.size + 1)
    factor = (1 / ranks).sum() if control == "by" else 1.0
    adjusted = known[order] * known.size * factor / ranks
    # A larger p-value never has a smaller q-value: the minimum runs from the largest down.
    adjusted = np.minimum.accumulate(adjusted[::-1])[::-1]
    back = np.empty_like(known)
    back[order] = np.minimum(adjusted, 1.0)
    answer[tested] = back
    return answer
