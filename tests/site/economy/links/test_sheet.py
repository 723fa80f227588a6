"""The page Liens as a document: the same answer, picture and tables, tagged, nothing hidden told."""

from __future__ import annotations

import html
import io
import re

import pypdf
import pytest
from django.test import Client

from perron.site.components.networks import drawing
from perron.site.directory.selectors import catalogue
from perron.site.documents.network_drawing import svg
from perron.site.economy.links.picture import picture
from perron.site.economy.links.query import Query
from perron.site.economy.links.selectors import links_page


def _read(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200, address
    document = pypdf.PdfReader(io.BytesIO(response.content))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return "".join("".join(page.extract_text() for page in document.pages).split())


def test_the_page_leads_to_its_document_with_what_is_shown(reader: Client) -> None:
    page = html.unescape(reader.get("/diversifier/liens/?reseau=flux&secteur=25").content.decode())
    (address,) = re.findall(r'href="(/documents/[^"]+)"', page)
    assert address == "/documents/liens/60000.pdf?reseau=flux&secteur=25"
    said = _read(reader, address)
    for words in (
        "va avec",
        "Construction",
        "jamais dans le territoire",
        "D’où viennent ces chiffres",
    ):
        assert words.replace(" ", "") in said, words


@pytest.mark.parametrize(
    "address", ["60000.pdf", "62051.pdf?reseau=emplois", "01000.pdf", "60000.pdf?secteur=zzzz"]
)
def test_every_choice_has_its_document(reader: Client, address: str) -> None:
    assert "Liens," in _read(reader, f"/documents/liens/{address}")


def test_the_picture_on_paper_has_the_names_and_shapes_of_the_page(shipped_home: object) -> None:
    chart = picture(links_page(catalogue(), "fr", Query()))
    assert chart is not None
    drawn = svg(chart, drawing(chart, "fr"))
    assert drawn.count("<circle") == 231
    assert "Sécurité sociale obligatoire" in drawn
    hidden = [node for node in chart.nodes if node.kind == "suppressed"]
    assert drawn.count('fill="url(#reseau-hatch)"') == len(hidden) > 20
