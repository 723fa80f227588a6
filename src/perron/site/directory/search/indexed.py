"""What is found of the directory's own records: their names first, then what is written of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from perron.site.accounts.models import Confidentiality
from perron.site.directory.models import Contact, Memory, Need, Organisation
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.search.rows import BATCH, Row, batches, row_of, told_by


def organisations(keys: Sequence[str] | None) -> Iterator[Row]:
    """Organisations that were not absorbed by another: names, number, place, sectors, what they make."""
    known = reference()
    records = Organisation.objects.filter(merged_into__isnull=True).select_related("kind")
    for found in batches(records.prefetch_related("sectors"), keys):
        labels = [known.sector_name(sector.activity) for sector in found.sectors.all()]
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
    known = reference()
    for found in batches(Need.objects.select_related("organisation", "kind"), keys):
        of = found.organisation
        text = [
            *(str(found.kind or ""), found.object, _place(known, found.place), found.outcome),
            told_by(found, of, str(of or "")),
        ]
        yield row_of(found, found.sentence, text)


def memories(keys: Sequence[str] | None) -> Iterator[Row]:
    """Past projects, events, reports and decisions."""
    known = reference()
    for found in batches(Memory.objects.select_related("organisation", "kind"), keys):
        of = found.organisation
        text = [
            *(str(found.kind), found.period, found.summary, _place(known, found.place)),
            *(found.source, told_by(found, of, str(of or ""))),
        ]
        yield row_of(found, found.title, text)


def beside_organisation(keys: Sequence[str]) -> Iterable[tuple[str, list[str]]]:
    """The records that are found by the names of these organisations."""
    numbers = [int(key) for key in keys]
    for kind, model in (("contact", Contact), ("need", Need), ("memory", Memory)):
        found: list[str] = []
        for start in range(0, len(numbers), BATCH):
            some = model._default_manager.filter(
                organisation__in=numbers[start : start + BATCH]
            ).values_list("pk", flat=True)
            found += [str(pk) for pk in some]
        yield kind, found


def _place(known: Reference, code: str) -> str:
    """Every name of a place, so that it is found in each language."""
    place = known.place(code) if code else None
    return " ".join(dict.fromkeys(place.names.values())) if place else ""
