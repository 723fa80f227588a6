"""Organisations: what is refused and in which words, doubles, two people at once, who may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import ANYONE, MACHINE, reader_of_user, visible
from perron.site.accounts.models import Entry, Grant
from perron.site.directory.models import Organisation, Term
from perron.site.directory.organisations import doubles, rules, services, sharing
from perron.site.directory.organisations.reference import Reference

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Société Générale des Œuvres, S.A.", "societe generale des oeuvres"),
        ("ASBL Les Amis du Val", "les amis du val"),
        ("Câbleries de l’Ourthe SRL", "cableries de l ourthe"),
        ("B.V.B.A. Exempelhuis", "exempelhuis"),
        ("Ville de Spa", "ville de spa"),
        ("SA", "sa"),
        ("!!!", "!!!"),
    ],
)
def test_a_name_is_compared_without_accents_case_and_legal_form(name: str, plain: str) -> None:
    assert rules.plain(name) == plain


@pytest.mark.parametrize(
    "typed", ["0123.456.749", "BE0123456749", "BE 0123 456 749", "123456749", "be-0123.456.749"]
)
def test_a_company_number_is_read_as_people_write_it(typed: str) -> None:
    assert rules.company_number(typed) == "0123456749"
    assert rules.number_fault(rules.company_number(typed)) == ""


@pytest.mark.parametrize(
    "typed", ["0123456748", "9123456749", "12345", "٠١٢٣٤٥٦٧٤٩", "abc", "0" * 9999]
)
def test_a_company_number_that_cannot_be_is_refused_in_words(typed: str) -> None:
    fault = rules.number_fault(rules.company_number(typed))
    assert fault and len(fault) < 300


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \u200b\x00 "),
        ("name", "a" * 10_000),
        ("kind", "unknown-kind"),
        ("website", "javascript:alert(1)"),
        ("website", "https://[::1"),
        ("website", 'https://exemple.org/"><script>'),
        ("source_url", "ftp://exemple.org"),
        ("source_date", "2023-13"),
        ("source_date", "2023-02-30"),
        ("sectors", "24.10; 24-10x"),
        ("sectors", ["1"] * 3),
        ("notes", "é" * 10_000),
        ("confidentiality", "secret"),
    ],
)
def test_each_wrong_field_is_refused_beside_itself(field: str, value: Any) -> None:
    given = {"name": "Moulins de l’Exemple", field: value}
    with pytest.raises(RefusedError) as refused:
        services.add_organisation(MACHINE, **given)
    assert set(refused.value.faults) == {field}
    assert not Organisation.objects.exists() and not Entry.objects.exists()


def test_the_place_and_sectors_are_those_of_the_reference_where_there_is_one(
    shipped_home: object, organisation: Make
) -> None:
    with pytest.raises(RefusedError) as refused:
        organisation(place="99999", sectors="24.10, 24.99")
    assert set(refused.value.faults) == {"place", "sectors"}
    made = organisation(place="62063", sectors="24.10, c, 24.10")
    assert list(made.sectors.values_list("activity", flat=True)) == ["2410", "C"]


@pytest.mark.django_db
def test_without_a_reference_a_place_is_kept_as_it_is_told() -> None:
    fields = rules.read({"name": "Moulins", "place": "Q2101", "sectors": "24.10"})
    assert rules.faults(fields, Reference()) == {}


def test_the_same_number_is_refused_with_the_page_of_the_other(organisation: Make) -> None:
    first = organisation(company_number="0123.456.749")
    with pytest.raises(services.DoubleError) as refused:
        services.add_organisation(
            MACHINE, name="Tout autre nom", company_number="BE 0123456749", confirmed=True
        )
    assert refused.value.certain and refused.value.others == [first]
    assert f"/repertoire/organisations/{first.pk}/" in refused.value.faults["company_number"]


def test_a_number_of_a_confidential_organisation_says_nothing_of_it(
    organisation: Make, person: Make
) -> None:
    organisation("Projet Discret", company_number="0123456749", confidentiality="restricted")
    with pytest.raises(RefusedError) as refused:
        services.add_organisation(
            reader_of_user(person("analyst")), name="Moulins", company_number="0123456749"
        )
    assert "Discret" not in str(refused.value)


def test_a_similar_name_is_shown_and_must_be_compared(organisation: Make) -> None:
    first = organisation("Ateliers du Val SA")
    with pytest.raises(services.DoubleError) as refused:
        services.add_organisation(MACHINE, name="Atelier du Val (SRL)")
    assert not refused.value.certain and refused.value.others == [first]
    services.add_organisation(MACHINE, name="Atelier du Val (SRL)", confirmed=True)
    assert Organisation.objects.count() == 2


def test_a_confidential_name_is_never_shown_as_a_double(organisation: Make, person: Make) -> None:
    organisation("Ateliers du Val SA", confidentiality="restricted")
    assert doubles.alike("Ateliers du Val", reader_of_user(person("analyst"))) == []
    assert len(doubles.alike("Ateliers du Val", reader_of_user(person("director")))) == 1


def test_the_second_of_two_people_sees_what_the_first_wrote_and_loses_nothing(
    organisation: Make,
) -> None:
    made = organisation()
    services.change_organisation(MACHINE, made.pk, 1, makes="Des pièces forgées.")
    with pytest.raises(ChangedMeanwhileError) as late:
        services.change_organisation(MACHINE, made.pk, 1, makes="Des moulins.")
    told = [" ".join(said.split()) for said in late.value.entries]
    assert told == ["Fiche corrigée : ce qu’elle fait."]
    made.refresh_from_db()
    assert made.makes == "Des pièces forgées." and made.revision == 2


def test_a_correction_that_changes_nothing_writes_nothing(organisation: Make) -> None:
    made = organisation(sectors="24, 25")
    before = Entry.objects.count()
    services.change_organisation(MACHINE, made.pk, 1, name=made.name, sectors="25, 24")
    assert Entry.objects.count() == before
    assert Organisation.objects.get(pk=made.pk).revision == 1


def test_a_correction_keeps_what_was_before(organisation: Make) -> None:
    made = organisation(sectors="24")
    services.change_organisation(MACHINE, made.pk, 1, name="Moulins SA", sectors="25")
    entry = Entry.objects.filter(kind="organisation").first()
    assert entry and entry.changes["sectors"] == [["24"], ["25"]]
    assert entry.changes["name"] == ["Ateliers du Val SA", "Moulins SA"]
    made.refresh_from_db()
    assert made.plain_name == "moulins"


@pytest.mark.parametrize("role", ["finance", "board", "partner", "reader"])
def test_a_role_without_the_right_writes_nothing(
    role: str, organisation: Make, person: Make
) -> None:
    made = organisation(confidentiality="public")
    reader = reader_of_user(person(role, organisation=made.pk))
    for verb in (
        lambda: services.add_organisation(reader, name="Moulins"),
        lambda: services.change_organisation(reader, made.pk, 1, name="Moulins"),
        lambda: services.confirm_organisation(reader, made.pk),
        lambda: sharing.change_readers(reader, made.pk, 1, confidentiality="public"),
        lambda: sharing.name_reader(reader, made.pk, reader.user),
    ):
        with pytest.raises(InputError):
            verb()
    made.refresh_from_db()
    assert made.revision == 1 and made.name == "Ateliers du Val SA"


def test_a_confidential_organisation_is_read_by_its_owner_those_named_and_who_reads_all(
    organisation: Make, person: Make
) -> None:
    owner, colleague, director = (
        reader_of_user(person(r)) for r in ("project-manager", "analyst", "director")
    )
    made = organisation(by=owner, confidentiality="restricted")

    def sees(reader: Any) -> bool:
        return visible(Organisation.objects.filter(pk=made.pk), reader).exists()

    assert sees(owner) and sees(director) and not sees(colleague) and not sees(ANYONE)
    with pytest.raises(InputError):
        sharing.name_reader(colleague, made.pk, colleague.user)
    grant = sharing.name_reader(owner, made.pk, colleague.user)
    assert sees(colleague)
    with pytest.raises(InputError):  # named to read, not to say who reads
        sharing.change_readers(colleague, made.pk, 1, confidentiality="public")
    sharing.take_back(owner, made.pk, grant.pk)
    assert not sees(colleague) and not Grant.objects.exists()


def test_changing_the_owner_leaves_no_name_in_the_log(organisation: Make, person: Make) -> None:
    made = organisation()
    new = person("analyst", last_name="Introuvable")
    sharing.change_readers(MACHINE, made.pk, 1, confidentiality="restricted", owner=new.pk)
    made.refresh_from_db()
    assert made.owner == new and made.revision == 2
    entry = Entry.objects.filter(action="organisation-readers-changed").get()
    assert "Introuvable" not in entry.said and str(new.pk) not in str(entry.changes)


def test_a_confidential_organisation_needs_someone_responsible(organisation: Make) -> None:
    with pytest.raises(RefusedError) as refused:
        sharing.change_readers(MACHINE, organisation().pk, 1, confidentiality="restricted")
    assert set(refused.value.faults) == {"owner"}


def test_a_type_put_out_of_use_stays_where_it_is_and_is_offered_nowhere_else(
    organisation: Make,
) -> None:
    made = organisation(kind="cluster")
    Term.objects.filter(family="organisation", code="cluster").update(active=False)
    services.change_organisation(MACHINE, made.pk, 1, kind="cluster", makes="Des réseaux.")
    made.refresh_from_db()
    assert made.kind is not None and made.makes == "Des réseaux."
    with pytest.raises(RefusedError) as refused:
        organisation("Moulins", kind="cluster")
    assert set(refused.value.faults) == {"kind"}
