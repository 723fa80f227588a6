"""One cell of a file as a value of the directory, or the sentence that says what is wrong with it.

Only what a spreadsheet does to a value is dealt with here; what a value must be is said by the rules
of each kind, the same as for the forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from perron.site.directory import typed
from perron.site.directory.organisations import rules as organisation_rules

if TYPE_CHECKING:
    from perron.site.directory.exchange.held import Held

#: Text of a cell, and what the directory holds, to a value; `WrongValueError` where it is none.
Read = Callable[[str, "Held"], Any]

_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00)?")
_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/.\-](\d{4})", re.ASCII)
_HYPHENS = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})", re.ASCII)
_COUNT = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+", re.ASCII)
YES = frozenset(("oui", "yes", "1", "vrai", "true", "x", "o", "y"))
NO = frozenset(("non", "no", "0", "faux", "false", "n"))


class WrongValueError(Exception):
    """A cell that cannot be read as its column asks: the sentence says what was found and expected."""


@lru_cache(maxsize=200_000)
def key_of(text: str) -> str:
    """A text without accents, case, spaces and signs, to recognise a heading or a word.

    >>> key_of("  Numéro d’entreprise "), key_of("numero_d_entreprise"), key_of("Straße 1")
    ('numerodentreprise', 'numerodentreprise', 'strasse1')
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if c.isalnum())


def line(text: str, held: Held) -> str:
    """A text on one line."""
    # Most cells are plain, and the slow way is fifty times slower.
    return " ".join(text.split()) if text.isascii() and text.isprintable() else typed.line(text)


def area(text: str, held: Held) -> str:
    """A text on several lines."""
    return typed.area(text)


def address(text: str, held: Held) -> str:
    """A web address; one without its scheme is given https."""
    found = line(text, held)
    return f"https://{found}" if found and "://" not in found else found


def company_number(text: str, held: Held) -> str:
    """The digits of a number; a spreadsheet drops the zero in front."""
    return organisation_rules.company_number(line(text, held))


def sectors(text: str, held: Held) -> list[str]:
    """Codes of activities, in their order."""
    return sorted(organisation_rules.sectors_of(text))


def day(text: str, held: Held) -> date:
    """A day: 31/12/2025, 31.12.2025, 31-12-2025 or 2025-12-31."""
    found = line(text, held)
    if midnight := _MIDNIGHT.fullmatch(found):
        found = midnight[1]
    made = typed.day_of(_HYPHENS.sub(r"\1/\2/\3", found))
    if made is None or not 1600 <= made.year < 2200:
        raise WrongValueError(
            _("« {found} » n’est pas un jour : attendu 31/12/2025 ou 2025-12-31.").format(
                found=found[:40]
            )
        )
    return made


def period(text: str, held: Held) -> str:
    """A year, a quarter, a month (2013-10, 10/2013) or a day."""
    found = line(text, held).upper()
    if month := _MONTH.fullmatch(found):
        return f"{month[2]}-{int(month[1]):02}"
    try:
        return day(found, held).isoformat()
    except WrongValueError:
        if fault := typed.period_fault(found):
            raise WrongValueError(fault) from None
        return found


def yes(text: str, held: Held) -> bool:
    found = key_of(text)
    if found in YES or found in NO:
        return found in YES
    raise WrongValueError(_("« {found} » : attendu oui ou non.").format(found=text[:40]))


def count(text: str, held: Held) -> int:
    """A whole number, zero or more; "12,0" and "1 200" are some."""
    found = re.sub(r"[.,]0+$", "", line(text, held))
    number = int(re.sub(r"\D", "", found)) if _COUNT.fullmatch(found) and len(found) < 20 else -1
    if not 0 <= number <= 2_000_000_000:
        raise WrongValueError(
            _("« {found} » n’est pas un nombre entier, comme 12.").format(found=text[:40])
        )
    return number


def identifier(text: str, held: Held) -> int:
    """The `id` that an export gives."""
    found = line(text, held)
    if not (found.isascii() and found.isdigit() and len(found) < 18):
        raise WrongValueError(
            _("« {found} » n’est pas un identifiant : laissez celui de l’export, ou rien.").format(
                found=text[:40]
            )
        )
    return int(found)
