"""Drivers of the register, on the shipped lake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from perron.site.accounts.models import User
from perron.site.strategy import services
from perron.site.strategy.models import Driver

GIVEN = {
    "kind": "regulation",
    "title": "Une règle d’essai",
    "sentence": "Une règle change ce que paient les aciéries.",
    "direction": "threat",
    "since": "2023-10",
}
EVIDENCE = {
    "title": "Journal officiel",
    "publisher": "Union européenne",
    "date": "2023-05",
    "url": "https://eur-lex.europa.eu/eli/reg/2023/956/oj",
    "words": "Le règlement vise l’acier.",
    "grade": "attested",
}
EXPOSED = {"activity": "24.10", "share": None, "reason": "Fer et acier."}


@pytest.fixture
def add(shipped_home: object, db: None) -> Callable[..., Driver]:
    """Write a driver, some of its fields given."""

    def made(**given: Any) -> Driver:
        return services.add_driver(**(GIVEN | given))

    return made


@pytest.fixture
def driver(add: Callable[..., Driver]) -> Driver:
    """A driver with an evidence and an exposed activity."""
    made = add()
    services.add_evidence(driver=made.pk, **EVIDENCE)
    services.add_exposure(driver=made.pk, **EXPOSED)
    made.refresh_from_db()
    return made


@pytest.fixture
def writer(shipped_home: object, as_role: Callable[..., Client]) -> Client:
    """A person who may write the strategy."""
    return as_role("analyst")


@pytest.fixture
def strict(shipped_home: object, person: Callable[..., User]) -> Client:
    """A writer whose forms are checked as a browser's are."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "fr"})
    client.force_login(person("analyst"), settings.AUTHENTICATION_BACKENDS[-1])
    return client
