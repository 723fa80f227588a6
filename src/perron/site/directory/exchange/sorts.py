"""What is particular to each kind of record that a file may hold: how it is found again, what it must be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from perron.site.accounts.access import Capability, Reader, visible
from perron.site.accounts.models import Confidentiality, Protected
from perron.site.directory.contacts import rules as contact_rules
from perron.site.directory.exchange import sheets
from perron.site.directory.exchange.held import Held
from perron.site.directory.exchange.sheets import ID, NAMED, REVISION, Column
from perron.site.directory.exchange.values import WrongValueError, key_of
from perron.site.directory.links import rules as link_rules
from perron.site.directory.memory import rules as memory_rules
from perron.site.directory.models import (
    Contact,
    Link,
    Memory,
    Need,
    NeedStatus,
    Organisation,
    OrganisationSector,
)
from perron.site.directory.needs import rules as need_rules
from perron.site.directory.organisations import rules as organisation_rules
from perron.site.directory.organisations.doubles import ALIKE

Values = dict[str, Any]
#: Records read in one query.
BATCH = 900
#: Fields that hold a term of the agency's own words.
TERMS = ("kind", "purpose")


T = TypeVar("T")


def batches(given: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """A long list in parts that one query takes."""
    rest = iter(given)
    while some := list(islice(rest, size)):
        yield some


class Sort:
    """One kind of record, as an import and an export see it."""

    name: ClassVar[str]
    model: ClassVar[type[Model]]
    columns: ClassVar[tuple[Column, ...]]
    #: What a person must be allowed in order to bring such records in, and to take them out.
    write: ClassVar[Capability] = Capability.DIRECTORY_WRITE
    read: ClassVar[Capability] = Capability.DIRECTORY_READ
    #: How they are called, many.
    many: ClassVar[Any]
    #: Whether the log may repeat values.
    logged_values: ClassVar[bool] = True

    def __init__(self) -> None:
        self.fields = tuple(
            column.field
            for column in self.columns
            if column.field not in (ID, REVISION, *NAMED[:2], *self.helpers)
        )
        self.by_field = {column.field: column for column in self.columns}

    #: Columns that only help to name what another field holds.
    helpers: ClassVar[tuple[str, ...]] = ()

    # --- what there is ---

    def seen(self, reader: Reader) -> QuerySet[Any]:
        """The records that the reader may see."""
        return visible(self.model._default_manager.all(), reader)

    def blank(self) -> Values:
        """The fields of a record of which nothing is known."""
        raise NotImplementedError

    def keys(self, values: Values) -> list[Hashable]:
        """What a record is found again by, the surest first."""
        raise NotImplementedError

    def index(self, held: Held) -> Mapping[Hashable, Sequence[int]]:
        """The records that the reader may see, by each of their keys."""
        found: dict[Hashable, list[int]] = defaultdict(list)
        for pk, values in self.all_keys(held):
            for key in self.keys(values):
                found[key].append(pk)
        return found

    def all_keys(self, held: Held) -> Iterator[tuple[int, Values]]:
        """Every record with the fields that its keys are made of."""
        raise NotImplementedError

    def existing(self, wanted: Iterable[int], held: Held) -> dict[int, Values]:
        """The fields of records, with "revision" and "owner"."""
        found: dict[int, Values] = {}
        for some in batches(dict.fromkeys(wanted)):
            for row in self.rows(self.seen(held.reader).filter(pk__in=some), held):
                found[row.pop("pk")] = row
        return found

    def rows(self, records: QuerySet[Any], held: Held) -> Iterator[Values]:
        """Records as fields, terms as such, organisations by their key."""
        names = [f for f in self.fields if f not in ("sectors",)]
        more = ("revision", "owner_id") if issubclass(self.model, Protected) else ()
        columns = [f"{n}_id" if n in (*TERMS, "organisation") else n for n in names]
        for row in records.values_list("pk", *columns, *more).iterator(chunk_size=2000):
            values = dict(zip(("pk", *names, *more), row, strict=True))
            for name in TERMS:
                if name in values:
                    values[name] = held.terms.get(values[name])
            yield values

    # --- what a row says ---

    def finished(self, values: Values, texts: Mapping[str, str], held: Held) -> dict[str, str]:
        """Put together what several columns say of one field; the faults of that, by field."""
        if "organisation" in self.by_field and any(texts.get(name) for name in NAMED):
            try:
                values["organisation"] = held.organisation(
                    *(texts.get(name, "").strip() for name in NAMED)
                )
            except WrongValueError as error:
                return {"organisation": str(error)}
        return {}

    def faults(self, values: Values, held: Held) -> Mapping[str, str]:
        """What the rules of the kind refuse in a whole record."""
        raise NotImplementedError

    def label(self, values: Values, held: Held) -> str:
        """A row in a few words."""
        raise NotImplementedError

    def candidates(self, values: Values, held: Held) -> list[int]:
        """Records that may be the same one, to be compared by a person."""
        return []

    def candidate_label(self, pk: int, held: Held) -> str:
        return str(pk)

    def made(self, values: Values) -> Model:
        """A new record, not saved."""
        return self.model(**self.stored(values))

    def stored(self, values: Values) -> dict[str, Any]:
        """The fields as the model holds them."""
        fields = {name: value for name, value in values.items() if name in self.fields}
        if "organisation" in fields:
            fields["organisation_id"] = fields.pop("organisation")
        return fields


class Organisations(Sort):
    name, model, columns = "organisation", Organisation, sheets.ORGANISATION
    many = _("organisations")

    def seen(self, reader: Reader) -> QuerySet[Any]:
        return visible(Organisation.objects.filter(merged_into=None), reader)

    def blank(self) -> Values:
        return organisation_rules.blank()

    def keys(self, values: Values) -> list[Hashable]:
        number = values.get("company_number")
        plain = values.get("plain") or organisation_rules.plain(values["name"])
        named = ("name", plain, values.get("place") or "")
        return [("number", number), named] if number else [named]

    def all_keys(self, held: Held) -> Iterator[tuple[int, Values]]:
        known = held.organisations
        for plain, several in known.plain.items():
            for pk in several:
                place, number = known.about[pk]
                yield pk, {"plain": plain, "place": place, "company_number": number}

    def existing(self, wanted: Iterable[int], held: Held) -> dict[int, Values]:
        found = super().existing(wanted, held)
        for values in found.values():
            values["sectors"] = []
        for some in batches(found):
            rows = OrganisationSector.objects.filter(organisation__in=some).order_by("activity")
            for pk, activity in rows.values_list("organisation_id", "activity"):
                found[pk]["sectors"].append(activity)
        return found

    def rows(self, records: QuerySet[Any], held: Held) -> Iterator[Values]:
        for some in batches(super().rows(records, held)):
            rows = OrganisationSector.objects.filter(organisation__in=[v["pk"] for v in some])
            sectors: dict[int, list[str]] = defaultdict(list)
            for pk, activity in rows.order_by("activity").values_list(
                "organisation_id", "activity"
            ):
                sectors[pk].append(activity)
            for values in some:
                yield {**values, "sectors": sectors[values["pk"]]}

    def faults(self, values: Values, held: Held) -> Mapping[str, str]:
        return organisation_rules.faults(values, held.reference)

    def label(self, values: Values, held: Held) -> str:
        return str(values.get("name") or "")

    def candidates(self, values: Values, held: Held) -> list[int]:
        """Nearly the same name in a place that may be the same; two numbers are two organisations."""
        if not hasattr(self, "_near"):
            self._near = Near(held)
        plain = organisation_rules.plain(values["name"])
        return self._near.of(plain, values.get("place") or "", values.get("company_number") or "")

    def candidate_label(self, pk: int, held: Held) -> str:
        known = held.organisations
        place, number = known.about[pk]
        said = [held.place_text(place), organisation_rules.written(number)]
        more = ", ".join(part for part in said if part)
        return f"{known.names[pk]} ({more})" if more else known.names[pk]

    def stored(self, values: Values) -> dict[str, Any]:
        fields = super().stored(values)
        fields.pop("sectors", None)
        return {**fields, "plain_name": organisation_rules.plain(values["name"])}


class Near:
    """Plain names in blocks of those that share the beginning of a word, so that few are compared."""

    LETTERS, LARGEST, MOST = 4, 400, 3

    def __init__(self, held: Held) -> None:
        self._known = held.organisations
        self._blocks: dict[str, dict[int, str]] = defaultdict(dict)
        for plain, several in self._known.plain.items():
            for block in self._blocks_of(plain):
                for pk in several:
                    self._blocks[block][pk] = plain

    def _blocks_of(self, plain: str) -> set[str]:
        return {word[: self.LETTERS] for word in plain.split() if len(word) > 2} or {plain[:4]}

    def of(self, plain: str, place: str, number: str) -> list[int]:
        """The nearest names, the best first."""
        blocks = [self._blocks[b] for b in self._blocks_of(plain) if b in self._blocks]
        found: dict[int, float] = dict.fromkeys(self._known.plain.get(plain, ()), 100)
        # The rarest words tell most; a block of a common word would compare everything.
        for block in sorted(blocks, key=len)[:2]:
            if len(block) > self.LARGEST:
                continue
            for _name, score, pk in process.extract(
                plain, block, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=self.MOST
            ):
                found[pk] = max(found.get(pk, 0), score)
        kept = []
        for pk in sorted(found, key=lambda pk: (-found[pk], pk)):
            other_place, other_number = self._known.about[pk]
            apart = (number and other_number) or (place and other_place and place != other_place)
            if not apart:
                kept.append(pk)
        return kept[: self.MOST]


class Contacts(Sort):
    name, model, columns = "contact", Contact, sheets.CONTACT
    write, read = Capability.CONTACTS_WRITE, Capability.CONTACTS_READ
    many = _("contacts")
    logged_values = False

    def blank(self) -> Values:
        return contact_rules.blank()

    def keys(self, values: Values) -> list[Hashable]:
        organisation = values.get("organisation")
        whole = key_of(f"{values.get('first_name') or ''} {values.get('last_name') or ''}")
        named: Hashable = ("name", whole, organisation)
        email = (values.get("email") or "").casefold()
        return [("email", email, whole), named] if email else [named]

    def all_keys(self, held: Held) -> Iterator[tuple[int, Values]]:
        names = ("first_name", "last_name", "email", "organisation_id")
        for pk, *row in self.seen(held.reader).order_by().values_list("pk", *names).iterator():
            values = dict(zip(names, row, strict=True))
            yield pk, {**values, "organisation": values["organisation_id"]}

    def faults(self, values: Values, held: Held) -> Mapping[str, str]:
        return contact_rules.faults(values)

    def label(self, values: Values, held: Held) -> str:
        return f"{values.get('first_name') or ''} {values.get('last_name') or ''}".strip()


class Needs(Sort):
    name, model, columns = "need", Need, sheets.NEED
    write, read = Capability.NEEDS_WRITE, Capability.NEEDS_READ
    many = _("besoins")

    def blank(self) -> Values:
        found = {**need_rules.blank(), "status": NeedStatus.OPEN.value, "outcome": ""}
        del found["contact"]  # a file says in words who said it
        return found

    def keys(self, values: Values) -> list[Hashable]:
        return [
            (
                key_of(values.get("sentence") or ""),
                values.get("said_on"),
                values.get("organisation"),
            )
        ]

    def all_keys(self, held: Held) -> Iterator[tuple[int, Values]]:
        names = ("sentence", "said_on", "organisation_id")
        for pk, *row in self.seen(held.reader).order_by().values_list("pk", *names).iterator():
            yield pk, dict(zip(("sentence", "said_on", "organisation"), row, strict=True))

    def faults(self, values: Values, held: Held) -> Mapping[str, str]:
        found = dict(need_rules.faults(values, held.reference))
        if values["status"] != NeedStatus.OPEN:
            found |= need_rules.outcome_faults(values["outcome"], values["status"])
        return found

    def label(self, values: Values, held: Held) -> str:
        return str(values.get("sentence") or "")


class Memories(Sort):
    name, model, columns = "memory", Memory, sheets.MEMORY
    many = _("souvenirs")

    def blank(self) -> Values:
        return memory_rules.blank()

    def keys(self, values: Values) -> list[Hashable]:
        kind = values.get("kind")
        return [
            (kind.pk if kind else None, key_of(values.get("title") or ""), values.get("period"))
        ]

    def all_keys(self, held: Held) -> Iterator[tuple[int, Values]]:
        names = ("kind_id", "title", "period")
        for pk, kind, *row in (
            self.seen(held.reader).order_by().values_list("pk", *names).iterator()
        ):
            yield pk, {"kind": held.terms.get(kind), "title": row[0], "period": row[1]}

    def faults(self, values: Values, held: Held) -> Mapping[str, str]:
        return memory_rules.faults(values, held.reference)

    def label(self, values: Values, held: Held) -> str:
        return str(values.get("title") or "")


class Links(Sort):
    """Links have no confidentiality of their own: a reader sees those of which they see both ends."""

    name, model, columns = "link", Link, sheets.LINK
    many = _("liens")
    helpers = ("from_name", "to_name")
    ENDS = ("kind", "from_kind", "from_key", "to_kind", "to_key")

    def seen(self, reader: Reader) -> QuerySet[Any]:
        return Link.objects.filter(withdrawn_because="")

    def blank(self) -> Values:
        text = ("from_kind", "from_key", "to_kind", "to_key", *link_rules.LINES)
        return {**dict.fromkeys(text, ""), "kind": None, "fictional": False}

    def keys(self, values: Values) -> list[Hashable]:
        kind = values.get("kind")
        ends = [(values.get("from_kind"), values.get("from_key")),
                (values.get("to_kind"), values.get("to_key"))]  # fmt: skip
        # One that reads alike from both ends is the same either way.
        if kind and kind.inverse == kind.name:
            ends.sort(key=str)
        return [(kind.pk if kind else None, *ends)]

    def all_keys(self, held: Held) -> Iterator[tuple[int, Values]]:
        names = ("kind_id", "from_kind", "from_key", "to_kind", "to_key")
        for pk, kind, *row in (
            self.seen(held.reader).order_by().values_list("pk", *names).iterator()
        ):
            yield pk, {"kind": held.terms.get(kind), **dict(zip(names[1:], row, strict=True))}

    def finished(self, values: Values, texts: Mapping[str, str], held: Held) -> dict[str, str]:
        faults = {}
        for end in ("from", "to"):
            kind, key = values.get(f"{end}_kind"), str(values.get(f"{end}_key") or "")
            name = texts.get(f"{end}_name", "").strip()
            if key or not name or kind is None:
                continue
            try:
                if kind == "organisation":
                    values[f"{end}_key"] = str(held.organisation("", "", name))
                elif kind == "place":
                    values[f"{end}_key"] = held.place(name)
                else:
                    values[f"{end}_key"] = name
            except WrongValueError as error:
                faults[f"{end}_name"] = str(error)
        return faults

    def faults(self, values: Values, held: Held) -> Mapping[str, str]:
        return link_rules.faults(values)

    def label(self, values: Values, held: Held) -> str:
        ends = [self._end(values, end, held) for end in ("from", "to")]
        kind = values.get("kind")
        return " ".join((ends[0], str(kind) if kind else "…", ends[1]))

    @staticmethod
    def _end(values: Values, end: str, held: Held) -> str:
        kind, key = str(values.get(f"{end}_kind") or ""), str(values.get(f"{end}_key") or "")
        if kind == "organisation" and key.isdigit() and int(key) in held.organisations.names:
            return held.organisations.names[int(key)]
        return key


_SORTS: tuple[type[Sort], ...] = (Organisations, Contacts, Needs, Memories, Links)
KINDS: tuple[str, ...] = tuple(sort.name for sort in _SORTS)


def sort_of(kind: str) -> Sort:
    """A kind by its name. KeyError where there is none."""
    return {sort.name: sort for sort in _SORTS}[kind]()


def closed(reader: Reader, values: Values) -> bool:
    """Whether a confidential record is not this reader's to open: its owner does, or who reads all."""
    if values.get("confidentiality") != Confidentiality.RESTRICTED:
        return False
    own = values.get("owner_id") is not None and values.get("owner_id") == reader.user
    return not own and not reader.can(Capability.CONFIDENTIAL)
