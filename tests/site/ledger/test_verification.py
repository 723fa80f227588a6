"""`verify` finds any change of anything stored, names the entry, and lets what is lawful be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from perron.site.accounts.access import MACHINE, reader_of_user
from perron.site.accounts.models import Person
from perron.site.directory.models import Term
from perron.site.ledger import services, sharing
from perron.site.ledger.chain import digest, link
from perron.site.ledger.models import (
    Commitment,
    Entry,
    Evidence,
    Expectation,
    Frozen,
    Head,
    Indicator,
    Review,
)
from perron.site.ledger.verification import MOST, NOT_STATED, verify

Make = Callable[..., Any]
TABLES = (Frozen, Entry, Head, Commitment, Evidence, Expectation, Review)


@pytest.fixture
def register(decided: Make, expected: Make) -> Commitment:
    """Two decisions with evidence, expectations, reviews, a correction, a withdrawal and a closing."""
    first = decided()
    services.signal(MACHINE, commitment=first.pk, words="Le hall se vide.", on=date(2010, 1, 5))
    for n in range(2):
        services.add_evidence(
            MACHINE, commitment=first.pk, title=f"Étude {n}", words="Le hall sert.",
            publisher="Région", date="2010", url="https://exemple.org/etude",
        )  # fmt: skip
    one, other = expected(first), expected(first)
    for row, value in ((one, 42_600.0), (other, 41_000.0)):
        services.review(
            MACHINE, expectation=row.pk, verdict="held", value=value, state="observed",
            period="2018", grade="attested", source="Eurostat", comparator_value=508_500.0,
            comparator_state="observed", words="Relu.",
        )  # fmt: skip
    services.correct(MACHINE, entry=one.entry_id, because="Faute de frappe.", low=39_000.0)
    second = decided(title="Une autre décision")
    services.close(MACHINE, commitment=second.pk, because="Sans suite.")
    return first


@contextmanager
def tampering() -> Iterator[None]:
    """What is done inside is undone at the end, as if by someone with the database in hand."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def columns() -> list[Any]:
    return [
        pytest.param(model, column, id=f"{model.__name__}.{column.name}")
        for model in TABLES
        for column in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if column.name not in NOT_STATED.get(model, ())
    ]


def other(row: Any, column: Any) -> Any:
    """Another value for a column, that its constraints accept."""
    now = getattr(row, column.attname)
    if column.is_relation:
        if column.related_model in (Entry, Review, Expectation, Commitment, Frozen):
            if column.null and now is not None:
                return None
            taken = set(type(row).objects.values_list(column.attname, flat=True))
            keys = column.related_model.objects.values_list("pk", flat=True).order_by("pk")
            free = [key for key in keys if key != now and not (column.unique and key in taken)]
            return free[-1]
        return column.related_model.objects.exclude(pk=now).first().pk
    if column.choices:
        return next(value for value, _label in column.choices if value != now)
    if isinstance(column, models.BooleanField):
        return not now
    if isinstance(column, models.UUIDField):
        return uuid4()
    if isinstance(column, models.DateTimeField):
        return (now or timezone.now()) + timedelta(microseconds=1)
    if isinstance(column, models.DateField):
        return (now or date(2011, 1, 1)) + timedelta(days=1)
    if isinstance(column, models.FloatField):
        return (now or 0.0) + 1
    if isinstance(column, models.IntegerField):
        return now + 100
    return "x" if not now else now[:-1] + ("a" if now[-1] != "a" else "b")


@pytest.mark.parametrize(("model", "column"), columns())
def test_no_column_can_be_changed_unseen(register: Commitment, model: type, column: Any):
    found = verify()
    assert found.sound, found.faults
    row = model.objects.order_by("pk").first()
    assert row is not None
    with tampering():
        if column.many_to_many:
            getattr(row, column.name).add(Term.objects.get(family="criterion", code="age"))
        else:
            # A closing has its reason beside it.
            more = {"closed_because": "x"} if column.name == "closed_on" else {}
            if column.name == "closed_because":
                row = Commitment.objects.get(closed_on__isnull=False)
            model.objects.filter(pk=row.pk).update(**{column.attname: other(row, column)}, **more)
        faults = verify().faults
        assert faults, f"{model.__name__}.{column.name} was changed and nobody saw it"
        assert "perron restore" in faults[0].said
    assert verify().sound


def test_what_no_entry_states_is_named_and_nothing_else_is_left_out():
    assert set(NOT_STATED) <= set(TABLES)
    for model, names in NOT_STATED.items():
        assert names <= {f.name for f in model._meta.get_fields()}


