"""Files of the directory, made in the test, and the persons who bring them. No lake is needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from perron.site.accounts.access import Reader, reader_of_user
from perron.site.accounts.models import Role, User

Row = dict[str, Any]


def csv_of(rows: Sequence[Row], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A file as a person saves it."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_of(rows: Sequence[Row]) -> bytes:
    """The same as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    """An account of a role."""

    def made(role: str, name: str = "") -> User:
        name = name or role
        return User.objects.create(
            username=f"{name}@exemple.be",
            password=make_password(None),
            role=Role.objects.get(code=role),
        )

    return made


@pytest.fixture
def director(person: Callable[[str], User]) -> Reader:
    return reader_of_user(person("director"))


@pytest.fixture
def signed_in(person: Callable[..., User]) -> Callable[..., Client]:
    """A browser signed in with a role."""

    def made(role: str, name: str = "") -> Client:
        user = User.objects.filter(username=f"{name or role}@exemple.be").first()
        client = Client(headers={"accept-language": "fr"})
        client.force_login(user or person(role, name))
        return client

    return made
