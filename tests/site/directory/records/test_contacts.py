"""Contacts: why a person is held, until when, and what is left when they are forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import serializers
from django.urls import reverse

from perron.errors import InputError, RefusedError
from perron.site.accounts.access import MACHINE, reader_of_user
from perron.site.accounts.models import Entry
from perron.site.directory.contacts import rules, services
from perron.site.directory.links.services import add_link
from perron.site.directory.models import Contact, Link, Need, Organisation, SearchEntry
from perron.site.directory.organisations.services import change_organisation

Make = Callable[..., Any]
#: Something that occurs nowhere else, so that it is found wherever it is left.
NAME, MAIL = "Zwölfzig", "zwolfzig@exemple.org"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_name", " "),
        ("purpose", ""),
        ("purpose", "spying"),
        ("legal_basis", ""),
        ("legal_basis", "curiosity"),
        ("source", ""),
        ("email", "personne"),
        ("phone", "appelez-moi"),
        ("last_interaction", "hier"),
        ("last_interaction", "2999-01-01"),
        ("mailing", True),
        ("confidentiality", "public"),
        ("function", "x" * 10_000),
        ("organisation", 999_999),
    ],
)
def test_each_wrong_field_is_refused_beside_itself(field: str, value: Any, contact: Make) -> None:
    with pytest.raises(RefusedError) as refused:
        contact(**{"last_name": NAME, field: value})
    assert set(refused.value.faults) == {field}
    assert not Contact.objects.exists()


def test_the_log_never_repeats_anything_of_a_person(contact: Make) -> None:
    made = contact(NAME, email=MAIL)
    services.change_contact(MACHINE, made.pk, 1, email=f"x{MAIL}", function="directrice")
    services.met(MACHINE, made.pk)
    kept = json.dumps([[e.said, e.changes] for e in Entry.objects.all()], ensure_ascii=False)
    assert Entry.objects.count() == 3 and NAME not in kept and "zwolf" not in kept
    assert "directrice" not in kept


@pytest.mark.parametrize(
    ("basis", "last", "due"),
    [
        ("consent", date(2023, 11, 23), True),
        ("consent", date(2023, 11, 24), False),
        ("legitimate", date(2024, 11, 23), True),
        ("legitimate", date(2024, 11, 24), False),
        ("public_task", None, False),
    ],
)
def test_a_person_is_due_after_36_months_or_24_of_legitimate_interest(
    basis: str, last: date | None, due: bool, contact: Make
) -> None:
    made = contact(legal_basis=basis, last_interaction=last)
    Contact.objects.update(created=datetime(2024, 1, 1, tzinfo=UTC))
    made.refresh_from_db()
    today = date(2026, 11, 24)
    assert rules.is_due(made, today) is due
    assert Contact.objects.filter(rules.due(today)).exists() is due


def test_a_person_never_met_is_due_from_the_day_they_were_written(contact: Make) -> None:
    made = contact()
    Contact.objects.update(created=datetime(2020, 1, 1, tzinfo=UTC))
    made.refresh_from_db()
    assert rules.is_due(made) and Contact.objects.filter(rules.due()).exists()
    services.met(MACHINE, made.pk)
    assert not Contact.objects.filter(rules.due()).exists()


def test_erasing_leaves_nothing_of_the_person_anywhere(organisation: Make, contact: Make) -> None:
    of = organisation()
    made = contact(NAME, email=MAIL, organisation=of)
    need = Need.objects.create(
        organisation=of,
        contact=made,
        said_by=f"Mme {NAME.upper()}",
        said_on=date(2026, 3, 1),
        sentence="Il nous faut douze soudeurs.",
    )
    add_link(
        MACHINE,
        "concerns",
        ("contact", str(made.pk)),
        ("organisation", str(of.pk)),
        f"{NAME} l’a dit",
    )
    key = made.pk
    services.erase_contact(MACHINE, key)
    need.refresh_from_db()
    assert need.contact is None and need.said_by == ""
    for model in (Contact, Link, SearchEntry, Entry, Organisation, Need):
        left = serializers.serialize("json", model.objects.all())
        assert NAME not in left and MAIL not in left, model
    assert not SearchEntry.objects.filter(kind="contact", key=str(key)).exists()
    assert Entry.objects.filter(action="contact-erased").count() == 1


def test_a_person_of_a_confidential_organisation_does_not_name_it(
    organisation: Make, contact: Make, as_role: Make
) -> None:
    made = contact(organisation=organisation("Projet Discret", confidentiality="restricted"))
    client = as_role("analyst")
    for url in (reverse("contacts"), reverse("contact", args=[made.pk])):
        answer = client.get(url)
        assert answer.status_code == 200 and "Discret" not in answer.content.decode()


def test_a_partner_reads_the_contacts_of_their_own_organisation_only(
    organisation: Make, contact: Make, as_role: Make
) -> None:
    own, other = organisation("Ateliers du Val"), organisation("Moulins de l’Exemple")
    mine, theirs = contact("Proche", organisation=own), contact("Lointaine", organisation=other)
    client = as_role("partner", organisation=own.pk)
    assert client.get(reverse("contact", args=[mine.pk])).status_code == 200
    assert client.get(reverse("contact", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("contacts")).status_code == 403
    assert client.post(reverse("contact-erase", args=[mine.pk]), {"sure": "on"}).status_code == 403
    assert Contact.objects.count() == 2


def test_reading_a_confidential_contact_is_noted(contact: Make, as_role: Make) -> None:
    made = contact(confidentiality="restricted")
    as_role("director").get(reverse("contact", args=[made.pk]))
    seen = Entry.objects.get(seen=True)
    assert (seen.kind, seen.key) == ("contact", str(made.pk)) and "Modèle" not in seen.said


def test_a_role_that_only_reads_contacts_changes_none(contact: Make, person: Make) -> None:
    made, analyst = contact(), reader_of_user(person("analyst"))
    for verb in (services.erase_contact, services.met, services.change_contact):
        with pytest.raises(InputError):
            verb(analyst, made.pk)
    assert Contact.objects.get().revision == 1


def test_a_forged_organisation_is_not_reached_through_a_contact(
    organisation: Make, contact: Make, person: Make
) -> None:
    hidden = organisation("Projet Discret", confidentiality="restricted")
    made = contact()
    events = reader_of_user(person("events"))
    with pytest.raises(RefusedError):
        services.change_contact(events, made.pk, 1, organisation=hidden.pk)
    change_organisation(MACHINE, hidden.pk, 1, name="Projet Discret et Secret")
    assert Contact.objects.get().organisation is None
