"""The pages of an import: a person sees the fate of each row, answers, confirms or gives up."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from perron.site.accounts.access import Reader
from perron.site.accounts.models import Entry
from perron.site.directory.exchange.sorts import KINDS
from perron.site.directory.models import Import, Memory, Organisation, Term
from perron.site.directory.organisations.services import add_organisation

from .conftest import csv_of

SCRIPT = "<script>alert(1)</script>"


def sent(client: Client, data: bytes, kind: str = "organisation", name: str = "x.csv") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("directory-import"), {"kind": kind, "file": file}, follow=True)


def plain(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_person_previews_answers_and_writes(
    signed_in: Callable[..., Client], director: Reader
) -> None:
    one = add_organisation(director, name="Forges de la Meuse")
    client = signed_in("director")
    page = plain(sent(client, csv_of([{"nom": f"Val {SCRIPT}", "site": ""}, {"nom": "Forges de Meuse", "site": ""},
                                      {"nom": "Mauvais", "site": "pas une page"}])))  # fmt: skip
    assert "<h1>1 fiche serait ajoutée</h1>" in page
    assert "1 ligne est refusée" in page and "pas une page" in page
    assert SCRIPT not in page and "&lt;script&gt;" in page
    key = Import.objects.get().pk
    assert f'value="is:{one.pk}"' in page
    client.post(
        reverse("import-choose", args=[key]), {"row-3": "add", "row-x": "1", "row-99999999": "add"}
    )
    page = plain(client.get(reverse("import-preview", args=[key])))
    assert "<h1>2 fiches seraient ajoutées</h1>" in page
    rows = list(
        csv.DictReader(
            io.StringIO(client.get(reverse("import-faults", args=[key, "csv"])).content.decode())
        )
    )
    assert [row["nom"] for row in rows] == ["Mauvais"]
    page = plain(client.post(reverse("import-write", args=[key]), follow=True))
    assert "2 fiches ajoutées" in page
    assert Organisation.objects.count() == 3
    assert client.get(reverse("import-faults", args=[key, "csv"])).status_code == 404


def test_giving_up_empties_the_rows(signed_in: Callable[..., Client]) -> None:
    client = signed_in("director")
    sent(client, csv_of([{"nom": "Val"}]))
    key = Import.objects.get().pk
    client.post(reverse("import-drop", args=[key]))
    found = Import.objects.get()
    assert found.dropped and not bytes(found.rows)
    assert "abandonné" in plain(client.get(reverse("import-preview", args=[key])))
    assert not Organisation.objects.exists()


def test_nobody_sees_or_writes_the_import_of_another(signed_in: Callable[..., Client]) -> None:
    sent(signed_in("director"), csv_of([{"nom": "Val"}]))
    key = Import.objects.get().pk
    other = signed_in("project-manager")
    assert other.get(reverse("import-preview", args=[key])).status_code == 404
    for name in ("import-write", "import-drop", "import-choose"):
        assert other.post(reverse(name, args=[key])).status_code == 404
    assert signed_in("board").get(reverse("directory-import")).status_code == 403
    assert Client().get(reverse("directory-import")).status_code == 302


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "vide"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04not a zip", "classeur"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (b"\xd0\xcf\x11\xe0", "XLS"),
        (b"nom\n", "aucune ligne"),
        (b"<html><body>x", "page web"),
        (b"couleur;taille\n1;2\n", "aucune colonne"),
        (";".join(f"c{i}" for i in range(1000)).encode() + b"\n1\n", "colonnes"),
        (b'nom;notes\nVal;"jamais ferm\xc3\xa9\n' + b"x;y\n" * 300, "guillemet"),
        (bytes(range(256)) * 20, "essai.csv"),
    ],
)
def test_a_file_that_is_no_table_is_one_sentence(
    signed_in: Callable[..., Client], data: bytes, expected: str
) -> None:
    answer = sent(signed_in("director"), data, name="essai.csv")
    assert answer.status_code == 422
    said = re.search(r'role="alert">(.*?)</p>', plain(answer), re.S)
    assert said and expected in said[1], said
    assert not Import.objects.exists()


def test_an_export_gives_only_what_its_reader_may_see_and_is_logged(
    signed_in: Callable[..., Client], director: Reader
) -> None:
    add_organisation(director, name="Ouverte", kind="company")
    add_organisation(director, name="Secrète", confidentiality="restricted")
    client = signed_in("project-manager")
    text = client.get(reverse("directory-export", args=["csv"])).content.decode()
    assert "Ouverte" in text and "Secrète" not in text
    assert (
        "Ouverte"
        not in client.get(reverse("directory-export", args=["csv"]), {"q": "Secr"}).content.decode()
    )
    memory = {"title": "Four", "kind": Term.objects.filter(family="memory")[0], "source": "Rapport"}
    for period in ("2013", "2020"):
        Memory.objects.create(period=period, **memory)
    export = reverse("directory-export", args=["memory", "csv"])
    assert client.get(export).content.count(b"Rapport") == 2
    assert client.get(export, {"de": "2015"}).content.count(b"Rapport") == 1
    for kind in KINDS:
        assert client.get(reverse("directory-export", args=[kind, "xlsx"])).status_code == 200
        assert client.get(reverse("import-template", args=[kind, "xlsx"])).status_code == 200
    assert Entry.objects.filter(action="exported", key="contact").exists()
    assert client.get(reverse("directory-export", args=["contact", "pdf"])).status_code == 404
    assert client.get("/repertoire/echanges/exporter/user.csv").status_code == 404
    assert (
        signed_in("finance").get(reverse("directory-export", args=["contact", "csv"])).status_code
        == 403
    )
    assert signed_in("reader").get(reverse("directory-export", args=["csv"])).status_code == 403


def test_a_preview_asks_as_many_questions_for_three_rows_as_for_thirty(
    signed_in: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    client = signed_in("director")
    counts = []
    for many in (3, 30):
        sent(client, csv_of([{"nom": f"Atelier numéro {n}"} for n in range(many)]))
        key = Import.objects.latest("pk").pk
        with django_assert_max_num_queries(20) as asked:
            client.get(reverse("import-preview", args=[key]))
        counts.append(len(asked))
    assert counts[0] == counts[1]
