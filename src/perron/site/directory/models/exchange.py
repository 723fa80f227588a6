"""What keeps the directory right: imports under preview, merges that can be undone, confirmations."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from perron.site.directory.models.organisations import Organisation


class Import(models.Model):
    """A file that was read: nothing of it is in the directory until a person confirms."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: What its rows are: "organisation", "contact", "need", "memory", "link".
    kind = models.CharField(max_length=16)
    filename = models.CharField(max_length=200)
    at = models.DateTimeField()
    #: The rows and the fate of each, as compressed JSON; emptied once written or dropped.
    rows = models.BinaryField()
    #: How many rows have each fate.
    counts = models.JSONField(default=dict)
    written = models.DateTimeField(null=True)
    dropped = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return self.filename


class Merge(models.Model):
    """Two records that were one organisation, with all that is needed to part them again."""

    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    #: What moved and what was filled in, by kind of record.
    moved = models.JSONField(default=dict)
    undone = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.kept}"


class Confirmation(models.Model):
    """A link by e-mail with which an organisation says that its facts are right, in one click.

    Neither the link nor the address it was sent to is kept: the SHA-256 of the first, nothing of
    the second.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="confirmations"
    )
    token = models.CharField(max_length=64, unique=True)
    asked_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    #: What the organisation wrote where something is wrong.
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.at:%Y-%m-%d}"


class Distinct(models.Model):
    """Two organisations that look alike and that a person said are two."""

    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="directory_distinct_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="directory_distinct_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
