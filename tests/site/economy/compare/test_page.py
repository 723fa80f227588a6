"""The page Comparer: each figure against a second computation, and nothing said that does not compare."""

from __future__ import annotations

import re

import pyarrow.parquet as pq
import pytest

from perron.errors import InputError
from perron.lake.provenance import State
from perron.methods.economy import entropy, krugman
from perron.site.directory.activities import DIVISION, GROUP
from perron.site.directory.places import places
from perron.site.directory.selectors import catalogue
from perron.site.economy import panels
from perron.site.economy.compare import census, charts, income, typical, variety, words, work
from perron.site.economy.compare.choice import MOST, asked, find, usual
from perron.site.economy.compare.indicators import FIRST, GROUPS, ROWS
from perron.site.economy.compare.selectors import compare_page
from perron.site.economy.reader import Reader

PAGE = "/diversifier/comparer/"
DISTRICTS = ("61000", "62000", "63000", "64000")


@pytest.fixture(scope="module")
def held(shipped_home):
    return catalogue()


@pytest.fixture(scope="module")
def french(held) -> Reader:
    return Reader(held, "fr")


def _read(reader, query: str) -> str:
    """A page with ordinary spaces: French sets a space that does not break before its signs."""
    return reader.get(PAGE + query).content.decode().replace("\xa0", " ")


def _rows(held, table: str):
    return pq.read_table(held.snapshot(table).path).to_pandas()


# Figures against a second computation


def test_income_is_the_sum_of_the_communes_over_their_inhabitants(held, french) -> None:
    rows = _rows(held, "income")
    last = rows[rows.period == rows.period.max()]
    communes = {p.code for p in french.known.within("62000", "municipality")}
    inside = last[last.territory.isin(communes)]
    assert len(inside) == 24
    figure = income.per_inhabitant(french, french.known["62000"])
    assert figure.value == pytest.approx(inside.net_taxable_income.sum() / inside.residents.sum())
    assert (figure.period, figure.unit, figure.limit_years) == ("2013", "€", 4)
    one = last[last.territory == "62063"].iloc[0]
    figure = income.per_declaration(french, french.known["62063"])
    assert figure.value == pytest.approx(one.net_taxable_income / one.declarations)


def test_jobs_and_their_change_a_year_are_those_of_the_accounts(held, french) -> None:
    rows = _rows(held, "regional_jobs")
    total = rows[(rows.dataset == "nama_10r_3empers") & (rows.activity == "TOTAL")]
    liege = total[(total.territory == "BE332") & total.jobs.notna()].set_index("period").jobs
    figure = work.jobs(french, french.known["62000"])
    assert (figure.value, figure.period) == (liege["2018"], "2018")
    change = work.yearly_change(french, french.known["62000"])
    assert change.value == pytest.approx(100 * ((liege["2018"] / liege["2000"]) ** (1 / 18) - 1))
    # Verviers is two regions of NUTS 3, which begin in 2003.
    two = total[total.territory.isin(["BE335", "BE336"]) & total.jobs.notna()]
    both = two.groupby("period").jobs.agg(["sum", "size"])
    first = both[both["size"] == 2].index.min()
    figure = work.whole_change(french, french.known["63000"])
    assert figure.period == f"{first}/2018"
    assert figure.value == pytest.approx(100 * (both["sum"]["2018"] / both["sum"][first] - 1))


def test_a_place_without_regional_jobs_says_which_way_it_lacks_them(french) -> None:
    assert work.jobs(french, french.known["62063"]).state is State.NOT_MEASURED
    assert work.jobs(french, french.known["10000"]).state is State.UNKNOWN


@pytest.mark.parametrize("level", ["district", "province"])
@pytest.mark.parametrize("depth", [DIVISION, GROUP])
def test_true_variety_lies_within_what_is_shown(held, french, level, depth) -> None:
    """The truth from the whole register, the bounds from what is published of it."""
    table = panels.enterprises_by_place(held, level, depth)
    truth = entropy(table)
    wide = 0.0
    for code in table.index:
        bounds = variety._entropy(held, code, depth)
        assert bounds is not None
        assert bounds[0] - 1e-9 <= truth[code] <= bounds[1] + 1e-9, code
        wide = max(wide, bounds[1] - bounds[0])
    assert 0 < wide < 0.7


def test_true_krugman_lies_within_what_is_shown(held, french) -> None:
    table = panels.enterprises_by_place(held, "district", DIVISION)
    truth = krugman(table, table.sum())
    for code in table.index:
        figure = variety.unlike(french, french.known[code])
        low = figure.low if figure.low is not None else figure.value
        high = figure.high if figure.high is not None else figure.value
        assert low - 0.005 <= truth[code] <= high + 0.005, code


def test_related_variety_is_not_measured_where_groups_are_not_shown(french) -> None:
    figure = variety.within(french, french.known["62063"])
    assert (figure.state, figure.value) == (State.NOT_MEASURED, None)
    assert variety.between(french, french.known["62063"]).value is not None


