"""Accounts of several roles, organisations and needs; no lake is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from perron.site.accounts.access import Reader, reader_of_user
from perron.site.accounts.models import Role, User
from perron.site.directory.models import Need, Organisation
from perron.site.directory.needs import services

Account = Callable[..., User]


@pytest.fixture
def account(db: None) -> Account:
    """An account of a role."""

    def made(role: str, name: str = "", **more: Any) -> User:
        name = name or role
        return User.objects.create(
            username=f"{name}@example.org",
            email=f"{name}@example.org",
            last_name=name.capitalize(),
            role=Role.objects.get(code=role),
            **more,
        )

    return made


@pytest.fixture
def manager(account: Account) -> User:
    return account("project-manager")


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which a person is signed in."""

    def made(user: User) -> Client:
        client = Client(headers={"accept-language": "fr"})
        client.force_login(user)
        return client

    return made


@pytest.fixture
def works(db: None) -> Organisation:
    return Organisation.objects.create(
        name="Ateliers du Val SA", plain_name="ateliers du val", confidentiality="public"
    )


@pytest.fixture
def add(manager: User) -> Callable[..., Need]:
    """A need noted by the project manager, some of its fields given."""

    def made(reader: Reader | None = None, **given: Any) -> Need:
        fields = {
            "sentence": "12 techniciens de maintenance pour avril",
            "said_on": timezone.localdate(),
            "object": "techniciens de maintenance",
            "kind": "skills",
            "quantity": 12,
        }
        return services.add_need(reader or reader_of_user(manager), **(fields | given))

    return made
