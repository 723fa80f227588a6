"""The directory that Liège ships: real rows with their page, invented ones said so, inscribed once."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

import perron.demo
from perron.demo import decisions, records
from perron.errors import InputError
from perron.site.accounts.access import reader_of_user
from perron.site.accounts.models import Role, User
from perron.site.directory.activities import activities
from perron.site.directory.exchange import services as exchange
from perron.site.directory.exchange.fates import ADDED
from perron.site.directory.models import (
    Contact,
    Link,
    Memory,
    Need,
    Organisation,
    OrganisationSector,
    SearchEntry,
)
from perron.site.directory.organisations.rules import number_fault
from perron.site.directory.places import places
from perron.site.directory.selectors import catalogue
from perron.site.ledger.chain import texts_of
from perron.site.ledger.models import Commitment, Entry, Expectation
from perron.site.ledger.reviewing import due
from perron.territory import Territory, territory

FOLDER = Path(perron.demo.__file__).parent / "directory"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_home")]


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def real(name: str) -> list[dict[str, str]]:
    return [row for row in rows(name) if not row["fictional"]]


def test_real_records_are_inscribed_once_and_invented_ones_in_a_demonstration_alone() -> None:
    assert records.inscribe(territory("liege")) == sum(
        len(real(name)) for name in ("organisations", "memory", "links")
    )
    assert not Organisation.objects.filter(fictional=True).exists()
    assert not Contact.objects.exists() and not Need.objects.exists()
    invented = sum(
        len(rows(name)) - len(real(name))
        for name in ("organisations", "memory", "links", "contacts", "needs")
    )
    assert records.inscribe_examples(territory("liege")) == invented
    assert Organisation.objects.count() == len(rows("organisations"))
    assert Link.objects.count() == len(rows("links"))
    assert Memory.objects.count() == len(rows("memory"))
    assert (Contact.objects.count(), Need.objects.count()) == (6, 5)
    assert (
        records.inscribe(territory("liege")) == records.inscribe_examples(territory("liege")) == 0
    )
    found = SearchEntry.objects.filter(kind="organisation").values_list("key", flat=True)
    assert set(map(int, found)) == set(Organisation.objects.values_list("pk", flat=True))


def test_a_directory_that_people_began_is_left_alone() -> None:
    Organisation.objects.create(name="À nous", plain_name="a nous")
    assert records.inscribe(territory("liege")) == 0
    assert Organisation.objects.count() == 1


def test_a_wrong_row_stops_everything_and_is_named(tmp_path: Path) -> None:
    ours = territory("liege")
    shutil.copytree(FOLDER, tmp_path / "directory")
    path = tmp_path / "directory" / "organisations.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("NRB,,company,,62051", "NRB,,company,,99999"), encoding="utf-8")
    line = next(i for i, said in enumerate(text.splitlines(), 1) if said.startswith("NRB,"))
    with pytest.raises(InputError, match=rf"organisations\.csv, ligne {line} : .*99999"):
        records.inscribe(Territory(**{**ours.model_dump(), "folder": tmp_path}))
    assert not Organisation.objects.exists()


def test_each_real_row_says_where_it_was_read_and_names_no_person() -> None:
    person = re.compile(
        r"\w@\w+\.\w|\+32|\b0\d{1,3}[ ./]\d{2,3}[ ./]\d{2}|\b(?:M\.|Mme|Monsieur|Madame|CEO|directeur|directrice|présidente?|ministre)\b"
    )
    for row in real("organisations"):
        assert row["source"] and row["source_url"].startswith("http"), row["name"]
        assert row["source_date"] and row["makes"] and row["kind"], row["name"]
        assert not person.search(" ".join((row["makes"], row["known_for"], row["source"]))), row[
            "name"
        ]
    for row in real("links"):
        assert "http" in row["source"] and row["reason"], row
        assert not person.search(row["reason"]), row
    for row in real("memory"):
        assert row["source"], row
        assert not person.search(f"{row['title']} {row['summary']}"), row


def test_what_is_invented_says_so_and_never_touches_a_real_organisation_s_people() -> None:
    invented = {r["name"] for r in rows("organisations") if r["fictional"]}
    for row in rows("organisations"):
        assert ("exemple fictif" in row["makes"].lower()) is bool(row["fictional"])
    for name in ("contacts", "needs"):
        for row in rows(name):
            assert row["fictional"] and row["organisation"] in invented, row
    for row in rows("contacts"):
        assert not row["email"] and not row["phone"]
    for row in rows("links"):
        touches = {row["from_name"], row["to_name"]} & invented
        assert bool(touches) is bool(row["fictional"]), row


def test_places_activities_and_numbers_exist() -> None:
    tree, reference = activities(catalogue()), places(catalogue())
    for row in rows("organisations"):
        assert not row["place"] or row["place"] in reference, row["name"]
        assert [c for c in row["sectors"].split(",") if c and c not in tree] == [], row["name"]
        assert not number_fault(row["company_number"]), row["name"]
    for row in rows("memory"):
        assert not row["place"] or row["place"] in reference, row["title"]


def test_sectors_and_links_are_found_again_from_both_ends() -> None:
    records.inscribe(territory("liege"))
    safran = Organisation.objects.get(name="Safran Aero Boosters")
    assert list(safran.sectors.values_list("activity", flat=True)) == ["303"]
    assert OrganisationSector.objects.filter(organisation__place="62051").exists()
    becover = Organisation.objects.get(name="BeCOVER")
    link = Link.objects.get(from_key=str(safran.pk), to_key=str(becover.pk))
    assert link.kind.code == "owns" and not link.fictional


def test_the_decisions_show_each_state_of_an_expectation() -> None:
    director = User.objects.create(
        username="d@exemple.be", role=Role.objects.get(code="director"), is_active=True
    )
    assert decisions.inscribe(territory("liege"), catalogue()) == 5
    [cap] = Commitment.objects.filter(fictional=False)
    assert cap.title == "Feuille de route « Liège, Cap 2030 »" and cap.evidences.count() == 2
    assert {c.owner for c in Commitment.objects.all()} == {director}
    reviewed = Expectation.objects.exclude(reviewed=None)
    read = {(e.reviewed.grade, e.reviewed.verdict) for e in reviewed if e.reviewed}
    assert read == {("attested", "below"), ("attested", "held"), ("claimed", "below")}
    [waiting] = due()
    assert waiting.indicator.code == "jobs-created" and not waiting.indicator.reading
    assert Expectation.objects.filter(reviewed=None).count() == 4
    assert decisions.inscribe(territory("liege"), catalogue()) == 0
    machine = Entry.objects.filter(actor=None)
    assert {e.kind for e in machine} == {"reviewed"} and machine.count() == 2
    assert all(texts_of(entry) for entry in Entry.objects.all())


def test_the_decisions_are_linked_to_what_the_directory_has() -> None:
    records.inscribe(territory("liege"))
    records.inscribe_examples(territory("liege"))
    decisions.inscribe(territory("liege"), catalogue())
    links = Link.objects.filter(from_kind="commitment")
    assert {link.to_kind for link in links} == {"organisation", "memory", "need"}
    real_ones = links.filter(fictional=False)
    assert real_ones.count() == 3 and all("http" in link.source for link in real_ones)
    [answered] = links.filter(to_kind="need")
    assert Need.objects.get(pk=answered.to_key).quantity == 12


def test_the_baselines_are_those_of_the_lake() -> None:
    decisions.inscribe(territory("liege"), catalogue())
    industry = Expectation.objects.get(indicator__code="jobs-industry")
    assert (industry.baseline, industry.comparator_baseline) == (27800, 618900)
    assert (industry.baseline_state, industry.comparator_state) == ("observed", "observed")


def test_each_file_can_be_taken_to_the_import_page_as_it_is() -> None:
    reader = reader_of_user(
        User.objects.create(username="d@exemple.be", role=Role.objects.get(code="director"))
    )
    kinds = {"organisations": "organisation", "contacts": "contact", "memory": "memory",
             "links": "link", "needs": "need"}  # fmt: skip
    for name, kind in kinds.items():
        path = FOLDER / f"{name}.csv"
        made = exchange.preview(reader, kind, path.read_bytes(), path.name)
        assert made.counts == {ADDED: len(rows(name))}, name
        assert exchange.write(reader, made.pk).written, name
    assert Organisation.objects.count() == len(rows("organisations"))
    assert records.inscribe(territory("liege")) == 0


def test_another_territory_begins_empty(tmp_path: Path) -> None:
    other = Territory(**{**territory("liege").model_dump(), "directory": "", "folder": tmp_path})
    assert records.inscribe(other) == records.inscribe_examples(other) == 0
    assert decisions.inscribe(other, catalogue()) == 0
    assert not Organisation.objects.exists() and not Commitment.objects.exists()