def test_the_reference_is_like_itself(french) -> None:
    figure = variety.unlike(french, french.reference)
    assert (figure.value, figure.state) == (0.0, State.ZERO)


def test_typical_sectors_are_surely_above_and_not_tiny(held, french) -> None:
    for code in ("60000", *DISTRICTS, "62063", "10000", "EFE-LIEGE"):
        place = french.known[code]
        found = typical.typical(french, place)
        assert 0 < len(found) <= typical.MOST
        values = [one.quotient.value for one in found]
        assert values == sorted(values, reverse=True)
        for one in found:
            assert one.quotient.low > 1
            assert one.enterprises.value >= typical.FEWEST
            assert one.quotient == french.quotient(place, one.activity.code)
    assert typical.typical(french, french.reference) == ()


def test_typical_sectors_are_the_highest_of_all_that_may_be_shown(french) -> None:
    place = french.known["63000"]
    every = [
        (french.quotient(place, a.code), french.count(place, "enterprises", a.code), a.code)
        for a in french.tree.of_level(GROUP)
    ]
    kept = sorted(
        (
            (-q.value, code)
            for q, n, code in every
            if q.value is not None and q.low > 1 and n.value >= typical.FEWEST
        ),
    )
    assert [one.activity.code for one in typical.typical(french, place)] == [
        code for _value, code in kept[: typical.MOST]
    ]
    assert typical.count_of(french, place) == len(kept)


def test_the_census_is_counted_by_province_and_its_shares_are_those_of_the_table(
    held, french
) -> None:
    rows = _rows(held, "census_jobs")
    here = rows[rows.territory == "BE33"]
    figure = census.women(french, french.known["60000"])
    assert figure.value == pytest.approx(
        100 * here[here.sex == "women"].persons.sum() / here.persons.sum()
    )
    stated = here[here.education != "UNK"]
    women = stated[stated.sex == "women"]
    high = women[women.education.isin(["ED5", "ED6"])].persons.sum()
    figure = census.tertiary(french, french.known["60000"], (census.WOMEN,))
    assert figure.value == pytest.approx(100 * high / women.persons.sum())
    walloon = rows[rows.territory.isin(["BE31", "BE32", "BE33", "BE34", "BE35"])]
    figure = census.women(french, french.known["03000"])
    assert figure.value == pytest.approx(
        100 * walloon[walloon.sex == "women"].persons.sum() / walloon.persons.sum()
    )
    # Those who work abroad are in no province, and not in the country.
    inside = rows[rows.territory != "FOR"]
    figure = census.women(french, french.known["01000"])
    assert figure.value == pytest.approx(
        100 * inside[inside.sex == "women"].persons.sum() / inside.persons.sum()
    )
    assert census.women(french, french.known["62000"]).state is State.NOT_MEASURED


def test_a_share_of_fewer_than_five_persons_is_hidden(held, french) -> None:
    rows = _rows(held, "census_jobs")
    sums = rows.groupby(["territory", "activity", "sex"]).persons.sum()
    small = sums[(sums > 0) & (sums < 5)]
    hidden = 0
    for region, section, _sex in small.index:
        for place in french.known.tree():
            if place.level == "province" and census._regions(
                french, census.census(held), place
            ) == {region}:
                figure = census.women(french, place, section)
                assert figure.value is None
                hidden += 1
    assert hidden > 0
    assert hidden == len([r for (r, _a, _s) in small.index if r not in ("BE10", "FOR")])


# The choice


def test_without_a_choice_ours_stands_with_its_districts_and_what_it_lies_in(french) -> None:
    assert usual(french) == ("60000", *DISTRICTS, "03000")


def test_a_choice_is_written_in_the_address_and_read_back(french) -> None:
    choice = asked(french, "62000, 63000,62000,52000", "25")
    assert choice.codes == ("62000", "63000", "52000")
    assert choice.address() == f"{PAGE}?territoires=62000,63000,52000&secteur=25"
    assert choice.without("63000") == f"{PAGE}?territoires=62000,52000&secteur=25"
    assert choice.with_("03000").endswith("62000,63000,52000,03000&secteur=25")
    many = asked(french, ",".join(p.code for p in french.known.within("60000", "municipality")))
    assert len(many.codes) == MOST
    assert many.full
    with pytest.raises(InputError, match="99999"):
        asked(french, "99999")


@pytest.mark.parametrize(
    ("said", "code"),
    [("25", "25"), ("24.10", "2410"), ("métallurgie", "24"), ("c", "C"), ("zzzz", ""), ("", "")],
)
def test_a_sector_is_asked_for_by_its_code_or_in_words(french, said, code) -> None:
    assert asked(french, "62000", said).sector == code


@pytest.mark.parametrize(
    ("query", "first"),
    [("verv", "63079"), ("LIEGE", "62063"), ("62000", "62000"), ("wallon", "03000")],
)
def test_a_territory_is_found_by_a_piece_of_its_name_or_its_code(held, query, first) -> None:
    known = places(held)
    found = [place.code for place in find(known, query, "fr")]
    assert first in found
    assert first not in [p.code for p in find(known, query, "fr", [first])]
    assert find(known, "", "fr") == []


