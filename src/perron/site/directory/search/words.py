"""Text as it is searched: without accents, case and marks, cut into words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: Longer words are cut: the index keeps as many letters.
LONGEST = 40
#: Letters that Unicode does not part into a letter and its accent.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"}
)
_WORD = re.compile(r"[a-z0-9]+")
#: A number written with dots or spaces, such as a company number: found in one piece too.
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?:[. ]\d{2,4})+(?!\d)")
#: Words of so many sentences that they find nothing.
_STOP = """
a au aux d de des du en et l la le les ou par pour qu que qui s sur un une
an and for in of on or the to het een van und der die das
"""
STOP = frozenset(_STOP.split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Letters and digits without accents or case.

    >>> fold("Œuvre de l’Épée — STRASSE, Straße")
    "oeuvre de l'epee — strasse, strasse"
    """
    # Case before and after: the plain form of some signs, such as the double-struck S, is a capital.
    lower = unicodedata.normalize("NFKD", text.casefold()).casefold()
    split = unicodedata.normalize("NFKD", lower.translate(_LETTERS))
    plain = "".join(c for c in split if not unicodedata.combining(c))
    return plain.translate(_LETTERS).replace("’", "'")


def tokens(text: str) -> list[str]:
    """The words of a text in order, hyphens and apostrophes parting them, stop words included.

    >>> tokens("L’Institut Saint-Laurent, n° BE 0400.378.485")
    ['l', 'institut', 'saint', 'laurent', 'n', 'be', '0400', '378', '485', '0400378485']
    """
    folded = fold(text)
    found = [word[:LONGEST] for word in _WORD.findall(folded)]
    whole = [re.sub(r"\D", "", number)[:LONGEST] for number in _NUMBER.findall(folded)]
    return [*found, *whole]


def kept(words: Iterable[str]) -> list[str]:
    """Each word once, without the stop words; all of them where nothing else is left.

    >>> kept(["la", "ville", "de", "la", "ville"]), kept(["la", "une"])
    (['ville'], ['la', 'une'])
    """
    once = list(dict.fromkeys(words))
    return [word for word in once if word not in STOP] or once


def asked(query: str, most: int = 8) -> list[str]:
    """The words of a query; the pieces of a number stay apart, as a person types them.

    >>> asked("  les aciéries d’Ougrée ")
    ['acieries', 'ougree']
    """
    folded = fold(query)
    return kept(word[:LONGEST] for word in _WORD.findall(folded))[:most]
