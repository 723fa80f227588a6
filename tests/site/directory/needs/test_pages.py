"""The pages of needs: one sentence to a need, the list, one need, who may read it, and what is noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from perron.site.accounts.access import reader_of_user
from perron.site.accounts.models import Entry, User
from perron.site.directory.models import Need, Organisation
from perron.site.directory.needs import services, sharing

Add = Callable[..., Need]
Account = Callable[..., User]
AsUser = Callable[[User], Client]
PHRASE = "12 techniciens de maintenance, automates (PLC) Siemens, pour avril, Herstal"


def text_of(answer: object) -> str:
    """The page with plain spaces and quotes."""
    text: str = answer.content.decode()  # type: ignore[attr-defined]
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def fields_of(text: str) -> dict[str, str]:
    """What a form would send back as it was shown."""
    found = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', text))
    found |= {
        name: value.strip()
        for name, value in re.findall(r'<textarea name="(\w+)"[^>]*>([^<]*)<', text)
    }
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(
        r'<input type="radio" name="(\w+)" value="([^"]*)"[^>]* checked', text
    ):
        found[name] = value
    return found


def test_one_sentence_becomes_a_need_in_two_steps_and_nothing_is_written_before_the_second(
    manager: User, as_user: AsUser
) -> None:
    client = as_user(manager)
    proposed = client.post(reverse("need-add"), {"phrase": PHRASE})
    text = text_of(proposed)
    assert proposed.status_code == 200
    assert not Need.objects.exists()
    assert '<u class="gave">12<span class="vh"> (combien)</span></u>' in text
    assert "Lu : « pour avril »." in text
    sent = fields_of(text)
    assert sent["object"].startswith("techniciens de maintenance, automates (PLC) Siemens")
    assert (sent["quantity"], sent["kind"], sent["confidentiality"]) == (
        "12",
        "skills",
        "restricted",
    )
    saved = client.post(reverse("need-add"), {**sent, "place": ""})
    need = Need.objects.get()
    assert saved.status_code == 302
    assert saved["Location"] == reverse("need", args=[need.pk])
    assert (need.sentence, need.quantity, need.confidentiality) == (PHRASE, 12, "restricted")
    assert need.needed_by is not None
    assert (need.needed_by.month, need.needed_by.day) == (4, 30)


def test_the_sentence_may_come_by_the_address_with_its_organisation(
    manager: User, as_user: AsUser, works: Organisation
) -> None:
    given = {"phrase": "3 soudeurs", "organisation": works.pk}
    text = text_of(as_user(manager).get(reverse("need-add"), given))
    assert 'value="Ateliers du Val SA"' in text
    assert "La phrase ne le dit pas." in text


@pytest.mark.parametrize("phrase", ["", "   ", "é" * 10_000])
def test_no_sentence_or_one_too_long_is_asked_again(
    manager: User, as_user: AsUser, phrase: str
) -> None:
    answer = as_user(manager).post(reverse("need-add"), {"phrase": phrase})
    assert answer.status_code == 422
    assert not Need.objects.exists()


def test_what_is_typed_is_shown_as_words_never_as_markup(manager: User, as_user: AsUser) -> None:
    client = as_user(manager)
    nasty = "<script>alert(1)</script> 3 soudeurs \"'><img src=x onerror=alert(2)>"
    for answer in (
        client.post(reverse("need-add"), {"phrase": nasty}),
        client.post(reverse("need-add"), {"sentence": nasty, "organisation": nasty}),
    ):
        assert "<script>alert" not in text_of(answer)
        assert "<img" not in text_of(answer)
    services.add_need(
        reader_of_user(manager),
        sentence=nasty,
        said_by=nasty,
        object=nasty,
        said_on=timezone.localdate(),
    )
    for address in (reverse("need", args=[Need.objects.get().pk]), reverse("needs")):
        assert "<script>alert" not in text_of(client.get(address))
        assert "<img" not in text_of(client.get(address))


def test_a_refused_form_keeps_what_was_typed(manager: User, as_user: AsUser) -> None:
    sent = {"sentence": "3 soudeurs svp", "quantity": "trois", "organisation": "Inconnue SA"}
    answer = as_user(manager).post(reverse("need-add"), sent)
    text = text_of(answer)
    assert answer.status_code == 422
    assert 'value="trois"' in text
    assert "« Inconnue SA » n’est pas au répertoire" in text
    assert not Need.objects.exists()


def test_the_title_says_how_many_are_open_and_how_many_wait_too_long(
    add: Add, manager: User, as_user: AsUser
) -> None:
    client = as_user(manager)
    assert "Aucun besoin n’est encore noté." in text_of(client.get(reverse("needs")))
    add()
    assert "1 besoin ouvert, aucun n’attend" in text_of(client.get(reverse("needs")))
    add(said_on=timezone.localdate() - timedelta(days=31))
    add(said_on=timezone.localdate() - timedelta(days=30))
    wanted = "3 besoins ouverts, dont 1 attend une réponse depuis plus de 30 jours."
    assert wanted in text_of(client.get(reverse("needs")))


def test_filters_keep_what_they_say(
    add: Add, manager: User, as_user: AsUser, works: Organisation, account: Account
) -> None:
    today = timezone.localdate()
    add(object="soudeurs", organisation=works, confidentiality="agency")
    add(object="un terrain", kind="land", needed_by=today + timedelta(days=10))
    add(object="de l’argent", kind="finance", needed_by=today - timedelta(days=1))
    done = add(object="un bus", kind="other")
    services.answer_need(reader_of_user(manager), done.pk, "Une ligne passe déjà.")
    client = as_user(manager)

    def shown(query: str) -> set[str]:
        text = text_of(client.get(f"{reverse('needs')}?{query}"))
        words = ("soudeurs", "un terrain", "de l’argent", "un bus")
        listed = text.split('id="besoins"')[1].split("</section>")[0]
        return {word for word in words if word in listed}

    assert shown("") == {"soudeurs", "un terrain", "de l’argent"}
    assert shown("etat=answered") == {"un bus"}
    assert shown("etat=all") == {"soudeurs", "un terrain", "de l’argent", "un bus"}
    assert shown("type=land") == {"un terrain"}
    assert shown("pour=30") == {"un terrain"}
    assert shown("pour=past") == {"de l’argent"}
    assert shown(f"organisation={works.pk}") == {"soudeurs"}
    assert shown("qui=moi&type=land") == {"un terrain"}
    assert shown("type=';drop&pour=x&etat=x&page=-9&organisation=zz") == set()
    other = text_of(as_user(account("analyst")).get(reverse("needs")))
    assert "soudeurs" in other
    assert "un terrain" not in other


def test_who_is_not_signed_in_is_asked_to_and_who_may_not_see_a_need_finds_none(
    add: Add, account: Account, as_user: AsUser, client: Client
) -> None:
    need, public = add(), add(confidentiality="public", sentence="Un besoin public, pour tous")
    for address in (
        reverse("needs"), reverse("need-add"), reverse("need", args=[need.pk]),
        reverse("need", args=[999_999]), reverse("need-change", args=[need.pk]),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("need", args=[public.pk])).status_code == 200
    colleague = as_user(account("project-manager", "collègue"))
    names = ("need", "need-change", "need-answer", "need-close", "need-readers")
    for name in names:
        assert colleague.get(reverse(name, args=[need.pk])).status_code == 404
        assert colleague.get(reverse(name, args=[999_999])).status_code == 404
    assert (
        colleague.post(reverse("need-close", args=[need.pk]), {"outcome": "Non."}).status_code
        == 404
    )
    reader = as_user(account("reader"))
    assert reader.get(reverse("need-add")).status_code == 403
    need.refresh_from_db()
    assert need.status == "open"


def test_a_partner_reads_the_needs_of_their_organisation_and_nothing_of_who_wrote_them(
    add: Add, account: Account, as_user: AsUser, works: Organisation
) -> None:
    own, other = add(organisation=works), add(sentence="Le besoin d’une autre maison")
    partner = as_user(account("partner", organisation=works.pk))
    listed = text_of(partner.get(reverse("needs")))
    assert reverse("need", args=[own.pk]) in listed
    assert reverse("need", args=[other.pk]) not in listed
    assert reverse("need-add") not in listed
    page = text_of(partner.get(reverse("need", args=[own.pk])))
    assert own.sentence in page
    assert "Project-manager" not in page
    assert "journal" not in page.split("<main")[1].split("</main>")[0].replace(
        "journal d’audit", ""
    )
    assert partner.get(reverse("need", args=[other.pk])).status_code == 404


def test_reading_a_confidential_need_is_noted_and_an_open_one_is_not(
    add: Add, account: Account, as_user: AsUser
) -> None:
    secret, plain = add(), add(confidentiality="agency")
    director = account("director")
    client = as_user(director)
    client.get(reverse("need", args=[secret.pk]))
    client.get(reverse("need", args=[plain.pk]))
    seen = Entry.objects.filter(seen=True)
    assert [(e.kind, e.key) for e in seen] == [("need", str(secret.pk))]
    assert seen[0].actor == reader_of_user(director).person


def test_a_list_notes_each_confidential_need_it_shows_once_a_day(
    add: Add, account: Account, as_user: AsUser
) -> None:
    keys = {str(add().pk), str(add().pk)}
    add(confidentiality="agency")
    client = as_user(account("director"))
    for _time in range(3):
        client.get(reverse("needs"))
    noted = [e.key for e in Entry.objects.filter(seen=True)]
    assert sorted(noted) == sorted(keys)


def test_two_persons_at_once_lose_nothing_and_the_second_sees_what_changed(
    add: Add, manager: User, as_user: AsUser
) -> None:
    need, client = add(confidentiality="agency"), as_user(manager)
    opened = fields_of(text_of(client.get(reverse("need-change", args=[need.pk]))))
    services.change_need(reader_of_user(manager), need.pk, None, quantity=15)
    answer = client.post(reverse("need-change", args=[need.pk]), {**opened, "quantity": "20"})
    text = text_of(answer)
    assert answer.status_code == 422
    assert "Besoin corrigé : quantité." in text
    assert "Combien : « 15 »" in text
    assert 'value="20"' in text
    again = client.post(reverse("need-change", args=[need.pk]), {**fields_of(text)})
    assert again.status_code == 302
    need.refresh_from_db()
    assert need.quantity == 20


def test_changing_a_need_keeps_an_organisation_that_one_may_not_see(
    add: Add, account: Account, as_user: AsUser, works: Organisation, manager: User
) -> None:
    need = add(organisation=works, confidentiality="agency")
    Organisation.objects.update(confidentiality="restricted", owner=account("director"))
    client = as_user(manager)
    text = text_of(client.get(reverse("need-change", args=[need.pk])))
    assert works.name not in text
    sent = {**fields_of(text), "object": "techniciens"}
    assert client.post(reverse("need-change", args=[need.pk]), sent).status_code == 302
    need.refresh_from_db()
    assert (need.organisation, need.object) == (works, "techniciens")


def test_a_need_is_answered_closed_and_opened_again_by_its_forms(
    add: Add, manager: User, as_user: AsUser
) -> None:
    need, client = add(), as_user(manager)
    assert client.get(reverse("need-reopen", args=[need.pk])).status_code == 404
    refused = client.post(reverse("need-answer", args=[need.pk]), {"outcome": ""})
    assert refused.status_code == 422
    for name, status in (
        ("need-answer", "answered"),
        ("need-close", "closed"),
        ("need-reopen", "open"),
    ):
        form = fields_of(text_of(client.get(reverse(name, args=[need.pk]))))
        sent = {**form, "outcome": "Sept places au centre de Herstal."}
        assert client.post(reverse(name, args=[need.pk]), sent).status_code == 302
        need.refresh_from_db()
        assert need.status == status


def test_persons_are_named_and_taken_back_by_the_form(
    add: Add, manager: User, account: Account, as_user: AsUser
) -> None:
    need, client = add(), as_user(manager)
    named = account("reader", "nommée")
    address = reverse("need-readers", args=[need.pk])
    assert client.post(address, {"plus-user": named.pk}).status_code == 302
    assert "Nommée" in text_of(client.get(address))
    assert as_user(named).get(reverse("need", args=[need.pk])).status_code == 200
    grant = sharing.readers_of(need)[0]
    gone = reverse("need-reader-remove", args=[need.pk, grant.pk])
    assert client.get(gone).status_code == 405
    assert client.post(gone).status_code == 302
    assert client.post(gone).status_code == 404
    assert as_user(named).get(reverse("need", args=[need.pk])).status_code == 404


def test_no_number_of_rows_changes_the_number_of_queries(
    add: Add,
    account: Account,
    as_user: AsUser,
    works: Organisation,
    django_assert_max_num_queries: object,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_user(account("director"))
    counted = []
    for n in (3, 27):
        for _each in range(n):
            add(organisation=works)
        client.get(reverse("needs"))
        Entry.objects.filter(seen=True).delete()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("needs"))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_long_list_has_pages_that_keep_the_filters(
    manager: User, as_user: AsUser, add: Add
) -> None:
    first = add()
    Need.objects.bulk_create(
        Need(
            sentence=f"Besoin n° {n}", said_on=timezone.localdate(), kind=first.kind, owner=manager
        )
        for n in range(60)
    )
    client = as_user(manager)
    text = text_of(client.get(reverse("needs"), {"type": "skills"}))
    assert "page 1 sur 2" in text
    assert "?type=skills&amp;page=2" in text
    assert "page 2 sur 2" in text_of(client.get(reverse("needs"), {"type": "skills", "page": "99"}))


def test_a_place_is_read_in_the_sentence_kept_by_its_code_and_found_by_a_wider_one(
    shipped_home: object, manager: User, as_user: AsUser
) -> None:
    client = as_user(manager)
    sent = fields_of(text_of(client.post(reverse("need-add"), {"phrase": PHRASE})))
    assert (sent["place"], sent["object"]) == (
        "Herstal",
        "techniciens de maintenance, automates (PLC) Siemens",
    )
    assert client.post(reverse("need-add"), sent).status_code == 302
    need = Need.objects.get()
    assert need.place == "62051"
    page = text_of(client.get(reverse("need", args=[need.pk])))
    assert f'<a href="{reverse("place", args=["62051"])}">Herstal</a>' in page
    for place, count in (("Herstal", 1), ("Province de Liège", 1), ("Namur", 0), ("n’importe", 0)):
        listed = text_of(client.get(reverse("needs"), {"commune": place}))
        assert listed.count("12 techniciens de maintenance") == count, place
    refused = client.post(reverse("need-add"), {**sent, "place": "Trifouilly"})
    assert "« Trifouilly » n’est pas un territoire connu" in text_of(refused)
