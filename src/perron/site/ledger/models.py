"""What is stored of decisions: the chain, which is the truth, and the rows that pages read from it.

`Entry` and `Frozen` are written once. Every other row can be made again from them, and
`ledger.verification` compares the two.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Named, Protected
from perron.site.directory.models import Term


class EntryKind(models.TextChoices):
    """What an entry says."""

    DECIDED = "decided", _("décision")
    SIGNAL = "signal", _("signal")
    EVIDENCE = "evidence", _("preuve")
    EXPECTED = "expected", _("attente")
    ACTED = "acted", _("action")
    REVIEWED = "reviewed", _("relecture")
    CORRECTED = "corrected", _("correction")
    WITHDRAWN = "withdrawn", _("retrait")
    CLOSED = "closed", _("clôture")


class Grade(models.TextChoices):
    """How far what happened is shown."""

    ATTESTED = "attested", _("attesté")
    PROBABLE = "probable", _("probable")
    CLAIMED = "claimed", _("déclaré")
    NOT_MEASURED = "not_measured", _("non mesuré")


class Verdict(models.TextChoices):
    """What the result says of the expectation."""

    HELD = "held", _("tenue")
    ABOVE = "above", _("dépassée")
    BELOW = "below", _("non atteinte")
    UNKNOWN = "unknown", _("pas de réponse")


class Frozen(models.Model):
    """The free texts of an entry, found by their SHA-256. Erasing them leaves the chain whole.

    `body` is canonical JSON with a random salt, so that erased words can't be guessed from the digest.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField(blank=True)
    erased = models.DateTimeField(null=True)
    erased_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(body="") & Q(erased__isnull=True)
                | Q(body="") & Q(erased__isnull=False) & ~Q(erased_because=""),
                name="ledger_frozen_or_erased_with_reason",
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Entry(models.Model):
    """One link of the chain. It holds no personal data: `actor` is an opaque identifier."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=EntryKind)
    #: Numbers, codes and dates as canonical JSON: never a free text, which `content` holds.
    facts = models.TextField(default="{}")
    #: The commitment it is about, by its key.
    commitment = models.UUIDField(db_index=True)
    actor = models.UUIDField(null=True)
    content = models.ForeignKey(Frozen, on_delete=models.PROTECT, related_name="entries")
    #: The entry that this one corrects, withdraws or reviews.
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Head(models.Model):
    """The end of the chain, in one row that each writer locks: two people never add the same link."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="ledger_one_head"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class Commitment(Protected):
    """A decision that expects something: what it is now, as its entries left it."""

    READ: ClassVar[str] = "ledger.read"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    #: The number people quote: "2026-07".
    reference = models.CharField(max_length=12, unique=True)
    kind = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=160)
    #: What was decided, in one sentence.
    decision = models.CharField(max_length=600)
    decided_on = models.DateField(db_index=True)
    #: A body or a function ("Conseil d’administration"), never a person.
    decided_by = models.CharField(max_length=160)
    #: A code of the reference of territories.
    territory = models.CharField(max_length=20, blank=True)
    #: The economic and societal criteria it answers to (R10).
    criteria = models.ManyToManyField(Term, related_name="+", blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_because = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["-decided_on", "-reference"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) & Q(closed_because="")
                | Q(closed_on__isnull=False) & ~Q(closed_because=""),
                name="ledger_commitment_closed_with_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Indicator(Named):
    """What an expectation is about, configured by the agency (R4).

    `reading` names a reader of the lake (`ledger.readings`) with its `parameters`; empty where a
    person is asked at the due date.
    """

    code = models.SlugField(max_length=64, unique=True)
    description = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=40)
    unit_en = models.CharField(max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    criterion = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, related_name="+")
    reading = models.CharField(max_length=48, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]


class _Stated(models.Model):
    """A row that an entry states; withdrawn by a later entry."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Evidence(_Stated):
    """What a decision rests on. Figures and tables are in the entry's frozen words."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="evidences")
    title = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["entry_id"]

    def __str__(self) -> str:
        return self.title


class Expectation(_Stated):
    """What is expected, of which indicator, where, from where to where, by when, beside whom.

    A missing number is a state and never zero: `baseline_state` is one of the lake's words
    (observed, zero, suppressed, unknown, not_measured).
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="expectations"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    #: A code of the reference of territories, where the indicator is about a place.
    territory = models.CharField(max_length=20, blank=True)
    sentence = models.CharField(max_length=400)
    baseline = models.FloatField(null=True)
    baseline_state = models.CharField(max_length=16)
    baseline_period = models.CharField(max_length=10, blank=True)
    #: The range expected at the due date; None at one end where it is open.
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    #: The period to be read ("2018"), and the day on which to read it.
    period = models.CharField(max_length=10)
    due = models.DateField(db_index=True)
    #: The place beside which it is read, if any, and its own baseline.
    comparator = models.CharField(max_length=20, blank=True)
    comparator_baseline = models.FloatField(null=True)
    comparator_state = models.CharField(max_length=16, blank=True)
    #: The review in force, if any.
    reviewed = models.OneToOneField("Review", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["due", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False),
                name="ledger_expectation_has_a_range",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="ledger_expectation_low_before_high",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence


class Review(_Stated):
    """What was read at the due date, from the lake or from a person, with its grade."""

    expectation = models.ForeignKey(Expectation, on_delete=models.PROTECT, related_name="reviews")
    value = models.FloatField(null=True)
    state = models.CharField(max_length=16)
    period = models.CharField(max_length=10, blank=True)
    comparator_value = models.FloatField(null=True)
    comparator_state = models.CharField(max_length=16, blank=True)
    grade = models.CharField(max_length=12, choices=Grade)
    verdict = models.CharField(max_length=8, choices=Verdict)
    #: What a person says of it, and where that can be read.
    words = models.CharField(max_length=600, blank=True)
    source = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["entry_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(grade__in=Grade.values) & Q(verdict__in=Verdict.values),
                name="ledger_review_known_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.verdict}"


class Reminder(models.Model):
    """A reminder that was sent, so that none is sent twice."""

    expectation = models.ForeignKey(Expectation, on_delete=models.CASCADE, related_name="reminders")
    #: Days before the due date: 30, 7, 0, and -30 when a month late.
    days = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["expectation", "days"], name="ledger_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.expectation} {self.days}"
