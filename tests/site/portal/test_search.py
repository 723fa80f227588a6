"""The search box finds territories whatever the accents, the case or the language."""

from __future__ import annotations

import pytest
from django.test import Client

from perron.territory import territory


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("liège", "Liège"),
        ("LIEGE", "Liège"),
        ("Luik", "Liège"),
        ("62063", "Liège"),
        ("saint-vith", "Saint-Vith"),
        ("Sankt", "Saint-Vith"),
        ("l'étang", ""),
    ],
)
def test_a_territory_is_found_by_any_of_its_names(reader: Client, asked: str, found: str) -> None:
    text = reader.get("/recherche/", {"q": asked}).content.decode()
    if found:
        assert f">{found}</a>" in text
    else:
        assert "Rien pour" in text


@pytest.mark.parametrize(
    ("asked", "sheet"),
    [
        ("métallurgie", "24"),
        ("siderurgie", "241"),
        ("Vervaardiging van metalen in primaire vorm", "24"),
        ("Manufacture of basic metals", "24"),
        ("24.10", "2410"),
        ("Herstellung von Bier", "1105"),
    ],
)
def test_a_sector_is_found_in_any_language_and_by_its_code(
    reader: Client, asked: str, sheet: str
) -> None:
    text = reader.get("/recherche/", {"q": asked}).content.decode()
    assert f'href="/diversifier/secteurs/{sheet}/"' in text


def test_a_name_that_begins_with_the_words_comes_first(reader: Client) -> None:
    text = reader.get("/recherche/", {"q": "huy"}).content.decode()
    assert text.index(">Huy</a>") < text.index("Arrondissement de Huy</a>")


def test_what_is_searched_is_shown_as_text(reader: Client) -> None:
    text = reader.get("/recherche/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_the_sources_page_names_every_table_with_its_licence(reader: Client) -> None:
    text = reader.get("/donnees/").content.decode()
    tables = [line.table for line in territory("liege").tables]
    for table in tables:
        assert f'id="{table}"' in text
    assert text.count("<dt>Licence</dt>") == len(tables)
    assert "statbel-vat" in text
