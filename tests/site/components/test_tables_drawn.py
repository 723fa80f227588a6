"""What a table promises: states in words, sortable values, rows that a map can find."""

from __future__ import annotations

from perron.lake.provenance import State
from perron.site.components.tables import LONG, Column, Table, TableRow

COLUMNS = (Column("Entreprises"),)


def _table(rows, columns=COLUMNS, **given):
    fields = {"title": "T", "says": "2019.", "first": "Commune", "columns": columns, "rows": rows}
    return Table(**(fields | given))


def test_a_word_of_state_has_no_value_to_sort_by(draw, make):
    rows = [TableRow("Spa", [make(None, state=State.SUPPRESSED)]), TableRow("Huy", [make(1234.0)])]
    html = draw("{% data_table table %}", table=_table(rows))
    assert 'data-v="1234.0">1\u202f234</td>' in html
    assert '<span class="state suppressed">supprimé</span></td>' in html
    assert html.count("data-v=") == 1


def test_a_zero_sorts_as_a_number(draw, make):
    html = draw("{% data_table table %}", table=_table([TableRow("Spa", [make(0.0)])]))
    assert 'data-v="0"' in html
    assert "zéro" in html


def test_rows_carry_the_code_that_the_map_looks_for(draw, make):
    rows = [TableRow("Huy", [make()], code="61031")]
    html = draw("{% data_table table %}", table=_table(rows, id="communes"))
    assert '<tr id="communes-61031" data-code="61031">' in html


def test_the_order_given_is_announced(draw, make):
    table = _table([TableRow("Huy", [make()])], sorted_by=1, descending=True)
    assert 'aria-sort="descending"' in draw("{% data_table table %}", table=table)


def test_only_a_long_table_gets_a_filter(draw, make):
    short = [TableRow(str(i), [make()]) for i in range(LONG - 1)]
    assert 'class="filter"' not in draw("{% data_table table %}", table=_table(short))
    long = [*short, TableRow("x", [make()])]
    assert 'class="filter"' in draw("{% data_table table %}", table=_table(long))


def test_an_interval_column_writes_bounds_and_a_change_its_sign(draw, make):
    columns = (Column("Intervalle", interval_of=True), Column("Solde", signed=True))
    rows = [TableRow("Huy", [make(1.4, low=1.3, high=1.5, decimals=1), make(15.0)])]
    html = draw("{% data_table table %}", table=_table(rows, columns))
    assert "1,3 à 1,5" in html
    assert "+15" in html


def test_every_cell_says_its_column_for_the_cards_of_a_phone(draw, make):
    html = draw("{% data_table table %}", table=_table([TableRow("Huy", [make()])]))
    assert 'data-l="Entreprises"' in html


def test_a_tiny_probability_is_said_to_be_below_the_least_written_one(draw, make):
    columns = (Column("q", decimals=3, least=0.001),)
    rows = [TableRow("a", [make(1e-9, decimals=3)]), TableRow("b", [make(0.002, decimals=3)])]
    html = draw("{% data_table table %}", table=_table(rows, columns))
    assert 'data-v="1e-09">&lt;\u00a00,001</td>' in html
    assert ">0,002</td>" in html


def test_both_names_of_a_row_may_lead_somewhere(draw, make):
    rows = [TableRow("Usinage", [make()], sub="avec Forge", href="/a/", sub_href="/b/")]
    html = draw("{% data_table table %}", table=_table(rows))
    assert '<a href="/a/">Usinage</a>' in html
    assert '<span class="sub"><a href="/b/">avec Forge</a></span>' in html
