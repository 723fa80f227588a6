"""The memory of the agency: what is written of it, its list by year, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from perron.errors import InputError, RefusedError
from perron.site.accounts.access import ANYONE, MACHINE, Reader, reader_of_user
from perron.site.accounts.models import Entry, Role, User
from perron.site.directory.memory import services
from perron.site.directory.models import Memory, Organisation, Term
from perron.site.directory.things import resolved

GIVEN = {
    "kind": "report",
    "title": "Étude des friches du Val",
    "period": "2013-10",
    "summary": "Douze sites mesurés.",
    "source": "Rapport annuel 2013",
}


def person(role: str, name: str = "") -> User:
    return User.objects.create(
        username=f"{name or role}@example.org", role=Role.objects.get(code=role)
    )


@pytest.fixture
def writer(db: None) -> Reader:
    return reader_of_user(person("project-manager"))


@pytest.fixture
def add(writer: Reader) -> Callable[..., Memory]:
    """A memory, some of its fields given."""
    return lambda **given: services.add_memory(writer, **(GIVEN | given))


def browser(user: User | None = None) -> Client:
    client = Client(headers={"accept-language": "fr"})
    if user:
        client.force_login(user)
    return client


def text_of(answer: object) -> str:
    """The page with plain spaces and quotes."""
    text: str = answer.content.decode()  # type: ignore[attr-defined]
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 201), ("period", ""), ("period", "octobre"),
        ("period", "2013-13"), ("source", ""), ("source_url", "javascript:alert(1)"), ("kind", ""),
        ("kind", "inconnu"), ("summary", "x" * 801), ("place", "x" * 11), ("organisation", 999_999),
        ("confidentiality", "secret"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_beside_its_field(
    add: Callable[..., Memory], field: str, value: object
) -> None:
    with pytest.raises(RefusedError) as refused:
        add(**{field: value})
    assert list(refused.value.faults) == [field]
    assert not Memory.objects.exists()


def test_who_may_not_write_the_directory_writes_no_memory(add: Callable[..., Memory]) -> None:
    held = add()
    for reader in (ANYONE, reader_of_user(person("finance")), reader_of_user(person("partner"))):
        with pytest.raises(InputError):
            services.add_memory(reader, **GIVEN)
        with pytest.raises(InputError):
            services.change_memory(reader, held.pk, None, title="Autre")


def test_a_memory_is_written_corrected_and_logged(
    add: Callable[..., Memory], writer: Reader
) -> None:
    memory = add()
    services.change_memory(writer, memory.pk, 1, title="Étude des friches", period="2014")
    said = [
        " ".join(e.said.split()) for e in Entry.objects.filter(kind="memory", key=str(memory.pk))
    ]
    assert said == ["Souvenir corrigé : titre, date.", "Souvenir inscrit."]


def test_the_list_goes_by_year_and_keeps_its_filters(add: Callable[..., Memory]) -> None:
    works = Organisation.objects.create(
        name="Ateliers", plain_name="ateliers", confidentiality="public"
    )
    add()
    add(title="Colloque d’été", kind="event", period="2018", organisation=works.pk, summary="")
    add(title="Fermeture", kind="decision", period="2018-03-02", summary="")
    client = browser(person("reader"))

    def shown(query: str) -> list[str]:
        listed = text_of(client.get(f"{reverse('memories')}?{query}"))
        return re.findall(r'<h3><a href="/memoire/\d+/">([^<]+)</a>', listed)

    assert shown("") == ["Fermeture", "Colloque d’été", "Étude des friches du Val"]
    assert shown("type=event") == ["Colloque d’été"]
    assert shown("de=2014") == ["Fermeture", "Colloque d’été"]
    assert shown("a=2014") == ["Étude des friches du Val"]
    assert shown("de=2018&a=2018") == ["Fermeture", "Colloque d’été"]
    assert shown("q=ETUDE+frich") == ["Étude des friches du Val"]
    assert shown("q=mesures") == ["Étude des friches du Val"]
    assert shown(f"organisation={works.pk}") == ["Colloque d’été"]
    assert shown("q=rien&de=zzzz&page=-1") == []
    assert "3 souvenirs, de 2013 à 2018." in text_of(client.get(reverse("memories")))


def test_the_public_sees_what_is_public_and_nothing_else(add: Callable[..., Memory]) -> None:
    inner, public = add(), add(title="Une page publique", confidentiality="public")
    client = browser()
    listed = text_of(client.get(reverse("memories")))
    assert "Une page publique" in listed
    assert inner.title not in listed
    page = text_of(client.get(reverse("memory", args=[public.pk])))
    assert "Rapport annuel 2013" in page
    assert "Souvenir inscrit." not in page
    assert client.get(reverse("memory", args=[inner.pk])).status_code == 302
    assert browser(person("board")).get(reverse("memory", args=[inner.pk])).status_code == 404
    assert not resolved([("memory", str(inner.pk))], ANYONE)
    assert resolved([("memory", str(inner.pk))], MACHINE)


def test_reading_a_confidential_memory_is_noted(add: Callable[..., Memory]) -> None:
    memory = add(confidentiality="restricted")
    director = person("director")
    browser(director).get(reverse("memory", args=[memory.pk]))
    entry = Entry.objects.get(seen=True)
    assert (entry.key, entry.actor) == (str(memory.pk), reader_of_user(director).person)
    assert browser(person("analyst")).get(reverse("memory", args=[memory.pk])).status_code == 404


def test_the_form_writes_corrects_and_tells_the_second_person(
    add: Callable[..., Memory], writer: Reader
) -> None:
    client = browser(User.objects.get(pk=writer.user))
    nasty = {**GIVEN, "title": "<script>alert(1)</script>", "confidentiality": "agency"}
    made = client.post(reverse("memory-add"), nasty)
    assert made.status_code == 302
    assert "<script>alert" not in text_of(client.get(made["Location"]))
    assert "<script>alert" not in text_of(client.get(reverse("memories")))
    memory = add(title="Colloque")
    sent = {**GIVEN, "title": "Colloque d’été", "confidentiality": "agency", "revision": "1"}
    services.change_memory(writer, memory.pk, None, period="2015")
    told = client.post(reverse("memory-change", args=[memory.pk]), sent)
    assert told.status_code == 422
    assert "Souvenir corrigé : date." in text_of(told)
    assert "Date : « 2015 »" in text_of(told)
    assert 'value="Colloque d’été"' in text_of(told)
    memory.refresh_from_db()
    assert (memory.title, memory.period) == ("Colloque", "2015")
    refused = client.post(reverse("memory-add"), {**sent, "organisation": "Inconnue"})
    assert "« Inconnue » n’est pas au répertoire" in text_of(refused)


def test_no_number_of_rows_changes_the_number_of_queries(writer: Reader) -> None:
    client = browser(person("reader"))
    kind = Term.objects.get(family="memory", code="report")
    counted = []
    for n in (3, 27):
        for _each in range(n):
            organisation = Organisation.objects.create(name="O", plain_name="o")
            Memory.objects.create(
                kind=kind, title="T", period="2013", source="S", organisation=organisation
            )
        client.get(reverse("memories"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("memories"))
        counted.append(len(queries))
    assert counted[0] == counted[1]
