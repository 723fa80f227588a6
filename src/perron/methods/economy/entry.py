"""Do regions enter the sectors near those they hold? The entry model, and its rival on margins alone."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc

from perron.methods.economy.labels import Array, EmptyWarning, Labelled, Labels, Matrix
from perron.methods.economy.outlook import density_of
from perron.methods.economy.relatedness import binary, counts_of, proximity_of

#: What can explain an entry, all of them known at the start.
Term = Literal["density", "ubiquity", "diversity"]
FULL: tuple[Term, ...] = ("density", "ubiquity", "diversity")
MARGINS: tuple[Term, ...] = ("ubiquity", "diversity")
#: Entries and non-entries under which no model is fitted.
FEWEST = 10
#: So weak a penalty that it only keeps finite what separated data would send to infinity.
_PENALTY = 1e-6


class NotMeasurableError(ValueError):
    """There are too few entries, other candidates or regions to measure anything."""

    def __init__(self, message: str, entries: int, candidates: int) -> None:
        super().__init__(message)
        self.entries, self.candidates = entries, candidates


@dataclass(frozen=True, slots=True)
class EntryModel:
    """A logistic regression of entries on what was known at the start.

    `coefficients` are by standard deviation of each term over the candidates, `errors` their standard
    errors, `means` and `deviations` what they were standardised with.
    """

    terms: tuple[Term, ...]
    intercept: float
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    log_likelihood: float
    candidates: int
    entries: int
    diagonal: float

    def predict(self, specialised: Matrix) -> Matrix:
        """The probability that each candidate cell is entered; NaN where held or not known."""
        held, known, labels = binary(specialised)
        values = _explaining(held, known, self.terms, self.diagonal)
        score = np.full(held.shape, self.intercept)
        for value, coefficient, mean, deviation in zip(
            values, self.coefficients, self.means, self.deviations, strict=True
        ):
            score += coefficient * (value - mean) / deviation
        score[_held_or_hidden(held, known)] = np.nan
        with np.errstate(over="ignore"):
            result: Matrix = labels.cells(1 / (1 + np.exp(-score)))
        return result


def entries(start: Matrix, end: Matrix) -> Matrix:
    r"""Which cells became a speciality between two dates.

    .. math:: E_{ri} = M^1_{ri} \text{ where } M^0_{ri} = 0

    Parameters
    ----------
    start, end : arrays or DataFrames of shape (regions, sectors)
        Specialisations at the two dates: 1, 0, NaN where not known. Frames are put in the same order.

    Returns
    -------
    The same kind: 1 entered, 0 not, NaN where there was nothing to enter (held already) or one of the
    two dates is not known.

    Raises
    ------
    ValueError
        If the two have not the same regions and sectors.

    Source: Boschma, Balland and Kogler (2015), "Relatedness and technological change in cities",
    Industrial and Corporate Change 24(1), section 4.

    >>> entries(np.array([[0, 0, 1, 0.0]]), np.array([[1, 0, 1, np.nan]])).tolist()
    [[1.0, 0.0, nan, nan]]
    """
    first, known, labels = binary(start)
    second = _in_order(end, labels, first.shape)
    outcome = second.copy()
    outcome[_held_or_hidden(first, known)] = np.nan
    result: Matrix = labels.cells(outcome)
    return result


def entry_model(
    start: Matrix, end: Matrix, terms: Sequence[Term] = FULL, *, diagonal: float = 1.0
) -> EntryModel:
    r"""A logistic regression of entries on density and on the margins, at the start.

    .. math:: \log \frac{p_{ri}}{1 - p_{ri}} = \alpha + \beta_1 \omega_{ri} + \beta_2 \log(1 + u_i) +
        \beta_3 \log(1 + d_r)

    with :math:`\omega` the relatedness density, :math:`u_i` the ubiquity and :math:`d_r` the
    diversity. Density rises with both margins: a model without them takes for relatedness what is only
    the size of the region and the spread of the sector. Compare the two with `density_test`.

    Parameters
    ----------
    start, end : arrays or DataFrames of shape (regions, sectors)
        Specialisations at the two dates.
    terms : "density", "ubiquity", "diversity"
        What explains; `MARGINS` is the rival without density.
    diagonal : float
        Of the proximity.

    Returns
    -------
    EntryModel. Cells not known at either date are left out.

    Raises
    ------
    NotMeasurableError
        If there are fewer than 10 entries, or 10 candidates that were not entered.

    Source: Boschma, Balland and Kogler (2015), equation 2, without their control variables.

    >>> rng = np.random.default_rng(0)
    >>> start = (rng.random((60, 40)) < 0.3).astype(float)
    >>> end = np.maximum(start, rng.random((60, 40)) < 0.1).astype(float)
    >>> model = entry_model(start, end, terms=("density",))
    >>> model.candidates, model.entries, abs(model.coefficients[0]) < 2 * model.errors[0]
    (1675, 174, True)
    """
    from sklearn.linear_model import LogisticRegression

    held, known, labels = binary(start)
    outcome = np.asarray(entries(labels.cells(np.asarray(start, dtype=np.float64)), end))
    there = ~np.isnan(outcome)
    y = outcome[there]
    if min(y.sum(), (1 - y).sum()) < FEWEST:
        raise NotMeasurableError(
            f"{int(y.sum())} entries among {y.size} candidates: expected at least {FEWEST} of each kind",
            int(y.sum()),
            int(y.size),
        )
    names = tuple(terms)
    columns = [value[there] for value in _explaining(held, known, names, diagonal)]
    means = [float(column.mean()) for column in columns]
    # A term that does not vary explains nothing: it is left at zero.
    deviations = [float(column.std()) or 1.0 for column in columns]
    x = np.column_stack([(c - m) / d for c, m, d in zip(columns, means, deviations, strict=True)])
    fitted = LogisticRegression(C=1 / _PENALTY, tol=1e-10, max_iter=1000).fit(x, y)
    coefficients = fitted.coef_[0]
    chance = fitted.predict_proba(x)[:, 1]
    return EntryModel(
        names,
        float(fitted.intercept_[0]),
        tuple(map(float, coefficients)),
        _errors(x, chance),
        tuple(means),
        tuple(deviations),
        float(np.log(np.where(y == 1, chance, 1 - chance)).sum()),
        int(y.size),
        int(y.sum()),
        diagonal,
    )


def density_test(full: EntryModel, rival: EntryModel) -> float:
    r"""Whether density adds anything to the rival, by the likelihood-ratio test.

    .. math:: 2 (\ell_{full} - \ell_{rival}) \sim \chi^2_k

    Parameters
    ----------
    full, rival : EntryModel
        On the same candidates; the terms of the rival are among those of the full model.

    Returns
    -------
    float
        The p-value. It supposes that cells are independent, which those of a region are not: it is too
        small. The back-test, which resamples whole regions, is the judge.

    Raises
    ------
    ValueError
        If the two are not one within the other.

    Source: Wilks (1938), "The large-sample distribution of the likelihood ratio", Ann. Math. Stat. 9.

    >>> rng = np.random.default_rng(1)
    >>> start = (rng.random((60, 40)) < 0.3).astype(float)
    >>> end = np.maximum(start, rng.random((60, 40)) < 0.1).astype(float)
    >>> round(density_test(entry_model(start, end), entry_model(start, end, MARGINS)), 2)
    0.47
    """
    extra = len(full.terms) - len(rival.terms)
    if extra < 1 or not set(rival.terms) < set(full.terms) or full.candidates != rival.candidates:
        raise ValueError("the rival is not the full model with fewer terms on the same candidates")
    return float(chdtrc(extra, max(0.0, 2 * (full.log_likelihood - rival.log_likelihood))))


def _explaining(
    held: Array, known: NDArray[np.bool_] | None, terms: tuple[Term, ...], diagonal: float
) -> list[Array]:
    """Each term as a table of cells."""
    made: dict[str, Array] = {}
    if "density" in terms:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EmptyWarning)
            near = np.nan_to_num(proximity_of(held, known, counts_of(held), diagonal))
        # A sector that nobody holds yet is near nothing: its density is 0, not unknown.
        made["density"] = np.nan_to_num(density_of(held, known, near))
    made["ubiquity"] = np.broadcast_to(np.log1p(held.sum(axis=0))[None, :], held.shape)
    made["diversity"] = np.broadcast_to(np.log1p(held.sum(axis=1))[:, None], held.shape)
    if wrong := [term for term in terms if term not in made]:
        raise ValueError(f"term {wrong[0]!r}, expected density, ubiquity or diversity")
    return [made[term] for term in terms]


def _errors(x: Array, chance: Array) -> tuple[float, ...]:
    """Standard errors from Fisher's information, of the coefficients without the intercept."""
    design = np.column_stack([np.ones(len(x)), x])
    information = (design * (chance * (1 - chance))[:, None]).T @ design
    variance = np.diagonal(np.linalg.pinv(information))[1:]
    return tuple(float(each) for each in np.sqrt(np.maximum(variance, 0.0)))


def _held_or_hidden(held: Array, known: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    there: NDArray[np.bool_] = held == 1
    return there if known is None else there | ~known


def _in_order(end: Labelled, labels: Labels, shape: tuple[int, ...]) -> Array:
    """The second matrix as an array, its regions and sectors in the order of the first."""
    if labels.regions is not None and isinstance(end, pd.DataFrame):
        for name, one, other in (
            ("regions", labels.regions, end.index),
            ("sectors", labels.sectors, end.columns),
        ):
            if one is None or set(one) != set(other):
                raise ValueError(f"the two dates have not the same {name}")
        end = end.reindex(index=labels.regions, columns=labels.sectors)
    held, known, _ = binary(end)
    if held.shape != shape:
        raise ValueError(f"the two dates have shapes {shape} and {held.shape}")
    return held if known is None else np.where(known, held, np.nan)
