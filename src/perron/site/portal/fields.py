"""The three fields of the strategy and the ledger, each in a sentence and a picture, for one reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron.site.accounts.access import Reader
from perron.site.directory.waiting import Counted, needs_counted
from perron.site.ledger import charts
from perron.site.ledger import selectors as ledger
from perron.site.ledger.selectors import Outcomes
from perron.site.ledger.words import register_title


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: where it begins, how wide, its number and its look."""

    x: str
    width: str
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs as one bar, in a sentence; None of it where there is no need."""

    said: str
    counted: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """What the home page draws beside the territory."""

    needs: Needs | None
    decided: str
    units: charts.Units | None


def fields(reader: Reader) -> Fields:
    """The pictures of training and of decisions, as far as the reader may see."""
    outcomes = ledger.outcomes(reader)
    return Fields(_needs(needs_counted(reader)), _decided(outcomes), charts.units(outcomes))


def _needs(found: Counted) -> Needs | None:
    if not found.total:
        return None
    counts = ((found.answered, "b1"), (found.closed, "soft"), (found.open, "off"))
    parts, at = [], 0.0
    for count, css in counts:
        if count:
            width = 100 * count / found.total
            parts.append(Part(f"{at:.2f}%", f"{max(width - 1, 0.5):.2f}%", str(count), css))
            at += width
    said = ngettext("{n} besoin est ouvert", "{n} besoins sont ouverts", found.open)
    answered = ngettext("{n} a reçu une réponse", "{n} ont reçu une réponse", found.answered)
    return Needs(
        _("{open}, {answered}.").format(
            open=said.format(n=found.open), answered=answered.format(n=found.answered)
        ),
        ", ".join(
            words.format(n=n)
            for n, words in (
                (found.answered, ngettext("{n} répondu", "{n} répondus", found.answered)),
                (found.closed, ngettext("{n} clos", "{n} clos", found.closed)),
                (found.open, ngettext("{n} ouvert", "{n} ouverts", found.open)),
            )
        ),
        tuple(parts),
    )


def _decided(found: Outcomes) -> str:
    """What became of the expectations due, as the register says it."""
    if not found.due:
        return ""
    return register_title(found, decisions=True)
