"""Organisations and the persons the agency is in contact with there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Protected
from perron.site.directory.models.vocabulary import Term


class Organisation(Protected):
    """A company, a school, a public body, a partner."""

    ORGANISATION: ClassVar[str] = "pk"

    name = models.CharField(max_length=200)
    #: `name` without accents, case and legal form, for sorting and for finding doubles.
    plain_name = models.CharField(max_length=200, db_index=True)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, related_name="+")
    #: Ten digits of the Belgian register, checked; empty where there is none.
    company_number = models.CharField(max_length=10, blank=True)
    #: A code of the reference of territories (NIS), empty where not known.
    place = models.CharField(max_length=10, blank=True, db_index=True)
    address = models.CharField(max_length=200, blank=True)
    website = models.URLField(max_length=300, blank=True)
    #: In sentences of ours: what it makes and is known for.
    makes = models.CharField(max_length=400, blank=True)
    known_for = models.CharField(max_length=400, blank=True)
    notes = models.TextField(blank=True)
    #: Where these facts were read, and when, as a period.
    source = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    source_date = models.CharField(max_length=10, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    #: Who confirmed it: "organisation" by the link, "agency" by an account.
    confirmed_by = models.CharField(max_length=16, blank=True)
    #: The organisation that absorbed this one; it is then shown nowhere but in its history.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )

    class Meta:
        ordering: ClassVar = ["plain_name", "id"]
        indexes: ClassVar = [
            # Everything that a list sorts, filters and counts by, so that it reads no other column.
            models.Index(
                fields=[
                    *("merged_into", "plain_name", "id", "confidentiality", "owner"),
                    *("kind", "place", "confirmed_at", "created"),
                ],
                name="directory_org_listed",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company_number"],
                condition=~Q(company_number="") & Q(merged_into__isnull=True),
                name="directory_org_number_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationSector(models.Model):
    """An activity of an organisation: a code of NACE-BEL at any level, without its dot."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sectors")
    activity = models.CharField(max_length=7, db_index=True)

    class Meta:
        ordering: ClassVar = ["activity"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "activity"], name="directory_org_sector_once"
            )
        ]

    def __str__(self) -> str:
        return self.activity


class LegalBasis(models.TextChoices):
    """Why the agency may hold a person's data (GDPR, article 6)."""

    CONSENT = "consent", _("consentement")
    CONTRACT = "contract", _("contrat")
    OBLIGATION = "obligation", _("obligation légale")
    PUBLIC_TASK = "public_task", _("mission d’intérêt public")
    LEGITIMATE = "legitimate", _("intérêt légitime")


class Contact(Protected):
    """A person in their function, with why the agency holds these data and until when."""

    READ: ClassVar[str] = "contacts.read"
    ORGANISATION: ClassVar[str] = "organisation_id"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80)
    function = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    purpose = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    legal_basis = models.CharField(max_length=16, choices=LegalBasis)
    source = models.CharField(max_length=200)
    #: The last real exchange: a call, a visit, a reply. Not a mailing.
    last_interaction = models.DateField(null=True, blank=True)
    #: Whether the person said yes to mailings.
    mailing = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["last_name", "first_name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["last_name", "first_name", "id"], name="directory_contact_listed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(legal_basis__in=LegalBasis.values), name="directory_contact_known_basis"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
