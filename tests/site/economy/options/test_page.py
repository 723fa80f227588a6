"""The page Options: nothing is placed by force, nothing on a hidden count, nothing in one list."""

from __future__ import annotations

import csv
import io
import re
import warnings

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perron.lake.engines import connect
from perron.lake.provenance import State
from perron.lake.published import Cell
from perron.methods.economy import Position, Side, location_quotient
from perron.methods.economy.surroundings import surroundings
from perron.site.directory.activities import activities
from perron.site.directory.selectors import catalogue
from perron.site.economy import panels
from perron.site.economy.options import cases, charts, reasons
from perron.site.economy.options.assessed import _table
from perron.site.economy.options.basis import ENTERPRISES, JOBS, Basis, basis
from perron.site.economy.options.foretelling import ENTRY, EXIT, MODEL, foretelling
from perron.site.economy.options.selectors import QUADRANTS, OptionsPage, options_page
from perron.site.economy.reader import Reader

PAGE = "/diversifier/options/"
#: Divisions that Eurostat does not give for the province of Liège in 2015.
HIDDEN = {"08", "09", "19", "31", "51", "53"}


@pytest.fixture(scope="module")
def held(shipped_home):
    return catalogue()


def _plain(texts: list[str]) -> str:
    """Sentences with ordinary spaces: French sets a space that does not break before its signs."""
    return " ".join(texts).replace("\xa0", " ")


def _pages(held) -> list[OptionsPage]:
    return [
        options_page(held, "fr"),
        options_page(held, "fr", "", ENTERPRISES),
        options_page(held, "fr", "62000"),
        options_page(held, "fr", "62063"),
        options_page(held, "fr", "EFE-LIEGE"),
        options_page(held, "fr", "03000", JOBS),
    ]


# What is hidden


def test_postal_services_are_never_an_opportunity_for_liege(held, reader) -> None:
    page = options_page(held, "fr")
    assert {o.activity.code for o in page.at(Position.UNASSESSED)} == HIDDEN
    post = page.of("53")
    assert post is not None
    assert post.position is Position.UNASSESSED
    assert post.near.value is None
    assert post.quotient.value is None
    # The trap is real: with zeros in place of hidden cells they would be surrounded and absent.
    _period, jobs = panels.jobs_by_region(held)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        filled = surroundings(location_quotient(jobs.fillna(0.0)), "BE33", draws=50)
    assert filled.loc["53", "specialised"] == 0
    assert filled.loc["53", "low"] > 1
    text = reader.get(PAGE).content.decode()
    quarters = text[text.index('class="quarters"') : text.index('id="secteur"')]
    assert "Activités de poste" not in re.sub(r"<dd>.*?</dd>", "", quarters)
    assert "Activités de poste" in text[text.index('id="non-evaluables"') :]


def test_nothing_is_placed_on_a_count_that_may_not_be_shown(held) -> None:
    for page in _pages(held):
        reader = Reader(held, "fr")
        for option in page.options:
            code = option.activity.code
            if page.base == ENTERPRISES:
                cell = reader.counts(page.place.code, "enterprises", code)
            else:
                cell = option.assessment.cell
            if cell.value is None:
                assert option.position is Position.UNASSESSED, (page.place.code, code)
                figures = (option.size, option.quotient, option.near, option.density, option.chance)
                assert all(f.value is None and f.low is None for f in figures)


def test_our_own_row_knows_no_more_than_what_is_published(held) -> None:
    """A hidden count of ours takes no part: changing what it holds changes nothing."""
    reader = Reader(held, "fr")
    place = reader.known["62000"]
    found = basis(reader, place, ENTERPRISES, 3)
    assert found is not None
    masked = [c for c, cell in found.cells.items() if cell.state is State.SUPPRESSED]
    assert len(masked) > 20
    assert found.quotients.loc["62000", masked].isna().all()
    assert found.low[masked].isna().all()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sets(st.integers(0, 67), min_size=1, max_size=30))
def test_whatever_is_hidden_is_never_assessed(held, hidden) -> None:
    """Any cells of the region hidden: none of them has a ratio, a sweep or a quadrant."""
    _period, jobs = panels.jobs_by_region(held)
    jobs = jobs.copy()
    codes = [jobs.columns[i] for i in hidden]
    jobs.loc["BE33", codes] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lq = location_quotient(jobs)
    row = lq.loc["BE33"]
    made = Basis(JOBS, 2, "2015", lq, {}, row / 1.25, row / 0.75)
    place = type("Place", (), {"code": "BE33"})()
    table = _table(made, place).to_pandas().set_index("code")
    for name in ("quotient", "ratio", "low", "high", "density", "as_much"):
        assert table.loc[codes, name].isna().all()
    assert all(np.isnan(row).all() for row in table.loc[codes, "sweep"])


# What is placed


