"""Needs: one plain sentence, the structure that the machine proposes, and a person's yes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Protected
from perron.site.directory.models.organisations import Contact, Organisation
from perron.site.directory.models.vocabulary import Term


class NeedStatus(models.TextChoices):
    """Where a need stands."""

    OPEN = "open", _("ouvert")
    ANSWERED = "answered", _("répondu")
    CLOSED = "closed", _("clos")


class Need(Protected):
    """What an organisation or a project needs. Confidential unless a person says otherwise."""

    READ: ClassVar[str] = "needs.read"
    ORGANISATION: ClassVar[str] = "organisation_id"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="needs"
    )
    #: Who said it, where it is a contact; else in words ("visite du 12 mars").
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="needs"
    )
    said_by = models.CharField(max_length=120, blank=True)
    said_on = models.DateField()
    #: The very words that were said.
    sentence = models.CharField(max_length=500)
    kind = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveIntegerField(null=True, blank=True)
    #: What the quantity is in: "m²", "ha", "€"; empty where it counts persons or things.
    unit = models.CharField(max_length=8, blank=True)
    #: What is needed, without the number, the date and the place.
    object = models.CharField(max_length=200, blank=True)
    needed_by = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=10, blank=True)
    #: What the machine proposed, kept beside what the person confirmed.
    proposal = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=NeedStatus, default=NeedStatus.OPEN)
    #: What was answered, or why it was closed.
    outcome = models.CharField(max_length=500, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-said_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status=NeedStatus.OPEN) | ~Q(outcome=""),
                name="directory_need_outcome_said",
            ),
            models.CheckConstraint(
                condition=Q(status__in=NeedStatus.values), name="directory_need_known_status"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
