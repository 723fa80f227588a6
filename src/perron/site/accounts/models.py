"""People: accounts, the roles that say what they may do, invitations, and the log of what was done.

A person is known elsewhere by an opaque identifier only (`Person`): erasing the row forgets who it
was, and nothing that names the identifier has to change (docs/decisions/0010-people.md).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Words that an agency writes itself, in French first; English falls back on French."""

    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "fr")[:2] == "en" else self.name


class Role(Named):
    """What a person is in the agency; `capabilities` are names of `accounts.access.Capability`."""

    code = models.SlugField(max_length=32, unique=True)
    description = models.CharField(max_length=300, blank=True)
    capabilities = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]


class User(AbstractUser):
    """An account. The e-mail address signs in; `username` carries it in lower case."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, related_name="users")
    #: The organisation of an external partner, by its key in the directory.
    organisation = models.PositiveBigIntegerField(null=True, blank=True)
    #: The last day's first page and the one before: "since you last came".
    visit = models.DateTimeField(null=True, blank=True)
    previous_visit = models.DateTimeField(null=True, blank=True)
    #: Counts the changes of rights: a session opened before the last of them is ended.
    rights_revision = models.PositiveIntegerField(default=0)

    class Meta(AbstractUser.Meta):
        db_table = "accounts_user"

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}.{self.rights_revision}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for kept in super().get_session_auth_fallback_hash():
            yield f"{kept}.{self.rights_revision}"


class Person(models.Model):
    """Who stands behind an opaque identifier. Deleting the row is how a person is forgotten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="person"
    )

    def __str__(self) -> str:
        return str(self.user)


class Confidentiality(models.TextChoices):
    """Who may read a record."""

    PUBLIC = "public", _("public")
    AGENCY = "agency", _("interne")
    RESTRICTED = "restricted", _("confidentiel")


class Protected(models.Model):
    """A record with its confidentiality; `accounts.access.visible` is the only way to a reader.

    `READ` is the capability that opens records of confidentiality "agency".
    """

    READ: ClassVar[str] = "directory.read"
    #: The field that holds the organisation whose own people may read the record, if any.
    ORGANISATION: ClassVar[str] = ""

    confidentiality = models.CharField(
        max_length=12, choices=Confidentiality, default=Confidentiality.AGENCY
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Whether it is invented, which is then said wherever it shows.
    fictional = models.BooleanField(default=False)
    #: Counts the changes, so that the second of two people at once is told.
    revision = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Grant(models.Model):
    """A person who may read one confidential record by name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants"
    )
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    given_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="accounts_grant_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Invitation(models.Model):
    """A link that makes one account. The link itself is not kept, only its SHA-256."""

    token = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    organisation = models.PositiveBigIntegerField(null=True, blank=True)
    invited_by = models.UUIDField(null=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created"]

    def __str__(self) -> str:
        return f"{self.role} {self.created:%Y-%m-%d}"


class Entry(models.Model):
    """One action of one person on one thing, in a sentence; `changes` holds [before, after] by field.

    Personal data of contacts is never repeated here: `changes` then names fields without values.
    """

    at = models.DateTimeField(db_index=True)
    #: A `Person`; None where nobody was signed in, or the machine acted by itself.
    actor = models.UUIDField(null=True, db_index=True)
    action = models.CharField(max_length=48)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    said = models.TextField()
    changes = models.JSONField(default=dict)
    #: A confidential record was read, as opposed to changed.
    seen = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "at"], name="accounts_entry_thing")
        ]

    def __str__(self) -> str:
        return self.said
