"""The verbs on needs: what is written, refused, logged, and what two persons at once lose (nothing)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import reader_of_user, visible
from perron.site.accounts.models import Entry, User
from perron.site.directory.models import Contact, Need, Organisation, Term
from perron.site.directory.needs import services, sharing
from perron.site.directory.things import resolved

Add = Callable[..., Need]
Account = Callable[..., User]


def test_a_need_is_confidential_belongs_to_who_noted_it_and_keeps_what_the_machine_read(
    add: Add, manager: User
) -> None:
    need = add()
    assert need.confidentiality == "restricted"
    assert need.owner == manager
    assert need.proposal["quantity"] == 12
    assert need.proposal["kind"] == "skills"
    assert need.confirmed_at is not None


def test_the_log_says_what_was_done_and_repeats_no_word_of_a_confidential_need(add: Add) -> None:
    need = add(sentence="Secret de fabrique : 3 soudeurs", object="Secret de fabrique")
    services.change_need(reader_of_user(need.owner), need.pk, 1, object="Autre secret")
    services.answer_need(reader_of_user(need.owner), need.pk, "Réponse secrète, trois places.")
    entries = list(Entry.objects.filter(kind="need", key=str(need.pk)))
    assert [e.action for e in entries] == ["need-answered", "need-changed", "need-added"]
    assert "ecret" not in " ".join(f"{e.said} {e.changes}" for e in entries)


def test_the_log_of_an_open_need_says_what_it_was_before(add: Add) -> None:
    need = add(confidentiality="agency")
    services.change_need(reader_of_user(need.owner), need.pk, 1, quantity="15")
    entry = Entry.objects.filter(action="need-changed").get()
    assert entry.changes["quantity"] == [12, 15]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sentence", ""), ("sentence", "x" * 501), ("quantity", "douze"), ("quantity", "-3"),
        ("quantity", "99999999999"), ("unit", "pouces"), ("kind", "inconnu"), ("said_on", ""),
        ("said_on", "31/02/2026"), ("said_on", "2999-01-01"), ("needed_by", "bientôt"),
        ("place", "x" * 11), ("confidentiality", "secret"), ("organisation", 999_999),
        ("organisation", "<script>"), ("contact", 999_999),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_beside_its_field(
    add: Add, field: str, value: object
) -> None:
    with pytest.raises(RefusedError) as refused:
        add(**{field: value})
    assert list(refused.value.faults) == [field]
    assert not Need.objects.exists()


def test_a_unit_without_a_number_is_refused(add: Add) -> None:
    with pytest.raises(RefusedError) as refused:
        add(quantity="", unit="m²")
    assert list(refused.value.faults) == ["quantity"]


def test_a_type_out_of_use_is_not_offered_and_stays_on_the_need_that_has_it(
    add: Add, manager: User
) -> None:
    need = add(kind="land")
    Term.objects.filter(family="need", code="land").update(active=False)
    with pytest.raises(RefusedError):
        add(kind="land")
    services.change_need(reader_of_user(manager), need.pk, None, kind="land", object="terrain")
    need.refresh_from_db()
    assert need.kind is not None
    assert need.kind.code == "land"


def test_a_contact_of_another_organisation_or_that_one_may_not_see_is_refused(
    add: Add, works: Organisation, account: Account
) -> None:
    purpose = Term.objects.filter(family="purpose").first()
    other = Organisation.objects.create(name="Autre", plain_name="autre")
    person = Contact.objects.create(
        last_name="Exemple", organisation=other, purpose=purpose, legal_basis="consent", source="x"
    )
    hidden = Contact.objects.create(
        last_name="Caché", organisation=works, purpose=purpose, legal_basis="consent", source="x",
        confidentiality="restricted", owner=account("events"),
    )  # fmt: skip
    for contact in (person, hidden):
        with pytest.raises(RefusedError) as refused:
            add(organisation=works, contact=contact.pk)
        assert "contact" in refused.value.faults


def test_the_second_of_two_persons_is_told_and_nothing_of_the_first_is_lost(
    add: Add, account: Account
) -> None:
    need = add(confidentiality="agency")
    services.change_need(reader_of_user(need.owner), need.pk, 1, quantity=15)
    other = reader_of_user(account("director"))
    with pytest.raises(ChangedMeanwhileError) as told:
        services.change_need(other, need.pk, 1, quantity=20)
    assert "quantité" in str(told.value)
    need.refresh_from_db()
    assert need.quantity == 15


def test_answering_closing_and_opening_again_each_need_a_sentence(add: Add, manager: User) -> None:
    need, reader = add(), reader_of_user(manager)
    for verb in (services.answer_need, services.close_need, services.reopen_need):
        with pytest.raises(RefusedError):
            verb(reader, need.pk, " ")
    assert services.answer_need(reader, need.pk, "Sept places au centre.").status == "answered"
    closed = services.close_need(reader, need.pk, "L’entreprise a recruté elle-même.")
    assert (closed.status, closed.outcome) == ("closed", "L’entreprise a recruté elle-même.")
    with pytest.raises(InputError):
        services.close_need(reader, need.pk, "Une fois encore.")
    opened = services.reopen_need(reader, need.pk, "Deux postes sont à nouveau libres.")
    assert (opened.status, opened.outcome) == ("open", "")


@pytest.mark.parametrize(
    "role", ["analyst", "communication", "finance", "board", "reader", "partner"]
)
def test_who_may_not_write_needs_writes_none(add: Add, account: Account, role: str) -> None:
    reader = reader_of_user(account(role))
    with pytest.raises(InputError, match="Il faut le droit"):
        add(reader=reader)
    need = add(confidentiality="public")
    with pytest.raises(InputError):
        services.change_need(reader, need.pk, None, quantity=1)
    with pytest.raises(InputError):
        services.close_need(reader, need.pk, "Pour rire.")
    with pytest.raises(InputError):
        sharing.change_readers(reader, need.pk, None, confidentiality="public")


def test_a_confidential_need_is_seen_by_its_owner_who_is_named_who_reads_all_and_its_organisation(
    add: Add, account: Account, works: Organisation, manager: User
) -> None:
    need = add(organisation=works)
    named = account("reader", "nommé")
    sharing.name_reader(reader_of_user(manager), need.pk, named.pk)
    other = Organisation.objects.create(name="Autre", plain_name="autre")
    seeing = {
        "owner": manager,
        "named": named,
        "all": account("director"),
        "own partner": account("partner", "own", organisation=works.pk),
        "analyst": account("analyst"),
        "events": account("events"),
        "other partner": account("partner", "other", organisation=other.pk),
    }
    seen = {
        who
        for who, user in seeing.items()
        if visible(Need.objects.all(), reader_of_user(user)).exists()
        and resolved([("need", str(need.pk))], reader_of_user(user))
    }
    assert seen == {"owner", "named", "all", "own partner"}


def test_only_who_answers_for_a_confidential_need_says_who_reads_it(
    add: Add, account: Account, manager: User
) -> None:
    need = add()
    colleague = account("project-manager", "collègue")
    sharing.name_reader(reader_of_user(manager), need.pk, colleague.pk)
    with pytest.raises(InputError, match="Seul le responsable"):
        sharing.change_readers(reader_of_user(colleague), need.pk, None, confidentiality="public")
    with pytest.raises(RefusedError):
        sharing.change_readers(reader_of_user(manager), need.pk, 1, confidentiality="restricted")
    changed = sharing.change_readers(
        reader_of_user(manager), need.pk, None, confidentiality="agency", owner=colleague.pk
    )
    assert (changed.confidentiality, changed.owner) == ("agency", colleague)
    entry = Entry.objects.filter(action="need-readers-changed").get()
    assert "collègue" not in f"{entry.said}{entry.changes}".lower()


def test_a_named_person_is_named_once_and_can_be_taken_back(
    add: Add, account: Account, manager: User
) -> None:
    need, reader = add(), reader_of_user(manager)
    named = account("reader")
    grant = sharing.name_reader(reader, need.pk, named.pk)
    for wrong in (named.pk, 999_999, "<b>", ""):
        with pytest.raises(RefusedError):
            sharing.name_reader(reader, need.pk, wrong)
    sharing.take_back(reader, need.pk, grant.pk)
    assert not visible(Need.objects.all(), reader_of_user(named)).exists()
    with pytest.raises(InputError):
        sharing.take_back(reader, need.pk, grant.pk)


def test_a_day_to_come_is_no_day_on_which_something_was_said(add: Add) -> None:
    with pytest.raises(RefusedError):
        add(said_on=timezone.localdate() + timedelta(days=1))
