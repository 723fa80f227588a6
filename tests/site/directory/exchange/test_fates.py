"""Every row of a file has a fate that is said before anything is written, and only that is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from perron.errors import InputError
from perron.site.accounts.access import Reader, reader_of_user
from perron.site.accounts.models import Confidentiality, Entry, User
from perron.site.directory.exchange import fates, services
from perron.site.directory.models import (
    Contact,
    Import,
    Link,
    Memory,
    Need,
    Organisation,
    OrganisationSector,
    Term,
)
from perron.site.directory.organisations.services import add_organisation

from .conftest import csv_of, xlsx_of

NUMBER, OTHER_NUMBER = "0123456749", "0203430576"
Row = dict[str, Any]


def brought(
    reader: Reader, rows: Sequence[Row], kind: str = "organisation"
) -> tuple[Import, list[fates.Fate]]:
    """The import of some rows and their fates."""
    found = services.preview(reader, kind, csv_of(rows), "essai.csv")
    return found, services.opened(reader, found.pk)[1].fates


def said(found: Sequence[fates.Fate]) -> list[str]:
    return [fate.fate for fate in found]


def test_nothing_is_written_before_the_person_confirms(director: Reader) -> None:
    rows = [{"Nom": "Ateliers du Val", "N° d’entreprise": "123 456 749", "Secteurs": "24.10;25"}]
    made, found = brought(director, rows)
    assert said(found) == ["added"]
    assert not Organisation.objects.exists()
    assert not Entry.objects.exists()
    assert services.write(director, made.pk).written
    one = Organisation.objects.get()
    assert (one.name, one.company_number, one.owner_id) == (
        "Ateliers du Val",
        NUMBER,
        director.user,
    )
    assert list(one.sectors.values_list("activity", flat=True)) == ["2410", "25"]
    assert one.confidentiality == Confidentiality.AGENCY
    assert not Import.objects.get().rows
    assert Entry.objects.get(kind="organisation").key == str(one.pk)
    with pytest.raises(InputError):
        services.write(director, made.pk)


def test_a_row_is_found_again_by_number_then_identifier_then_name_and_place(
    director: Reader,
) -> None:
    numbered = add_organisation(director, name="Ateliers du Val", company_number=NUMBER)
    plain = add_organisation(director, name="Brasserie d’Été SA", place="62063")
    rows = [
        {"nom": "Ateliers du Val et Fils", "bce": f"BE{NUMBER}", "id": "", "commune": ""},
        {"nom": "BRASSERIE D'ETE", "bce": "", "id": "", "commune": "62063"},
        {"nom": "Brasserie nouvelle", "bce": "", "id": str(plain.pk), "commune": ""},
    ]
    _made, found = brought(director, rows)
    assert [(f.fate, f.key) for f in found] == [
        ("changed", numbered.pk),
        ("changed", plain.pk),
        ("twice", plain.pk),
    ]
    assert found[0].changes == [("nom", "Ateliers du Val", "Ateliers du Val et Fils")]


def test_an_empty_cell_empties_nothing(director: Reader) -> None:
    kept = add_organisation(director, name="Ateliers du Val", website="https://val.be", notes="Vu.")
    rows = [{"id": str(kept.pk), "nom": "Ateliers du Val", "site web": "", "notes": " \u200b "}]
    made, found = brought(director, rows)
    assert said(found) == ["same"]
    services.write(director, made.pk)
    kept.refresh_from_db()
    assert (kept.website, kept.notes, kept.revision) == ("https://val.be", "Vu.", 1)


def test_a_record_changed_since_the_export_waits_for_a_choice(director: Reader) -> None:
    one = add_organisation(director, name="Ateliers du Val", website="https://val.be")
    row = {
        "id": str(one.pk),
        "révision": "1",
        "nom": "Ateliers du Val",
        "site": "https://nouveau.be",
    }
    Organisation.objects.filter(pk=one.pk).update(revision=2, website="https://autre.be")
    made, found = brought(director, [row])
    assert said(found) == ["conflict"]
    services.write(director, made.pk)
    one.refresh_from_db()
    assert one.website == "https://autre.be"
    made, _found = brought(director, [row])
    services.choose(director, made.pk, {2: fates.FILE})
    services.write(director, made.pk)
    one.refresh_from_db()
    assert (one.website, one.revision) == ("https://nouveau.be", 3)


def test_a_close_name_adds_nothing_until_the_person_chooses(director: Reader) -> None:
    one = add_organisation(director, name="Forges de la Meuse", place="62063")
    rows = [{"nom": "Les Forges de Meuse", "commune": "62063", "notes": "n"}]
    made, found = brought(director, rows)
    assert said(found) == ["decide"]
    assert [pk for pk, _label in found[0].candidates] == [one.pk]
    services.write(director, made.pk)
    assert Organisation.objects.count() == 1
    made, _found = brought(director, rows)
    services.choose(director, made.pk, {2: f"{fates.IS}{one.pk}"})
    services.write(director, made.pk)
    one.refresh_from_db()
    assert (one.name, one.notes) == ("Les Forges de Meuse", "n")
    made, _found = brought(director, [{"nom": "Forges de Meuses", "commune": "62063"}])
    services.choose(director, made.pk, {2: fates.ADD})
    services.write(director, made.pk)
    assert Organisation.objects.count() == 2


def test_a_choice_that_was_not_offered_changes_nothing(director: Reader) -> None:
    one = add_organisation(director, name="Forges de la Meuse", place="62063")
    other = add_organisation(director, name="Boulangerie Noël", place="62063")
    made, _f = brought(director, [{"nom": "Les Forges de Meuse", "commune": "62063"}])
    for choice in (f"{fates.IS}{other.pk}", "is:x", "<script>", fates.FILE):
        services.choose(director, made.pk, {2: choice})
        assert said(services.opened(director, made.pk)[1].fates) == ["decide"]
    services.choose(director, made.pk, {99: fates.ADD})
    assert one.revision == 1


def test_each_fault_is_told_with_its_row_its_column_and_what_was_found(director: Reader) -> None:
    rows = [
        {"nom": "", "bce": "", "site": "", "secteurs": "", "date de la source": ""},
        {
            "nom": "Bon",
            "bce": "0123456748",
            "site": "pas une page",
            "secteurs": "",
            "date de la source": "",
        },
        {
            "nom": "Bon",
            "bce": "",
            "site": "",
            "secteurs": "99999x",
            "date de la source": "31/02/2025",
        },
        {"nom": "x" * 10_000, "bce": "", "site": "", "secteurs": "", "date de la source": ""},
        {"nom": "Bonne", "bce": "", "site": "", "secteurs": "", "date de la source": "31/12/2025"},
    ]
    rows[0]["site"] = "https://x.be"
    _made, found = brought(director, rows)
    assert said(found) == ["refused"] * 4 + ["added"]
    assert [fate.line for fate in found] == [2, 3, 4, 5, 6]
    why = [dict(fate.why) for fate in found]
    assert "vide" in why[0]["nom"]
    assert set(why[1]) == {"numéro d’entreprise", "site web"}
    assert set(why[2]) == {"secteurs", "date de la source"}
    assert "31/02/2025" in why[2]["date de la source"]
    assert "10000" in why[3]["nom"]
    assert found[4].values == {}  # what would be written is made anew at the confirmation


def test_a_double_within_the_file_is_told_with_the_first_line(director: Reader) -> None:
    rows = [
        {"nom": "Ateliers du Val", "bce": NUMBER},
        {"nom": "Ateliers du Val SA", "bce": ""},
        {"nom": "Tout autre", "bce": NUMBER},
        {"nom": "Ateliers du Val", "bce": OTHER_NUMBER},
    ]
    _made, found = brought(director, rows)
    assert said(found) == ["added", "twice", "twice", "added"]
    assert "ligne 2" in found[1].why[0][1]


def test_what_changed_between_preview_and_confirmation_is_told_and_nothing_is_written(
    director: Reader,
) -> None:
    rows = [{"nom": "Ateliers du Val", "bce": NUMBER}, {"nom": "Boulangerie Noël", "bce": ""}]
    made, _found = brought(director, rows)
    add_organisation(director, name="Ateliers du Val", company_number=NUMBER)
    after = services.write(director, made.pk)
    assert after.written is None
    preview = services.opened(director, made.pk)[1]
    assert preview.differ == [2]
    assert said(preview.fates) == ["same", "added"]
    assert Organisation.objects.count() == 1
    assert services.write(director, made.pk).written
    assert Organisation.objects.count() == 2


def test_every_form_of_table_is_read_alike(director: Reader) -> None:
    rows = [{"Nom": "Société Noël, œuvres", "Ce qu'elle fait": "Acier ; béton, « verre »"}]
    files = [
        *(csv_of(rows, delimiter) for delimiter in ";,\t"),
        csv_of(rows, encoding="utf-8-sig"),
        csv_of(rows, encoding="cp1252"),
        xlsx_of(rows),
    ]
    for data in files:
        made = services.preview(director, "organisation", data, "essai")
        assert services.opened(director, made.pk)[1].fates[0].label == "Société Noël, œuvres"


def test_unknown_columns_are_told_and_missing_ones_refused(director: Reader) -> None:
    made, _found = brought(director, [{"NOM ": "Val", "Couleur": "bleu", "": "x"}])
    assert "Couleur" in services.opened(director, made.pk)[1].remarks[0]
    with pytest.raises(InputError, match="« nom »"):
        brought(director, [{"site web": "https://x.be", "notes": "n"}])
    with pytest.raises(InputError, match="la même chose"):
        brought(director, [{"nom": "a", "Name": "b"}])


def test_a_contact_needs_purpose_legal_basis_and_source_in_its_row(director: Reader) -> None:
    add_organisation(director, name="Ateliers du Val", company_number=NUMBER)
    good = {
        "nom": "Exemple", "prénom": "Zoé", "organisation": "ateliers du val", "finalité": "Suivi de projets",
        "base légale": "Intérêt légitime", "source": "Carte de visite", "dernier échange": "12/03/2025",
    }  # fmt: skip
    rows = [
        good,
        *(
            {**good, "nom": f"Sans {name}", name: ""}
            for name in ("finalité", "base légale", "source")
        ),
    ]
    made, found = brought(director, rows, "contact")
    assert said(found) == ["added", "refused", "refused", "refused"]
    assert [set(dict(f.why)) for f in found[1:]] == [{"finalité"}, {"base légale"}, {"source"}]
    services.write(director, made.pk)
    one = Contact.objects.get()
    assert (one.organisation.name, one.last_interaction.isoformat()) == (
        "Ateliers du Val",
        "2025-03-12",
    )
    assert "Exemple" not in str(list(Entry.objects.values_list("said", "changes")))


def test_needs_are_confidential_and_memories_dated(director: Reader) -> None:
    add_organisation(director, name="Ateliers du Val", company_number=NUMBER)
    need = {"phrase": "Il nous faut deux soudeurs.", "dit le": "12-03-2025", "organisation": NUMBER,
            "type": "compétences", "quantité": "2,0"}  # fmt: skip
    made, found = brought(director, [need], "need")
    assert said(found) == ["added"], found
    services.write(director, made.pk)
    kept = Need.objects.get()
    assert (kept.confidentiality, kept.quantity) == (Confidentiality.RESTRICTED, 2)
    memory = {
        "type": "projet",
        "titre": "Four solaire",
        "date": "10/2013",
        "source": "Rapport annuel",
    }
    made, found = brought(
        director, [memory, {**memory, "source": ""}, {**memory, "date": "hier"}], "memory"
    )
    assert said(found) == ["added", "refused", "refused"]
    services.write(director, made.pk)
    assert Memory.objects.get().period == "2013-10"


def test_links_are_between_two_things_that_the_reader_sees(
    director: Reader, person: Callable[..., User]
) -> None:
    one = add_organisation(director, name="Ateliers du Val")
    two = add_organisation(director, name="École de soudure", confidentiality="restricted")
    row = {"de : sorte": "organisation", "de : nom": "Ateliers du Val", "lien": "trains-for",
           "vers : sorte": "organisation", "vers : id": str(two.pk), "raison": "Elle forme."}  # fmt: skip
    made, found = brought(
        director, [row, {**row, "vers : id": str(one.pk)}, {**row, "raison": ""}], "link"
    )
    assert said(found) == ["added", "refused", "refused"], found
    services.write(director, made.pk)
    assert Link.objects.get().to_key == str(two.pk)
    other = reader_of_user(person("project-manager"))
    _made, found = brought(other, [row], "link")
    assert said(found) == ["refused"]


def test_a_hidden_record_is_neither_shown_nor_overwritten(
    director: Reader, person: Callable[..., User]
) -> None:
    hidden = add_organisation(
        director, name="Projet Secret", company_number=NUMBER, confidentiality="restricted"
    )
    other = reader_of_user(person("project-manager"))
    rows = [
        {"id": str(hidden.pk), "nom": "Volé", "bce": ""},
        {"id": "", "nom": "Projet Secret", "bce": NUMBER},
        {"id": "", "nom": "Projet Secret", "bce": ""},
    ]
    made, found = brought(other, rows)
    assert said(found) == ["refused", "refused", "added"]
    assert "Projet Secret" not in str([f.why for f in found])
    with pytest.raises(InputError):
        services.opened(director, made.pk)


def test_who_may_not_write_contacts_imports_none(person: Callable[..., User]) -> None:
    analyst = reader_of_user(person("analyst"))
    with pytest.raises(InputError, match="contacts"):
        services.preview(analyst, "contact", csv_of([{"nom": "x"}]), "x.csv")
    with pytest.raises(InputError):
        services.preview(reader_of_user(person("board")), "organisation", b"nom\nx\n", "x.csv")


def test_a_word_put_out_of_use_is_refused_where_it_is_new(director: Reader) -> None:
    Term.objects.filter(family="organisation", code="media").update(active=False)
    _made, found = brought(director, [{"nom": "Le Journal", "type": "média"}])
    assert said(found) == ["refused"]


def test_sectors_of_a_changed_organisation_are_those_of_the_file(director: Reader) -> None:
    one = add_organisation(director, name="Ateliers du Val", sectors=["2410", "25"])
    made, found = brought(
        director, [{"id": one.pk, "nom": "Ateliers du Val", "secteurs": "25, 26"}]
    )
    assert found[0].changes == [("secteurs", "2410 ; 25", "25 ; 26")]
    services.write(director, made.pk)
    assert list(OrganisationSector.objects.values_list("activity", flat=True)) == ["25", "26"]
