"""Accounts that keep the directory right. No lake is needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from perron.site.accounts.access import Reader, reader_of_user
from perron.site.accounts.models import Role, User


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    def made(role: str) -> User:
        found = User.objects.filter(username=role).first()
        return found or User.objects.create(
            username=role, password=make_password(None), role=Role.objects.get(code=role)
        )

    return made


@pytest.fixture
def director(person: Callable[..., User]) -> Reader:
    return reader_of_user(person("director"))


@pytest.fixture
def signed_in(person: Callable[..., User]) -> Callable[..., Client]:
    """A browser signed in with a role."""

    def made(role: str = "director") -> Client:
        client = Client(headers={"accept-language": "fr"})
        client.force_login(person(role))
        return client

    return made
