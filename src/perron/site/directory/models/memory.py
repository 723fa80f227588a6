"""Institutional memory (R2): what was done before, each with its date and source."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from perron.site.accounts.models import Protected
from perron.site.directory.models.organisations import Organisation
from perron.site.directory.models.vocabulary import Term


class Memory(Protected):
    """A past project, event, report or decision."""

    kind = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    #: When it took place, as a period: "2013", "2013-10".
    period = models.CharField(max_length=10, db_index=True)
    summary = models.CharField(max_length=800, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memories"
    )
    place = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-period", "title"]

    def __str__(self) -> str:
        return self.title
