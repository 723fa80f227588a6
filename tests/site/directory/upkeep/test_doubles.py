"""Pairs that may be one organisation are shown to a person, who says it of them or merges them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from perron.site.accounts.access import Reader, reader_of_user
from perron.site.accounts.models import User
from perron.site.directory.models import Distinct, Organisation
from perron.site.directory.organisations.services import add_organisation
from perron.site.directory.upkeep import doubles


def add(director: Reader, name: str, **given: Any) -> Organisation:
    return add_organisation(director, name=name, confirmed=True, **given)


def pairs(reader: Reader) -> set[frozenset[str]]:
    return {frozenset((one.first.name, one.second.name)) for one in doubles.doubles(reader).pairs}


def test_close_names_in_one_place_and_shared_sites_are_pairs(director: Reader) -> None:
    add(director, "Forges de la Meuse", place="62063")
    add(director, "Les Forges de la Meuse SA", place="62063")
    add(director, "Forges de la Meuses", place="62096")
    add(director, "Forge de la Meuse")
    add(director, "Boulangerie Noël", website="https://www.pain.be/")
    add(director, "Au bon pain", website="http://pain.be")
    add(director, "Ateliers du Val", company_number="0123456749")
    add(director, "Atelier du Val", company_number="0203430576")
    found = pairs(director)
    assert frozenset(("Forges de la Meuse", "Les Forges de la Meuse SA")) in found
    assert frozenset(("Forges de la Meuse", "Forge de la Meuse")) in found
    assert frozenset(("Forges de la Meuse", "Forges de la Meuses")) not in found
    assert frozenset(("Boulangerie Noël", "Au bon pain")) in found
    assert not any("Val" in name for pair in found for name in pair)


def test_a_pair_that_a_person_said_is_two_does_not_come_back(
    director: Reader, signed_in: Callable[..., Client]
) -> None:
    one, other = add(director, "Forges de la Meuse"), add(director, "Forges de Meuse")
    client = signed_in()
    assert "Forges de Meuse" in client.get(reverse("directory-doubles")).content.decode()
    for _time in range(2):
        said = {"first": other.pk, "second": one.pk}
        assert client.post(reverse("directory-doubles"), said).status_code == 302
    assert Distinct.objects.get().first == one
    assert pairs(director) == set()
    for forged in ({"first": "x", "second": "1"}, {"first": one.pk, "second": 10**9}, {}):
        assert client.post(reverse("directory-doubles"), forged).status_code == 404


def test_nobody_learns_of_a_hidden_record_by_its_double(
    director: Reader, person: Callable[..., User]
) -> None:
    add(director, "Forges de la Meuse")
    add(director, "Forges de Meuse", confidentiality="restricted")
    assert pairs(director)
    assert not pairs(reader_of_user(person("project-manager")))


def test_two_records_are_compared_merged_and_parted_by_pages(
    director: Reader, signed_in: Callable[..., Client]
) -> None:
    one = add(director, "Forges de la Meuse", notes="<b>x</b>")
    other = add(director, "Forges de Meuse", website="https://forges.be")
    client = signed_in()
    page = reverse("organisation-merge", args=[one.pk])
    assert "Forges de Meuse" in client.get(page).content.decode()
    assert client.get(page, {"avec": "Inconnue au bataillon"}).status_code == 422
    assert client.get(page, {"avec": str(one.pk)}).status_code == 422
    compared = client.get(page, {"avec": "forges de meuse"}).content.decode()
    assert "https://forges.be" in compared and "<b>x</b>" not in compared
    asked = f"{page}?avec={other.pk}"
    for wrong in ({"kept": "", "reason": "Même maison."}, {"kept": one.pk, "reason": ""}):
        assert client.post(asked, wrong).status_code == 422
    assert client.post(asked, {"kept": other.pk, "reason": "Même maison."}).status_code == 302
    one.refresh_from_db()
    assert one.merged_into_id == other.pk
    upkeep = client.get(reverse("directory-upkeep")).content.decode()
    assert "Même maison." in upkeep
    done = client.post(reverse("merge-undo", args=[other.merges.get().pk]))
    assert "à nouveau à part" in done.content.decode()
    one.refresh_from_db()
    assert one.merged_into_id is None
    assert signed_in("reader").get(page).status_code == 403
