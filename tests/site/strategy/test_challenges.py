"""The register of challenges: who reads and writes it, what it says, and what a challenge led to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import ANYONE, MACHINE, Reader, reader_of_user
from perron.site.accounts.models import Entry, User
from perron.site.directory.models import Link, Term
from perron.site.directory.search.selectors import find
from perron.site.directory.things import resolved
from perron.site.strategy.challenges import services
from perron.site.strategy.models import Challenge

pytestmark = pytest.mark.django_db

GIVEN = {
    "title": "Des friches sans usage",
    "sentence": "Des terrains restent vides alors que des entreprises cherchent.",
    "kind": "land",
    "side": "challenge",
    "criteria": ["jobs", "left-behind"],
}
EVIDENCE = {
    "title": "Un inventaire", "publisher": "Un institut", "date": "2024", "url": "https://exemple.be/",
    "words": "Il compte les terrains.", "grade": "attested",
}  # fmt: skip
FORM = {
    "title": "Un défi de plus", "sentence": "Une phrase simple.", "kind": "climate", "side": "both",
    "status": "open", "confidentiality": "public", "economic": ["firms"], "societal": ["age", "gender"],
}  # fmt: skip


def made(**more: Any) -> Challenge:
    return services.add_challenge(MACHINE, **(GIVEN | more))


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def anyone(db: None) -> Client:
    return Client(headers={"accept-language": "fr"})


def test_a_challenge_is_written_by_its_form_with_both_sorts_of_criteria(
    as_role: Callable[..., Client],
) -> None:
    client = as_role("analyst")
    answer = client.post(reverse("challenge-add"), FORM)
    found = Challenge.objects.get()
    assert answer["Location"] == reverse("challenge", args=[found.pk])
    assert {t.code for t in found.criteria.all()} == {"firms", "age", "gender"}
    assert found.owner is not None
    text = text_of(client, reverse("challenge", args=[found.pk]))
    economic, societal = text.index("Critères économiques"), text.index("Critères sociétaux")
    assert (
        economic < text.index("tissu d’entreprises") < societal < text.index("égalité des genres")
    )
    assert Entry.objects.get(kind="challenge").actor is not None


def test_the_title_counts_what_is_open_and_what_waits_for_a_decision(anyone: Client) -> None:
    address = reverse("challenges")
    assert "Aucun défi n’est inscrit." in text_of(anyone, address)
    first = made(confidentiality="public")
    assert "1 défi est ouvert, sans décision jusqu’ici." in text_of(anyone, address)
    made(confidentiality="public", title="Un autre défi")
    services.close_challenge(MACHINE, first.pk, "Les terrains sont repris.")
    text = text_of(anyone, address)
    assert "1 défi est ouvert" in text
    assert first.title not in text
    assert first.title in text_of(anyone, address + "?etat=closed")
    assert "Les terrains sont repris." in text_of(anyone, reverse("challenge", args=[first.pk]))


def test_what_is_internal_is_a_404_for_others_and_counts_for_nothing(
    anyone: Client, as_role: Callable[..., Client]
) -> None:
    found = made(title="Projet Zéphyr")
    page = reverse("challenge", args=[found.pk])
    assert "Projet Zéphyr" not in text_of(anyone, page, 404)
    assert "Aucun défi n’est inscrit." in text_of(anyone, reverse("challenges"))
    assert b"Zephyr" not in anyone.get(reverse("challenges-export", args=["csv"])).content
    assert "Projet Zéphyr" in text_of(as_role("reader"), page)
    secret = made(title="Projet Borée", confidentiality="restricted")
    assert text_of(as_role("reader"), reverse("challenge", args=[secret.pk]), 404)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""), ("title", "a" * 10_000), ("sentence", "?"), ("side", "rien"), ("kind", "rien"),
        ("since", "l’an passé"), ("until", "1999"), ("status", "closed"), ("confidentiality", ""),
        ("territory", "00000"),
    ],
)  # fmt: skip
def test_each_fault_stands_beside_its_field_and_nothing_is_written(name: str, value: str) -> None:
    with pytest.raises(RefusedError) as refused:
        made(since="2001", **{name: value}) if name != "since" else made(since=value)
    assert name in refused.value.faults
    assert not Challenge.objects.exists()


def test_a_forged_criterion_is_left_out_and_no_script_comes_back(
    as_role: Callable[..., Client],
) -> None:
    bad = "<script>alert(1)</script>"
    found = made(title=f"Titre {bad}", criteria=["jobs", "climate", bad], confidentiality="public")
    assert [t.code for t in found.criteria.all()] == ["jobs"]
    client = as_role("analyst")
    for name in ("challenge", "challenge-change", "challenge-close", "challenge-evidence-add"):
        assert bad not in text_of(client, reverse(name, args=[found.pk]))
    assert bad not in text_of(client, reverse("challenges"))
    answer = client.post(reverse("challenge-add"), FORM | {"since": bad})
    assert answer.status_code == 422
    assert bad not in answer.content.decode()


def test_the_second_of_two_people_is_told_and_loses_nothing(as_role: Callable[..., Client]) -> None:
    found, client = made(), as_role("analyst")
    address = reverse("challenge-change", args=[found.pk])
    seen = FORM | {"revision": "1"}
    assert client.post(address, seen).status_code == 302
    second = client.post(address, seen | {"title": "Le titre du second"})
    assert second.status_code == 422
    text = second.content.decode()
    assert "a changé depuis que vous l’avez ouverte" in text
    assert "Le titre du second" in text
    assert re.search(r'name="revision" value="2"', text)
    with pytest.raises(ChangedMeanwhileError):
        services.change_challenge(MACHINE, found.pk, 1, title="Trop tard")


def test_evidence_is_added_and_withdrawn_and_stays_readable(as_role: Callable[..., Client]) -> None:
    found, client = made(confidentiality="public"), as_role("analyst")
    assert (
        client.post(reverse("challenge-evidence-add", args=[found.pk]), EVIDENCE).status_code == 302
    )
    proof = found.evidences.get()
    other = made(title="Un autre défi")
    away = reverse("challenge-evidence-withdraw", args=[found.pk, proof.pk])
    forged = reverse("challenge-evidence-withdraw", args=[other.pk, proof.pk])
    assert client.post(forged, {"because": "Par erreur."}).status_code == 404
    assert client.post(away, {"because": ""}).status_code == 422
    assert client.post(away, {"because": "Périmé."}).status_code == 302
    text = text_of(client, reverse("challenge", args=[found.pk]))
    assert "1 preuve retirée" in text
    assert "Périmé." in text


@pytest.mark.parametrize("role", ["", "reader", "partner", "communication"])
def test_without_the_right_no_door_opens(as_role: Callable[..., Client], role: str) -> None:
    found, client = made(confidentiality="public"), as_role(role)
    proof = services.add_evidence(MACHINE, found.pk, **EVIDENCE)
    one = [found.pk]
    doors = [reverse("challenge-add")] + [
        reverse(name, args=one)
        for name in ("challenge-change", "challenge-close", "challenge-evidence-add")
    ]
    doors.append(reverse("challenge-evidence-withdraw", args=[*one, proof.pk]))
    for door in doors:
        for answer in (client.get(door), client.post(door, FORM | {"because": "Non."})):
            assert answer.status_code == (403 if role else 302), door
        assert f'href="{door}"' not in text_of(client, reverse("challenge", args=one))
    with pytest.raises(InputError):
        services.close_challenge(ANYONE, found.pk, "Non.")
    found.refresh_from_db()
    assert found.status == "open"


def test_a_challenge_is_a_thing_that_links_and_search_know(person: Callable[..., User]) -> None:
    found = made()
    agency = reader_of_user(person("reader"))
    name = ("challenge", str(found.pk))
    assert resolved([name], agency)[name].title == found.title
    assert resolved([name], ANYONE) == {}
    assert [hit.thing.key for hit in find("friche usgae", agency)] == [name[1]]
    assert find("friches", ANYONE) == []


def test_no_query_grows_with_the_register(
    as_role: Callable[..., Client], django_assert_num_queries: Any
) -> None:
    client = as_role("reader")
    concerns = Term.objects.get(family="link", code="concerns")
    client.get(reverse("challenges"))
    for count in (3, 30):
        for n in range(count):
            one = made(title=f"Défi {count} {n}")
            Link.objects.create(
                kind=concerns, from_kind="challenge", from_key=str(one.pk), to_kind="driver",
                to_key=str(n), reason="Pour l’essai.",
            )  # fmt: skip
        with django_assert_num_queries(QUERIES):
            client.get(reverse("challenges"))


#: Who asks (5), the counts, how many rows, the rows, their criteria, two families of words.
QUERIES = 11


def test_the_file_gives_what_the_filters_keep_and_escapes_formulas(anyone: Client) -> None:
    made(title="=HYPERLINK(1)", confidentiality="public")
    made(title="Une chance", side="opportunity", confidentiality="public")
    address = reverse("challenges-export", args=["csv"])
    every = anyone.get(address).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in every
    assert "Une chance" in every
    some = anyone.get(address + "?sens=opportunity").content.decode("utf-8-sig")
    assert "HYPERLINK" not in some
    assert anyone.get(reverse("challenges-export", args=["exe"])).status_code == 404


def test_a_reader_of_a_role_without_rights_sees_the_public_alone() -> None:
    made(confidentiality="public")
    made(title="Interne")
    nobody = Reader(user=None)
    assert [h.thing.title for h in find("friches interne", nobody)] == []
