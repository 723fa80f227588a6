"""Records of the directory, made by the verbs that pages call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from perron.site.accounts.access import MACHINE, Reader
from perron.site.directory.contacts.services import add_contact
from perron.site.directory.models import Contact, Organisation
from perron.site.directory.organisations.services import add_organisation


@pytest.fixture
def organisation(db: None) -> Callable[..., Organisation]:
    """Make an organisation: `organisation("Ateliers du Val", kind="company")`."""

    def make(name: str = "Ateliers du Val SA", by: Reader = MACHINE, **given: Any) -> Organisation:
        return add_organisation(by, name=name, confirmed=True, **given)

    return make


@pytest.fixture
def contact(db: None) -> Callable[..., Contact]:
    """Make a contact: `contact("Modèle", organisation=3)`."""

    def make(last_name: str = "Modèle", by: Reader = MACHINE, **given: Any) -> Contact:
        fields = {"purpose": "projects", "legal_basis": "consent", "source": "Carte de visite"}
        return add_contact(by, last_name=last_name, **{**fields, **given})

    return make
