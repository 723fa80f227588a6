"""A calendar file of days, written as RFC 5545 asks: texts escaped, lines folded at 75 octets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

#: Lines are counted in octets, and a letter with an accent has two.
WIDTH = 75
UTC = UTC


@dataclass(frozen=True, slots=True)
class Day:
    """Something that falls on a day. `uid` names it for good, so that a later file replaces it."""

    uid: str
    on: date
    title: str
    text: str = ""
    url: str = ""


def calendar(name: str, days: Iterable[Day], now: datetime) -> str:
    """The whole file, its lines ended as the standard asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Perron//Registre//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for day in days:
        lines += _event(day, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def _event(day: Day, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(day.uid)}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(day.title)}"
    if day.text:
        yield f"DESCRIPTION:{escaped(day.text)}"
    if day.url:
        yield f"URL:{_plain(day.url)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    r"""A text as a value: what would end it or split it is escaped, other control signs are left out.

    >>> print(escaped("a;b, c\\d\ne\r\nEND:VEVENT"))
    a\;b\, c\\d\ne\nEND:VEVENT
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return _plain(text.replace("\n", "\\n"))


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c == "\u00a0" or c == "\u202f")


def fold(line: str) -> list[str]:
    """A line in pieces of at most 75 octets, no letter cut; the next ones begin with a space.

    >>> [len(piece.encode()) for piece in fold("SUMMARY:" + "é" * 60)]
    [74, 55]
    """
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode("utf-8"))
        if size + width > WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    return [*pieces, piece]
