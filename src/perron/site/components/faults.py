"""Faults of typed text, in sentences: too short, too long, no period, no address, a person's data."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

#: A year, a quarter or a month.
_PERIOD = re.compile(r"(?:1[89]|20|21)\d\d(?:-(?:0[1-9]|1[0-2]|Q[1-4]))?")
#: An e-mail address, or a number that could be called.
_PERSONAL = re.compile(r"\S@\S|(?<![\d-])(?:\+|00?)\d[\d ./-]{7,}")


def text_fault(text: str, most: int, *, required: bool = True) -> str:
    """What is wrong with a free text; empty where nothing is."""
    if "\x00" in text:
        return _("Ce texte contient un signe illisible : retapez-le.")
    if required and len(text.strip()) < 3:
        return _("Ce champ est vide, ou presque : il faut au moins quelques mots.")
    if len(text) > most:
        return _("{count} signes, {most} au plus : raccourcissez.").format(
            count=len(text), most=most
        )
    return ""


def personal_fault(text: str) -> str:
    """What is wrong with a text that should hold no personal data.

    >>> bool(personal_fault("Conseil d’administration")), bool(personal_fault("jean@exemple.be"))
    (False, True)
    """
    if _PERSONAL.search(text):
        return _(
            "Ni adresse électronique ni numéro de téléphone ici : ce texte reste pour toujours. Nommez une fonction ou un organe."
        )
    return ""


def period_fault(text: str, *, required: bool = True) -> str:
    """What is wrong with a period ("2023", "2023-10", "2023-Q4")."""
    if not text and not required:
        return ""
    if _PERIOD.fullmatch(text):
        return ""
    return _(
        "« {found} » n’est pas une période : une année (2023), un mois (2023-10) ou un trimestre (2023-Q4)."
    ).format(found=text[:20])


def url_fault(text: str, most: int = 500, *, required: bool = False) -> str:
    """What is wrong with the address of a public page."""
    if not text and not required:
        return ""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("https", "http") and bool(parts.hostname) and " " not in text
    except ValueError:
        good = False
    if not good:
        return _("« {found} » n’est pas l’adresse d’une page : elle commence par https://.").format(
            found=text[:60]
        )
    return text_fault(text, most)