# The page


def test_every_indicator_of_every_territory_says_its_state_period_and_source(held) -> None:
    page = compare_page(held, "fr", "60000,62000,62063,10000,EFE-LIEGE,11002-2025")
    assert len(page.groups) == len(GROUPS)
    for side in page.sides:
        for group in page.groups:
            for indicator in group.indicators:
                figure = page.of(side, indicator)
                assert figure.territory == side.place.name("fr")
                assert figure.origin.publisher
                assert re.fullmatch(r"\d{4}(-Q\d)?(/\d{4})?", figure.period)
                assert (figure.value is None) == (figure.state not in (State.OBSERVED, State.ZERO))


def test_each_group_of_indicators_is_of_one_table_and_on_the_page(held) -> None:
    page = compare_page(held, "fr")
    for group in page.groups:
        for side in page.sides:
            for indicator in group.indicators:
                figure = page.of(side, indicator)
                if figure.value is not None:
                    assert figure.origin.table == group.table, indicator.name
    assert {g.name for g in GROUPS} == {FIRST, *(name for row in ROWS for name in row)}


def test_the_title_says_who_differs_beyond_chance(held) -> None:
    page = compare_page(held, "fr")
    over, below, others = words.stand_out(page, page.group(FIRST).lead())
    assert (len(over), len(below), others) == (0, 5, 6)
    assert words.title(page).replace("\xa0", " ") == (
        "Sur 6 territoires, 5 créent nettement moins d’entreprises que la référence (Belgique)."
    )
    mixed = compare_page(held, "fr", "62000,63000,52000")
    assert "1 crée nettement plus" in words.title(mixed)
    assert "1 nettement moins" in words.title(mixed)
    alone = compare_page(held, "fr", "62000")
    assert "ajoutez un territoire" in words.title(alone)
    both = compare_page(held, "fr", "61000,63000")
    assert words.title(both).startswith("Aucun de ces 2 territoires")


def test_different_levels_and_years_are_said(held, reader) -> None:
    text = _read(reader, "?territoires=62063,03000")
    assert "Des niveaux différents." in text
    assert "commune et région" in text
    text = _read(reader, "?territoires=62000,63000")
    assert "Des niveaux différents." not in text
    assert "Des périodes différentes." in text


def test_one_sector_is_set_side_by_side_and_hidden_where_it_is_hidden(held, reader) -> None:
    page = compare_page(held, "fr", "62000,61000,62063", "0891")
    states = {s.place.code: s.enterprises.state for s in page.sector_sides}
    assert states["62063"] is State.NOT_MEASURED
    for side in page.sector_sides:
        if side.enterprises.value is None:
            assert side.quotient.value is None
    text = _read(reader, "?territoires=62000,63000&secteur=25")
    assert "spécialité nette, Arr. de Liège et Arr. de Verviers" in text


def test_a_territory_is_added_by_its_name_and_taken_away_without_a_script(reader) -> None:
    text = _read(reader, "?territoires=62000,63000&q=charleroi")
    assert f'href="{PAGE}?territoires=62000,63000,52000"' in text
    assert f'href="{PAGE}?territoires=63000"' in text
    full = _read(reader, "")
    assert "6 territoires au plus" in full
    assert 'id="q-place"' not in full
    nothing = _read(reader, "?territoires=62000&q=zzzz")
    assert "Aucun territoire ne s’appelle « zzzz »" in nothing


@pytest.mark.parametrize(
    "query",
    ["", "?territoires=01000", "?territoires=11002-2025,62063", "?territoires=EFE-LIEGE,62000",
     "?territoires=62000&secteur=zzzz", "?territoires=62000,63000&secteur=métallurgie"],
)  # fmt: skip
def test_every_choice_has_a_page(reader, query) -> None:
    assert reader.get(PAGE + query).status_code == 200


def test_a_code_that_is_no_territory_is_not_found(reader) -> None:
    assert reader.get(PAGE + "?territoires=99999").status_code == 404
    assert reader.get(PAGE + "?territoires=-----").status_code == 404


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_each_table_is_a_file_with_its_sources(held, reader, suffix) -> None:
    page = compare_page(held, "fr", "", "25")
    for _label, xlsx, plain in charts.files(page):
        answer = reader.get(xlsx if suffix == "xlsx" else plain)
        assert answer.status_code == 200
    assert reader.get(f"{PAGE}rien.{suffix}").status_code == 404


def test_the_document_says_the_same(reader) -> None:
    answer = reader.get("/documents/comparer/62000,63000.pdf?secteur=25")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


def test_a_masked_count_hides_what_is_made_of_it(held, french) -> None:
    """Enterprises for 1,000 inhabitants, rates and balances of small places follow their counts."""
    for place in french.known.within("64000", "municipality"):
        side = compare_page(held, "fr", place.code).sides[0]
        starts = french.counts(place.code, "starts").value
        if starts is None:
            assert side.figures["start_rate"].value is None
            assert side.figures["balance"].value is None
        if french.counts(place.code, "enterprises").value is None:
            assert side.figures["density"].value is None
