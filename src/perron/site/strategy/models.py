"""The registers of drivers and of challenges: what pushes to change, and what it asks of the agency.

Nothing is ever deleted: a driver or a challenge is closed, an evidence or an exposure is withdrawn,
each with its reason, and every action leaves an entry in the log (`accounts.log`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Protected
from perron.site.directory.models import Term


class Kind(models.TextChoices):
    """What a driver is about."""

    TECHNOLOGY = "technology", _("Technologie")
    REGULATION = "regulation", _("Réglementation")
    DEMAND = "demand", _("Demande")
    DEMOGRAPHY = "demography", _("Démographie")
    CLOSURE = "closure", _("Fermeture")


class Direction(models.TextChoices):
    """What it means for the exposed."""

    THREAT = "threat", _("menace")
    OPPORTUNITY = "opportunity", _("opportunité")
    BOTH = "both", _("menace et opportunité")


class Status(models.TextChoices):
    """What the agency does about it."""

    WATCHED = "watched", _("surveillé")
    ACTING = "acting", _("suivi d’actions")
    CLOSED = "closed", _("clos")


class Grade(models.TextChoices):
    """How strong an evidence is."""

    ATTESTED = "attested", _("attesté")
    PROBABLE = "probable", _("probable")
    CLAIMED = "claimed", _("déclaré")


class Driver(models.Model):
    """A driver of change. `since` and `until` are periods ("2023", "2023-10"); empty where not known."""

    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=120)
    sentence = models.CharField(max_length=400)
    direction = models.CharField(max_length=16, choices=Direction)
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.WATCHED)
    closed_because = models.CharField(max_length=400, blank=True)
    #: A role ("cellule industrie"), never a person.
    owner = models.CharField(max_length=120, blank=True)
    #: A code of the reference of territories.
    territory = models.CharField(max_length=20)
    #: Whether it is invented, which is then said wherever it shows.
    fictional = models.BooleanField(default=False)
    #: Counts the changes, so that the second of two people at once is told.
    revision = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["kind", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["title"], name="strategy_driver_title_once"),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED) & ~Q(closed_because="")
                | ~Q(status=Status.CLOSED) & Q(closed_because=""),
                name="strategy_driver_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values)
                & Q(direction__in=Direction.values)
                & Q(status__in=Status.values),
                name="strategy_driver_known_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class _Evidence(models.Model):
    """A public page, or a table of the lake in the version that was read."""

    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=120)
    #: When it was published, as a period.
    date = models.CharField(max_length=10)
    url = models.URLField(max_length=500, blank=True)
    table = models.CharField(max_length=64, blank=True)
    version = models.CharField(max_length=64, blank=True)
    #: What it says, in one sentence of ours.
    words = models.CharField(max_length=300)
    grade = models.CharField(max_length=16, choices=Grade)
    withdrawn_because = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["date", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(table=""), name="strategy_%(class)s_leads_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(grade__in=Grade.values), name="strategy_%(class)s_known_grade"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Evidence(_Evidence):
    """What a driver rests on."""

    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="evidences")


class Exposure(models.Model):
    """An activity that a driver touches; `share` is how much of it, 0 to 1, None where not known."""

    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="exposures")
    #: A code of NACE-BEL at any level, without its dot.
    activity = models.CharField(max_length=7)
    share = models.FloatField(null=True)
    reason = models.CharField(max_length=300)
    withdrawn_because = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["activity"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["driver", "activity"],
                condition=Q(withdrawn_because=""),
                name="strategy_exposure_activity_once",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1),
                name="strategy_exposure_share_between_0_and_1",
            ),
        ]

    def __str__(self) -> str:
        return self.activity


class Side(models.TextChoices):
    """What is asked of the agency: to answer a difficulty, or to seize a chance."""

    CHALLENGE = "challenge", _("défi")
    OPPORTUNITY = "opportunity", _("opportunité")
    BOTH = "both", _("défi et opportunité")


class Stand(models.TextChoices):
    """Where a challenge stands."""

    OPEN = "open", _("ouvert")
    ADDRESSED = "addressed", _("pris en charge")
    CLOSED = "closed", _("clos")


class Challenge(Protected):
    """A challenge or an opportunity of the territory (R5): the first link of what a decision follows from."""

    kind = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    sentence = models.CharField(max_length=400)
    side = models.CharField(max_length=16, choices=Side)
    #: The economic and societal criteria it is about (R10).
    criteria = models.ManyToManyField(Term, related_name="+", blank=True)
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    #: A code of the reference of territories; empty where it is about no place in particular.
    territory = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=12, choices=Stand, default=Stand.OPEN)
    closed_because = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status=Stand.CLOSED) & ~Q(closed_because="")
                | ~Q(status=Stand.CLOSED) & Q(closed_because=""),
                name="strategy_challenge_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values) & Q(status__in=Stand.values),
                name="strategy_challenge_known_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChallengeEvidence(_Evidence):
    """What a challenge rests on."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="evidences")