@pytest.mark.parametrize("which", ["first", "middle", "last"])
def test_a_missing_entry_is_found_and_its_number_said(register: Commitment, which: str):
    last = Entry.objects.count()
    seq = {"first": 1, "middle": 2, "last": last}[which]
    with tampering():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_entry WHERE seq = %s", [seq])
        faults = verify().faults
        assert any(str(seq) in fault.said for fault in faults)


def test_two_entries_that_changed_places_are_found(register: Commitment):
    one, two = Entry.objects.get(seq=2), Entry.objects.get(seq=3)
    with tampering():
        Entry.objects.filter(seq=2).update(facts=two.facts, content=two.content, hash="x")
        Entry.objects.filter(seq=3).update(facts=one.facts, content=one.content, hash=one.hash)
        Entry.objects.filter(seq=2).update(hash=two.hash)
        assert {2, 3} <= {fault.seq for fault in verify().faults}


def test_an_entry_with_its_hashes_made_again_still_does_not_follow(register: Commitment):
    with tampering():
        entry = Entry.objects.get(seq=2)
        facts = '{"on":"2010-01-06"}'
        made = link(
            *(2, entry.at, entry.kind, entry.commitment, entry.actor, facts),
            *(entry.content_id, entry.about_id, entry.previous),
        )
        Entry.objects.filter(seq=2).update(facts=facts, hash=made)
        assert [fault.seq for fault in verify().faults] == [3]


def test_words_changed_with_their_digest_are_found(register: Commitment):
    with tampering():
        words = Entry.objects.get(seq=2).content
        Frozen.objects.create(digest=digest("{}"), body="{}")
        Entry.objects.filter(seq=2).update(content=digest("{}"))
        found = verify().faults
        assert found[0].seq == 2
        assert any("d’aucune entrée" in fault.said for fault in found), words.pk


def test_words_that_are_gone_are_found_whichever_entry_they_are_of(register: Commitment):
    for entry in Entry.objects.all():
        with tampering():
            Frozen.objects.filter(pk=entry.content_id).update(digest="0" * 64)
            found = verify().faults
            assert found and "perron restore" in found[0].said, entry


def test_a_row_without_entry_and_an_entry_without_row_are_found(register: Commitment):
    with tampering():
        Commitment.objects.create(
            reference="2010-99", kind=register.kind, title="x", decision="x",
            decided_on=date(2010, 1, 1), decided_by="x",
        )  # fmt: skip
        assert "2010-99" in verify().faults[0].said
    with tampering():
        gone = Evidence.objects.latest("pk")
        gone.delete()
        assert [fault.seq for fault in verify().faults] == [gone.entry_id]


def test_erased_words_are_counted_and_named_and_the_chain_is_valid(register: Commitment):
    services.erase_texts(MACHINE, entry=2, because="Un nom y était.")
    found = verify()
    assert (found.sound, found.erased) == (True, (2,))
    assert "(2)" in found.summary()


def test_erasing_a_person_leaves_the_chain_valid(person: Make, decided: Make):
    user = person("director")
    made = services.decide(
        reader_of_user(user), title="Une décision signée", decision="On décide cela.",
        decided_by="Conseil d’administration", kind="other", decided_on=date(2020, 1, 1),
    )  # fmt: skip
    assert Entry.objects.get(commitment=made.key).actor == user.person.pk
    user.delete()
    assert not Person.objects.exists()
    found = verify()
    assert (found.sound, found.entries) == (True, 1)


def test_renaming_words_and_indicators_is_no_tampering(register: Commitment):
    Term.objects.update(name="Autrement")
    Indicator.objects.update(name="Autrement", active=False)
    sharing.change_readers(MACHINE, register.pk, confidentiality="public")
    assert verify().sound


def test_many_faults_are_counted_and_the_first_ones_told(register: Commitment):
    with tampering():
        for n in range(15):
            Frozen.objects.create(digest=f"{n:064}", body="x")
        Entry.objects.update(facts="[]")
        found = verify()
        assert not found.sound
        assert len(found.faults) <= MOST
        assert str(len(found.faults) + found.more) in found.summary()


def test_the_number_of_queries_does_not_grow_with_the_chain(
    decided: Make, expected: Make, django_assert_num_queries: Any
):
    for _n in range(3):
        expected(decided())
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert verify().sound
    for _n in range(12):
        expected(decided())
    with django_assert_num_queries(len(few)):
        found = verify()
    assert (found.sound, found.entries) == (True, 30)
