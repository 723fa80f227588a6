"""What charts promise: no mark for a hidden value, no invented point, no false zero."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perron.lake.provenance import State
from perron.site.components.charts import (
    LABEL_GAP,
    LineChart,
    Row,
    RowChart,
    Series,
    bar,
    dot,
    plot,
    spread,
)
from perron.site.components.scales import Scale, round_scale
from perron.site.components.tables import Column


def _chart(rows, **given):
    fields = {"title": "Titre", "says": "Unité, 2019.", "label": "Territoire", "value": "Quotient"}
    return RowChart(rows=rows, **(fields | given))


@given(
    st.lists(
        st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-6), min_size=1, max_size=30
    )
)
def test_a_round_scale_holds_zero_and_every_value(values):
    scale = round_scale(values)
    assert scale.low <= 0 <= scale.high
    assert scale.low < scale.high
    slack = 1e-6 * (scale.high - scale.low)
    assert all(scale.low - slack <= v <= scale.high + slack for v in values)


@given(st.lists(st.floats(0, 230), min_size=1, max_size=8))
def test_labels_never_touch_and_keep_their_order(wanted):
    placed = spread(wanted, 0, 230)
    assert all(
        b - a >= LABEL_GAP - 0.05 for a, b in zip(sorted(placed), sorted(placed)[1:], strict=False)
    )
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    assert [placed[i] for i in order] == sorted(placed)


@pytest.mark.parametrize("state", [State.SUPPRESSED, State.UNKNOWN, State.NOT_MEASURED])
def test_a_value_that_may_not_be_shown_leaves_no_mark(make, draw, state):
    hidden = make(None, state=state)
    assert dot(hidden, Scale(0, 2)).point == ""
    assert bar(hidden, Scale(0, 2)).width == ""
    html = draw("{% dotplot chart %}", chart=_chart([Row("Spa", hidden)]))
    assert "<circle" not in html
    assert f"state {state.value}" in html


def test_a_value_beyond_the_axis_is_an_arrow_not_a_point_at_the_edge(make, draw):
    far = make(9.0, low=2.5, high=11.0)
    mark = dot(far, Scale(0, 3))
    assert mark.point == ""
    assert mark.clipped_high
    html = draw("{% dotplot chart %}", chart=_chart([Row("A", far), Row("B", make(1.0))], high=3))
    assert html.count("<circle") == 1
    assert 'class="tip"' in html


def test_a_negative_bar_ends_at_zero(make):
    mark = bar(make(-50.0), Scale(-100, 100))
    assert (mark.x, mark.width, mark.zero) == ("25%", "25%", "50%")


def test_the_table_of_a_chart_holds_every_value_and_interval(make, draw):
    rows = [
        Row(
            "Verviers", make(1.78, low=1.61, high=1.97, decimals=2), cells=(make(383.0), make(15.0))
        )
    ]
    chart = _chart(rows, columns=("Entreprises", Column("Solde", signed=True)), reference=1.0)
    html = draw("{% dotplot chart %}", chart=chart)
    for said in ("Verviers", "1,78", "1,61 à 1,97", "383", "+15", "Graphique, de 0 à 2"):
        assert said in html


def _line(make, values, **given):
    periods = [str(2010 + i) for i in range(len(values))]
    figures = [
        None if v is None else make(v, period=p) for v, p in zip(values, periods, strict=True)
    ]
    return LineChart("Titre", "Unité.", periods, [Series("Liège", figures)], **given)


def test_a_missing_period_breaks_the_line(make):
    drawn = plot(_line(make, [1.0, 2.0, None, 4.0, 5.0]))
    assert drawn.traces[0].path.count("M") == 2
    assert not re.search(r"\b50 ", drawn.traces[0].path)


def test_a_lone_value_between_two_gaps_is_a_point(make):
    drawn = plot(_line(make, [1.0, 2.0, None, 4.0, None, 5.0, 6.0]))
    assert drawn.traces[0].lone == [("50%", drawn.traces[0].lone[0][1])]


def test_a_suppressed_period_is_neither_drawn_nor_shown(make, draw):
    chart = _line(make, [1.0, 2.0, 3.0])
    hidden = make(None, state=State.SUPPRESSED, period="2012")
    series = Series("Liège", [*chart.series[0].figures[:2], hidden])
    html = draw("{% line chart %}", chart=LineChart("T", "U.", chart.periods, [series]))
    assert "state suppressed" in html
    assert plot(LineChart("T", "U.", chart.periods, [series])).traces[0].end == ("50%", "0")


def test_an_axis_that_does_not_start_at_zero_says_so(make, draw):
    values = [100.0, 95.0, 88.0]
    cut = draw("{% line chart %}", chart=_line(make, values, from_zero=False, reference=100))
    assert "L’échelle commence à 85." in cut
    whole = draw("{% line chart %}", chart=_line(make, values))
    assert "L’échelle commence" not in whole


def test_coordinates_are_never_written_with_a_decimal_comma(make, draw):
    html = draw("{% line chart %}", chart=_line(make, [1.5, 2.25, 3.1]))
    html += draw("{% dotplot chart %}", chart=_chart([Row("A", make(1.234, low=1.1, high=1.4))]))
    for attribute in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "d"):
        for value in re.findall(rf'\b{attribute}="([^"]*)"', html):
            assert "," not in value


def test_a_marked_period_has_a_ring_on_its_line_and_one_without_a_value_has_none(make, draw):
    figures = [make(1), make(3), None, make(2)]
    series = Series("Liège", figures, kind=3, marks=("2001", "2002"))
    chart = LineChart("T", "U.", ["2000", "2001", "2002", "2003"], [series])
    assert [text for _x, _y, text in plot(chart).traces[0].marks] == ["2001"]
    html = draw("{% line chart %}", chart=chart)
    assert html.count('class="ring d3"') == 1
    assert ">2001</text>" in html
