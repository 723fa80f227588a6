"""One catalogue of messages for the command line, the sources and the site.

Messages are written in French in the code and translated by `locale/<language>/LC_MESSAGES/
django.po`; Django reads the same files. Without a translation the French sentence is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "fr"
#: The languages a message can be asked in; one without a catalogue yet falls back to French.
LANGUAGES = ("fr", "en", "nl", "de")

_language: ContextVar[str] = ContextVar("perron_language", default=SOURCE_LANGUAGE)


@cache
def _catalogue(language: str) -> NullTranslations:
    return translation("django", str(LOCALE), languages=[language], fallback=True)


def use(language: str) -> None:
    """Say the messages of this thread or task in `language` from now on."""
    _language.set(language if language in LANGUAGES else SOURCE_LANGUAGE)


@contextmanager
def using(language: str) -> Iterator[None]:
    """Say messages in `language` for a while, then as before."""
    before = _language.get()
    use(language)
    try:
        yield
    finally:
        _language.set(before)


def language() -> str:
    """The language in use, as an ISO 639-1 code."""
    return _language.get()


def gettext(message: str) -> str:
    """Translate a French sentence into the language in use.

    >>> use("fr"); gettext("Rien à faire.")
    'Rien à faire.'
    """
    return _catalogue(_language.get()).gettext(message)


def gettext_noop(message: str) -> str:
    """Mark a sentence that is stored in French and translated where it is shown."""
    return message


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that counts: one form for 0 and 1 in French, another from 2 on."""
    catalogue = _catalogue(_language.get())
    if type(catalogue) is NullTranslations:  # French has no file, and 0 is singular in French
        return singular if abs(count) < 2 else plural
    return catalogue.ngettext(singular, plural, count)