def test_every_sector_is_in_one_place_and_both_intervals_allow_it(held) -> None:
    for page in _pages(held):
        assert sum(len(page.at(p)) for p in Position) == len(page.options)
        assert {p: page.counts[p].value for p in Position} == {p: len(page.at(p)) for p in Position}
        for option in page.options:
            low, high = option.quotient.low, option.quotient.high
            near = option.near
            if option.position in (Position.STRENGTH, Position.THREAT):
                assert low is not None
                assert low > 1
            if option.position in (Position.OPPORTUNITY, Position.WEAKNESS):
                assert high is not None
                assert high <= 1
            if option.position in (Position.STRENGTH, Position.OPPORTUNITY):
                assert near.low is not None
                assert near.low > 1
            if option.position in (Position.THREAT, Position.WEAKNESS):
                assert near.high is not None
                assert near.high <= 1
            if option.position is Position.UNDECIDED:
                assert Side.CROSSING in (option.assessment.held, option.assessment.surrounded)


def test_the_quotient_in_jobs_is_that_of_the_published_counts(held) -> None:
    """A slow second computation from the table as it is shipped."""
    rows = pq.read_table(held.snapshot("regional_jobs").path).to_pandas()
    rows = rows[(rows.dataset == "sbs_r_nuts06_r2") & (rows.territory.str.len() == 4)]
    rows = rows[rows.activity.str.fullmatch(r"[A-Z]\d\d") & (rows.period == "2015")]
    known = rows[rows.jobs.notna()]
    here = known[known.territory == "BE33"].set_index("activity").jobs
    metal = known[known.activity == "C25"].jobs.sum()
    expected = (here["C25"] / here.sum()) / (metal / known.jobs.sum())
    option = options_page(held, "fr").of("25")
    assert option is not None
    assert option.quotient.value == pytest.approx(expected, rel=1e-9)
    assert option.size.value == 7862
    assert option.quotient.low == pytest.approx(expected / 1.25)


def test_the_quotient_in_enterprises_is_that_of_every_page(held) -> None:
    page = options_page(held, "fr", "", ENTERPRISES)
    reader = Reader(held, "fr")
    for option in page.options:
        assert option.quotient == reader.quotient(page.place, option.activity.code)


def test_quadrants_are_in_the_order_of_codes_and_of_nothing_else(held) -> None:
    for page in _pages(held):
        codes = [option.activity.code for option in page.options]
        assert codes == sorted(codes)
        for position in QUADRANTS:
            inside = [option.activity.code for option in page.at(position)]
            assert inside == sorted(inside)


def test_the_sweep_at_one_is_the_point_and_says_how_often_it_holds(held) -> None:
    page = options_page(held, "fr")
    for option in page.options:
        at = {cut.cut: cut for cut in option.assessment.sweep}
        assert len(at) == 11
        if option.position is Position.UNASSESSED:
            assert all(cut.position is Position.UNASSESSED for cut in at.values())
            continue
        value, near = option.quotient.value, option.assessment.near
        assert near is not None
        assert at[1.0].held == (value > 1)
        assert at[1.0].ratio == pytest.approx(near.ratio)
        assert option.stays.value == sum(c.position is at[1.0].position for c in at.values())
        if option.position in QUADRANTS:
            assert at[1.0].position is option.position


def test_metals_are_isolated_in_liege_in_jobs_and_the_page_says_why(held) -> None:
    """The finding of the shipped data, pinned: what stands, and a reason against each."""
    page = options_page(held, "fr")
    assert {o.activity.code for o in page.at(Position.THREAT)} == {
        "11", "23", "24", "25", "26", "36",
    }  # fmt: skip
    assert {o.activity.code for o in page.at(Position.STRENGTH)} == {"75", "78"}
    assert not page.at(Position.OPPORTUNITY)
    tree = activities(held)
    metal = page.of("25")
    assert metal is not None
    assert "(28)" in _plain(reasons.supporting(page, metal, tree))
    against = _plain(reasons.against(page, metal))
    assert "10 seuils sur 11" in against
    assert "Créations moins cessations en 2019 : +15" in against
    agency = page.of("78")
    assert agency is not None
    assert "l’inverse : 0,46" in _plain(reasons.against(page, agency))


def test_each_undecided_sector_has_its_reason_in_words(held) -> None:
    page = options_page(held, "fr")
    for option in page.at(Position.UNDECIDED):
        said = " ".join(reasons.against(page, option))
        assert "contient 1" in said, option.activity.code
    groups = cases.undecided(page)
    assert sum(group["count"] for group in groups) == len(page.at(Position.UNDECIDED))


def test_few_enterprises_are_a_reason_against(held) -> None:
    page = options_page(held, "fr", "61000", ENTERPRISES)
    few = [
        o
        for o in page.options
        if o.position is not Position.UNASSESSED and 0 < (o.size.value or 0) < 10
    ]
    assert few
    for option in few:
        assert any("seulement" in text for text in reasons.against(page, option))


# What it is worth


