"""The pages of the directory: who sees what, what is said, hostile words, and how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from perron.site.accounts.access import MACHINE
from perron.site.accounts.models import Entry
from perron.site.directory.links.services import add_link
from perron.site.directory.models import Link, Memory, Need, Organisation, Term

Make = Callable[..., Any]
SCRIPT = "<script>alert('É\"&')</script>"


def page(client: Any, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def three(organisation: Make) -> tuple[Organisation, Organisation, Organisation]:
    """One of each confidentiality."""
    return (
        organisation("Ateliers Publics", confidentiality="public", sectors="24.10", place="62063"),
        organisation("Brasserie Interne", kind="company"),
        organisation("Carrière Discrète", confidentiality="restricted"),
    )


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("", "A"),
        ("partner", "A"),
        ("board", "A"),
        ("reader", "AB"),
        ("analyst", "AB"),
        ("training", "ABC"),
        ("director", "ABC"),
    ],
)
def test_each_role_lists_and_opens_what_it_may_see_and_nothing_else(
    role: str, seen: str, three: Any, as_role: Make
) -> None:
    client = as_role(role)
    listed = page(client, "directory")
    for one in three:
        opened = one.name[0] in seen
        assert (one.name in listed) is opened
        status = client.get(reverse("organisation", args=[one.pk])).status_code
        assert status == (200 if opened else 404)


def test_a_partner_sees_their_own_organisation_whatever_its_confidentiality(
    three: Any, as_role: Make
) -> None:
    client = as_role("partner", organisation=three[2].pk)
    assert three[2].name in page(client, "directory")
    assert three[1].name not in page(client, "directory")
    own = page(client, "organisation", three[2].pk)
    assert "Corriger la fiche" not in own and "journal" not in own.split("</header>")[1]


def test_the_public_reads_neither_notes_nor_contacts_nor_history(
    organisation: Make, contact: Make, as_role: Make
) -> None:
    made = organisation(confidentiality="public", notes="À rappeler lundi")
    contact("Modèle", organisation=made)
    public = page(as_role(""), "organisation", made.pk)
    for hidden in ("rappeler", "Modèle", "Organisation inscrite", "À qui parler"):
        assert hidden not in public
    inside = page(as_role("analyst"), "organisation", made.pk)
    for shown in ("rappeler", "Modèle", "Organisation inscrite", "À qui parler"):
        assert shown in inside


def test_the_directory_is_filtered_by_what_the_address_says(
    shipped_home: object, three: Any, as_role: Make
) -> None:
    client = as_role("director")
    found = {
        query: [one.name[0] for one in three if one.name in page(client, "directory", query=query)]
        for query in (
            *("?q=brass", "?type=company", "?commune=Liège", "?commune=62000", "?secteur=24"),
            *("?secteur=C", "?secteur=25", "?fiches=public", "?fiches=mine", "?q=%25", "?page=99"),
            *(
                "?commune=Nulle-part",
                "?type=' OR 1=1",
                "?q=" + "x" * 5000,
                "?fiches=toutes&page=-1",
            ),
        )
    }
    assert list(found.values()) == [
        *(["B"], ["B"], ["A"], ["A"], ["A"]),
        *(["A"], [], ["A"], [], [], ["A", "B", "C"]),
        *([], [], [], ["A", "B", "C"]),
    ]


def test_facts_unconfirmed_for_a_year_look_old_and_one_click_confirms_them(
    organisation: Make, as_role: Make
) -> None:
    made = organisation()
    Organisation.objects.update(created=datetime(2020, 1, 1, tzinfo=UTC))
    client = as_role("analyst")
    assert "mois sans confirmation" in page(client, "organisation", made.pk)
    assert "1 fiche n’a pas été confirmée" in page(client, "directory")
    assert made.name in page(client, "directory", query="?fiches=stale")
    assert client.get(reverse("organisation-confirm", args=[made.pk])).status_code == 405
    client.post(reverse("organisation-confirm", args=[made.pk]))
    told = page(client, "organisation", made.pk)
    assert "mois sans confirmation" not in told and "Confirmé par l’agence" in told


def test_the_three_fields_stand_side_by_side(organisation: Make, as_role: Make) -> None:
    made = organisation(makes="Des pièces forgées.", known_for="Le chantier de 2019.")
    need = Need.objects.create(
        organisation=made,
        said_on=date(2026, 3, 1),
        sentence="Douze soudeurs.",
        confidentiality="restricted",
    )
    kind = Term.objects.get(family="memory", code="event")
    Memory.objects.create(
        kind=kind, title="Journée des forges", period="2013", organisation=made, source="Archives"
    )
    client = as_role("training")
    told = page(client, "organisation", made.pk)
    for words in ("pièces forgées", "Douze soudeurs", "chantier de 2019", "Journée des forges"):
        assert words in told
    assert "1 besoin attend une réponse" in told
    assert Entry.objects.filter(seen=True, kind="need", key=str(need.pk)).count() == 1
    assert "Douze soudeurs" not in page(as_role("analyst"), "organisation", made.pk)


def test_reading_a_confidential_organisation_is_noted_once_a_page(
    three: Any, as_role: Make
) -> None:
    client = as_role("director")
    for one in three:
        page(client, "organisation", one.pk)
    seen = Entry.objects.get(seen=True)
    assert (seen.kind, seen.key) == ("organisation", str(three[2].pk))
    assert "Discrète" not in seen.said


def test_a_merged_organisation_leads_to_the_one_that_was_kept(three: Any, as_role: Make) -> None:
    kept, gone, _other = three
    Organisation.objects.filter(pk=gone.pk).update(merged_into=kept)
    client = as_role("director")
    answer = client.get(reverse("organisation", args=[gone.pk]))
    assert (answer.status_code, answer["location"]) == (
        302,
        reverse("organisation", args=[kept.pk]),
    )
    assert gone.name not in page(client, "directory")
    assert client.get(reverse("organisation-change", args=[gone.pk])).status_code == 404


def test_a_form_keeps_what_was_typed_and_says_each_fault(as_role: Make) -> None:
    client = as_role("analyst")
    given = {
        "name": "",
        "website": "javascript:x",
        "makes": "Des moulins",
        "confidentiality": "agency",
    }
    answer = client.post(reverse("organisation-add"), given)
    said = answer.content.decode()
    assert answer.status_code == 422 and "Des moulins" in said and "javascript:x" in said
    assert "Donnez le nom" in said and "n’est pas l’adresse" in said
    assert not Organisation.objects.exists()


def test_a_possible_double_is_shown_with_its_page_and_a_box_to_say_no(
    organisation: Make, as_role: Make
) -> None:
    first = organisation("Ateliers du Val")
    client = as_role("analyst")
    given = {"name": "Ateliers du Val SRL", "confidentiality": "agency"}
    asked = client.post(reverse("organisation-add"), given).content.decode()
    assert reverse("organisation", args=[first.pk]) in asked and 'name="confirmed"' in asked
    made = client.post(reverse("organisation-add"), {**given, "doubles": "1", "confirmed": "on"})
    assert made.status_code == 302 and Organisation.objects.count() == 2


def test_two_people_on_one_form_lose_nothing(organisation: Make, as_role: Make) -> None:
    made = organisation()
    first, second = as_role("analyst"), as_role("project-manager")
    url = reverse("organisation-change", args=[made.pk])
    given = {"name": made.name, "revision": "1"}
    assert first.post(url, {**given, "makes": "Des forges"}).status_code == 302
    late = second.post(url, {**given, "makes": "Des moulins"})
    said = late.content.decode()
    assert late.status_code == 422 and "Des moulins" in said and "ce qu’elle fait" in said
    assert 'value="2"' in said and "<dd>Des forges</dd>" in said
    assert second.post(url, {**given, "revision": "2", "makes": "Des moulins"}).status_code == 302
    assert Organisation.objects.get().makes == "Des moulins"
    forged = second.post(url, {**given, "revision": "x'", "makes": "Rien"})
    assert forged.status_code == 422


def test_no_field_carries_a_script_into_any_page(
    organisation: Make, contact: Make, as_role: Make
) -> None:
    texts = ("name", "short_name", "address", "makes", "known_for", "notes", "source")
    made = organisation(**dict.fromkeys(texts, SCRIPT))
    other = organisation("Moulins")
    person = contact(SCRIPT, first_name=SCRIPT, function=SCRIPT, source=SCRIPT, organisation=made)
    link = add_link(
        MACHINE,
        "supplies",
        ("organisation", made.pk),
        ("organisation", other.pk),
        SCRIPT,
        source=SCRIPT,
    )
    client = as_role("director")
    for name, args, query in (
        ("directory", [], "?q=" + SCRIPT + "&commune=" + SCRIPT + "&secteur=" + SCRIPT),
        ("directory", [], ""),
        ("organisation", [made.pk], ""),
        ("organisation", [other.pk], ""),
        ("organisation-change", [made.pk], ""),
        ("organisation-readers", [made.pk], ""),
        ("organisation-add", [], "?nom=" + SCRIPT),
        ("contacts", [], "?q=" + SCRIPT),
        ("contact", [person.pk], ""),
        ("contact-change", [person.pk], ""),
        ("contact-erase", [person.pk], ""),
        ("thing-links", ["organisation", made.pk], ""),
        ("link-add", ["organisation", made.pk], "?q=script&avec=" + SCRIPT),
        ("link-add", ["organisation", made.pk], f"?vers=organisation:{other.pk}"),
        ("link-withdraw", [link.pk], ""),
    ):
        assert "<script>alert" not in page(client, name, *args, query=query), name


def test_pages_take_the_same_queries_however_many_records(
    organisation: Make, contact: Make, as_role: Make, django_assert_num_queries: Any
) -> None:
    made, supplies = organisation(sectors="24, 25"), Term.objects.get(code="supplies")
    kind = Term.objects.get(family="memory", code="event")
    client = as_role("director")
    urls = (
        reverse("directory"),
        reverse("organisation", args=[made.pk]),
        reverse("contacts"),
        reverse("thing-links", args=["organisation", made.pk]),
    )

    def more(first: int, last: int) -> None:
        for i in range(first, last):
            other = Organisation.objects.create(name=f"Exemple {i}", plain_name=f"exemple {i}")
            other.sectors.create(activity="24")
            Link.objects.create(
                kind=supplies,
                from_kind="organisation",
                from_key=str(made.pk),
                to_kind="organisation",
                to_key=str(other.pk),
                reason="Raison",
            )
            contact(f"Modèle {i}", organisation=made)
            Need.objects.create(organisation=made, said_on=date(2026, 3, 1), sentence=f"Besoin {i}")
            Memory.objects.create(
                kind=kind, title=f"Été {i}", period="2013", organisation=made, source="Archives"
            )

    more(0, 3)
    for url in urls:
        assert client.get(url).status_code == 200
    few = {}
    for url in urls:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        few[url] = len(asked)
    more(3, 30)
    for url in urls:
        with django_assert_num_queries(few[url]):
            client.get(url)
    assert max(few.values()) < 25


def test_the_sheet_of_a_sector_names_who_works_there_of_what_the_reader_may_see(
    shipped_home: object, organisation: Make, as_role: Make
) -> None:
    organisation("Forges Publiques", sectors="24.10", confidentiality="public")
    organisation("Forges Internes", sectors="24", confidentiality="agency")
    organisation("Moulins Publics", sectors="10", confidentiality="public")
    public, inside = (page(as_role(role), "sector", "24") for role in ("", "reader"))
    assert "Forges Publiques" in public and "Forges Internes" not in public
    assert "Forges Internes" in inside and "Moulins" not in inside


def test_what_the_reference_lacks_leads_to_no_missing_page(
    organisation: Make, as_role: Make
) -> None:
    made = organisation()
    Organisation.objects.update(place="Q9999")
    made.sectors.create(activity="99999")
    told = page(as_role("reader"), "organisation", made.pk)
    assert "Q9999" in told and reverse("place", args=["Q9999"]) not in told
    assert reverse("sector", args=["99999"]) not in told
    assert reverse("sector", args=["99999"]) not in page(as_role("reader"), "directory")
