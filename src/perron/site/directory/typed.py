"""What people type: how it is cleaned, and the sentences that refuse it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import CharField, Model
from django.utils.translation import gettext as _

#: A year, a quarter, a month or a day.
_PERIOD = re.compile(
    r"(?:1[6-9]|20|21)\d\d(?:-Q[1-4]|-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII
)


def line(value: Any) -> str:
    """What was typed on one line: without what cannot be seen, its spaces single.

    >>> line("  Ateliers\\x00 du\\n Val ")
    'Ateliers du Val'
    """
    return " ".join(_seen(str(value if value is not None else "")).split())


def area(value: Any) -> str:
    """What was typed on several lines, which stay."""
    lines = _seen(str(value if value is not None else "")).replace("\r", "").split("\n")
    return "\n".join(part.rstrip() for part in lines).strip()


def _seen(text: str) -> str:
    """Without control characters and marks that turn the direction of writing: nobody types them."""
    return "".join(
        c for c in text if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cf")
    ).replace("\t", " ")


def bare(text: str) -> str:
    """Without accents and case, ligatures written out, apostrophes alike.

    >>> bare("Œuvres d’Été")
    "oeuvres d'ete"
    """
    folded = text.casefold()
    for sign, written in (("œ", "oe"), ("æ", "ae"), ("ø", "o"), ("ł", "l"), ("’", "'")):
        folded = folded.replace(sign, written)
    split = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in split if not unicodedata.combining(c))


def too_long(
    model: type[Model], given: Mapping[str, Any], names: tuple[str, ...]
) -> dict[str, str]:
    """A fault for each of these fields that holds more than the model keeps."""
    found = {}
    for name in names:
        field = model._meta.get_field(name)
        most = field.max_length if isinstance(field, CharField) else None
        if most and len(given[name]) > most:
            found[name] = longer_than(given[name], most)
    return found


def longer_than(text: str, most: int) -> str:
    return _("{count} signes, {most} au plus : raccourcissez.").format(count=len(text), most=most)


def address_fault(text: str) -> str:
    """Why this is not the address of a public page; "" where it is one, or nothing."""
    if not text:
        return ""
    wrong = _("« {found} » n’est pas l’adresse d’une page : attendu https://…").format(
        found=text[:60]
    )
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        return wrong
    if parts.scheme not in ("http", "https") or "." not in host.strip("."):
        return wrong
    if parts.username or any(c.isspace() or c in "<>\"'`\\{}" for c in text):
        return wrong
    return ""


def email_fault(text: str) -> str:
    """Why this is not an e-mail address; "" where it is one, or nothing."""
    if text:
        try:
            validate_email(text)
        except ValidationError:
            return _("« {found} » n’est pas une adresse e-mail : attendu nom@domaine.be.").format(
                found=text[:60]
            )
    return ""


def period_fault(text: str) -> str:
    """Why this is not a period; "" where it is one, or nothing."""
    if not text or (_PERIOD.fullmatch(text) and (len(text) < 10 or day_of(text))):
        return ""
    return _(
        "« {found} » n’est pas une période : une année (2023), un mois (2023-10), un trimestre (2023-Q4) ou un jour (2023-10-05)."
    ).format(found=text[:20])


def day_of(value: Any) -> date | None:
    """A day as typed, "2023-10-05" or "5/10/2023"; None where it is not one.

    >>> day_of("5/10/2023"), day_of("2023-02-30")
    (datetime.date(2023, 10, 5), None)
    """
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if belgian := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text, re.ASCII):
        text = f"{belgian[3]}-{int(belgian[2]):02}-{int(belgian[1]):02}"
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, the last of its month where there is none.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)
