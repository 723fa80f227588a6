"""A frozen figure is shown as it was, for as long as the entry stands, whatever the lake says later."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perron.errors import InputError
from perron.lake.provenance import SHOWN, Figure, Origin, State
from perron.lake.snapshots import Catalogue, Lake
from perron.site.ledger import evidence, readings
from perron.site.ledger.chain import canonical
from perron.site.ledger.models import Indicator

EMPTY = Catalogue(Path("/nowhere"), 0, (), {})
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.floats(allow_nan=False, allow_infinity=False)
origins = st.builds(Origin, words, words, words, words, words, st.dates(), words)


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    state = draw(st.sampled_from(State))
    return Figure(
        name=draw(words),
        value=draw(numbers) if state in SHOWN else None,
        state=state,
        territory=draw(words),
        period=draw(words),
        origin=draw(origins),
        unit=draw(words),
        decimals=draw(st.integers(0, 9)),
        method=draw(words),
        low=draw(st.none() | numbers),
        high=draw(st.none() | numbers),
        interval=draw(words),
        limit_years=draw(st.none() | st.integers(0, 99)),
        others=tuple(draw(st.lists(origins, max_size=3))),
    )


@given(figures())
@settings(max_examples=150, deadline=None)
def test_a_figure_comes_back_exactly_from_the_text_of_an_entry(figure: Figure):
    text = canonical({"figures": [evidence.frozen_figure(figure, EMPTY)]})
    (back,) = evidence.thawed_all(json.loads(text))
    assert back == figure
    assert back.value is None or math.copysign(1, back.value) == math.copysign(1, figure.value)


@pytest.fixture
def held(shipped_home: Path, db: None) -> Catalogue:
    return Lake(shipped_home / "lake").current()


def test_a_reading_is_frozen_with_the_checksum_of_its_table_and_nothing_has_changed_yet(held):
    jobs = Indicator.objects.get(code="jobs-industry")
    frozen = evidence.frozen_reading(jobs, "60000", "2018", held)
    assert frozen["origin"]["sha256"] == held.snapshot("regional_jobs").manifest.sha256
    assert frozen["value"] == 42600 and frozen["asked"]["parameters"] == {"activity": "C"}
    found = evidence.since(frozen, held)
    assert (found.now, found.said) == (None, "")
    assert found.then == readings.read(jobs, "60000", "2018", held)


def test_a_later_version_stands_beside_the_figure_never_in_its_place(held):
    jobs = Indicator.objects.get(code="jobs-industry")
    frozen = evidence.frozen_reading(jobs, "60000", "2018", held)
    before = json.loads(json.dumps(frozen))
    before["origin"] |= {"version": "2020-01-01", "sha256": "0" * 64}
    same = evidence.since(before, held)
    assert same.said == "La table a changé depuis, pas ce chiffre."
    before["value"] = 41000.0
    found = evidence.since(before, held)
    assert found.then.value == 41000.0
    assert found.now is not None and found.now.value == 42600
    assert "alors 41" in found.said and "aujourd’hui 42" in found.said
    assert evidence.since(before, EMPTY).said.startswith("La table regional_jobs n’est plus")


def test_a_figure_of_a_page_that_can_not_be_read_again_says_which_version_it_is_of(held):
    origin = Origin("regional_jobs", "2020-01-01", "s", "p", "l", date(2020, 1, 1))
    frozen = evidence.frozen_figure(Figure("n", 1.0, State.OBSERVED, "t", "2018", origin), held)
    assert "2020-01-01" in evidence.since(frozen, held).said


def test_a_table_too_long_for_an_entry_is_refused_with_what_to_do():
    origin = Origin("t", "v", "s", "p", "l", date(2020, 1, 1))
    many = [
        Figure(str(n), 1.0, State.OBSERVED, "t", "2018", origin) for n in range(evidence.MOST + 1)
    ]
    assert len(evidence.frozen_figures([*many[:3], *many[:3]], EMPTY)) == 3
    with pytest.raises(InputError, match="401"):
        evidence.frozen_figures(many, EMPTY)
