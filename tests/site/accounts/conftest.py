"""Accounts are asked in process, with the counters of attempts emptied between two tests."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from perron.site.accounts import services
from perron.site.accounts.access import MACHINE

PASSWORD = "un long mot de passe 7"


@pytest.fixture(autouse=True)
def _fresh_counters(settings) -> None:
    # A real hash takes its time on purpose; what is tested here is who may enter.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def anyone(db: None) -> Client:
    """A person who reads French and has no account."""
    return Client(headers={"accept-language": "fr-BE,fr;q=0.9"})


@pytest.fixture
def joined(db: None):
    """Make an account by the way people get one: `joined("anne@exemple.org", "analyst")`."""

    def make(email: str = "anne@exemple.org", role: str = "analyst"):
        _made, token = services.invite(MACHINE, email, role)
        return services.accept(token, "Anne", "Dupont", PASSWORD, PASSWORD)

    return make
