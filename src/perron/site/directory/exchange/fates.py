"""What becomes of each row of a file, said before anything is written.

The same judgement is made again when the person confirms, on the directory as it is then: what is
written is what was shown, or the difference is told.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from perron.site.accounts.access import Capability
from perron.site.accounts.models import Confidentiality
from perron.site.directory.exchange.held import Held
from perron.site.directory.exchange.reading import Line
from perron.site.directory.exchange.sheets import ID, NAMED, REVISION
from perron.site.directory.exchange.sorts import TERMS, Links, Organisations, Sort, Values, closed
from perron.site.directory.exchange.values import WrongValueError
from perron.site.directory.models import Organisation
from perron.site.directory.organisations.doubles import likeness
from perron.site.directory.organisations.rules import plain
from perron.site.directory.things import resolved

ADDED, CHANGED, SAME = "added", "changed", "same"
REFUSED, TWICE, DECIDE, CONFLICT = "refused", "twice", "decide", "conflict"
#: In the order in which a person wants to see them.
FATES = (REFUSED, DECIDE, CONFLICT, TWICE, CHANGED, ADDED, SAME)
#: What a person answers to a row: add it as new, it is that record, take the file's values.
ADD, IS, FILE = "add", "is:", "file"


@dataclass(slots=True)
class Fate:
    """The fate of one row. `changes` are (heading, before, after), `why` (heading, sentence)."""

    line: int
    fate: str
    label: str = ""
    key: int | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    why: list[tuple[str, str]] = field(default_factory=list)
    candidates: list[tuple[int, str]] = field(default_factory=list)
    #: What would be written: all fields of a new record, the changed ones of another. Not kept.
    values: Values = field(default_factory=dict, compare=False, repr=False)
    before: Values = field(default_factory=dict, compare=False, repr=False)

    def packed(self) -> list[Any]:
        """As JSON holds it."""
        return [self.line, self.fate, self.label, self.key, self.changes, self.why, self.candidates]

    @classmethod
    def unpacked(cls, held: Sequence[Any]) -> Fate:
        """The same, back."""
        line, fate, label, key, *lists = held
        changes, why, candidates = ([tuple(one) for one in some] for some in lists)
        return cls(line, fate, label, key, changes, why, candidates)


@dataclass(slots=True)
class _Row:
    """A row on its way: its values, its faults by field."""

    line: Line
    values: Values
    faults: dict[str, str]
    label: str = ""


class Judge:
    """Says the fate of every row of a file for one reader."""

    def __init__(self, sort: Sort, held: Held) -> None:
        self.sort = sort
        self.held = held
        #: Columns whose example, left in a template, makes the row no row.
        self._examples = [c for c in sort.columns if "remplacer" in c.example.casefold()]

    def fates(self, lines: Iterable[Line], choices: Mapping[int, str]) -> list[Fate]:
        """The fate of each row, in the order of the file."""
        rows = [self._read(line) for line in lines]
        index = self.sort.index(self.held)
        self._close_ends(rows)
        self._taken = self._numbers_taken()
        matched: list[tuple[_Row, Fate | None, int | None]] = []
        for row in rows:
            fate, key = (
                (self._unread(row), None) if row.faults else self._matched(row, index, choices)
            )
            matched.append((row, fate, key))
        there = self.sort.existing((key for _r, _f, key in matched if key is not None), self.held)
        seen: dict[Hashable, _Row] = {}
        records: dict[int, int] = {}
        return [self._fate(*one, there, choices, seen, records) for one in matched]

    # --- reading ---

    def _read(self, line: Line) -> _Row:
        row = _Row(line, {}, dict(line.faults))
        for name, text in line.texts.items():
            if name in row.faults or name in NAMED or name in self.sort.helpers:
                continue
            if not text.strip():
                continue
            try:
                value = self.sort.by_field[name].read(text, self.held)
            except WrongValueError as error:
                row.faults[name] = str(error)
                continue
            # A cell of invisible characters is an empty one.
            if value != "" and value != []:
                row.values[name] = value
        for column in self._examples:
            if line.texts.get(column.field) == column.example:
                row.faults[column.field] = _(
                    "C’est l’exemple du modèle : remplacez-le ou effacez-le."
                )
        if not row.faults:
            row.faults |= self.sort.finished(row.values, line.texts, self.held)
        row.label = self._label(row)
        return row

    def _label(self, row: _Row) -> str:
        found = self.sort.label(row.values, self.held)
        return found if len(found) <= 120 else f"{found[:119]}…"

    def _close_ends(self, rows: Sequence[_Row]) -> None:
        """A link leads to things that the reader may see: asked once for all rows."""
        if not isinstance(self.sort, Links):
            return
        ends = [
            (row, end, (row.values[f"{end}_kind"], row.values[f"{end}_key"]))
            for row in rows
            for end in ("from", "to")
            if row.values.get(f"{end}_kind") and row.values.get(f"{end}_key")
        ]
        known: set[tuple[str, str]] = set()
        wanted = list(dict.fromkeys(thing for _row, _end, thing in ends))
        for start in range(0, len(wanted), 900):
            known |= set(resolved(wanted[start : start + 900], self.held.reader))
        for row, end, thing in ends:
            if thing not in known:
                row.faults[f"{end}_key"] = _(
                    "Cette chose n’existe pas, ou ne vous est pas ouverte."
                )
        for row in rows:
            ends_of = [
                tuple(row.values.get(f"{e}_{p}") for p in ("kind", "key")) for e in ("from", "to")
            ]
            if ends_of[0] == ends_of[1] and all(ends_of[0]):
                row.faults["to_key"] = _("Une chose ne se lie pas à elle-même.")

    def _numbers_taken(self) -> set[str]:
        """Numbers of organisations that the reader may not see: each is there once."""
        if not isinstance(self.sort, Organisations):
            return set()
        every = Organisation.objects.filter(merged_into=None).exclude(company_number="")
        seen = self.held.organisations.numbers
        return {
            n for n in every.order_by().values_list("company_number", flat=True) if n not in seen
        }

    # --- matching ---

    def _matched(
        self, row: _Row, index: Mapping[Hashable, Sequence[int]], choices: Mapping[int, str]
    ) -> tuple[Fate | None, int | None]:
        """The fate that is already certain, else the record that the row is, if any."""
        keys = self.sort.keys(self._whole(row.values))
        own = row.values.get(ID)
        choice = choices.get(row.line.number, "")
        sure = index.get(keys[0], ()) if len(keys) > 1 else ()
        if own is not None:
            return self._by_identifier(row, own, sure, choice)
        if len(sure) == 1:
            return None, sure[0]
        alike = list(sure) or [
            pk for pk in index.get(keys[-1], ()) if not self._other_number(row.values, pk)
        ]
        if len(alike) == 1:
            return None, alike[0]
        candidates = list(dict.fromkeys([*alike, *index.get(keys[-1], ())]))
        if row.values.get("name"):
            near = self.sort.candidates(row.values, self.held)
            candidates += [pk for pk in near if pk not in candidates]
        if not candidates or choice == ADD:
            return None, None
        if choice.startswith(IS) and choice[len(IS) :] in map(str, candidates):
            return None, int(choice[len(IS) :])
        return self._to_decide(row, candidates), None

    def _by_identifier(
        self, row: _Row, own: int, sure: Sequence[int], choice: str
    ) -> tuple[Fate | None, int | None]:
        there = self._one(own)
        if there is None and len(sure) == 1:
            return None, sure[0]
        if there is None:
            row.faults[ID] = _(
                "Aucune fiche d’identifiant {found} ne vous est ouverte. Videz la cellule pour ajouter une fiche."
            ).format(found=own)
            return self._refused(row), None
        if sure and own not in sure:
            row.faults[ID] = _(
                "L’identifiant et le numéro sont ceux de deux fiches. Gardez celui qui est juste."
            )
            return self._refused(row), None
        if isinstance(self.sort, Organisations) and own not in sure and choice != f"{IS}{own}":
            known = self.held.organisations
            name = row.values.get("name")
            if name and self._strange(name, known.names[own]):
                return self._to_decide(row, [own]), None
        return None, own

    def _one(self, key: int) -> int | None:
        if not hasattr(self, "_all"):
            if isinstance(self.sort, Organisations):
                self._all = set(self.held.organisations.names)
            else:
                seen = self.sort.seen(self.held.reader).order_by()
                self._all = set(seen.values_list("pk", flat=True))
        return key if key in self._all else None

    @staticmethod
    def _strange(name: str, other: str) -> bool:
        """Whether an identifier leads to quite another name, as one of another installation would."""
        return likeness(plain(name), plain(other)) < 60

    def _other_number(self, values: Values, pk: int) -> bool:
        if not isinstance(self.sort, Organisations):
            return False
        number = self.held.organisations.about[pk][1]
        return bool(number and values.get("company_number") not in (None, "", number))

    # --- fates ---

    def _whole(self, values: Values) -> Values:
        return {**self.sort.blank(), **values}

    def _refused(self, row: _Row) -> Fate:
        columns = self.sort.by_field
        why = [
            (columns[name].heading if name in columns else "", said)
            for name, said in row.faults.items()
        ]
        return Fate(row.line.number, REFUSED, row.label, why=why)

    def _unread(self, row: _Row) -> Fate:
        """A row with a cell that could not be read: the rules speak of the others, so that all is told."""
        found = self.sort.faults(self._whole(row.values), self.held)
        row.faults |= {n: said for n, said in found.items() if n in row.values}
        return self._refused(row)

    def _to_decide(self, row: _Row, candidates: Sequence[int]) -> Fate:
        said = [(pk, self.sort.candidate_label(pk, self.held)) for pk in candidates[:5]]
        return Fate(row.line.number, DECIDE, row.label, candidates=said)

    def _fate(
        self,
        row: _Row,
        fate: Fate | None,
        key: int | None,
        there: Mapping[int, Values],
        choices: Mapping[int, str],
        seen: dict[Hashable, _Row],
        records: dict[int, int],
    ) -> Fate:
        if fate is None:
            fate = self._new(row) if key is None else self._old(row, key, there[key], choices)
        # A refused row stands for nothing: the same one, right, may come lower in the file.
        if fate.fate == REFUSED:
            return fate
        return self._twice(row, key, seen, records) or fate

    def _twice(
        self, row: _Row, key: int | None, seen: dict[Hashable, _Row], records: dict[int, int]
    ) -> Fate | None:
        """The fate of a row that is already higher in the file."""
        first = records.get(key) if key is not None else None
        keys = self.sort.keys(self._whole(row.values))
        if first is None and (key is None or not row.values.get(ID)):
            for one in keys:
                other = seen.get(one)
                if other is not None and not self._two_numbers(row, other):
                    first = other.line.number
                    break
        if first is not None:
            said = _("C’est déjà la ligne {line} du fichier.").format(line=first)
            return Fate(row.line.number, TWICE, row.label, key, why=[("", said)])
        for one in keys:
            seen.setdefault(one, row)
        if key is not None:
            records[key] = row.line.number
        return None

    @staticmethod
    def _two_numbers(row: _Row, other: _Row) -> bool:
        numbers = [r.values.get("company_number") for r in (row, other)]
        return all(numbers) and numbers[0] != numbers[1]

    def _new(self, row: _Row) -> Fate:
        values = self._whole(row.values)
        for column in self.sort.columns:
            if column.needed and column.field not in row.values:
                if column.field.endswith("_key"):
                    continue
                row.faults.setdefault(column.field, _("La cellule est vide : il faut une valeur."))
        if isinstance(self.sort, Links):
            for end in ("from", "to"):
                if not values[f"{end}_key"]:
                    row.faults.setdefault(
                        f"{end}_key", _("Dites quelle chose : son nom ou son id.")
                    )
        for name, said in self.sort.faults(values, self.held).items():
            row.faults.setdefault(name, said)
        self._forbid(row, values, {})
        if row.faults:
            return self._refused(row)
        return Fate(row.line.number, ADDED, row.label, values=values)

    def _old(self, row: _Row, key: int, there: Values, choices: Mapping[int, str]) -> Fate:
        changed = {
            name: value
            for name, value in row.values.items()
            if name in self.sort.fields and there[name] != value
        }
        if isinstance(self.sort, Links) and set(changed) & set(Links.ENDS):
            # A link in both directions may stand the other way round.
            if self.sort.keys(row.values) == self.sort.keys(there):
                changed = {n: v for n, v in changed.items() if n not in Links.ENDS}
            else:
                row.faults[ID] = _(
                    "Aucun lien d’identifiant {found} n’a ces deux bouts. Videz la cellule pour ajouter un lien."
                ).format(found=key)
                return self._refused(row)
        row.label = row.label or self.sort.label(there, self.held)
        if not changed:
            return Fate(row.line.number, SAME, row.label, key)
        whole = {**there, **changed}
        faults = self.sort.faults(
            {n: v for n, v in whole.items() if n in self.sort.fields}, self.held
        )
        row.faults |= {name: said for name, said in faults.items() if name in changed}
        self._forbid(row, changed, there)
        if row.faults:
            return self._refused(row)
        columns = self.sort.by_field
        changes = [
            (
                columns[name].heading,
                columns[name].written(there[name], self.held),
                columns[name].written(value, self.held),
            )
            for name, value in changed.items()
        ]
        if "organisation" in changed:
            names = self.held.organisations.names
            at = list(changed).index("organisation")
            before, after = names.get(there["organisation"], ""), names[changed["organisation"]]
            changes[at] = (columns["organisation"].heading, before, after)
        fate = Fate(row.line.number, CHANGED, row.label, key, changes, values=changed, before=there)
        left = row.values.get(REVISION)
        changed_since = left is not None and left != there.get("revision", left)
        if changed_since and choices.get(row.line.number) != FILE:
            fate.fate = CONFLICT
        return fate

    def _forbid(self, row: _Row, given: Values, there: Values) -> None:
        """What the reader's rights, or a word put out of use, refuse."""
        number = given.get("company_number")
        if number and number in self._taken:
            row.faults["company_number"] = _(
                "Ce numéro ne peut pas être inscrit ici : demandez à la direction, qui lit tout le répertoire."
            )
        if "confidentiality" in given and there and closed(self.held.reader, there):
            row.faults["confidentiality"] = _(
                "Cette fiche est confidentielle : seul son responsable en change les lecteurs."
            )
        restricted = given.get("confidentiality") == Confidentiality.RESTRICTED
        if restricted and there and there.get("owner_id") is None and self.held.reader.user is None:
            row.faults["confidentiality"] = _("Une fiche confidentielle a un responsable.")
        for name in TERMS:
            term = given.get(name)
            if name in row.values and term is not None and not term.active:
                row.faults[name] = _("« {found} » n’est plus en usage.").format(found=term.name)


def may_import(sort: Sort, held: Held) -> bool:
    """Whether the reader may write such records in number."""
    reader = held.reader
    return reader.can(Capability.EXCHANGE) and reader.can(sort.write)
