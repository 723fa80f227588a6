"""The last section of a document: every figure of it answers "where from?".

The facts answer one by one, as their panel does on a page. A column of a chart or table answers for
all its figures: what their methods have in common, their periods, ages and sources. The sources
are numbered and end the document, each with its licence and the day it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import Figure, Origin
from perron.site.components import figures
from perron.site.components.downloads import Drawn, columns_of, origins
from perron.site.components.networks import NetworkChart
from perron.site.components.sheets import Bars, Block, Dots, Fact, Facts, Heading, Note, Text

Data = dict[str, Any]


def line(source: Figure | Origin | str, today: date) -> Data:
    """What stands under a chart or table: its source in words, and its age where it is too old."""
    language = figures.language()
    if isinstance(source, Figure):
        text = figures.source_text(source.origin.publisher, source.origin.source)
        period = formats.period(source.period, language)
        old = ""
        if source.stale(today):
            old = _("{stale}, à actualiser").format(stale=figures.years(source.age(today)))
        return {"text": f"{text}, {period}.", "old": old}
    if isinstance(source, Origin):
        text = figures.source_text(source.publisher, source.source)
        read = _("extrait le {retrieved}").format(
            retrieved=formats.date(source.retrieved, language)
        )
        return {"text": f"{text}, {read}.", "old": ""}
    return {"text": f"{source.rstrip('.')}." if source else "", "old": ""}


def section(blocks: Sequence[Block], today: date) -> Data:
    """The answers of every figure of the document, and its numbered sources."""
    facts = [fact for block in blocks if isinstance(block, Facts) for fact in block.facts]
    drawn = list(_drawn(blocks))
    known = list(dict.fromkeys(origins(*(fact.figure for fact in facts), *drawn)))
    return {
        "facts": [_fact(fact, rank, today) for rank, fact in enumerate(facts, start=1)],
        "measures": list(_measures(drawn, known, today)),
        "origins": [_origin(origin, rank) for rank, origin in enumerate(known, start=1)],
    }


def _drawn(blocks: Sequence[Block]) -> Iterator[Drawn]:
    for block in blocks:
        if isinstance(block, Dots | Bars):
            yield block.chart
        elif not isinstance(block, Facts | Heading | Note | NetworkChart | Text):
            yield block  # the figures of a network are those of its table


def _fact(fact: Fact, rank: int, today: date) -> Data:
    return {
        "number": rank,
        "label": fact.label or fact.figure.name,
        "value": figures.value_text(fact.figure, fact.signed),
        "lines": [
            {"label": said.label, "text": said.text, "state": said.state, "old": said.stale}
            for said in figures.provenance(fact.figure, today)
        ],
    }


def _origin(origin: Origin, rank: int) -> Data:
    return {
        "number": rank,
        "text": figures.source_text(origin.publisher, origin.source),
        "licence": _("Licence : {licence}.").format(licence=_(origin.licence)),
        "read": _("Extrait le {day}, table {table}, version {version}.").format(
            day=formats.date(origin.retrieved, figures.language()),
            table=origin.table,
            version=origin.version,
        ),
        # A link is only made of an address that a reader can open.
        "url": origin.url if origin.url.startswith(("https://", "http://")) else "",
    }


def _measures(drawn: Sequence[Drawn], known: list[Origin], today: date) -> Iterator[Data]:
    """Each measure once, though several charts and tables show it."""
    seen: set[tuple[str, ...]] = set()
    for piece in drawn:
        for label, column in columns_of(piece):
            if not column:
                continue
            said = _measure(label, column, known, today)
            name = column[0].name  # one measure may stand under two headings
            mark = (name, said["place"], said["method"], said["period"], *said["origins"])
            if mark not in seen:
                seen.add(mark)
                yield said


def _measure(label: str, column: Sequence[Figure], known: list[Origin], today: date) -> Data:
    first, last = min(f.period for f in column), max(f.period for f in column)
    limits = {figure.limit_years for figure in column}
    newest = max(column, key=lambda figure: figure.period)
    stale = newest.stale(today)
    numbers = sorted({known.index(o) + 1 for f in column for o in (f.origin, *f.others)})
    intervals = dict.fromkeys(f.interval for f in column if f.low is not None and f.interval)
    places = {figure.territory for figure in column}
    return {
        "label": label,
        "place": places.pop() if len(places) == 1 else "",
        "method": common(dict.fromkeys(figure.method for figure in column)),
        "interval": " ".join(
            _("Intervalle {nature}.").format(nature=nature) for nature in intervals
        ),
        "period": formats.period(first if first == last else f"{first}/{last}", figures.language()),
        "age": figures.years(newest.age(today)),
        "old": _("limite {years}").format(years=figures.years(limits.pop() or 0))
        if stale and len(limits) == 1
        else "",
        "origins": [str(number) for number in numbers],
    }


def common(methods: Iterable[str]) -> str:
    """The sentences that every method has: what is left out is each figure's own numbers.

    >>> common(["Créations pour 100. 3 pour 40.", "Créations pour 100. 5 pour 90."])
    'Créations pour 100.'
    """
    split = [re.split(r"(?<=[.!?]) +", method) for method in methods if method]
    if not split:
        return ""
    return " ".join(said for said in split[0] if all(said in other for other in split))
