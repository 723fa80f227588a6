"""What a map promises: suppression is hatched, each class is counted, names never overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perron.lake.provenance import State
from perron.site.components.maps import Choropleth, Unit, class_of, drawing, round_breaks


@pytest.fixture
def chart(make):
    values = [0.4, 0.9, 1.6, 3.4, None, 0.0, None, None]
    states = [State.OBSERVED] * 4 + [
        State.SUPPRESSED,
        State.ZERO,
        State.UNKNOWN,
        State.NOT_MEASURED,
    ]
    units = [
        Unit(f"u{i}", f"Commune {i}", "M0 0l9 9z", 100.0 * i, 50.0, make(v, state=s, decimals=1))
        for i, (v, s) in enumerate(zip(values, states, strict=True))
    ]

    def made(**given):
        fields = {"title": "T", "says": "U, 2019.", "units": units, "breaks": (0.8, 1.25, 2, 3),
                  "width": 1000.0, "height": 700.5, "why": "moins de 3 entreprises"}  # fmt: skip
        return Choropleth(**(fields | given))

    return made


def test_a_suppressed_unit_is_hatched_and_its_value_is_nowhere(chart, draw):
    html = draw("{% choropleth chart %}", chart=chart())
    assert html.count('class="c suppressed" fill="url(#map-hatch)"') == 1
    assert "Commune 4 : supprimé" in html


def test_the_four_states_have_four_shapes(chart):
    shapes = {shape.css for shape in drawing(chart()).shapes}
    assert {"suppressed", "zero", "unknown", "not_measured"} <= shapes


def test_the_key_counts_every_unit_once(chart):
    drawn = drawing(chart())
    assert sum(key.count for key in [*drawn.classes, *drawn.states]) == 8
    assert [key.count for key in drawn.classes] == [1, 0, 1, 1, 1]
    said = drawn.states[0].text.replace("\u00a0", " ")
    assert said == "supprimé : moins de 3 entreprises"


def test_a_zero_is_not_the_lowest_class(chart):
    assert drawing(chart()).shapes[5].css == "zero"


def test_the_map_is_said_in_a_sentence(chart):
    said = drawing(chart()).summary
    assert "Carte de 8 unités." in said
    assert "3 et plus : 1." in said


def test_a_unit_leads_to_its_row_when_a_table_is_there(chart, draw):
    assert 'href="#communes-u3"' in draw("{% choropleth chart %}", chart=chart(table_id="communes"))
    assert "<a class=" not in draw("{% choropleth chart %}", chart=chart())


def test_names_that_would_touch_are_left_out(chart):
    labels = drawing(chart(labels=["u1", "u2", "u5"])).labels
    assert [label.name for label in labels] == ["Commune 1", "Commune 2", "Commune 5"]
    assert [label.name for label in labels if not label.desk_only] == ["Commune 1", "Commune 5"]
    crowded = drawing(chart(labels=["u1", "u2", "u5"], width=2000.0)).labels
    assert [label.name for label in crowded] == ["Commune 1", "Commune 5"]


def test_more_than_four_limits_are_refused(chart):
    with pytest.raises(ValueError, match="more than five classes"):
        drawing(chart(breaks=(1, 2, 3, 4, 5)))


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=200))
def test_limits_never_leave_the_first_class_empty(values):
    breaks = round_breaks(values)
    assert len(breaks) <= 4
    assert class_of(min(values), breaks) == 1


def test_the_box_of_the_map_keeps_its_decimal_point(chart, draw):
    assert 'viewBox="0 0 1000 700.5"' in draw("{% choropleth chart %}", chart=chart())
