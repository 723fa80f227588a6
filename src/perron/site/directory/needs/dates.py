"""When something is needed, read in a French sentence whose letters are folded (`plain`).

Pure: the day is passed in. A period gives its last day; "avant" the day before its first; "dès" its
first. A month without its year is the next one that is not over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from perron.site.directory.needs.numbers import NUMBER, value_of

_MONTHS = (
    *("janv(?:ier|\\.)?", "fe?v(?:r(?:ier|\\.)?|\\.)?", "mars", "avr(?:il|\\.)?", "mai", "juin"),
    *("juil(?:let|\\.)?", "aout", "sept(?:embre|\\.)?", "oct(?:obre|\\.)?", "nov(?:embre|\\.)?"),
    "dec(?:embre|\\.)?",
)
_MONTH = "(?P<month>" + "|".join(_MONTHS) + r")(?![a-z])"
_YEAR = r"(?P<year>20\d\d)(?!\d)"
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: First and last day of the seasons, as (month, day).
_SEASONS = {
    "printemps": ((3, 21), (6, 20)),
    "ete": ((6, 21), (9, 22)),
    "automne": ((9, 23), (12, 20)),
    "hiver": ((12, 21), (3, 20)),
}
_ORDINALS = {"premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4}
_ORDINAL = r"(?P<nth>[1-4])(?:er|e|eme|ere)?|(?P<named>premier|deuxieme|second|troisieme|quatrieme)"

#: Every way of saying a period. The first that matches at a place is taken.
_CORES = tuple(
    (name, re.compile(r"(?<![\w/])" + core))
    for name, core in (
        ("iso", r"(?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?!\d)"),
        ("numbers", r"(?P<d>[0-3]?\d)(?P<s>[/.-])(?P<m>[01]?\d)(?:(?P=s)(?P<y>20\d\d|\d\d))?(?![\w/])"),
        ("month_number", r"(?P<m>0?[1-9]|1[0-2])/(?P<y>20\d\d)(?!\d)"),
        ("day", r"(?P<d>[0-3]?\d|1er|premier) (?:de )?" + _MONTH + f"(?: {_YEAR})?"),
        ("part", r"(?P<part>fin|debut|mi|milieu|courant)(?: |-)(?:du mois de |de |d')?" + _MONTH + f"(?: {_YEAR})?"),
        ("month", f"{_MONTH}(?: {_YEAR})?"),
        ("quarter", rf"(?:[tq](?P<nth>[1-4])|(?:{_ORDINAL.replace('<nth>', '<nth2>')}) trimestre)(?: de| en)?(?: {_YEAR})?(?!\w)"),
        ("half", rf"(?:{_ORDINAL}) semestre(?: de)?(?: {_YEAR})?(?!\w)"),
        ("year_end", r"(?:la )?fin (?:de (?:l')?|d'|de cette )?annee(?!\w)"),
        ("month_end", r"(?:la )?fin (?:du|de ce) mois(?!\w)"),
        ("part_of_year", rf"(?P<part>fin|debut|mi|courant)(?: |-)(?:de )?{_YEAR}"),
        ("season", rf"(?P<season>printemps|(?<=l')ete|(?<=cet )ete|ete(?= 20\d\d)|automne|hiver)(?: prochain)?(?: {_YEAR})?(?!\w)"),
        ("rentree", rf"rentree(?: scolaire| academique)?(?: (?:de |en )?(?:septembre )?{_YEAR})?(?!\w)"),
        ("christmas", rf"noel(?: {_YEAR})?(?!\w)"),
        ("next", r"(?P<next>an(?:nee)?|mois|semaine|trimestre) prochaine?(?!\w)"),
        ("delay", rf"(?P<n>{NUMBER}) (?P<unit>jours?|semaines?|mois|ans?|annees?)(?: au plus| maximum)?(?!\w)"),
        ("weekday", r"(?P<weekday>" + "|".join(_DAYS) + r")(?: prochain)?(?!\w)"),
        ("relative", r"(?P<relative>demain|apres-demain|aujourd'hui)(?!\w)"),
        ("urgent", r"(?:asap|(?:d'|en |tres )?urgen(?:te?s?|ce)|des que possible|(?:au|le) plus (?:vite|tot)(?: possible)?|immediatement|tout de suite|sans delai)(?!\w)"),
        ("year", _YEAR),
    )
)  # fmt: skip

_ARTICLE = r"(?:le mois de |le |la |les |l'|cet |cette |ce )?"
_BEFORE = re.compile(rf"(?<!\w)avant {_ARTICLE}$")
_FROM = re.compile(rf"(?<!\w)(?:des|a partir (?:de|du|d')|a compter (?:de|du|d')) ?{_ARTICLE}$")
_WITHIN = re.compile(r"(?<!\w)(?:dans|d'ici(?: a)?|sous|endeans|en moins de) (?:les |la )?$")
_BY = re.compile(
    rf"(?<!\w)(?:pour|d'ici(?: a| au)?|au plus tard(?: pour| en)?|jusqu'(?:a|au|en)|vers|courant|en|au|a|dans|pendant|durant) ?{_ARTICLE}$"
    rf"|(?<!\w)(?:le|la|l'|cet|cette|ce) ?$"
)
_SINCE = re.compile(rf"(?<!\w)(?:depuis|depuis fin|depuis debut|date de) ?{_ARTICLE}$")
#: What may stand right before or after a date that nothing announces.
_EDGE = re.compile(r"(?:^|[,;:.()!?–-])\s*$")
_EDGE_AFTER = re.compile(r"\s*(?:$|[,;:.()!?–-])")


@dataclass(frozen=True, slots=True)
class When:
    """A day and the words that said it, as a span of the sentence."""

    day: date
    start: int
    end: int
    urgent: bool = False
    announced: bool = True


def needed_by(plain: str, today: date) -> When | None:
    """The day that the sentence asks for: an announced one first, one in words of urgency last."""
    found = list(said(plain, today))
    found.sort(key=lambda w: (w.urgent, not w.announced))
    return found[0] if found else None


def said(plain: str, today: date) -> Iterator[When]:
    """Every day that a sentence says, in its order; what is since then, or not a day, is left out."""
    at = 0
    while at < len(plain):
        found = next(((name, m) for name, core in _CORES if (m := core.match(plain, at))), None)
        if found is None:
            at += 1
            continue
        if when := _when(*found, plain, today):
            yield when
        at = max(found[1].end(), at + 1)


def _when(name: str, match: re.Match[str], plain: str, today: date) -> When | None:
    before = plain[max(0, match.start() - 40) : match.start()]
    if _SINCE.search(before):
        return None
    if name == "urgent":
        return When(today, match.start(), match.end(), urgent=True)
    cue = None
    for pattern in (_BEFORE, _FROM, _WITHIN, _BY):
        if cue := pattern.search(before):
            break
    if name == "delay" and (cue is None or cue.re is not _WITHIN):
        return None
    try:
        period = _period(name, match.groupdict(), today)
    except ValueError:  # a 31 February
        return None
    if period is None or not _said_enough(name, match, plain, cue is not None, today):
        return None
    first, last = period
    if last < today:  # what is past tells a story, it asks for nothing
        return None
    start = match.start() - (len(before) - cue.start()) if cue else match.start()
    day = last
    if cue and cue.re is _BEFORE and not _is_an_end(name, match):
        day = first - timedelta(days=1)
    elif cue and cue.re is _FROM:
        day = first
    return When(day, start, match.end(), announced=cue is not None)


def _said_enough(name: str, match: re.Match[str], plain: str, cued: bool, today: date) -> bool:
    """Whether a period is one that is asked for, not a number or a word that looks like it."""
    if cued and name != "year":
        return True
    fields = match.groupdict()
    if name == "year":
        return cued and int(fields["year"]) >= today.year
    if name == "numbers":
        return bool(fields["y"]) or (fields["s"] == "/" and match[0] not in ("7/7", "24/7"))
    if name in ("month", "weekday", "rentree", "christmas") and not fields.get("year"):
        return bool(_EDGE.search(plain[: match.start()]) or _EDGE_AFTER.match(plain, match.end()))
    return True


def _is_an_end(name: str, match: re.Match[str]) -> bool:
    """Whether an end was said: "avant fin juin" is by the end of June, not by its beginning."""
    return name in ("year_end", "month_end") or match.groupdict().get("part") == "fin"


def _period(name: str, said: dict[str, str | None], today: date) -> tuple[date, date] | None:
    """The first and last day of what was said; None for what is no period."""
    year = int(typed) if (typed := said.get("year")) else None
    if name in ("iso", "numbers", "day"):
        return _one_day(said, year, today)
    if name in ("month", "part", "month_number"):
        month = int(said["m"] or 0) if name == "month_number" else _month(said["month"] or "")
        year = int(said["y"] or 0) if name == "month_number" else year
        return _of_month(month, year, said.get("part") or "", today)
    if name in ("quarter", "half"):
        months = 3 if name == "quarter" else 6
        nth = said.get("nth") or said.get("nth2")
        n = int(nth) if nth else _ORDINALS[said.get("named") or ""]
        return (
            _months(n * months - months + 1, n * months, year, today) if n * months < 13 else None
        )
    if name in ("year", "year_end", "part_of_year"):
        return _of_year(year or today.year, said.get("part") or "")
    if name == "month_end":
        return _months(today.month, today.month, today.year, today)
    if name == "season":
        return _of_season(said["season"] or "", year, today)
    if name in ("rentree", "christmas"):
        month, day = (9, 1) if name == "rentree" else (12, 25)
        found = date(year, month, day) if year else _next(month, day, today)
        return found, found
    if name == "weekday":
        days = (_DAYS.index(said["weekday"] or "") - today.weekday()) % 7 or 7
        found = today + timedelta(days=days)
        return found, found
    if name == "relative":
        days = {"demain": 1, "apres-demain": 2}.get(said["relative"] or "", 0)
        return (today + timedelta(days=days),) * 2
    if name == "next":
        return _next_one(said["next"] or "", today)
    return _after(said, today)


def _one_day(said: dict[str, str | None], year: int | None, today: date) -> tuple[date, date]:
    month = int(said["m"] or 0) if said.get("m") else _month(said["month"] or "")
    typed = said["d"] or ""
    day = 1 if typed in ("1er", "premier") else int(typed)
    if typed_year := said.get("y"):
        year = int(typed_year) + (2000 if len(typed_year) == 2 else 0)
    found = date(year, month, day) if year else _next(month, day, today)
    return found, found


def _of_month(month: int, year: int | None, part: str, today: date) -> tuple[date, date]:
    first, last = _months(month, month, year, today)
    if part in ("mi", "milieu"):
        return first.replace(day=15), first.replace(day=15)
    if part == "debut":
        return first, first.replace(day=10)
    return (first.replace(day=21), last) if part == "fin" else (first, last)


def _of_year(year: int, part: str) -> tuple[date, date]:
    if part == "debut":
        return date(year, 1, 1), date(year, 3, 31)
    if part == "mi":
        return date(year, 6, 30), date(year, 6, 30)
    return date(year, 1, 1), date(year, 12, 31)


def _of_season(season: str, year: int | None, today: date) -> tuple[date, date]:
    (month, day), (last_month, last_day) = _SEASONS[season]
    over = 1 if last_month < month else 0
    years = [year] if year else [today.year - over, today.year, today.year + 1]
    found = [(date(y, month, day), date(y + over, last_month, last_day)) for y in years]
    return next((f for f in found if f[1] >= today), found[-1])


def _next_one(unit: str, today: date) -> tuple[date, date]:
    if unit == "semaine":
        monday = today + timedelta(days=7 - today.weekday())
        return monday, monday + timedelta(days=6)
    if unit == "mois":
        first = _last_of(today.year, today.month) + timedelta(days=1)
        return first, _last_of(first.year, first.month)
    if unit == "trimestre":
        end = (today.month - 1) // 3 * 3 + 3
        first = _last_of(today.year, end) + timedelta(days=1)
        return first, _last_of(first.year, first.month + 2)
    return date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)


def _after(said: dict[str, str | None], today: date) -> tuple[date, date] | None:
    n, unit = value_of(said["n"] or ""), said["unit"] or ""
    if n is None or n != int(n) or n > 3660:
        return None
    count = int(n)
    if unit.startswith(("jour", "semaine")):
        found = today + timedelta(days=count * (7 if unit.startswith("semaine") else 1))
    else:
        months = today.month - 1 + count * (1 if unit == "mois" else 12)
        year, month = today.year + months // 12, months % 12 + 1
        if year > 2199:
            return None
        found = date(year, month, min(today.day, _last_of(year, month).day))
    return today, found


def _months(first: int, last: int, year: int | None, today: date) -> tuple[date, date]:
    """From the first day of one month to the last of another, in the next year where it is not over."""
    if year is None:
        year = today.year + (_last_of(today.year, last) < today)
    return date(year, first, 1), _last_of(year, last)


def _next(month: int, day: int, today: date) -> date:
    for year in range(today.year, today.year + 9):  # a 29 February waits for its year
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(month, day)


def _last_of(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _month(word: str) -> int:
    return next(n for n, pattern in enumerate(_MONTHS, 1) if re.fullmatch(pattern, word))
