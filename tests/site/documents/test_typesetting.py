"""A document is a tagged, searchable PDF that says what its sheet says, whatever its texts are."""

from __future__ import annotations

import dataclasses
import io
import time
from datetime import UTC, date, datetime
from typing import Any

import pypdf
import pytest
from django.utils import translation
from fontTools.ttLib import TTFont

from perron.lake.provenance import Figure, Origin, State, state_of
from perron.site.components import specimens
from perron.site.components.assets import STATIC
from perron.site.components.charts import LineChart, Row, RowChart, Series
from perron.site.components.sheets import Bars, Dots, Fact, Facts, Heading, Note, Sheet, Text
from perron.site.components.tables import Column, Table, TableRow
from perron.site.documents.content import Imprint
from perron.site.documents.typesetting import FOLDER, REPLACEMENT, pdf

REGISTER = Origin(
    "statbel_vat", "v1", "Entreprises", "Statbel", "CC BY 4.0", date(2026, 11, 23), "https://a.test"
)
CENSUS = Origin("population", "v2", "Population", "Statbel", "CC0", date(2026, 11, 20))
IMPRINT = Imprint(
    "Agence d’Exemple", "Val-Exemple", datetime(2026, 11, 24, 15, tzinfo=UTC), "http://test/page"
)


def figure(value: float | None, **given: Any) -> Figure:
    fields: dict[str, Any] = {
        "name": "Entreprises",
        "state": state_of(value, State.SUPPRESSED),
        "territory": "Huy",
        "period": "2019",
        "origin": REGISTER,
        "limit_years": 3,
    }
    return Figure(value=value, **(fields | given))


def read(sheet: Sheet, imprint: Imprint = IMPRINT) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf(sheet, imprint)))


def text_of(document: pypdf.PdfReader) -> str:
    """The words in reading order, lines and the kinds of space made one."""
    said = " ".join(page.extract_text() for page in document.pages)
    return " ".join(said.split())


def whole() -> Sheet:
    """Every piece of the page of components, each in all its states."""
    facts = specimens.facts()
    return Sheet(
        title="Tout se voit d’un coup d’œil.",
        subject="Composants",
        lead="Chaque pièce, à l’état naturel.",
        where="Belgique · Liège",
        blocks=(
            Facts([Fact(f) for f in facts.values()]),
            Heading("Où est-ce ?"),
            specimens.choropleth(),
            Dots(specimens.dotplot()),
            Note("Une réserve.", "Attention."),
            Heading("Et depuis quand ?"),
            Text("Un paragraphe."),
            specimens.line(),
            Bars(specimens.bars()),
            specimens.table(),
        ),
        reserves=("À lire avec prudence, évidemment.",),
        silent="L’emploi.",
    )


