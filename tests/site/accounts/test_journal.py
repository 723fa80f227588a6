"""The log says who did or read what, also after they are gone, in pages that lose no line."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from perron.site.accounts import journal, log
from perron.site.accounts.access import MACHINE, person_of, reader_of_user
from perron.site.accounts.models import Entry

pytestmark = pytest.mark.django_db


def noted(count: int, **more) -> None:
    at = timezone.now()
    log.record_all(
        Entry(
            **{
                "at": at,
                "action": "change",
                "kind": "need",
                "key": str(n),
                "said": f"Acte n° {n}.",
                **more,
            }
        )
        for n in range(count)
    )


def test_each_line_says_who_what_and_when(as_role, person):
    user = person("analyst", first_name="Zoé", last_name="Lejeune")
    log.record(
        reader_of_user(user), "change", "organisation", 7, "Change <i>une</i> fiche.",
        {"nom": ["Avant", "Après"], "fields": ["téléphone"]},
    )  # fmt: skip
    noted(1, actor=uuid4(), said="Acte d’avant.")
    log.record(MACHINE, "review", "commitment", 1, "Relit une attente.")
    page = as_role("director").get(reverse("journal")).content.decode()
    assert "Zoé Lejeune" in page
    assert "Change &lt;i&gt;une&lt;/i&gt; fiche." in page
    assert "nom : Avant → Après" in " ".join(page.split())
    assert "personne effacée" in page
    assert "la machine" in page


def test_the_pages_lose_and_double_no_line_of_the_same_instant(as_role):
    noted(130)
    client, address, seen = as_role("director"), reverse("journal"), []
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"Acte n° (\d+)\.", page)
        following = re.search(r'href="(\?[^"]*avant=[^"]+)"', page)
        address = reverse("journal") + following.group(1).replace("&amp;", "&") if following else ""
    assert seen == [str(n) for n in range(129, -1, -1)]


def test_the_filters_narrow_by_person_kind_act_and_day(as_role, person):
    user = person("analyst")
    noted(1, actor=person_of(user), said="D’une personne.")
    noted(1, said="De la machine.", kind="role")
    noted(1, said="Lu en secret.", seen=True)
    noted(1, said="Il y a longtemps.", at=timezone.now() - timedelta(days=400))
    client = as_role("director")

    def shown(**asked) -> set[str]:
        page = client.get(reverse("journal"), asked).content.decode()
        said = ("D’une personne.", "De la machine.", "Lu en secret.", "Il y a longtemps.")
        return {s for s in said if s in page}

    assert shown(qui=str(person_of(user))) == {"D’une personne."}
    assert shown(quoi="role") == {"De la machine."}
    assert shown(acte="vu") == {"Lu en secret."}
    since = timezone.localdate() - timedelta(days=1)
    assert "Il y a longtemps." not in shown(depuis=since.isoformat())
    assert len(shown(qui="machine", acte="change")) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"qui": "'; drop"},
        {"quoi": "x" * 10_000},
        {"quoi": "a\0b"},
        {"acte": "<script>"},
        {"depuis": "9999-99-99"},
        {"depuis": "0001-01-01"},
        {"avant": "x~1"},
        {"avant": "2026-01-01T00:00:00~1"},
        {"avant": "2026-01-01T00:00:00+00:00~" + "9" * 40},
        {"avant": "0001-01-01T00:00:00+14:00~1"},
    ],
)
def test_a_senseless_question_is_a_page_all_the_same(as_role, asked):
    page = as_role("director").get(reverse("journal"), asked)
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().split("<main")[1]


def test_the_file_holds_the_lines_and_runs_no_formula(as_role):
    noted(2, said='=HYPERLINK("x")')
    client = as_role("director")
    answer = client.get(reverse("journal-export", args=["csv"]))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert ',"=HYPER' not in lines[1]
    assert "'=HYPERLINK" in lines[1]
    assert client.get(reverse("journal-export", args=["xlsx"])).status_code == 200
    assert client.get(reverse("journal-export", args=["exe"])).status_code == 404
    assert Entry.objects.filter(action="export", seen=True).count() == 2


@pytest.mark.parametrize("role", ["analyst", "partner", ""])
def test_who_may_not_audit_reads_neither_page_nor_file(as_role, role):
    noted(1)
    client = as_role(role)
    for address in (reverse("journal"), reverse("journal-export", args=["csv"])):
        answer = client.get(address)
        assert answer.status_code == (403 if role else 302)
        assert "Acte n°" not in answer.content.decode()


def test_thirty_lines_ask_no_more_than_three(person, django_assert_num_queries):
    for count in (3, 27):
        for _n in range(count):
            noted(1, actor=person_of(person("reader")))
        with django_assert_num_queries(2):
            journal.page(journal.Filters())
        with django_assert_num_queries(2):
            journal.export(journal.Filters())
