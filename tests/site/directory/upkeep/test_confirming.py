"""An organisation confirms its facts by a link: read by anybody, confirmed by a click alone, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from perron.site.accounts.access import Reader
from perron.site.accounts.models import Entry
from perron.site.directory.models import Confirmation, Contact, Organisation, Term
from perron.site.directory.organisations.services import add_organisation, change_organisation
from perron.site.directory.upkeep import confirming


@pytest.fixture
def one(director: Reader) -> Organisation:
    return add_organisation(
        director, name="Ateliers du Val", website="https://val.be", notes="Un avis interne."
    )


def page_of(token: str) -> str:
    return reverse("confirmation", args=[token])


def ask(client: Client, one: Organisation, email: str = "a@exemple.be") -> Any:
    return client.post(reverse("confirmation-ask", args=[one.pk]), {"email": email})


def test_the_link_leaves_by_e_mail_without_personal_data(
    one: Organisation, signed_in: Callable[..., Client], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    answer = ask(signed_in(), one)
    assert answer.status_code == 200
    [message] = mail.outbox
    assert message.to == ["a@exemple.be"]
    assert "Ateliers" not in message.subject and "Ateliers" not in message.body
    link = re.search(r"https?://\S+/repertoire/confirmer/(\S+)/", str(message.body))
    assert link and link[1] not in answer.content.decode()
    # Neither the link nor the address is kept.
    kept = str(Confirmation.objects.values().get()) + str(list(Entry.objects.values()))
    assert link[1] not in kept and "a@exemple.be" not in kept
    page = Client().get(page_of(link[1])).content.decode()
    assert "Ateliers du Val" in page and "Un avis interne" not in page


def test_where_no_mail_leaves_the_link_is_shown_once(
    one: Organisation, signed_in: Callable[..., Client], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "perron.site.mail.Unsent"
    assert "/repertoire/confirmer/" in ask(signed_in(), one).content.decode()
    assert ask(signed_in(), one, "pas une adresse").status_code == 422
    assert ask(signed_in("reader"), one).status_code == 403


def test_opening_the_link_confirms_nothing_and_a_click_does_once(
    one: Organisation, director: Reader
) -> None:
    token = confirming.ask(director, one.pk, "a@exemple.be").token
    client = Client()
    for _time in range(2):
        answer = client.get(page_of(token))
        assert answer.status_code == 200 and "noindex" in answer["X-Robots-Tag"]
        client.head(page_of(token))
    one.refresh_from_db()
    assert one.confirmed_at is None
    said = {"answer": "right", "revision": one.revision}
    assert client.post(page_of(token), said).status_code == 200
    one.refresh_from_db()
    assert one.confirmed_at and one.confirmed_by == "organisation"
    assert Entry.objects.filter(action="organisation-confirmed", actor=None).count() == 1
    assert client.post(page_of(token), said).status_code == 404
    assert client.get(page_of(token)).status_code == 404


def test_facts_that_changed_meanwhile_are_read_again_before_they_are_confirmed(
    one: Organisation, director: Reader
) -> None:
    token = confirming.ask(director, one.pk, "a@exemple.be").token
    change_organisation(director, one.pk, website="https://nouveau.be")
    answer = Client().post(page_of(token), {"answer": "right", "revision": one.revision})
    assert answer.status_code == 422 and "https://nouveau.be" in answer.content.decode()
    one.refresh_from_db()
    assert one.confirmed_at is None
    again = Client().post(page_of(token), {"answer": "right", "revision": one.revision})
    assert again.status_code == 200


def test_a_remark_is_kept_shown_and_confirms_nothing(
    one: Organisation, director: Reader, signed_in: Callable[..., Client]
) -> None:
    token = confirming.ask(director, one.pk, "a@exemple.be").token
    said = {"answer": "remark", "revision": one.revision}
    assert Client().post(page_of(token), {**said, "remark": " "}).status_code == 422
    assert Client().post(page_of(token), {**said, "remark": "x" * 501}).status_code == 422
    remark = "<script>alert(1)</script> Notre adresse a changé."
    assert Client().post(page_of(token), {**said, "remark": remark}).status_code == 200
    one.refresh_from_db()
    assert one.confirmed_at is None
    page = signed_in().get(reverse("directory-upkeep")).content.decode()
    assert "Notre adresse a changé." in page and "<script>alert(1)" not in page


@pytest.mark.parametrize("gone", ["old", "restricted", "merged", "forged"])
def test_a_link_that_serves_no_more_shows_nothing(
    one: Organisation, director: Reader, gone: str
) -> None:
    token = confirming.ask(director, one.pk, "a@exemple.be").token
    if gone == "old":
        Confirmation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    elif gone == "restricted":
        Organisation.objects.update(confidentiality="restricted")
    elif gone == "merged":
        other = add_organisation(director, name="Une autre maison")
        Organisation.objects.filter(pk=one.pk).update(merged_into=other)
    else:
        token = "é" * 40
    for answer in (
        Client().get(page_of(token)),
        Client().post(page_of(token), {"answer": "right"}),
    ):
        assert answer.status_code == 404
        assert "Ateliers" not in answer.content.decode()


def test_the_page_of_upkeep_says_what_waits(
    one: Organisation,
    director: Reader,
    signed_in: Callable[..., Client],
    django_assert_max_num_queries: Any,
) -> None:
    old = timezone.now() - timedelta(days=400)
    purpose = Term.objects.filter(family="purpose")[0]
    Contact.objects.create(last_name="Oubli", purpose=purpose, legal_basis="consent", source="s",
                           last_interaction=(timezone.now() - timedelta(days=2000)).date())  # fmt: skip
    client, counts = signed_in(), []
    client.get(reverse("directory-upkeep"))  # the first page of a day notes the visit
    for many in (3, 30):
        for rank in range(many):
            add_organisation(director, name=f"Maison {many} {rank * 7919}", confirmed=True)
        Organisation.objects.update(created=old)
        with django_assert_max_num_queries(60) as asked:
            page = client.get(reverse("directory-upkeep")).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert (
        "34 organisations attendent d’être confirmées et 1 personne est à effacer"
        in page.replace("\u00a0", " ")
    )
