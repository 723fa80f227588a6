"""The tree of activities: NACE-BEL from the sum of all down to the finest code, read once from the lake."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from perron.errors import InputError
from perron.lake.engines import connect
from perron.lake.snapshots import Catalogue
from perron.translation import gettext as _

#: The revision of NACE-BEL that the register's codes are written in.
REVISION = "2008"
#: The sum over activities, and the enterprises whose activity the register doesn't know.
ALL, UNKNOWN = "TOTAL", "?"
#: Levels by the number of digits: 0 the sum, 1 sections, 2 divisions, 3 groups, 4 classes, 5 subclasses.
SECTION, DIVISION, GROUP, CLASS, SUBCLASS = 1, 2, 3, 4, 5
LANGUAGES = ("fr", "nl", "de", "en")


@dataclass(frozen=True, slots=True)
class Activity:
    """A code of the classification; `children` are the codes just below, in order.

    `details` are national codes finer than anything counted (7 digits): they have a label and no figure.
    """

    code: str
    level: int
    parent: str
    labels: dict[str, str] = field(hash=False)
    children: tuple[str, ...] = ()
    details: tuple[tuple[str, dict[str, str]], ...] = field(default=(), hash=False)

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["fr"]

    @property
    def written(self) -> str:
        """The code as the classification prints it.

        >>> Activity("25110", 5, "2511", {}).written, Activity("C", 1, "TOTAL", {}).written
        ('25.110', 'C')
        """
        return f"{self.code[:2]}.{self.code[2:]}" if len(self.code) > 2 else self.code


@dataclass(frozen=True, slots=True)
class Activities:
    """Every activity by code, with the walk up and down the tree."""

    by_code: dict[str, Activity]
    #: What is searched: plain labels in every language, and the counted code each belongs to.
    _words: tuple[tuple[str, str, str], ...] = field(repr=False)

    def __getitem__(self, code: str) -> Activity:
        try:
            return self.by_code[code]
        except KeyError:
            raise InputError(
                _(
                    "L’activité {code} n’est pas dans la NACE-BEL {revision}. Cherchez-la par son nom."
                ).format(code=code, revision=REVISION)
            ) from None

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Activity]:
        return iter(self.by_code.values())

    def lineage(self, code: str) -> list[Activity]:
        """The activity and everything it lies in below the sum, itself first."""
        found = [self[code]]
        while found[-1].parent not in (ALL, ""):
            found.append(self.by_code[found[-1].parent])
        return found

    def above(self, code: str, level: int) -> Activity:
        """The activity of a level that contains `code`: its division, say."""
        return next(a for a in self.lineage(code) if a.level <= level)

    def of_level(self, level: int) -> list[Activity]:
        return [a for a in self if a.level == level]

    def search(self, query: str, most: int = 40) -> list[tuple[Activity, str]]:
        """Activities whose code begins with the query, or whose label in any language holds its words.

        Each comes with the label that was found where it is not its own (a finer code's, another
        language's). Accents and case don't count; labels that begin with the words come first.
        """
        words = plain(query).replace(".", "") if query[:1].isdigit() else plain(query)
        if not words:
            return []
        ranked: dict[str, tuple[tuple[int, int, int, str], str]] = {}
        parts = words.split()
        for text, code, said in self._words:
            if text.startswith(words):
                rank = 0
            elif not words.isdigit() and all(part in text for part in parts):
                rank = 1 if f" {parts[0]}" in f" {text}" else 2
            else:
                continue
            activity = self.by_code[code]
            key = (rank, activity.level, len(text), code)
            if code not in ranked or key < ranked[code][0]:
                ranked[code] = key, said
        best = sorted(ranked.items(), key=lambda item: item[1][0])[:most]
        return [(self.by_code[code], said) for code, (_key, said) in best]


def plain(text: str) -> str:
    """Without accents or case, apostrophes alike.

    >>> plain("Sidérurgie de l’acier")
    "siderurgie de l'acier"
    """
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c)).replace("’", "'").strip()


@lru_cache(maxsize=4)
def activities(catalogue: Catalogue) -> Activities:
    """The classification in the version that `catalogue` holds."""
    nace = connect(catalogue).table("nace")
    rows = nace.filter(nace.version == REVISION).to_pyarrow().to_pylist()
    rows.sort(key=lambda row: (row["level"], row["code"]))
    labels = {row["code"]: {k: row[f"label_{k}"] for k in LANGUAGES} for row in rows}
    counted = [row for row in rows if row["level"] <= SUBCLASS]
    children: dict[str, list[str]] = {}
    details: dict[str, list[tuple[str, dict[str, str]]]] = {}
    words = []
    for row in rows:
        code, up = row["code"], row["parent"] or ALL
        if row["level"] <= SUBCLASS:
            children.setdefault(up, []).append(code)
            owner = code
        else:
            owner = code[:SUBCLASS]
            if owner not in labels:
                continue
            details.setdefault(owner, []).append((code, labels[code]))
        words.append((plain(code), owner, "" if owner == code else code))
        for language in LANGUAGES:
            own = owner == code and language == "fr"
            words.append(
                (plain(labels[code][language]), owner, "" if own else labels[code][language])
            )
    made = {
        row["code"]: Activity(
            row["code"],
            row["level"],
            row["parent"] or ALL,
            labels[row["code"]],
            tuple(children.get(row["code"], ())),
            tuple(details.get(row["code"], ())),
        )
        for row in counted
    }
    return Activities(made, tuple(words))


def counted_in(code: str, known: Sequence[str] | Activities) -> str:
    """Where the register's code counts: itself, or the nearest code above of one with unknown digits.

    >>> counted_in("4399X", ["43", "439", "4399"]), counted_in("XXXXX", ["43"])
    ('4399', '?')
    """
    code = code.rstrip("X")
    while code and code not in known:
        code = code[:-1]
    return code or UNKNOWN
