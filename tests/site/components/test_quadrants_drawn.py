"""What the quadrants promise: no mark for a hidden value, names that never lie on one another."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.site.components.conftest import ORIGIN

from perron.lake.provenance import State, state_of
from perron.site.components.quadrants import (
    _LETTER,
    _LINE,
    _WIDTHS,
    HEIGHT,
    Plot,
    Point,
    QuadrantChart,
    drawing,
    ratio_scale,
)


def _figure(value, low=None, high=None, state=None):
    from perron.lake.provenance import Figure

    return Figure(
        "Mesure",
        value,
        state or state_of(value),
        "Huy",
        "2019",
        ORIGIN,
        decimals=2,
        low=low,
        high=high,
    )


def _chart(points):
    return QuadrantChart(
        title="Titre.",
        says="Unité, 2019.",
        points=points,
        corners=("Opportunités", "Forces", "Faiblesses", "Menaces"),
        x_label="quotient",
        y_label="voisinage",
        table_id="secteurs",
    )


def _point(code, x, y, kind=2, weight=1.0, tag="Un nom"):
    return Point(code, f"Secteur {code}", tag, x, y, kind, weight, f"#secteurs-{code}")


POINTS = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0, 3), st.integers(0, 4), st.floats(0, 1e4)),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(POINTS, st.integers(3, 30))
def test_no_name_lies_on_another_at_any_width(drawn, letters) -> None:
    points = [
        _point(str(i), _figure(x), _figure(y), kind, weight, "x" * letters)
        for i, (x, y, kind, weight) in enumerate(drawn)
    ]
    plot = drawing(_chart(points))
    named = [m for m in plot.marks if m.label_anchor]
    assert all(m.kind for m in named), "a point of no quadrant has no name"
    for width in _WIDTHS:
        for one, other in combinations([_box(m, width, letters) for m in named], 2):
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart


@settings(max_examples=60, deadline=None)
@given(POINTS)
def test_every_mark_is_inside_the_drawing_and_every_value_has_one(drawn) -> None:
    points = [
        _point(str(i), _figure(x), _figure(y), kind) for i, (x, y, kind, _w) in enumerate(drawn)
    ]
    plot = drawing(_chart(points))
    assert {m.code for m in plot.marks} == {p.code for p in points}
    for mark in plot.marks:
        assert 0 <= float(mark.x.rstrip("%")) <= 100
        assert 0 <= float(mark.y) <= HEIGHT


def _box(mark, width, letters):
    x = float(mark.x.rstrip("%")) / 100 * width + float(mark.label_x)
    y = float(mark.y) + float(mark.label_y)
    long = letters * _LETTER
    left = {"start": x, "end": x - long, "middle": x - long / 2}[mark.label_anchor]
    # Positions are written in hundredths of a percent.
    slack = width * 1e-4
    return left + slack, y - _LINE / 2, left + long - slack, y + _LINE / 2


def _marks(plot: Plot):
    return {mark.code: mark for mark in plot.marks}


@pytest.mark.parametrize("state", [State.SUPPRESSED, State.UNKNOWN, State.NOT_MEASURED])
def test_a_value_that_may_not_be_shown_leaves_no_mark(state, draw) -> None:
    hidden = _figure(None, state=state)
    chart = _chart(
        [
            _point("vu", _figure(2.0, 1.5, 2.5), _figure(1.5, 1.2, 1.8)),
            _point("caché", hidden, _figure(1.5)),
            _point("aussi", _figure(2.0), hidden),
        ]
    )
    assert set(_marks(drawing(chart))) == {"vu"}
    text = draw("{% quadrant_plot chart %}", chart=chart)
    assert text.count('class="point') == 1
    assert "caché" not in text


def test_a_value_beyond_the_axis_ends_in_an_arrow_and_its_text_says_it(draw) -> None:
    chart = _chart(
        [_point("a", _figure(40.0), _figure(1.5)), _point("b", _figure(0.0), _figure(0.5))]
    )
    marks = _marks(drawing(chart))
    assert (marks["a"].beyond, marks["a"].x) == ("right", "100%")
    assert (marks["b"].beyond, marks["b"].x) == ("left", "0%")
    assert "quotient 40,00" in marks["a"].text
    assert draw("{% quadrant_plot chart %}", chart=chart).count("<path d=") == 2


def test_the_lines_are_at_one_and_half_is_as_far_as_twice() -> None:
    scale = ratio_scale([0.3, 3.0])
    assert scale.share(2.0) - scale.share(1.0) == pytest.approx(scale.share(1.0) - scale.share(0.5))
    plot = drawing(_chart([_point("a", _figure(1.0), _figure(1.0))]))
    mark = _marks(plot)["a"]
    assert (mark.x, mark.y) == (plot.line_x, plot.line_y)


def test_the_undecided_lie_below_and_intervals_are_drawn() -> None:
    sure = _point("sûr", _figure(2.0, 1.5, 2.5), _figure(1.5, 1.2, 1.8), kind=2)
    unsure = _point("indécis", _figure(1.1, 0.8, 1.4), _figure(1.0), kind=0, weight=1e6)
    plot = drawing(_chart([sure, unsure]))
    assert [mark.code for mark in plot.marks] == ["indécis", "sûr"]
    mark = _marks(plot)["sûr"]
    left, right = (float(end.rstrip("%")) for end in mark.across)
    low, high = (float(end) for end in mark.along)
    assert left < float(mark.x.rstrip("%")) < right
    assert low > float(mark.y) > high  # pixels go down


def test_every_point_answers_to_a_screen_reader_and_leads_to_its_row(draw) -> None:
    chart = _chart([_point("25", _figure(1.46, 1.17, 1.95), _figure(0.65, 0.45, 0.82), kind=4)])
    text = draw("{% quadrant_plot chart %}", chart=chart)
    assert 'href="#secteurs-25"' in text
    label = re.search(r'aria-label="(Secteur[^"]*)"', text)
    assert label is not None
    assert label[1] == (
        "Secteur 25 : quotient 1,46 (1,17 à 1,95), voisinage 0,65 (0,45 à 0,82), Menaces"
    )
    assert " style=" not in text
