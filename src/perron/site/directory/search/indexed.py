"""What is found of the directory's own records: their names first, then what is written of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from perron.errors import PerronError
from perron.site.accounts.models import Confidentiality
from perron.site.directory.activities import Activities, activities
from perron.site.directory.models import Contact, Memory, Need, Organisation
from perron.site.directory.places import Places, places
from perron.site.directory.search.rows import Row, batches, row_of, told_by
from perron.site.directory.selectors import catalogue


def organisations(keys: Sequence[str] | None) -> Iterator[Row]:
    """Organisations that were not absorbed by another: names, number, place, sectors, what they make."""
    known, tree = _places(), _activities()
    records = Organisation.objects.filter(merged_into__isnull=True).select_related("kind")
    for found in batches(records.prefetch_related("sectors"), keys):
        labels = [
            tree[sector.activity].label("fr")
            for sector in found.sectors.all()
            if tree is not None and sector.activity in tree
        ]
        title = f"{found.name} {found.short_name}".strip()
        text = [
            *(found.company_number, str(found.kind or ""), _place(known, found.place)),
            *(found.address, found.makes, found.known_for, found.notes, *labels),
        ]
        yield row_of(found, title, text)


def contacts(keys: Sequence[str] | None) -> Iterator[Row]:
    """Persons, for who may read contacts and nobody else, whatever the record says."""
    for found in batches(Contact.objects.select_related("organisation"), keys):
        if found.confidentiality == Confidentiality.PUBLIC:
            found.confidentiality = Confidentiality.AGENCY
        of = found.organisation
        yield row_of(found, str(found), [found.function, told_by(found, of, str(of or ""))])


def needs(keys: Sequence[str] | None) -> Iterator[Row]:
    """Needs by the sentence that was said."""
    known = _places()
    for found in batches(Need.objects.select_related("organisation", "kind"), keys):
        of = found.organisation
        text = [
            *(str(found.kind or ""), found.object, _place(known, found.place), found.outcome),
            told_by(found, of, str(of or "")),
        ]
        yield row_of(found, found.sentence, text)


def memories(keys: Sequence[str] | None) -> Iterator[Row]:
    """Past projects, events, reports and decisions."""
    known = _places()
    for found in batches(Memory.objects.select_related("organisation", "kind"), keys):
        of = found.organisation
        text = [
            *(str(found.kind), found.period, found.summary, _place(known, found.place)),
            *(found.source, told_by(found, of, str(of or ""))),
        ]
        yield row_of(found, found.title, text)


def beside_organisation(key: str) -> Iterable[tuple[str, list[str]]]:
    """The records that are found by the name of an organisation, the absorbed ones it has taken over too."""
    for kind, model in (("contact", Contact), ("need", Need), ("memory", Memory)):
        keys = model._default_manager.filter(organisation=int(key)).values_list("pk", flat=True)
        yield kind, [str(pk) for pk in keys]


def _places() -> Places | None:
    """The reference of territories, where the lake holds one."""
    try:
        return places(catalogue())
    except PerronError:
        return None


def _activities() -> Activities | None:
    held = catalogue()
    return activities(held) if "nace" in held.tables else None


def _place(known: Places | None, code: str) -> str:
    """Every name of a place, so that it is found in each language."""
    if known is None or not code or code not in known:
        return ""
    return " ".join(dict.fromkeys(known[code].names.values()))