def structure(document: pypdf.PdfReader) -> list[str]:
    """The tags of the document, in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K", []))

    walk(document.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_document_declares_pdf_ua_its_language_its_title_and_its_tags(language: str) -> None:
    with translation.override(language):
        document = read(whole())
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata is not None
    assert document.metadata.title == "Tout se voit d’un coup d’œil."
    assert document.metadata.author == "Agence d’Exemple"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data().replace(b" ", b"")
    tags = structure(document)
    for tag in ("/H1", "/H2", "/H3", "/Figure", "/Table", "/THead", "/TH", "/TD", "/Link"):
        assert tag in tags, tag
    assert tags.count("/H1") == 1


def test_headings_are_the_outline_and_the_title_comes_first() -> None:
    document = read(whole())
    names: list[str] = []

    def walk(items: Any) -> None:
        for item in items:
            walk(item) if isinstance(item, list) else names.append(
                " ".join(str(item.title).split())
            )

    walk(document.outline)
    assert names[0] == "Tout se voit d’un coup d’œil."
    assert {"Où est-ce ?", "Et depuis quand ?", "D’où viennent ces chiffres ?"} <= set(names)


def test_a_text_is_never_markup_and_every_sign_is_kept() -> None:
    hostile = '#eval("1+1") ] $x$ \\ "q" *b* _i_ <a> @b `c` // n /* [ = -- ~ <script>&amp;'
    shown = figure(12, name=hostile, territory=hostile, method=hostile, unit="%")
    chart = RowChart(hostile, hostile, [Row(hostile, shown, sub=hostile)], hostile, hostile)
    sheet = Sheet(
        title=hostile,
        subject=hostile,
        lead=hostile,
        where=hostile,
        blocks=(
            Facts([Fact(shown, label=hostile, text=hostile)]),
            Heading(hostile),
            Text(hostile),
            Note(hostile, hostile),
            Dots(chart),
            Bars(chart),
            LineChart(hostile, hostile, ["2018", "2019"], [Series(hostile, [shown, shown])]),
            Table(hostile, hostile, hostile, [Column(hostile)], [TableRow(hostile, [shown])]),
        ),
        reserves=(hostile,),
        silent=hostile,
    )
    document = read(sheet, Imprint(hostile, hostile, IMPRINT.made, "http://test/?a=b&c=#d"))
    assert document.metadata is not None
    assert document.metadata.title == hostile
    said = "".join(text_of(document).split())
    assert said.count("".join(hostile.split())) >= 15


@pytest.mark.parametrize("text", ["Poznań, Łódź, Ağrı", "Αθήνα Москва"])
def test_letters_of_other_european_languages_are_set(text: str) -> None:
    assert text in text_of(read(Sheet(title=text, subject="x")))


def test_what_no_font_has_is_replaced_and_the_document_is_still_made() -> None:
    document = read(Sheet(title="Prix 中 😀 \u0007 fin", subject="x"))
    assert f"Prix {REPLACEMENT}" in text_of(document)
    assert "fin" in text_of(document)


def test_words_and_accents_can_be_searched_and_copied() -> None:
    said = text_of(read(whole()))
    for words in (
        "Tout se voit d’un coup d’œil.",
        "À lire avec prudence",
        "Chaque pièce, à l’état naturel.",
        "supprimé",
        "non mesuré",
        "Page 1 sur",
        "Établi le 24 novembre 2026",
        "Agence d’Exemple",
    ):
        assert words in said, words


def test_a_fact_answers_where_from_at_the_end_of_the_document() -> None:
    rate = figure(
        9.25,
        name="Taux",
        unit="%",
        decimals=1,
        method="Créations pour 100 entreprises.",
        low=9.0,
        high=9.5,
        interval="à 95 %",
        others=(CENSUS,),
    )
    said = text_of(read(Sheet("T.", "s", blocks=(Facts([Fact(rate)]),))))
    end = said[said.index("D’où viennent ces chiffres") :]
    for words in (
        "1. Taux : 9,3 %",
        "Territoire Huy",
        "Période 2019",
        "Source Statbel, entreprises",
        "Licence CC BY 4.0",
        "Extrait le 23 novembre 2026",
        "Méthode Créations pour 100 entreprises.",
        "Intervalle 9,0 à 9,5, à 95 %",
        "Âge 7 ans limite 3 ans",
        "Statbel, population. Licence : CC0.",
        "https://a.test",
        "http://test/page",
    ):
        assert words in end, words


def test_a_column_answers_with_what_its_figures_have_in_common() -> None:
    rows = [
        TableRow("Huy", [figure(3, method="Créations pour 100. 3 pour 40.", period="2018")]),
        TableRow("Spa", [figure(5, method="Créations pour 100. 5 pour 90.", territory="Spa")]),
    ]
    said = text_of(read(Sheet("T.", "s", blocks=(Table("T.", "d", "Lieu", [Column("n")], rows),))))
    end = said[said.index("Les mesures") :]
    assert "n Créations pour 100. 2018 à 2019 7 ans" in end
    assert "3 pour 40" not in end


def test_a_state_is_a_word_and_never_a_number() -> None:
    hidden = figure(None)
    table = Table("T.", "d", "Lieu", [Column("n")], [TableRow("Spa", [hidden])])
    bars = Bars(RowChart("B.", "d", [Row("Spa", hidden)], "Lieu", "n"))
    lines = LineChart("L.", "d", ["2018", "2019"], [Series("Spa", [hidden, None])])
    sheet = Sheet("T.", "s", blocks=(Facts([Fact(hidden)]), table, bars, lines))
    said = text_of(read(sheet))
    assert said.count("supprimé") >= 5
    assert "inconnu" in said


def test_a_chart_says_in_words_what_it_draws() -> None:
    made = pdf(Sheet("T.", "s", blocks=(specimens.line(), specimens.choropleth())), IMPRINT)
    document = pypdf.PdfReader(io.BytesIO(made))
    said: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif isinstance(node, dict):
            if "/Alt" in node and node.get("/S") == "/Figure":
                said.append(str(node["/Alt"]))
            walk(node.get("/K", []))

    walk(document.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert any("Liège : 100,0 en 2008, 88,1 en 2019." in alt for alt in said)
    assert any("Carte de 12 unités." in alt for alt in said)


def test_a_long_table_repeats_its_head_on_each_page_and_keeps_every_row() -> None:
    rows = [TableRow(f"Lieu {n}", [figure(n + 3.0)]) for n in range(200)]
    table = Table("T.", "d", "Commune", [Column("Nombre")], rows)
    document = read(Sheet("T.", "s", blocks=(table,)))
    assert len(document.pages) >= 4
    texts = [page.extract_text() for page in document.pages]
    assert sum("Commune" in text for text in texts) >= 4
    said = " ".join(texts)
    assert all(f"Lieu {n}" in said for n in range(200))


def test_a_table_too_wide_for_a_page_is_set_across_one() -> None:
    labels = [Column(f"Indicateur {n}") for n in range(16)]
    rows = [TableRow("Huy", [figure(123_456.0 + n) for n in range(16)])]
    document = read(Sheet("T.", "s", blocks=(Table("T.", "d", "Lieu", labels, rows),)))
    boxes = [page.mediabox for page in document.pages]
    assert boxes[0].width < boxes[0].height
    assert any(box.width > box.height for box in boxes)


def test_a_tall_map_stays_on_its_page() -> None:
    tall = dataclasses.replace(specimens.choropleth(), height=4000.0)
    document = read(Sheet("T.", "s", blocks=(Heading("Où ?"), tall)))
    assert "Où ?" in document.pages[0].extract_text()
    assert "Chaque classe" in document.pages[0].extract_text()


def test_documents_have_the_letters_of_the_pages() -> None:
    pages, documents = (
        TTFont(path)
        for path in (
            STATIC / "perron" / "fonts" / "perron-sans.woff2",
            FOLDER / "fonts" / "perron-sans.ttf",
        )
    )
    assert documents.getBestCmap() == pages.getBestCmap()
    assert documents["hmtx"].metrics == pages["hmtx"].metrics


def test_a_document_of_every_piece_is_made_in_under_a_second() -> None:
    pdf(whole(), IMPRINT)
    start = time.perf_counter()
    pdf(whole(), IMPRINT)
    assert time.perf_counter() - start < 1


def test_the_same_sheet_at_the_same_time_is_the_same_file() -> None:
    assert pdf(whole(), IMPRINT) == pdf(whole(), IMPRINT)


def test_an_empty_sheet_is_still_a_document() -> None:
    assert "Rien à dire." in text_of(read(Sheet("Rien à dire.", "s")))
