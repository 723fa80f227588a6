"""Accueil of a signed-in person: what waits, what changed, what falls due, within their rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from perron.site.accounts import log
from perron.site.accounts.access import MACHINE, reader_of_user
from perron.site.accounts.models import User
from perron.site.directory import records
from perron.site.directory.models import Import, Need, Organisation
from perron.site.directory.search import services as search
from perron.site.portal import news, waiting, welcome
from perron.site.portal.waiting import Task

TODAY = date(2026, 11, 23)


def task(day: date) -> Task:
    return Task(day, "Titre", "Phrase", "/", "Faire")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((), "Rien ne vous attend aujourd’hui."),
        ((0,), "Un dossier vous attend, pour aujourd’hui."),
        ((-3,), "Un dossier vous attend, déjà en retard."),
        ((2, 4, 7), "Trois dossiers vous attendent, dont un pour mercredi."),
        ((1, 1), "Deux dossiers vous attendent, dont deux pour demain."),
        ((-9, -1, 2), "Trois dossiers vous attendent, dont deux en retard."),
        ((20, 30), "Deux dossiers vous attendent, dont un pour le 13 décembre 2026."),
    ],
)
def test_the_title_says_how_much_waits_and_how_pressing_it_is(
    days: tuple[int, ...], said: str
) -> None:
    assert welcome.title([task(TODAY + timedelta(days=n)) for n in days], TODAY) == said


def text_of(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "fr"})
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[-1])
    return client


def need(owner: User | None, sentence: str, **more: Any) -> Need:
    more.setdefault("said_on", timezone.localdate() - timedelta(days=40))
    made = Need.objects.create(
        owner=owner, sentence=sentence, confidentiality=more.pop("openness", "restricted"), **more
    )
    records.logged(MACHINE, made, "need-added", "Besoin noté.", {})
    return made


def test_without_an_account_the_page_is_the_territory_and_waits_for_nobody(reader: Client) -> None:
    text = text_of(reader)
    assert "que sait-on" in text
    assert "Ce qui vous attend" not in text
    assert 'name="phrase"' not in text


def test_a_newcomer_is_told_where_to_begin_within_their_rights(
    shipped_home: object, as_role: Callable[..., Client]
) -> None:
    text = text_of(as_role("analyst"))
    assert "Rien ne vous attend aujourd’hui." in text
    assert "Par où commencer ?" in text
    assert "Inscrire une décision et ce qu’on en attend" in text
    plain = text_of(as_role("reader"))
    assert "Inscrire une décision" not in plain
    assert "Lire ce que l’on sait du territoire" in plain
    assert 'name="phrase"' not in plain


def test_what_waits_is_mine_with_its_day_and_one_thing_to_do(
    shipped_home: object, person: Callable[..., User]
) -> None:
    me, other = person("project-manager"), person("project-manager")
    need(me, "Douze soudeurs", needed_by=timezone.localdate())
    need(other, "Un quai de chargement")
    old = Organisation.objects.create(
        name="Forge ancienne", plain_name="forge ancienne", owner=me,
        confirmed_at=timezone.now() - timedelta(days=500),
    )  # fmt: skip
    found = waiting.tasks(reader_of_user(me), timezone.localdate())
    assert [t.said for t in found if "soudeurs" in t.said] == ["Douze soudeurs"]
    assert any(old.name in t.title for t in found)
    text = text_of(signed_in(me))
    assert "Deux dossiers vous attendent" in text
    assert "Un quai de chargement" not in text
    assert 'name="phrase"' in text


def test_a_file_that_waits_for_its_confirmation_is_told_to_who_gave_it(
    person: Callable[..., User],
) -> None:
    me, other = person("director"), person("director")
    Import.objects.create(
        owner=me, kind="organisation", filename="liste.xlsx", at=timezone.now(), rows=b"",
        counts={"new": 1200, "refused": 3},
    )  # fmt: skip
    mine = waiting.tasks(reader_of_user(me), timezone.localdate())
    assert ["liste.xlsx" in t.title for t in mine] == [True]
    assert "1 203 lignes lues le" in mine[0].said.replace("\u202f", " ")
    assert waiting.tasks(reader_of_user(other), timezone.localdate()) == []


def test_what_changed_is_what_others_wrote_and_i_may_read(
    shipped_home: object, person: Callable[..., User]
) -> None:
    me, other = person("reader"), person("analyst")
    writer = reader_of_user(other)
    seen = Organisation.objects.create(name="Verrerie du Val", plain_name="v")
    hidden = Organisation.objects.create(
        name="Projet Zéphyr", plain_name="z", confidentiality="restricted"
    )
    for thing in (seen, hidden):
        records.logged(writer, thing, "organisation-added", f"Inscrite : {thing.name}.", {})
        records.logged(writer, thing, "organisation-changed", f"Corrigée : {thing.name}.", {})
    need(other, "Un besoin confidentiel")
    log.saw(writer, "organisation", seen.pk, "Fiche lue.")
    records.logged(reader_of_user(me), seen, "organisation-changed", "De ma main.", {})
    found = news.news(reader_of_user(me), timezone.now() - timedelta(days=2))
    told = [c for c in found.changes if c.field != "Données"]
    assert [(c.title, c.said, c.more) for c in told] == [
        ("Verrerie du Val", "Corrigée : Verrerie du Val.", 1)
    ]
    me.visit, me.previous_visit = timezone.now(), timezone.now() - timedelta(days=2)
    me.save()
    text = text_of(signed_in(me))
    assert "1 organisation" in text
    assert "Zéphyr" not in text
    assert "confidentiel</" not in text


def test_a_partner_reads_no_journal_of_the_agency(
    shipped_home: object, person: Callable[..., User]
) -> None:
    own = Organisation.objects.create(name="Ma maison", plain_name="m")
    partner = person("partner", organisation=own.pk)
    records.logged(MACHINE, own, "organisation-changed", "Note interne corrigée.", {})
    assert "Note interne" not in text_of(signed_in(partner))


def test_no_script_comes_back_from_what_others_wrote(
    shipped_home: object, person: Callable[..., User]
) -> None:
    me, bad = person("director"), "<script>alert(1)</script>"
    made = Organisation.objects.create(name=bad, plain_name="x")
    records.logged(MACHINE, made, "organisation-added", bad, {})
    need(me, bad)
    assert bad not in text_of(signed_in(me))


def test_no_query_grows_with_what_waits_and_what_changed(
    shipped_home: object, person: Callable[..., User], django_assert_num_queries: Any
) -> None:
    me = person("director")
    client = signed_in(me)
    client.get("/")
    counts = []
    for count in (3, 30):
        for n in range(count):
            made = Organisation.objects.create(name=f"Atelier {n}", plain_name="a", owner=me)
            records.logged(MACHINE, made, "organisation-added", "Inscrite.", {})
            need(me, f"Besoin {n}", organisation=made)
        with django_assert_num_queries(QUERIES):
            counts.append(client.get("/").status_code)
    assert counts == [200, 200]


#: Who asks, what waits, what changed, what falls due and the three fields.
QUERIES = 16


@pytest.mark.django_db
def test_a_search_that_shows_confidential_records_is_noted_once_a_day(
    shipped_home: object, person: Callable[..., User]
) -> None:
    director = person("director")
    secret = Organisation.objects.create(
        name="Projet Zéphyr", plain_name="z", confidentiality="restricted"
    )
    search.index("organisation", [secret.pk])
    client = signed_in(director)
    for _time in range(3):
        answer = client.get("/recherche/vite.json", {"q": "zephyr"})
        assert answer["Cache-Control"].count("no-store")
        assert [g["found"][0]["title"] for g in answer.json()["groups"]] == ["Projet Zéphyr"]
    read = log.Entry.objects.filter(kind="organisation", key=str(secret.pk), seen=True)
    assert read.count() == 1
    anyone = Client(headers={"accept-language": "fr"}).get("/recherche/vite.json?q=zephyr")
    assert anyone.json()["groups"] == []
