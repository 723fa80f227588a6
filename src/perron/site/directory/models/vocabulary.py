"""The agency's own words (R4): types, stages, purposes and criteria are rows with a form, not code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Named


class Family(models.TextChoices):
    """What a term is a type of."""

    ORGANISATION = "organisation", _("types d’organisation")
    PURPOSE = "purpose", _("finalités de contact")
    NEED = "need", _("types de besoin")
    LINK = "link", _("types de lien")
    MEMORY = "memory", _("types de souvenir")
    COMMITMENT = "commitment", _("types d’engagement")
    STAGE = "stage", _("étapes")
    CHALLENGE = "challenge", _("types de défi")
    CRITERION = "criterion", _("critères")


class Term(Named):
    """A word of a family. One that was used is put out of use, never deleted."""

    family = models.CharField(max_length=16, choices=Family)
    code = models.SlugField(max_length=48)
    #: The same link read from its other end: "forme" and "est formé par".
    inverse = models.CharField(max_length=120, blank=True)
    inverse_en = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=300, blank=True)
    #: For criteria: whether it is social (R10) and not economic.
    social = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["family", "order", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "code"], name="directory_term_code_once")
        ]
