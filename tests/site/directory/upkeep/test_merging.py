"""Two records become one and are parted again: the database is then what it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perron.errors import InputError, RefusedError
from perron.site.accounts.access import Reader, reader_of_user
from perron.site.accounts.models import User
from perron.site.directory.models import (
    Contact,
    Link,
    Memory,
    Merge,
    Need,
    Organisation,
    OrganisationSector,
    Term,
)
from perron.site.directory.organisations.services import add_organisation, change_organisation
from perron.site.directory.upkeep import merging

TABLES: tuple[Any, ...] = (Organisation, OrganisationSector, Contact, Need, Memory, Link, User)
#: What counts the changes, and may not go back.
COUNTS = ("revision", "changed")
WHY = "La même maison."


def state() -> dict[str, list[dict[str, Any]]]:
    """Every row of what a merge touches. Sectors by what they say: they have no life of their own."""
    found = {}
    for model in TABLES:
        names = [f.attname for f in model._meta.concrete_fields if f.name not in COUNTS]
        if model is OrganisationSector:
            names.remove("id")
        found[model.__name__] = sorted(map(str, model.objects.values(*names)))
    return found


def words(family: str) -> list[Term]:
    return list(Term.objects.filter(family=family)[:2])


def pair(director: Reader) -> tuple[Organisation, Organisation]:
    one = add_organisation(director, name="Ateliers du Val", sectors=["25"], notes="Vu.")
    other = add_organisation(
        director, name="Ateliers du Val SA", confirmed=True, company_number="0123456749",
        website="https://val.be", sectors=["25", "2410"], notes="Autre.", kind="company",
    )  # fmt: skip
    return one, other


def linked(kind: Term, one: Organisation, other: Organisation, why: str = "") -> Link:
    ends = {
        "from_kind": "organisation",
        "from_key": str(one.pk),
        "to_kind": "organisation",
        "to_key": str(other.pk),
    }
    return Link.objects.create(kind=kind, reason="r", withdrawn_because=why, **ends)


def test_what_belongs_to_one_goes_to_the_other_and_empty_fields_are_filled(
    director: Reader,
) -> None:
    one, other = pair(director)
    third = add_organisation(director, name="École")
    purpose, kind = words("purpose")[0], words("link")[0]
    contact = Contact.objects.create(
        last_name="X", purpose=purpose, legal_basis="consent", source="s", organisation=other
    )
    Need.objects.create(sentence="Un besoin.", said_on="2025-01-01", organisation=other)
    Memory.objects.create(
        title="t", period="2013", kind=words("memory")[0], source="s", organisation=other
    )
    moved = linked(kind, other, third)
    to_itself, twice = linked(kind, other, one), linked(kind, third, other)
    linked(kind, third, one)
    before = state()
    made = merging.merge(director, one.pk, other.pk, WHY)
    one.refresh_from_db()
    other.refresh_from_db()
    contact.refresh_from_db()
    assert (one.website, one.company_number, one.notes) == ("https://val.be", "0123456749", "Vu.")
    assert [s.activity for s in one.sectors.all()] == ["2410", "25"]
    assert (other.merged_into_id, contact.organisation_id, contact.revision) == (one.pk, one.pk, 2)
    assert Need.objects.get().organisation == Memory.objects.get().organisation == one
    for link in (moved, to_itself, twice):
        link.refresh_from_db()
    assert moved.from_key == str(one.pk) and not moved.withdrawn_because
    assert to_itself.withdrawn_because and twice.withdrawn_because
    assert merging.undo(director, made.pk) == []
    assert state() == before


def test_what_was_changed_since_stays_and_is_told(director: Reader) -> None:
    one, other = pair(director)
    contact = Contact.objects.create(
        last_name="X",
        purpose=words("purpose")[0],
        legal_basis="consent",
        source="s",
        organisation=other,
    )
    made = merging.merge(director, one.pk, other.pk, WHY)
    change_organisation(director, one.pk, website="https://nouveau.be")
    contact.delete()
    told = merging.undo(director, made.pk)
    one.refresh_from_db()
    assert one.website == "https://nouveau.be"
    assert len(told) == 2 and "site web" in told[0] and "1 fiche liée" in told[1]
    with pytest.raises(InputError, match="déjà défaite"):
        merging.undo(director, made.pk)


def test_a_number_taken_meanwhile_is_told_and_nothing_is_undone(director: Reader) -> None:
    one, other = pair(director)
    made = merging.merge(director, one.pk, other.pk, WHY)
    change_organisation(director, one.pk, company_number="")
    add_organisation(director, name="Tout autre", company_number="0123456749")
    with pytest.raises(InputError, match="0123456749"):
        merging.undo(director, made.pk)
    other.refresh_from_db()
    assert other.merged_into_id == one.pk


def test_merges_of_the_same_record_are_undone_from_the_latest(director: Reader) -> None:
    one, other = pair(director)
    third = add_organisation(director, name="Val Mécanique", confidentiality="agency")
    before = state()
    first = merging.merge(director, one.pk, other.pk, WHY)
    second = merging.merge(director, third.pk, one.pk, WHY)
    with pytest.raises(InputError, match="Défaites d’abord"):
        merging.undo(director, first.pk)
    merging.undo(director, second.pk)
    merging.undo(director, first.pk)
    assert state() == before


def test_a_merge_that_opens_a_confidential_record_is_refused(
    director: Reader, person: Callable[..., User]
) -> None:
    one, other = pair(director)
    Organisation.objects.filter(pk=other.pk).update(confidentiality="restricted")
    with pytest.raises(RefusedError) as refused:
        merging.merge(director, one.pk, other.pk, WHY)
    assert set(refused.value.faults) == {"kept"}
    with pytest.raises(InputError):
        merging.merge(reader_of_user(person("project-manager")), one.pk, other.pk, WHY)
    with pytest.raises(InputError):
        merging.merge(reader_of_user(person("reader")), one.pk, other.pk, WHY)
    for kept, absorbed, reason in (
        (one.pk, one.pk, WHY),
        (one.pk, 10**9, WHY),
        (other.pk, one.pk, ""),
    ):
        with pytest.raises(InputError):
            merging.merge(director, kept, absorbed, reason)
    assert not Merge.objects.exists()


SOME = st.integers(0, 4)
LINKS = st.lists(st.tuples(SOME, SOME, st.integers(0, 1), st.booleans()), max_size=14)


@given(LINKS, st.lists(st.tuples(SOME, SOME), min_size=1, max_size=4), st.data())
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_chain_of_merges_undone_leaves_the_database_as_it_was(
    director: Reader,
    links: list[tuple[int, int, int, bool]],
    merges: list[tuple[int, int]],
    data: st.DataObject,
) -> None:
    # An example that hypothesis gives up halfway leaves its merges.
    Organisation.objects.update(merged_into=None)
    for model in (Merge, Link, Contact, Organisation):
        model.objects.all().delete()
    made = Organisation.objects.bulk_create(
        Organisation(name=f"O{n}", plain_name=f"o{n}", website=f"https://o{n}.be" if n % 2 else "")
        for n in range(5)
    )
    OrganisationSector.objects.bulk_create(
        OrganisationSector(organisation=one, activity=str(10 + rank % 3))
        for rank, one in enumerate(made)
    )
    purpose, kinds = words("purpose")[0], words("link")
    Contact.objects.bulk_create(
        Contact(
            last_name=one.name, purpose=purpose, legal_basis="consent", source="s", organisation=one
        )
        for one in made
    )
    seen = set()
    for start, end, kind, withdrawn in links:
        if start != end and (start, end, kind) not in seen:
            seen.add((start, end, kind))
            linked(kinds[kind], made[start], made[end], "r" if withdrawn else "")
    before = state()
    done: list[int] = []
    for kept, absorbed in merges:
        try:
            done.append(merging.merge(director, made[kept].pk, made[absorbed].pk, WHY).pk)
        except InputError:
            assert kept == absorbed or Organisation.objects.filter(
                pk__in=(made[kept].pk, made[absorbed].pk), merged_into__isnull=False
            )
    # In any order that is allowed: a refused one is tried again after the others.
    while done:
        one = data.draw(st.sampled_from(done))
        try:
            assert merging.undo(director, one) == []
        except InputError:
            assert one != done[-1]
        else:
            done.remove(one)
    assert state() == before
