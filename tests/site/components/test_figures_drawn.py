"""A figure is never a bare number: its state, its age and its answer to "d'où ?" come with it."""

from __future__ import annotations

import pytest

from perron.lake.provenance import State

FACT = '<dl class="facts">{% fact figure %}</dl>'


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.SUPPRESSED, "supprimé"),
        (State.ZERO, "zéro"),
        (State.UNKNOWN, "inconnu"),
        (State.NOT_MEASURED, "non mesuré"),
    ],
)
def test_each_state_is_said_in_its_own_word(draw, make, state, word):
    value = 0.0 if state is State.ZERO else None
    for template in (FACT, "{% figure figure %}", "{% state figure.state %}"):
        html = draw(template, figure=make(value, state=state))
        assert f'class="state {state.value}">{word}</span>' in html
    others = {"supprimé", "zéro", "inconnu", "non mesuré"} - {word}
    assert not [
        o
        for o in others
        if f">{o}<" in draw("{% figure figure %}", figure=make(value, state=state))
    ]


def test_a_fact_shows_value_interval_period_and_everything_behind(draw, make):
    figure = make(1.434, low=1.34, high=1.52, decimals=2, interval="à 95 %", method="quotient")
    html = draw(FACT, figure=figure)
    for said in ("1,43", "1,34 à 1,52 · 2019", "Huy", "Statbel, entreprises", "Statbel open data",
                 "23 novembre 2026", "quotient", "1,34 à 1,52, à 95 %", "7 ans"):  # fmt: skip
        assert said in html


def test_an_interval_that_is_not_published_is_said_so(draw, make):
    html = draw("{% provenance figure %}", figure=make())
    assert 'class="state not_measured">non publié' in html


def test_a_stale_figure_looks_stale_and_says_its_limit(draw, make):
    html = draw(FACT, figure=make(limit_years=3))
    assert 'class="v stale"' in html
    assert '<span class="tag old">7 ans</span>' in html
    assert "limite 3 ans" in html


def test_a_recent_figure_carries_no_alarm(draw, make):
    html = draw(FACT, figure=make(limit_years=10))
    assert "stale" not in html
    assert "tag old" not in html
    assert "7 ans, limite 10 ans" in html


def test_the_age_of_what_nobody_counted_is_not_shown(draw, make):
    html = draw(FACT, figure=make(None, state=State.NOT_MEASURED, limit_years=3))
    assert '<span class="tag old">7 ans</span>' not in html


def test_numbers_follow_the_language_of_the_page(draw, make):
    figure = make(1234.5, decimals=1)
    assert "1\u202f234,5" in draw("{% figure figure %}", figure=figure)
    assert "1,234.5" in draw("{% figure figure %}", "en", figure=figure)


def test_links_to_table_and_csv_say_what_they_are_about(draw, make):
    html = draw('{% provenance figure table="#t" csv="/x.csv" %}', figure=make())
    assert '<a href="#t">' in html
    assert '<a href="/x.csv">CSV<span class="vh">, Entreprises</span>' in html


def test_a_source_line_names_source_period_and_age(draw, make):
    html = draw('{% source_line figure csv="/x.csv" about="carte" %}', figure=make(limit_years=3))
    said = html.replace("\u00a0", " ")
    assert "Source : Statbel, entreprises assujetties à la TVA, 2019." in said
    assert "7 ans, à actualiser" in html
    origin = draw("{% source_line figure.origin %}", figure=make())
    assert "extrait le 23 novembre 2026" in origin


def test_what_a_source_wrote_is_escaped(draw, make):
    html = draw(FACT, figure=make(method="<script>alert(1)</script>", territory="A & B"))
    assert "<script>" not in html
    assert "A &amp; B" in html


@pytest.mark.parametrize("grade", ["attested", "probable", "claimed", "not_measured"])
def test_a_degree_of_proof_is_a_shape_and_a_word(draw, grade):
    words = {
        "attested": "attesté",
        "probable": "probable",
        "claimed": "déclaré",
        "not_measured": "non mesuré",
    }
    html = draw("{% grade grade %}", grade=grade)
    assert words[grade] in html
    assert "<circle" in html
