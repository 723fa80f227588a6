"""The register leaves as a file and comes back: each row's fate is said before anything is written."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from perron.site.accounts.models import Entry
from perron.site.strategy import exchange
from perron.site.strategy.models import Driver

IMPORT = "/diversifier/moteurs/registre/importer/"


def rows(client: Client) -> list[dict[str, str]]:
    answer = client.get(reverse("driver-export", args=["csv"]))
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def sent(client: Client, lines: list[dict[str, str]], name: str = "registre.csv") -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, exchange.COLUMNS)
    writer.writeheader()
    writer.writerows(lines)
    file = SimpleUploadedFile(name, stream.getvalue().encode("utf-8"))
    return plain(client.post(IMPORT, {"file": file}).content.decode())


def plain(text: str) -> str:
    """With plain spaces: French typography makes some of them unbreakable."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def confirmed(client: Client, page: str) -> str:
    kept = re.search(r'<textarea name="table" hidden>(.*?)</textarea>', page, re.S)
    assert kept
    from html import unescape

    return plain(client.post(IMPORT, {"table": unescape(kept.group(1))}).content.decode())


def line(kind: str, title: str, **fields: str) -> dict[str, str]:
    return {exchange.LINE: kind, exchange.TITLE: title, **fields}


DRIVER = {
    "nature": "demand",
    "phrase": "Une phrase simple et complète.",
    "sens": "both",
    "état": "watched",
}
EVIDENCE = {
    "preuve": "Une page", "éditeur": "Un office", "date": "2024", "adresse": "https://exemple.be/",
    "ce qu'elle dit": "Elle dit une chose.", "degré": "probable",
}  # fmt: skip


def test_what_leaves_comes_back_the_same(writer: Client, driver: Driver) -> None:
    before = rows(writer)
    assert [row["ligne"] for row in before] == ["moteur", "preuve", "activité"]
    page = sent(writer, before)
    assert re.search(r"<h1>0 lignes? ser", page)
    assert page.count(">déjà au registre<") == 3
    # and into an empty register, whole
    Entry.objects.all().delete()
    driver.evidences.all().delete()
    driver.exposures.all().delete()
    driver.delete()
    page = sent(writer, before)
    assert "3 lignes seraient inscrites." in page
    assert not Driver.objects.exists()
    assert "3 lignes inscrites." in confirmed(writer, page)
    assert rows(writer) == before


def test_a_workbook_says_the_same_as_a_text_file(writer: Client, driver: Driver) -> None:
    answer = writer.get(reverse("driver-export", args=["xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book.worksheets[0][1]] == list(exchange.COLUMNS)
    file = SimpleUploadedFile("registre.xlsx", answer.content)
    page = writer.post(IMPORT, {"file": file}).content.decode()
    assert page.count(">déjà au registre<") == 3


@pytest.mark.usefixtures("shipped_home", "db")
def test_each_fault_is_told_with_its_row_and_the_others_pass(writer: Client) -> None:
    page = sent(
        writer,
        [
            line("moteur", "Un bon moteur", **DRIVER),
            line("preuve", "Un bon moteur", **EVIDENCE),
            line("activité", "Un bon moteur", activité="24.99", part="0,5", **{"raison d'exposition": "Par erreur."}),
            line("activité", "Un bon moteur", activité="24.10", part="inconnue", **{"raison d'exposition": "Acier."}),
            line("moteur", "Un mauvais moteur", **(DRIVER | {"nature": "astrologie"})),
            line("preuve", "Un mauvais moteur", **EVIDENCE),
            line("rêve", "Un bon moteur"),
        ],
    )  # fmt: skip
    assert "3 lignes seraient inscrites." in page
    assert "4 lignes refusées sur 7." in page
    fates = re.findall(r'<th scope="row">(\d+)</th>.*?</tr>', page, re.S)
    assert fates == ["2", "3", "4", "5", "6", "7", "8"]
    assert "Le code 2499 n’existe pas" in page
    assert "ni au registre ni plus haut" in page
    assert "« rêve » n’est pas une sorte de ligne" in page
    assert not Driver.objects.exists(), "a preview writes nothing"
    assert not Entry.objects.exists()
    assert "3 lignes inscrites." in confirmed(writer, page)
    made = Driver.objects.get()
    assert made.exposures.get().share is None
    assert made.evidences.get().grade == "probable"


def test_a_driver_already_there_with_other_words_is_not_overwritten(
    writer: Client, driver: Driver
) -> None:
    page = sent(writer, [line("moteur", driver.title, **DRIVER)])
    assert "corrigez-le sur sa fiche" in page
    driver.refresh_from_db()
    assert driver.kind == "regulation"


@pytest.mark.usefixtures("shipped_home", "db")
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.csv", b"", "vide"),
        ("autre.csv", b"a,b\n1,2\n", "pas de colonne"),
        ("faux.xlsx", b"PK\x03\x04 rien", "classeur"),
        ("binaire.csv", bytes(range(256)), ""),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    writer: Client, name: str, content: bytes, said: str
) -> None:
    answer = writer.post(IMPORT, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert said in plain(answer.content.decode())


@pytest.mark.usefixtures("shipped_home", "db")
def test_no_file_or_too_large_a_one_is_said(writer: Client) -> None:
    assert "Aucun fichier n’a été choisi" in writer.post(IMPORT, {}).content.decode()
    large = SimpleUploadedFile("grand.csv", b"x" * (exchange.LARGEST + 1))
    assert "dépasse" in writer.post(IMPORT, {"file": large}).content.decode()


def test_a_file_runs_no_formula(writer: Client, driver: Driver) -> None:
    Driver.objects.filter(pk=driver.pk).update(title="=HYPERLINK(1)")
    answer = writer.get(reverse("driver-export", args=["csv"])).content.decode("utf-8-sig")
    assert ",=HYPERLINK" not in answer
