"""What a reading kept, what it refused and why: nothing of a file is dropped in silence.

Each row read ends in exactly one place: accepted, set aside (understood and not needed, such as a
total that can be computed) or rejected (not understood). A row whose key can be read but whose
figures cannot is rejected too, and its cells are stored as *unknown*: in a register an absent row
means zero, and a damaged figure must never become one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from perron.errors import InputError
from perron.translation import gettext as _

#: Share of rejected rows above which the whole file is refused. A few bad rows in a hundred
#: thousand are the usual dirt of a public file; one in a hundred means that the file, or our
#: understanding of it, is wrong, and sums made from it would mislead.
REFUSED_SHARE = 0.01
#: Examples kept for each reason: enough to find the cause, few enough to read.
EXAMPLES = 5
#: Characters of a row shown in an example.
SHOWN = 120


def brief(problem: object, limit: int = 120) -> str:
    """What another library says of a problem, as the part of one line of ours.

    >>> brief(ValueError("no such\\n  column"))
    'no such column'
    """
    return " ".join(str(problem).split())[:limit]


@dataclass(slots=True)
class Rejection:
    """One reason for which rows were rejected, their count and the first of them."""

    reason: str
    count: int = 0
    examples: list[tuple[int | None, str]] = field(default_factory=list)


class Report:
    """The account of one reading. `file` is the name a person knows the file by.

    >>> report = Report("statbel-vat", "tva.txt")
    >>> report.read = 200; report.accepted = 199
    >>> report.reject("effectif négatif", [(7, "62063|0|56101|-1")])
    >>> report.rejected, report.unplaced
    (1, 1)
    """

    def __init__(self, source: str, file: str) -> None:
        self.source = source
        self.file = file
        self.read = 0
        self.accepted = 0
        #: Rejected rows whose key could be read: their cells are stored as unknown.
        self.unknown = 0
        self.rejections: dict[str, Rejection] = {}
        self.set_asides: dict[str, int] = {}
        self.warnings: list[str] = []

    @property
    def rejected(self) -> int:
        """Rows that were not understood."""
        return sum(r.count for r in self.rejections.values())

    @property
    def set_aside_rows(self) -> int:
        """Rows that were understood and are not needed."""
        return sum(self.set_asides.values())

    @property
    def unplaced(self) -> int:
        """Rejected rows that could not even be stored as unknown."""
        return self.rejected - self.unknown

    def reject(
        self, reason: str, rows: Iterable[tuple[int | None, str]], count: int | None = None
    ) -> None:
        """Count rejected rows: (line, text) of each, or the first ones and their `count`."""
        rejection = self.rejections.setdefault(reason, Rejection(reason))
        seen = 0
        for line, text in rows:
            seen += 1
            if len(rejection.examples) < EXAMPLES:
                shown = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
                rejection.examples.append((line, shown))
        rejection.count += seen if count is None else count

    def set_aside(self, reason: str, count: int) -> None:
        """Count rows that were understood and are not stored, with the reason."""
        if count:
            self.set_asides[reason] = self.set_asides.get(reason, 0) + count

    def warn(self, sentence: str) -> None:
        """Say once something that the reader of the figures should know."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def first(self) -> str:
        """The first rejected row as a sentence: reason, line and text."""
        rejection = next(iter(self.rejections.values()))
        if not rejection.examples:
            return rejection.reason
        line, text = rejection.examples[0]
        if line is None:
            return _("{reason} : « {text} »").format(reason=rejection.reason, text=text)
        return _("ligne {line}, {reason} : « {text} »").format(
            line=line, reason=rejection.reason, text=text
        )

    def check(self, *, exhaustive: bool = False) -> None:
        """Refuse the file when too little of it was understood.

        `exhaustive` is for a register, where an absent row means zero: there no row may be lost.
        """
        if self.accepted == 0 and not self.rejections:
            raise InputError(
                _(
                    "{file} : l'en-tête est là mais aucune ligne de données ne suit. Attendu : au moins une ligne ; téléchargez de nouveau le fichier."
                ).format(file=self.file)
            )
        if self.rejected > REFUSED_SHARE * max(self.read, 1):
            raise InputError(
                _(
                    "{file} : {rejected} lignes sur {read} n'ont pas été comprises (au plus {share} % sont admises) ; d'abord {first}. Rien n'a été publié."
                ).format(
                    file=self.file,
                    rejected=self.rejected,
                    read=self.read,
                    share=f"{REFUSED_SHARE:.0%}".rstrip("%"),
                    first=self.first(),
                )
            )
        if exhaustive and self.unplaced:
            raise InputError(
                _(
                    "{file} : {rejected} lignes n'ont pas pu être rattachées à une case du tableau ; d'abord {first}. Dans ce fichier une ligne absente veut dire zéro : corrigez-les ou téléchargez de nouveau le fichier."
                ).format(file=self.file, rejected=self.unplaced, first=self.first())
            )

    def as_dict(self) -> dict[str, Any]:
        """The account as plain values, as a manifest keeps it."""
        return {
            "source": self.source,
            "file": self.file,
            "rows_read": self.read,
            "rows_accepted": self.accepted,
            "rows_rejected": self.rejected,
            "rows_stored_as_unknown": self.unknown,
            "rejected": [
                {
                    "reason": r.reason,
                    "count": r.count,
                    "examples": [{"line": line, "text": text} for line, text in r.examples],
                }
                for r in self.rejections.values()
            ],
            "set_aside": dict(self.set_asides),
            "warnings": list(self.warnings),
        }

    def summary(self) -> str:
        """The account as a few readable lines."""
        lines = [
            _("{file} : {read} lignes lues, {accepted} acceptées, {rejected} rejetées.").format(
                file=self.file, read=self.read, accepted=self.accepted, rejected=self.rejected
            )
        ]
        for reason, count in self.set_asides.items():
            lines.append(_("  {count} non reprises : {reason}.").format(count=count, reason=reason))
        for r in self.rejections.values():
            lines.append(_("  {count} rejetées : {reason}.").format(count=r.count, reason=r.reason))
            for line, text in r.examples:
                where = "" if line is None else _("ligne {line} : ").format(line=line)
                lines.append(f"    {where}« {text} »")
        if self.unknown:
            lines.append(
                _("  {count} d'entre elles sont gardées avec la mention « inconnu ».").format(
                    count=self.unknown
                )
            )
        lines.extend(_("  À savoir : {sentence}").format(sentence=s) for s in self.warnings)
        return "\n".join(lines)
