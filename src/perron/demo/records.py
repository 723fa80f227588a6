"""The directory that a territory ships, inscribed once in an empty one: the files an import page would take.

Every row passes the import's own judgement, so that it is right by the rules of forms and files. What is
invented is for a demonstration alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from perron.errors import InputError, RefusedError
from perron.territory import Territory
from perron.translation import gettext as _

if TYPE_CHECKING:
    from perron.site.accounts.access import Reader

#: Each file and the kind of its rows, those that others name before them.
FILES = (
    ("organisations.csv", "organisation"),
    ("contacts.csv", "contact"),
    ("memory.csv", "memory"),
    ("links.csv", "link"),
)
NEEDS = "needs.csv"


def inscribe(territory: Territory) -> int:
    """Write the real records of the territory's directory; how many were written.

    Nothing where the territory ships none, or where the directory ever held an organisation: what
    people wrote is theirs. All or nothing; an InputError names the file, the line and the fault.
    """
    from perron.site.accounts.access import MACHINE
    from perron.site.directory.models import Organisation

    if not territory.directory or Organisation.objects.exists():
        return 0
    return _inscribed(territory, MACHINE, fictional=False)


def inscribe_examples(territory: Territory) -> int:
    """Write its invented records, once, in a demonstration; how many were written.

    They are signed by the invented account that follows projects, where there is one.
    """
    from perron.site.directory.models import Organisation

    if not territory.directory or Organisation.objects.filter(fictional=True).exists():
        return 0
    return _inscribed(territory, account_of("project-manager"), fictional=True)


def account_of(role: str) -> Reader:
    """The first account of a role, else the machine."""
    from perron.site.accounts.access import MACHINE, reader_of_user
    from perron.site.accounts.models import User

    user = User.objects.filter(role__code=role, is_active=True).order_by("pk").first()
    return reader_of_user(user) if user else MACHINE


def invented_organisation() -> int | None:
    """The organisation of the demonstration's external partner: the first invented one."""
    from perron.site.directory.models import Organisation

    found = Organisation.objects.filter(fictional=True).order_by("pk").values_list("pk", flat=True)
    return found.first()


def _inscribed(territory: Territory, reader: Reader, *, fictional: bool) -> int:
    from perron.site.directory.search.services import rebuild

    folder = territory.folder / territory.directory
    with transaction.atomic():
        count = sum(_brought(folder / name, kind, reader, fictional) for name, kind in FILES)
        if fictional:
            count += _needs(folder / NEEDS, reader)
        rebuild()
    return count


def _brought(path: Path, kind: str, reader: Reader, fictional: bool) -> int:
    """Write the real rows of a file, or the invented ones, as the import page does."""
    from perron.site.directory.exchange import reading, writing
    from perron.site.directory.exchange.fates import ADDED, Judge
    from perron.site.directory.exchange.held import Held
    from perron.site.directory.exchange.sheets import headings
    from perron.site.directory.exchange.sorts import sort_of

    sort = sort_of(kind)
    sheet = reading.read(_read(path), path.name, headings(sort.columns))
    lines = [line for line in sheet.lines if bool(line.texts.get("fictional")) is fictional]
    fates = Judge(sort, Held(reader)).fates(lines, {})
    for fate in fates:
        if fate.fate != ADDED:
            why = " ".join(said for _field, said in fate.why) or fate.fate
            raise _fault(path, fate.line, why)
    return len(writing.write(sort, fates, reader, path.name))


def _needs(path: Path, reader: Reader) -> int:
    """Write the needs, each as a person notes it and follows it."""
    from perron.site.directory.models import NeedStatus, Organisation
    from perron.site.directory.needs import services

    organisations = dict(Organisation.objects.values_list("name", "pk"))
    count = 0
    for line, row in _rows(path):
        status, outcome = row.pop("status"), row.pop("outcome")
        try:
            row["organisation"] = organisations[row["organisation"]]
            row["fictional"] = bool(row["fictional"])
            need = services.add_need(reader, **row)
            if status == NeedStatus.ANSWERED:
                services.answer_need(reader, need.pk, outcome)
            elif status == NeedStatus.CLOSED:
                services.close_need(reader, need.pk, outcome)
        except RefusedError as error:
            said = "; ".join(f"{name} : {fault}" for name, fault in error.faults.items())
            raise _fault(path, line, said) from error
        except KeyError as error:
            raise _fault(path, line, str(error)) from error
        count += 1
    return count


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(_read(path).decode("utf-8")))
    for row in reader:
        yield reader.line_num, dict(row)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            _("Territoire, {path} : le fichier ne se lit pas ({problem}).").format(
                path=path, problem=error
            )
        ) from error


def _fault(path: Path, line: int, said: str) -> InputError:
    return InputError(
        _("Territoire, {path}, ligne {line} : {problem}").format(path=path, line=line, problem=said)
    )
