"""Each document the apps describe is served whole, and hides what its page hides."""

from __future__ import annotations

import io
import re
import threading
import types

import pypdf
import pytest
from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from perron.lake.provenance import Figure, State
from perron.site.accounts.access import ANYONE
from perron.site.components.sheets import Bars, Dots, Facts
from perron.site.components.tables import Table
from perron.site.directory import selectors
from perron.site.directory.selectors import territory_page
from perron.site.documents.registry import renderers

#: A province, a municipality with hidden sections, the smallest one, a district, the country.
PLACES = ("60000", "61031", "73028", "61000", "01000")


def read(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(response.content))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


@pytest.mark.parametrize("code", PLACES)
def test_the_document_of_a_place_says_its_page_and_its_sources(reader: Client, code: str) -> None:
    said = read(reader, f"/documents/territoire/{code}.pdf")
    page = territory_page(selectors.catalogue(), "fr", code)
    for words in (page.name, "À lire avec prudence", "D’où viennent ces chiffres", "CC BY 4.0"):
        assert words in said, words
    if page.units:
        # A long name may take two lines, and the space that a line ends with is lost.
        tight = said.replace(" ", "")
        assert all(unit.name.replace(" ", "") in tight for unit in page.units)


def test_the_page_leads_to_its_document_with_the_map_that_is_shown(reader: Client) -> None:
    page = reader.get("/diversifier/territoire/60000/?carte=densite&arrondissements=tous")
    (address,) = re.findall(r'href="(/documents/[^"]+)"', page.content.decode())
    said = read(reader, address.replace("&amp;", "&"))
    assert "Entreprises pour 1 000 habitants, 2019, 84 communes" in said
    assert "Arr. de Bastogne" in said


def test_a_document_speaks_the_language_of_its_reader(reader: Client) -> None:
    for language, said in (("fr", "/fr-BE"), ("en", "/en-GB")):
        response = reader.get(
            "/documents/territoire/61031.pdf", headers={"accept-language": language}
        )
        document = pypdf.PdfReader(io.BytesIO(response.content))
        assert f"/{document.trailer['/Root']['/Lang']}" == said


def test_what_the_page_hides_the_document_hides(reader: Client) -> None:
    """Each line of the sections says "supprimé" where the page does, and only values that it shows."""
    said = read(reader, "/documents/territoire/61031.pdf")
    page = territory_page(selectors.catalogue(), "fr", "61031")
    hidden = 0
    for row in page.sections:
        found = re.search(
            rf"section {re.escape(row.section.code)} ([^a-z]*(?:(?:supprimé|zéro)[^a-zA-Z]*)*)",
            said,
        )
        assert found, row.section.code
        figures = (row.enterprises, row.share, row.reference_share, row.starts, row.stops)
        suppressed = sum(f.state is State.SUPPRESSED for f in figures)
        assert found[1].count("supprimé") == suppressed, row.section.code
        shown = [f for f in figures if f.state is State.OBSERVED]
        assert len(re.findall(r"\d[\d,]*", found[1])) == len(shown), (row.section.code, found[1])
        hidden += suppressed
    assert hidden > 5


@pytest.mark.parametrize(
    "address",
    [
        "/documents/territoire/99999.pdf",
        "/documents/inconnu/60000.pdf",
        "/documents/territoire/60000.exe",
        "/documents/territoire/../../etc/passwd.pdf",
    ],
)
def test_a_document_that_does_not_exist_is_a_page_not_found(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_every_figure_of_the_document_has_its_source_licence_and_method(reader: Client) -> None:
    seen = 0
    for block in renderers()["territoire"]("61031", {}, ANYONE).blocks:
        figures: list[Figure] = []
        if isinstance(block, Facts):
            figures = [fact.figure for fact in block.facts]
        elif isinstance(block, Dots | Bars):
            figures = [row.figure for row in block.chart.rows]
        elif isinstance(block, Table):
            figures = [cell for row in block.rows for cell in row.cells if isinstance(cell, Figure)]
        for figure in figures:
            seen += 1
            assert figure.origin.publisher
            assert figure.origin.licence
            assert figure.method
    assert seen > 50


def test_two_apps_may_not_describe_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    config: AppConfig = apps.get_app_config("directory")
    twin = types.SimpleNamespace(name=config.name, module=config.module)
    monkeypatch.setattr(apps, "get_app_configs", lambda: [config, twin])
    renderers.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match="territoire"):
            renderers()
    finally:
        renderers.cache_clear()


def test_several_readers_are_served_at_once(reader: Client) -> None:
    sizes: list[int] = []

    def ask() -> None:
        sizes.append(len(Client().get("/documents/territoire/61031.pdf").content))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sizes) == 6
    assert min(sizes) > 50_000
