"""The page Liens: its answer is true, its filters work without script, no masked count is on it."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from django.test import Client
from openpyxl import load_workbook

from perron.lake.snapshots import Catalogue
from perron.site.directory.business import counts
from perron.site.directory.selectors import catalogue
from perron.site.economy.links.networks import ENTERPRISES, network
from perron.site.economy.links.query import Query, asked
from perron.site.economy.links.selectors import links_page

PAGE = "/diversifier/liens/"
HOME = "60000"


@pytest.fixture
def held(shipped_home: object) -> Catalogue:
    return catalogue()


def _text(reader: Client, query: str = "", status: int = 200) -> str:
    answer = reader.get(PAGE + query)
    assert answer.status_code == status, query
    return html.unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def _title(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text, re.S)
    assert found
    return found[1]


def _nodes(text: str) -> dict[str, tuple[str, str]]:
    """Each node drawn: its shape, and what it says."""
    found = re.findall(
        r'<a class="node (\w+)"[^>]*data-code="([^"]+)"[^>]*><title>(.*?)</title>', text
    )
    return {code: (shape, said) for shape, code, said in found}


def _rows(text: str, table: str = "liens") -> list[str]:
    body = re.search(rf'id="{table}".*?<tbody>(.*?)</tbody>', text, re.S)
    return re.findall(r"<tr.*?</tr>", body[1], re.S) if body else []


def test_the_title_is_the_answer_and_counts_what_it_says(reader: Client, held: Catalogue) -> None:
    page = links_page(held, "fr", Query())
    strong = [k for k in page.kept if all((page.here[c].quotient.low or 0) > 1 for c in (k.a, k.b))]
    text = _text(reader)
    assert _title(text) == (
        f"473 liens entre activités dépassent le hasard ; {len(strong)} unissent deux spécialités"
        " dans la province de Liège."
    )
    assert len(_rows(text)) == 473
    assert len(_nodes(text)) == 231
    assert "À ce seuil, 24 liens sur 473 sont sans doute faux" in text


@pytest.mark.parametrize("territory", ["", "61000", "62000", "63000", "64000", "EFE-LIEGE"])
@pytest.mark.parametrize("every", [False, True])
def test_no_masked_count_of_a_place_is_on_a_node_or_in_its_size(
    reader: Client, held: Catalogue, territory: str, every: bool
) -> None:
    text = _text(reader, f"?territoire={territory}" + ("&seuil=tous" if every else ""))
    published = counts(held)
    hidden_sizes, drawn = set(), _nodes(text)
    radii = dict(re.findall(r'data-code="(\w+)".*?<circle[^>]* r="([\d.]+)"', text))
    for code, (shape, said) in drawn.items():
        cell = published(territory or HOME, "enterprises", code)
        if cell.value is None:
            assert shape == cell.state.value
            assert not re.search(r"\d+ entreprise", said), said
            assert "quotient" not in said
            hidden_sizes.add(radii[code])
        elif cell.value:
            assert re.search(rf"\b{int(cell.value)} entreprise", said.replace(" ", "")) or (
                f"{int(cell.value):,}".replace(",", " ") in said
            )
    assert len(hidden_sizes) == 1  # all alike: their size says nothing


def test_a_speciality_is_one_whose_interval_is_above_one(held: Catalogue) -> None:
    page = links_page(held, "fr", Query())
    for here in page.here.values():
        low = here.quotient.low
        assert here.ours == (low is not None and low > 1)
        if here.enterprises.value is None:
            assert here.quotient.value is None


def test_every_choice_is_a_link_or_a_form_and_changes_what_is_shown(
    reader: Client, held: Catalogue
) -> None:
    whole = _text(reader)
    assert '<form class="filters" action="/diversifier/liens/#choix" method="get"' in whole
    for name in ("secteur", "communaute", "seuil", "territoire", "specialites"):
        assert re.search(rf'name="{name}"', whole)
    strict = _text(reader, "?seuil=strict")
    assert len(_rows(strict)) == 166
    community = _text(reader, "?communaute=2")
    assert len(_nodes(community)) == 45
    found = network(held, ENTERPRISES)
    assert found is not None
    assert all(found.nodes[code].community == 2 for code in _nodes(community))
    ours = _text(reader, "?specialites=1")
    shapes = _nodes(ours)
    assert 0 < len(_rows(ours)) < 473
    page = links_page(held, "fr", Query(ours=True))
    assert all("strong" in (shapes[k.a][0], shapes[k.b][0]) for k in page.links)


def test_one_activity_is_shown_with_its_neighbours(reader: Client) -> None:
    text = _text(reader, "?secteur=25.62")
    assert _title(text) == "« Usinage » va avec 3 activités, d’abord « Élevage de porcins »."
    assert set(_nodes(text)) == {"2562", "0146", "2511", "4332"}
    assert len(_rows(text)) == 3
    assert 'href="/diversifier/secteurs/2562/"' in text
    more = _text(reader, "?secteur=2562&seuil=tous")
    assert "hasard compris" in _title(more)


def test_words_lead_to_an_activity_or_to_those_they_may_mean(reader: Client) -> None:
    assert "va avec" in _title(_text(reader, "?secteur=2562 Usinage"))
    many = _text(reader, "?secteur=metal")
    assert _title(many) == "« metal » : de quelle activité s’agit-il ?"
    assert re.search(r'<li><a href="\?secteur=\d+#choix">', many)
    nothing = _text(reader, "?secteur=zzzz")
    assert "aucune activité de ce nom" in _title(nothing)
    assert 'href="/diversifier/secteurs/?q=zzzz"' in nothing
    assert "Effacer les choix" in nothing


def test_an_activity_without_a_link_leads_further(reader: Client, held: Catalogue) -> None:
    found = network(held, ENTERPRISES)
    assert found is not None
    alone = next(code for code, node in found.nodes.items() if not node.degree)
    text = _text(reader, f"?secteur={alone}")
    assert "aucun lien ne dépasse le hasard" in _title(text)
    assert f'href="?secteur={alone}&seuil=tous"' in text
    assert "rien ne permet de dire" in text


def test_the_rest_is_shown_on_demand_with_the_share_that_chance_gives(reader: Client) -> None:
    text = _text(reader, "?seuil=tous")
    assert "dont 6 385 que le hasard seul donnerait" in text
    assert "Les 5 000 liens les plus sûrs sont dessinés, sur 15 878" in text
    assert len(_rows(text)) == 500
    assert 'class="faint"' in text


def test_flows_say_who_sells_what_to_whom(reader: Client) -> None:
    text = _text(reader, "?reseau=flux")
    assert "161 flux entre branches pèsent au moins 5 %" in _title(text)
    assert "vend à" in text
    assert "jamais dans le territoire" in text
    one = _text(reader, "?reseau=flux&secteur=25")
    assert "va avec" in _title(one)
    # A branch of several divisions has no sheet: it leads to its own links.
    assert 'href="?reseau=flux&secteur=41-43"' in one


def test_a_municipality_is_not_shown_by_class_and_says_where_it_is(reader: Client) -> None:
    text = _text(reader, "?territoire=62051")
    assert {shape for shape, _said in _nodes(text).values()} == {"not_measured"}
    assert 'href="?reseau=emplois&territoire=62051#choix"' in text
    divisions = _text(reader, "?reseau=emplois&territoire=62051")
    assert "strong" in {shape for shape, _said in _nodes(divisions).values()}


def test_the_reference_is_compared_with_nothing(reader: Client) -> None:
    text = _text(reader, "?territoire=01000")
    assert _title(text) == "473 liens entre activités dépassent le hasard."


@pytest.mark.parametrize("query", ["?territoire=nulle-part", "?territoire=ZZ"])
def test_an_unknown_territory_is_a_page_not_found(reader: Client, query: str) -> None:
    _text(reader, query, 404)


@pytest.mark.parametrize(
    "query",
    ["?reseau=x&seuil=y&zoom=z&communaute=-1", "?communaute=99", "?zoom=9999", "?secteur=%00%27<b>"],
)  # fmt: skip
def test_a_choice_that_the_page_does_not_have_breaks_nothing(reader: Client, query: str) -> None:
    answer = reader.get(PAGE + query)
    assert answer.status_code == 200
    assert b"<h1>" in answer.content
    assert b"'<b>" not in answer.content
    assert b"\0" not in answer.content


def test_an_address_says_what_was_asked() -> None:
    query = asked({"reseau": "flux", "secteur": " 25 ", "seuil": "tous", "zoom": "2"})
    assert query == Query("flux", "tous", sector="25", zoom=2)
    assert query.address() == "?reseau=flux&secteur=25&seuil=tous&zoom=2"
    assert query.address(zoom=1, sector="") == "?reseau=flux&seuil=tous"
    assert Query().address() == "?"


# --- files ----------------------------------------------------------------------------------------


def test_every_link_is_in_the_file_with_its_reason_and_its_sources(reader: Client) -> None:
    answer = reader.get(f"{PAGE}liens.csv")
    assert answer["Content-Disposition"].endswith('perron-liens-entreprises-60000-liens.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 473
    first = rows[0]
    assert float(first["q"]) < 1e-6
    assert float(first["Communes des deux"]) > float(first["Attendues au hasard"])
    assert all(row["Source"].startswith("Statbel") for row in rows)
    assert all(
        row["Quotient de la première"] == ""
        for row in rows
        if row["Quotient de la première, état"] == "supprimé"
    )


def test_the_workbook_opens_with_the_same_lines(reader: Client) -> None:
    answer = reader.get(f"{PAGE}communautes.xlsx?reseau=emplois")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0].max_row >= 6


@pytest.mark.parametrize("name", ["liens.pdf", "autre.csv", "liens.csv?secteur=zzzz"])
def test_a_file_that_does_not_exist_is_not_found(reader: Client, name: str) -> None:
    assert reader.get(PAGE + name).status_code == 404
