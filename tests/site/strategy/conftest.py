"""Drivers of the register, on the shipped lake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from perron.config import Config
from perron.site.strategy import selectors, services
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
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that others reach."""
    settings = Config(public_url="https://perron.example.org")
    monkeypatch.setattr(selectors, "config", lambda: settings)


@pytest.fixture
def strict(shipped_home: object, db: None) -> Client:
    """A reader whose forms are checked as a browser's are."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "fr"})
