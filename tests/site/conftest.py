"""Pages are asked in process, on the shipped lake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from perron.site.accounts.models import Role, User


@pytest.fixture
def reader(shipped_home: Path, db: None) -> Client:
    """A person who reads French and has no account."""
    return Client(headers={"accept-language": "fr-BE,fr;q=0.9"})


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make an account of a role, by the role's code: `person("analyst")`."""

    def make(role: str = "reader", email: str = "", **more: Any) -> User:
        count = User.objects.count() + 1
        address = email or f"{role}-{count}@exemple.org"
        more.setdefault("first_name", "Prénom")
        more.setdefault("last_name", f"Nom{count}")
        user = User(
            username=address, email=address, role=Role.objects.get(code=role) if role else None
        )
        for name, value in more.items():
            setattr(user, name, value)
        user.set_unusable_password()  # hashing one is slow, and most tests ask for none
        user.save()
        return user

    return make


@pytest.fixture
def as_role(person: Callable[..., User]) -> Callable[..., Client]:
    """A client signed in as a new person of a role: `as_role("director")`; nobody where "" is given."""

    def sign_in(role: str = "reader", **more: Any) -> Client:
        client = Client(headers={"accept-language": "fr-BE,fr;q=0.9"})
        if role:
            client.force_login(person(role, **more), settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return sign_in
