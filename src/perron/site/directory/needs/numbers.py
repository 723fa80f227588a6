"""Numbers in a French sentence whose letters are folded: digits, words, dozens, ranges, units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = {
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "octante": 80, "nonante": 90, "cent": 100, "cents": 100, "mille": 1000,
    "un": 1, "une": 1,
}  # fmt: skip
_ABOUT = {
    "demi-douzaine": 6, "huitaine": 8, "dizaine": 10, "douzaine": 12, "quinzaine": 15,
    "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60,
    "centaine": 100,
}  # fmt: skip
_WORD = "(?:" + "|".join(sorted(set(_WORDS) - {"un", "une"}, key=len, reverse=True)) + ")(?![a-z])"
_SPELT = rf"{_WORD}(?:(?:[ -]et[ -](?:une?|onze)|[ -]une?(?= ?-)|[ -]{_WORD})(?![a-z]))*"
_DIGITS = r"\d{1,3}(?:[ .']\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_DOZENS = r"(?:(?:une?|" + _WORD + r") )?(?:" + "|".join(_ABOUT) + r")s?(?![a-z])"
NUMBER = rf"(?:{_DIGITS}|{_DOZENS}|{_SPELT})"

#: What a unit is called, what it is kept as, and how many of that it is.
_UNITS = (
    (r"m ?2(?!\d)|metres? carres?", "m²", 1),
    (r"ha|hectares?", "ha", 1),
    (r"ares?", "m²", 100),
    (r"(?:k ?€|ke|keur(?:os?)?|k eur(?:os?)?|mille euros)", "€", 1_000),
    (r"(?:m ?€|meur(?:os?)?|mio(?: d'| )?(?:€|eur(?:os?)?)?|millions? (?:d'euros|€|d'eur|euros))", "€", 1_000_000),
    (r"€|eur(?:os?)?", "€", 1),
    (r"mw", "MW", 1), (r"kw", "kW", 1), (r"mva", "MVA", 1), (r"kva", "kVA", 1),
    (r"tonnes?", "t", 1),
)  # fmt: skip
_UNIT = re.compile(
    r"(?: d[e'])?\s*(?:" + "|".join(f"(?P<u{i}>{u[0]})" for i, u in enumerate(_UNITS)) + r")(?!\w)"
)
_RANGE = re.compile(
    rf"(?<![\w/.,])(?:(?P<low>{NUMBER})(?: - |(?<=\d)-(?=\d)| a | ou ))?(?P<high>{NUMBER})(?![/]\d)"
)
#: What a number after it names, instead of counting.
_NAMES = re.compile(
    r"(?:^|\W)(?:niveau|classe|phase|type|n°|no|numero|version|article|lot|axe|bac ?\+?|ba|permis|categorie|norme|rue|avenue|boite|tel)\s*$"
)
#: Words after a number that are no count of what is needed.
_NOT_COUNTED = re.compile(
    r"(?:ans?|annees?|mois|semaines?|jours?|heures?|minutes?|axes?|h|km|m|mm|cm|kg|g|l|litres?|bars?|volts?|v|a|degres?|pouces?|fois|niveaux?|equipes|pieces|et|ou|de|du|par|pour|sur|en|avec|janv\w*|fev\w*|mars|avr\w*|mai|juin|juil\w*|aout|sept\w*|oct\w*|nov\w*|dec\w*)(?![a-z])"
)
_NOUN = re.compile(r"\s+(?:de |d')?(?P<noun>[a-z][a-z'-]+)")
_MODEST = re.compile(
    r"(?:de |d'|d' )?(?:environ |max(?:imum|\.)? |min(?:imum|\.)? |au moins |plus de |pres de |[~±] ?)*$"
)
#: Before "neuf" as a number; after a noun it says that the thing is new.
_COUNTING = re.compile(
    r"(?:^|[,;:(]|(?:^|\W)(?:de|d|pour|a|les|des|faut|cherche|cherchons|recherchons|veut|former))\s*$"
)
_MANY = 2_000_000_000


def fold(text: str) -> str:
    """The letters of a text without accents and case, one for one, so that places in it stay."""
    return "".join(_folded(c) for c in text)


def _folded(letter: str) -> str:
    if letter in "’‘ʼ":
        return "'"
    if letter.isspace():
        return " "
    if letter in "–—‑":
        return "-"
    bare = unicodedata.normalize("NFKD", letter)[:1].lower()
    return bare if len(bare) == 1 else letter


@dataclass(frozen=True, slots=True)
class Count:
    """A number with what it counts; `start` to `end` are the words that say it and go with it."""

    value: int
    unit: str
    start: int
    end: int
    noun: str = ""


def value_of(words: str) -> float | None:
    """A number in digits or words.

    >>> value_of("1.500"), value_of("2,5"), value_of("vingt-cinq"), value_of("une dizaine")
    (1500.0, 2.5, 25.0, 10.0)
    >>> value_of("quatre-vingt-dix"), value_of("deux cents"), value_of("septante et un")
    (90.0, 200.0, 71.0)
    """
    words = words.strip()
    if words[:1].isdigit():
        if re.fullmatch(r"\d{1,3}(?:[ .']\d{3})+", words):
            return float(re.sub(r"\D", "", words)) if len(words) < 20 else None
        return float(words.replace(",", ".")) if len(words) < 20 else None
    for name, about in _ABOUT.items():
        if words.rstrip("s").endswith(name):
            times = words.rstrip("s")[: -len(name)].strip()
            return float(about * (_WORDS.get(times, 1) if times else 1))
    total = current = 0
    for word in re.split(r"[ -]", words):
        if word == "et" or word not in _WORDS:
            continue
        n = _WORDS[word]
        if n == 1000:
            total, current = total + max(current, 1) * 1000, 0
        elif n == 100 or (n == 20 and current == 4):
            current = max(current, 1) * n
        else:
            current += n
    return float(total + current) or None


def counts(plain: str, original: str, taken: list[tuple[int, int]]) -> Iterator[Count]:
    """What a sentence counts, in its order; `taken` are the dates, whose numbers are not counts.

    Of a range the upper end is given: it is what would answer the whole need.
    """
    shouted = original.upper() == original
    for match in _RANGE.finditer(plain):
        if any(match.start() < end and match.end() > start for start, end in taken):
            continue
        value = value_of(match["high"])
        if value is None:
            continue
        if found := _measured(match, plain, value) or _counted(
            match, plain, original, value, shouted
        ):
            yield found


def _measured(match: re.Match[str], plain: str, value: float) -> Count | None:
    """A number with its unit: a surface, an amount, a power."""
    unit = _UNIT.match(plain, match.end())
    start, end = match.start(), unit.end() if unit else match.end()
    if unit:
        index = next(i for i in range(len(_UNITS)) if unit[f"u{i}"])
        name, times = _UNITS[index][1:]
    elif euros := re.search(r"(?:€|eur) ?$", plain[: match.start()]):
        start, name, times = euros.start(), "€", 1
    else:
        return None
    if name == "ha" and value != int(value):
        name, times = "m²", 10_000
    whole = round(value * times)
    if whole > _MANY or abs(whole - value * times) > 1e-6:
        return None
    modest = _MODEST.search(plain[:start])
    if after := re.compile(r"(?: de | d')").match(plain, end):
        end = after.end()
    return Count(whole, name, modest.start() if modest else start, end)


def _counted(
    match: re.Match[str], plain: str, original: str, value: float, shouted: bool
) -> Count | None:
    """A number with the noun it counts."""
    noun = _NOUN.match(plain, match.end())
    before = plain[: match.start()]
    if noun is None or _NOT_COUNTED.match(plain, noun.start("noun")) or value != int(value):
        return None
    if _NAMES.search(before) or not 0 < value <= _MANY:
        return None
    if match["high"] == "neuf" and not _COUNTING.search(before):
        return None
    acronym = re.search(r"(\w{2,}) $", original[: match.start()])
    if acronym and acronym[1].isupper() and not shouted:  # "ISO 9001", "CP 111"
        return None
    prefix = re.search(r"(?:(?:environ|au moins|plus de|entre|[~±]) ?)+$", before)
    start = prefix.start() if prefix else match.start()
    return Count(int(value), "", start, noun.start("noun"), noun["noun"])
