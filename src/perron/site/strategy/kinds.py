"""The kinds of thing of the strategy: drivers of change, which are public, and challenges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.access import Reader
from perron.site.directory.search.rows import Row, batches, row_of
from perron.site.directory.things import Kind, Thing
from perron.site.strategy import words
from perron.site.strategy.challenges import selectors as challenges
from perron.site.strategy.models import Challenge, Driver


def drivers(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Drivers by key: the register is read by all."""
    numbers = [int(k) for k in keys if k.isascii() and k.isdigit() and len(k) < 18]
    return {
        str(one.pk): Thing(
            "driver",
            str(one.pk),
            one.title,
            reverse("driver-sheet", args=[one.pk]),
            words.summary(one),
            one.fictional,
        )
        for one in Driver.objects.filter(pk__in=numbers)
    }


def _driver_rows(keys: Sequence[str] | None) -> Iterator[Row]:
    found = Driver.objects.all()
    if keys is not None:
        found = found.filter(pk__in=[int(key) for key in keys])
    for one in found:
        yield Row("driver", str(one.pk), one.title, f"{one.sentence} {one.get_kind_display()}")


def _challenge_rows(keys: Sequence[str] | None) -> Iterator[Row]:
    found = Challenge.objects.select_related("kind").prefetch_related("criteria")
    for one in batches(found, keys):
        criteria = [str(term) for term in one.criteria.all()]
        yield row_of(one, one.title, [one.sentence, str(one.kind), *criteria])


KINDS = (
    Kind("driver", _("moteur de changement"), drivers, field="economy", index=_driver_rows),
    Kind("challenge", _("défi"), challenges.things, index=_challenge_rows),
)