def test_the_back_test_is_that_of_the_page_of_the_method(held) -> None:
    found = foretelling(held)
    assert found is not None
    assert (found.first, found.last, found.regions, found.branches) == ("2008", "2015", 341, 10)
    assert found.areas[ENTRY] == pytest.approx((0.611, 0.572, 0.650), abs=2e-3)
    assert found.areas[EXIT] == pytest.approx((0.534, 0.488, 0.580), abs=2e-3)
    assert found.areas[MODEL][0] == pytest.approx(0.685, abs=1e-3)
    assert found.better(ENTRY)
    assert not found.better(EXIT)


def test_no_better_than_chance_is_shown_where_it_is_the_answer(reader) -> None:
    text = reader.get(PAGE).content.decode()
    assert "pas mieux que le hasard" in text
    assert "0,53" in text
    assert "(0,49 à 0,58)" in text
    assert "l’épreuve ne le montre pas ici" in text


# The page


def test_a_municipality_is_read_on_divisions_of_enterprises(held) -> None:
    page = options_page(held, "fr", "62063", JOBS, 4)
    assert (page.base, page.depth) == (ENTERPRISES, 2)
    assert page.others == 580
    assert page.at(Position.STRENGTH)


def test_the_reference_and_a_place_that_is_no_territory(reader) -> None:
    answer = reader.get(PAGE + "?territoire=01000&base=entreprises")
    assert answer.status_code == 200
    assert reader.get(PAGE + "?territoire=-----").status_code == 404
    assert reader.get(PAGE + "?territoire=99999").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?base=entreprises",
        "?base=entreprises&niveau=classes",
        "?territoire=62000&niveau=divisions",
        "?territoire=EFE-LIEGE",
        "?territoire=11002-2025",
        "?territoire=03000&base=emplois&secteur=25",
        "?secteur=53",
        "?secteur=nulle-part",
        "?base=rien&niveau=rien",
    ],
)
def test_every_choice_has_a_page(reader, query) -> None:
    answer = reader.get(PAGE + query)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Options" in text
    assert re.search(r"<h1>.+?</h1>", text, re.S)


def test_the_page_speaks_english(reader) -> None:
    answer = reader.get(PAGE, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert 'lang="en"' in answer.content.decode()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("table", ["secteurs", "seuils"])
def test_each_table_is_a_file(reader, table, suffix) -> None:
    answer = reader.get(f"{PAGE}{table}.{suffix}?base=entreprises")
    assert answer.status_code == 200
    assert f"-{table}-2019.{suffix}" in answer["Content-Disposition"]
    assert reader.get(f"{PAGE}rien.{suffix}").status_code == 404
    assert reader.get(f"{PAGE}secteurs.pdf").status_code == 404


@pytest.mark.parametrize("table", ["secteur", "voisins"])
def test_the_tables_of_one_sector_are_files_and_of_a_hidden_one_are_not(reader, table) -> None:
    assert reader.get(f"{PAGE}{table}.csv?secteur=25").status_code == 200
    assert reader.get(f"{PAGE}{table}.xlsx?secteur=25").status_code == 200
    assert reader.get(f"{PAGE}{table}.csv?secteur=53").status_code == 404


def test_the_file_says_the_state_of_each_value_and_hides_what_the_page_hides(reader) -> None:
    text = reader.get(f"{PAGE}secteurs.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:200] else ","))
    table = pd.DataFrame(rows[1:], columns=rows[0])
    post = table[table.apply(lambda row: row.str.fullmatch("53").any(), axis=1)].iloc[0]
    assert "inconnu" in set(post)
    assert post.get("Quotient", "") == ""
    assert any("Eurostat" in str(value) for value in post)


def test_one_sector_shows_its_eleven_cuts_and_its_neighbours(reader, held) -> None:
    text = reader.get(PAGE + "?secteur=25").content.decode()
    assert text.count("seuils-du-secteur") >= 1
    page = options_page(held, "fr")
    option = page.of("25")
    assert option is not None
    assert len(charts.one_sweep(page, option).rows) == 11
    near = charts.neighbours(page, option, activities(held))
    assert [row.sub for row in near.rows] == [n.code for n in option.assessment.nearest]


def test_the_document_says_the_same(reader) -> None:
    answer = reader.get("/documents/options/60000.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


def test_a_second_visit_reads_what_the_first_computed(held, monkeypatch) -> None:
    """The heavy part is done once a state of the lake."""
    from perron.site.economy.options import assessed as module

    def refuse(*_given):
        raise AssertionError("computed twice")

    first = module.assessed(held, "60000", JOBS, 2)
    module.assessed.cache_clear()
    monkeypatch.setattr(module, "_table", refuse)
    assert module.assessed(held, "60000", JOBS, 2) == first


def test_the_hidden_cells_of_the_test_are_those_of_the_lake(held) -> None:
    table = connect(held).table("regional_jobs")
    rows = table.filter(table.dataset == "sbs_r_nuts06_r2").to_pyarrow().to_pandas()
    here = rows[(rows.territory == "BE33") & rows.activity.str.fullmatch(r"[A-Z]\d\d")]
    assert {a[1:] for a in here[here.jobs.isna()].activity} >= HIDDEN
    assert Cell(None, State.UNKNOWN) == options_page(held, "fr").of("53").assessment.cell
