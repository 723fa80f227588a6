"""The right that a verb asks for, checked again below the pages: a verb is also called by imports and the API."""

from __future__ import annotations

from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.site.accounts.access import Capability, Reader


def demand_right(reader: Reader, capability: Capability) -> None:
    """InputError, naming the right, where the reader does not have it."""
    if not reader.can(capability):
        raise InputError(
            _(
                "Il faut le droit « {right} » ; la direction le donne par un rôle. Rien n’a été écrit."
            ).format(right=capability.label)
        )
