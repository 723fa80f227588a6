"""What falls due: the list by how near it is, and the same as a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron import formats
from perron.site.accounts.access import Capability, Reader, public, reader_of
from perron.site.components.figures import language
from perron.site.ledger import ical, readings, selectors, territories, words
from perron.site.ledger.models import Commitment, Expectation
from perron.site.ledger.views import saw_several

#: The most expectations that the list and the calendar show.
MOST = 500


@dataclass(frozen=True, slots=True)
class Falling:
    """An expectation of the list: how far its day is, and whether a person is asked."""

    row: Expectation
    distance: str
    expected: str
    place: str
    #: Nobody but a person can say it.
    asked: bool


def falling(reader: Reader, today: date) -> list[Falling]:
    """What nobody has reviewed yet, the nearest day first."""
    places, known = territories.known(), readings.readings()
    return [
        Falling(
            row,
            words.distance(row.due, today),
            words.expected(row.indicator, row.low, row.high),
            territories.name_of(row.territory, places),
            row.indicator.reading not in known,
        )
        for row in selectors.expectations_due(reader)[:MOST]
    ]


def grouped(found: list[Falling], today: date) -> dict[str, list[Falling]]:
    """Late, this month, this quarter, later: by the calendar, not by spans of days."""
    after = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    for _month in range(3):
        quarter = (quarter + timedelta(days=32)).replace(day=1)
    groups: dict[str, list[Falling]] = {"late": [], "month": [], "quarter": [], "later": []}
    for one in found:
        day = one.row.due
        name = (
            "late"
            if day <= today
            else "month"
            if day < after
            else "quarter"
            if day < quarter
            else "later"
        )
        groups[name].append(one)
    return groups


@public
@require_safe
@never_cache
def due(request: HttpRequest) -> HttpResponse:
    """What falls due and what waits for a person."""
    reader, today = reader_of(request), timezone.localdate()
    found = falling(reader, today)
    saw_several(reader, _decisions(found))
    groups = grouped(found, today)
    late, month = len(groups["late"]), len(groups["month"])
    labels = {
        "late": _("Échues, à relire"),
        "month": _("Encore ce mois-ci"),
        "quarter": _("Encore ce trimestre"),
        "later": _("Plus tard"),
    }
    return render(
        request,
        "ledger/due.html",
        {
            "title": words.due_title(late, month, len(found) - late - month),
            "groups": [(name, labels[name], rows) for name, rows in groups.items() if rows],
            "asked": sum(one.asked for one in groups["late"]),
            "cut": len(found) == MOST,
            "most": MOST,
            "reviewer": reader.can(Capability.LEDGER_REVIEW),
            "writer": reader.can(Capability.LEDGER_WRITE),
        },
    )


@public
@require_safe
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """The days on which something falls due, for any calendar."""
    reader = reader_of(request)
    found = falling(reader, timezone.localdate())
    saw_several(reader, _decisions(found))
    written = ical.calendar(
        _("Échéances du registre des décisions"), _days(request, found), timezone.now()
    )
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="perron-echeances.ics"'
    return response


def _decisions(found: list[Falling]) -> list[Commitment]:
    return list({one.row.commitment_id: one.row.commitment for one in found}.values())


def _days(request: HttpRequest, found: list[Falling]) -> Iterator[ical.Day]:
    for one in found:
        decision = one.row.commitment
        title = f"{decision.reference} · {one.row.sentence}"
        if decision.fictional:
            title += f" ({_('exemple fictif')})"
        yield ical.Day(
            uid=f"{decision.key}-{one.row.entry_id}@perron",
            on=one.row.due,
            title=title,
            text=_("{indicator} : attendu {range} en {period}. Décision : {decision}").format(
                indicator=one.row.indicator,
                range=one.expected,
                period=formats.period(one.row.period, language()),
                decision=decision.title,
            ),
            url=request.build_absolute_uri(reverse("commitment", args=[decision.reference])),
        )
