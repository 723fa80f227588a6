"""Typed links between any two things, each with its reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from perron.site.directory.models.vocabulary import Term


class Link(models.Model):
    """`from` is linked to `to`. A thing is a kind and a key: see `directory.things`.

    A link is seen by who may see both of its ends. It is withdrawn with a reason, never deleted.
    """

    kind = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    from_kind = models.CharField(max_length=24)
    from_key = models.CharField(max_length=40)
    to_kind = models.CharField(max_length=24)
    to_key = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=300, blank=True)
    #: When it holds, as periods; empty where not known.
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    fictional = models.BooleanField(default=False)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["from_kind", "from_key"], name="directory_link_from"),
            models.Index(fields=["to_kind", "to_key"], name="directory_link_to"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "from_kind", "from_key", "to_kind", "to_key"],
                condition=Q(withdrawn_because=""),
                name="directory_link_once",
            ),
            models.CheckConstraint(
                condition=~Q(from_kind=F("to_kind")) | ~Q(from_key=F("to_key")),
                name="directory_link_of_two_things",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_kind} {self.from_key} {self.kind} {self.to_kind} {self.to_key}"
