"""The page Moteurs: what is shown adds up, what is hidden stays hidden, breaks and their doubt."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from django.test import Client

from perron.lake.provenance import State
from perron.lake.snapshots import Catalogue
from perron.site.components.downloads import figures_of
from perron.site.directory import selectors
from perron.site.directory.business import counts
from perron.site.economy.drivers import charts, conclusions, ruptures, words
from perron.site.economy.drivers.selectors import Asked, drivers_page

pytestmark = pytest.mark.usefixtures("shipped_home")


def _numbers(row: str) -> list[float]:
    """The numbers that a reader sees in the cells of a row."""
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
    texts = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
    return [
        float(t.replace("\u202f", "").replace("−", "-").replace("+", "").replace(",", "."))
        for t in texts
    ]


def test_the_numbers_on_the_page_add_up_to_the_rounding_that_it_states(reader: Client) -> None:
    text = reader.get("/diversifier/moteurs/").content.decode()
    assert "une somme peut s’écarter d’une unité ou deux" in text
    table = text[text.index('id="parts"') :]
    body, foot = re.search(r"<tbody>(.*?)</tbody><tfoot>(.*?)</tfoot>", table, re.S).groups()
    rows = [_numbers(row) for row in body.split("<tr")[1:]]
    total = _numbers(foot)
    assert len(rows) == 10
    for start, end, change, national, mix, own, gap in [*rows, total]:
        assert end - start == change
        assert abs(national + mix + own - change) <= 2
        assert abs(mix + own - gap) <= 2
    for column, whole in zip(zip(*rows, strict=True), total, strict=True):
        assert abs(sum(column) - whole) <= 5


def test_a_rate_made_of_a_hidden_count_is_hidden_and_never_zero() -> None:
    held = selectors.catalogue()
    shown = counts(held)
    for place in ("60000", "62000", "62051", "61010"):
        found = drivers_page(held, "fr", Asked(territory=place)).churn
        for section in found.sections:
            states = {
                measure: shown(place, measure, section.section).state
                for measure in ("enterprises", "starts", "stops")
            }
            hidden = State.SUPPRESSED in states.values()
            for rate in (section.birth, section.stop, section.churn, section.net):
                if hidden:
                    assert rate.state is State.SUPPRESSED
                    assert rate.low is None
                else:
                    assert rate.value is not None


def test_demography_is_that_of_the_published_counts_of_the_year() -> None:
    found = drivers_page(selectors.catalogue(), "fr", Asked(territory="62000")).churn.total
    # Statbel 2019: 39,810 enterprises, 3,940 starts, 3,193 stops; Wilson's bounds in the guide.
    assert found.active.value == 39_810 + 3_193
    assert found.birth.value == pytest.approx(100 * 3_940 / 43_003)
    assert (round(found.birth.low or 0, 2), round(found.birth.high or 0, 2)) == (8.89, 9.44)
    assert found.net.value == pytest.approx(100 * (3_940 - 3_193) / 43_003)


def test_a_small_section_says_that_it_is_not_to_be_compared() -> None:
    page = drivers_page(selectors.catalogue(), "fr", Asked(territory="62000"))
    small = [s for s in page.churn.sections if s.small and s.net.value is not None]
    assert small, "the arrondissement has a section of few enterprises"
    drawn = charts.turnover(page)
    marked = [row.label for row in drawn.rows if "à ne pas comparer" in row.sub]
    assert marked == [s.label for s in small]


def test_breaks_are_those_of_the_guide_and_a_weak_one_is_said_to_be_weak() -> None:
    found = drivers_page(selectors.catalogue(), "fr", Asked(territory="62000")).ruptures
    assert found is not None
    assert (found.years[0], found.years[-1]) == ("2000", "2018")
    by_branch = {test.branch: test for test in (*found.tests, found.total)}
    construction = by_branch["F"]
    # docs/methods/economy/structural-breaks.md
    assert (construction.year, construction.p) == (2007, 0.0001)
    assert construction.set == (2007, 2008, 2009, 2010, 2011, 2012)
    assert round(construction.before.value or 0) == 257
    assert round(construction.after.value or 0) == -55
    assert construction.verdict == ruptures.BREAK
    for test in by_branch.values():
        assert test.q >= test.p
        assert test.q_linked >= test.p_linked
        if test.verdict == ruptures.BREAK:
            assert test.q_linked <= ruptures.RATE
        if test.verdict == ruptures.FRAGILE:
            assert test.q <= ruptures.RATE < test.q_linked


def test_a_break_is_drawn_on_its_line_and_nothing_else_is() -> None:
    page = drivers_page(selectors.catalogue(), "fr", Asked(territory="62000"))
    drawn = charts.courses(page)
    assert drawn is not None
    assert page.ruptures is not None
    marks = {series.label: series.marks for series in drawn.series}
    assert marks["Construction"] == ("2007",)
    assert marks["Ensemble"] == ()
    assert "2007" in conclusions.courses(page.ruptures)


def test_four_years_are_no_series_and_the_wider_one_is_named(reader: Client) -> None:
    text = reader.get("/diversifier/moteurs/?territoire=61000").content.decode()
    assert "Il faut dix années de suite" in text
    assert "celle de Province de Liège" in text


def test_establishments_are_those_that_statbel_counts_where_they_stand(reader: Client) -> None:
    found = drivers_page(selectors.catalogue(), "fr", Asked()).establishments
    assert found is not None
    assert (found.first.period, found.last.period) == ("2018", "2023")
    assert (found.first.value, found.last.value) == (100_098, 113_127)


def test_every_figure_of_every_piece_says_where_it_comes_from() -> None:
    page = drivers_page(selectors.catalogue(), "fr", Asked())
    for name, draw in charts.PIECES.items():
        drawn = draw(page)
        assert drawn is not None, name
        found = list(figures_of(drawn))
        assert found, name
        for figure in found:
            assert figure.origin.publisher, name
            assert figure.territory, name
            assert figure.period[:4].isdigit(), name


@pytest.mark.parametrize("name", list(charts.PIECES))
def test_every_piece_downloads_with_its_sources(reader: Client, name: str) -> None:
    answer = reader.get(f"/diversifier/moteurs/{name}.csv")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) > 5
    book = openpyxl.load_workbook(
        io.BytesIO(reader.get(f"/diversifier/moteurs/{name}.xlsx").content), read_only=True
    )
    assert len(book.sheetnames) == 2


def test_a_file_asks_what_its_page_asks(reader: Client) -> None:
    text = reader.get("/diversifier/moteurs/?base=03000&methode=esteban").content.decode()
    assert "/diversifier/moteurs/parts.csv?base=03000&amp;methode=esteban" in text
    file = reader.get("/diversifier/moteurs/parts.csv?base=03000&methode=esteban")
    assert "Effet d’allocation" in file.content.decode()


def test_unknown_files_are_not_found(reader: Client) -> None:
    assert reader.get("/diversifier/moteurs/rien.csv").status_code == 404
    assert reader.get("/diversifier/moteurs/parts.pdf").status_code == 404


def test_a_lake_without_jobs_says_which_table_fills_the_page(
    small_lake: Catalogue, reader: Client
) -> None:
    page = drivers_page(small_lake, "fr", Asked(territory="62000"))
    assert page.missing == {"establishments"}
    assert page.establishments is None
    assert words.missing(page)[0]["command"] == ("perron data load statbel-establishments FICHIER")
    assert page.ruptures is None  # two years are no series


@pytest.mark.parametrize(
    ("years", "text"),
    [((2004, 2005, 2008), "2004-2005, 2008"), ((2008,), "2008"), ((), "")],
)
def test_years_are_written_as_stretches(years: tuple[int, ...], text: str) -> None:
    assert conclusions.span(years) == text


def test_the_facts_of_a_form_add_up_or_are_not_shown() -> None:
    for method in ("dunn", "dynamic", "esteban", "arcelus"):
        page = drivers_page(selectors.catalogue(), "fr", Asked(method=method))
        first, *others = [fact["figure"].value or 0.0 for fact in words.facts(page)]
        assert sum(others) == pytest.approx(first), method
