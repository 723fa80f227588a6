"""Numbers, dates and periods as the reader of a language writes them.

Belgian French is the reference: 1 234,5 with a narrow no-break space, a true minus sign,
23 novembre 2026. Pages, documents and messages all write through this module, so a figure looks
the same everywhere. `language` is an ISO 639-1 code; an unknown one is written as French.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

MINUS = "\u2212"
NBSP = "\u00a0"

#: The regional habits behind each language of the interface.
_LOCALES = {"fr": "fr_BE", "en": "en_GB", "nl": "nl_BE", "de": "de_BE"}
_TO = {"fr": "à", "en": "to", "nl": "tot", "de": "bis"}
_QUARTER = {
    "fr": "{n}{suffix} trimestre {year}",
    "en": "Q{n} {year}",
    "nl": "{n}e kwartaal {year}",
    "de": "{n}. Quartal {year}",
}
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})))?")


def _known(language: str) -> str:
    return language if language in _LOCALES else "fr"


def _round(value: float, decimals: int) -> Decimal:
    """Half away from zero, as statistical offices publish; never a negative zero."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def number(value: float, decimals: int = 0, language: str = "fr") -> str:
    """A number with its thousands apart and a fixed count of decimals.

    >>> number(1234.5, 1) == "1\u202f234,5"
    True
    >>> number(1234.5, 1, "en"), number(-3260, 0, "en"), number(0.125, 2, "en"), number(-0.2)
    ('1,234.5', '−3,260', '0.13', '0')
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(
        _round(value, decimals), format=pattern, locale=_LOCALES[_known(language)]
    )
    return written.replace("-", MINUS)


def signed(value: float, decimals: int = 0, language: str = "fr") -> str:
    """A change: its sign is always written, except for zero.

    >>> signed(1467) == "+1\u202f467", signed(-3260) == "−3\u202f260", signed(0)
    (True, True, '0')
    """
    written = number(value, decimals, language)
    return f"+{written}" if _round(value, decimals) > 0 else written


def percent(value: float, decimals: int = 0, language: str = "fr") -> str:
    """A share written as a percentage: 0.45 is 45 %.

    >>> percent(0.45) == "45\u00a0%", percent(0.4567, 1, "en")
    (True, '45.7%')
    """
    space = "" if _known(language) in ("en", "nl") else NBSP
    return f"{number(value * 100, decimals, language)}{space}%"


def with_unit(value: float, unit: str, decimals: int = 0, language: str = "fr") -> str:
    """A number and its unit, which no line break separates; a percentage is in points already.

    >>> with_unit(1050, "entreprises") == "1\u202f050\u00a0entreprises"
    True
    >>> with_unit(45, "%", 0, "en")
    '45%'
    """
    written = number(value, decimals, language)
    if not unit:
        return written
    tight = unit == "%" and _known(language) in ("en", "nl")
    return f"{written}{'' if tight else NBSP}{unit}"


def interval(low: float, high: float, decimals: int = 0, language: str = "fr") -> str:
    """An interval in words, since a dash could be read as a minus sign.

    >>> interval(1.338, 1.524, 2)
    '1,34 à 1,52'
    >>> interval(-12, 40, 0, "en")
    '−12 to 40'
    """
    to = _TO[_known(language)]
    return f"{number(low, decimals, language)} {to} {number(high, decimals, language)}"


def date(value: datetime.date, language: str = "fr", style: str = "long") -> str:
    """A date in words; `style` is "long", "full" (with the day of the week) or "short".

    >>> monday, first = datetime.date(2026, 11, 23), datetime.date(2026, 12, 1)
    >>> date(monday), date(first), date(monday, "en")
    ('23 novembre 2026', '1er décembre 2026', '23 November 2026')
    >>> date(monday, style="full"), date(datetime.date(2027, 1, 15), style="short")
    ('lundi 23 novembre 2026', '15 janv.')
    """
    known = _known(language)
    pattern = "d MMM" if style == "short" else style
    written = format_date(value, pattern, locale=_LOCALES[known])
    if known == "fr" and value.day == 1:
        written = re.sub(r"\b1\b", "1er", written, count=1)
    return written


def period(value: str, language: str = "fr") -> str:
    """A period in words: a year, a quarter, a month, or two of them joined by a slash.

    A text that is none of these is shown as it stands: it comes from a source.

    >>> period("2019"), period("2023-Q4"), period("2023-Q1"), period("2023-11")
    ('2019', '4e trimestre 2023', '1er trimestre 2023', 'novembre 2023')
    >>> period("2019/2023"), period("2023-Q4", "en"), period("fin 2019")
    ('2019 à 2023', 'Q4 2023', 'fin 2019')
    """
    known = _known(language)
    if "/" in value:
        start, end = value.split("/", 1)
        return f"{period(start, known)} {_TO[known]} {period(end, known)}"
    match = _PERIOD.fullmatch(value)
    if not match:
        return value
    year, quarter, month = match.groups()
    if quarter:
        suffix = "er" if quarter == "1" else "e"
        return _QUARTER[known].format(n=quarter, suffix=suffix, year=year)
    if month and 1 <= int(month) <= 12:
        first = datetime.date(int(year), int(month), 1)
        return str(format_date(first, "LLLL y", locale=_LOCALES[known]))
    return value


def listed(items: Sequence[str], language: str = "fr") -> str:
    """Several names in a sentence, the last one joined by "et".

    >>> listed(["Huy", "Liège", "Waremme"]), listed(["Huy", "Liège"], "en"), listed(["Huy"])
    ('Huy, Liège et Waremme', 'Huy and Liège', 'Huy')
    """
    return format_list(list(items), style="standard", locale=_LOCALES[_known(language)])
