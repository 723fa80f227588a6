"""What a value says of the range that was expected, and how far that is shown. Words, never a score."""

from __future__ import annotations

from dataclasses import dataclass

HELD, ABOVE, BELOW, UNKNOWN = "held", "above", "below", "unknown"
ATTESTED, PROBABLE, CLAIMED, NOT_MEASURED = "attested", "probable", "claimed", "not_measured"


def verdict(value: float | None, low: float | None, high: float | None) -> str:
    """Where a value lies: in the range, its ends included, above it, below it, or unknown.

    A range may be open at one end, not at both.

    >>> verdict(10.0, 8.0, 12.0), verdict(12.5, 8.0, 12.0), verdict(7.0, 8.0, None), verdict(None, 8.0, None)
    ('held', 'above', 'below', 'unknown')
    """
    if low is None and high is None:
        raise ValueError("a range needs one end at least")
    if low is not None and high is not None and low > high:
        raise ValueError(f"the low end {low} is above the high one {high}")
    if value is None or value != value:
        return UNKNOWN
    if low is not None and value < low:
        return BELOW
    if high is not None and value > high:
        return ABOVE
    return HELD


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a value comes from.

    `published` is whether a published table of the lake gives it; `exact` whether that is for the
    period and the territory that were expected; `low` and `high` bound it where its source says so;
    `document` is whether someone who says it names where it can be read.
    """

    published: bool
    exact: bool = True
    low: float | None = None
    high: float | None = None
    document: bool = False


def grade(value: float | None, low: float | None, high: float | None, proof: Proof) -> str:
    """How far a result is shown.

    Attested: read in a published table, for the expected period and place, and its interval gives one
    verdict. Probable: read there for another period or a coarser place, or its interval gives two
    verdicts, or a person says it and names a document. Claimed: a person says it. Not measured: nobody
    has a value.

    >>> grade(10.0, 8.0, None, Proof(published=True, low=9.0, high=11.0))
    'attested'
    >>> grade(10.0, 8.0, None, Proof(published=True, low=7.0, high=13.0))
    'probable'
    >>> grade(10.0, 8.0, None, Proof(published=False)), grade(None, 8.0, None, Proof(published=True))
    ('claimed', 'not_measured')
    """
    if value is None or value != value:
        return NOT_MEASURED
    if not proof.published:
        return PROBABLE if proof.document else CLAIMED
    ends = {verdict(end, low, high) for end in (proof.low, proof.high) if end is not None}
    return ATTESTED if proof.exact and ends <= {verdict(value, low, high)} else PROBABLE


def growth(before: float | None, after: float | None) -> float | None:
    """Change in percent of where it began; None where either is missing or it began at zero.

    >>> growth(200.0, 210.0), growth(0.0, 3.0)
    (5.0, None)
    """
    return None if after is None or not before else 100 * (after - before) / before
