"""An indicator read from the lake gives the published figure, or says why there is none. Never a zero."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from perron.lake.provenance import State
from perron.lake.snapshots import Catalogue, Lake
from perron.site.ledger import readings
from perron.site.ledger.models import Indicator

LIEGE, BELGIUM, COMMUNE = "60000", "01000", "62063"


@pytest.fixture
def held(shipped_home: Path, db: None) -> Catalogue:
    return Lake(shipped_home / "lake").current()


def indicator(code: str) -> Indicator:
    return Indicator.objects.get(code=code)


def test_the_shipped_indicators_are_economic_and_societal_and_every_reading_is_known(held):
    found = list(Indicator.objects.select_related("criterion"))
    assert len(found) >= 12
    assert {i.criterion.social for i in found} == {True, False}
    for each in found:
        assert readings.reading_faults(each.reading, each.parameters, held) == {}, each.code
    assert {i.code for i in found if not i.reading} >= {
        "jobs-created",
        "co2-avoided",
        "women-trained",
    }


def test_jobs_are_those_that_eurostat_publishes_for_the_regions_of_the_place(held):
    rows = pq.read_table(held.snapshot("regional_jobs").path).to_pandas()
    here = rows[
        (rows.dataset == "nama_10r_3empers") & (rows.territory == "BE33") & (rows.activity == "C")
    ].set_index("period")
    figure = readings.read(indicator("jobs-industry"), LIEGE, "2018", held)
    assert figure.value == here.jobs["2018"] == 42600
    assert (figure.state, figure.period, figure.unit) == (State.OBSERVED, "2018", "emplois")
    assert figure.origin.table == "regional_jobs"
    assert "BE33" in figure.method
    assert readings.periods(indicator("jobs-industry"), LIEGE, held) == tuple(sorted(here.index))


def test_a_period_that_the_lake_lacks_is_unknown_with_the_reason(held):
    figure = readings.read(indicator("jobs"), LIEGE, "2031", held)
    assert (figure.value, figure.state) == (None, State.UNKNOWN)
    assert "2000 à 2018" in figure.method and "2031" in figure.method


@pytest.mark.parametrize(
    ("code", "territory", "reason"),
    [
        ("jobs", COMMUNE, "régions européennes"),
        ("jobs-created", LIEGE, "une personne"),
        ("jobs", "99999", "référence des territoires"),
        ("jobs", "<script>", "référence des territoires"),
    ],
)
def test_what_nobody_measures_says_so(held, code: str, territory: str, reason: str):
    figure = readings.read(indicator(code), territory, "2018", held)
    assert (figure.value, figure.state) == (None, State.NOT_MEASURED)
    assert reason in figure.method


def test_a_lake_without_the_table_answers_not_measured(held):
    bare = Catalogue(held.root, held.number, (), {"refnis": held.tables["refnis"]})
    for each in Indicator.objects.all():
        figure = readings.read(each, LIEGE, "2018", bare)
        assert (figure.value, figure.state) == (None, State.NOT_MEASURED), each.code
        assert readings.periods(each, LIEGE, bare) == ()


@pytest.mark.parametrize("missing", ["nace", "refnis", "population"])
def test_a_lake_without_a_table_that_others_rest_on_answers_without_failing(held, missing: str):
    # Small tables alone: the register's counts would be computed again for each of these lakes.
    kept = {"nace", "refnis", "refnis_nuts", "population", "regional_jobs", "income"} - {missing}
    versions = tuple(v for v in held.versions if v[0] in kept)
    bare = Catalogue(held.root, held.number, versions, {name: held.tables[name] for name in kept})
    for each in Indicator.objects.exclude(reading=""):
        figure = readings.read(each, LIEGE, "2010", bare)
        reading = readings.reading_of(each)
        assert reading is not None
        if missing == "refnis" or reading.missing(bare):
            assert figure.state is State.NOT_MEASURED, each.code
        assert (figure.value is not None) == (figure.state is State.OBSERVED)
        readings.periods(each, LIEGE, bare)


def test_every_reader_answers_at_every_level_and_keeps_hidden_cells_hidden(held):
    tiny = Indicator(
        code="x", name="x", unit="x", reading="enterprises", parameters={"activity": "19"}
    )
    figure = readings.read(tiny, COMMUNE, "2019", held)
    assert figure.value is None or figure.value == 0 or figure.value >= 3
    for each in Indicator.objects.exclude(reading=""):
        for place in (LIEGE, BELGIUM, COMMUNE):
            for period in readings.periods(each, place, held)[-1:]:
                found = readings.read(each, place, period, held)
                assert found.state in (State.OBSERVED, State.ZERO, State.SUPPRESSED), each.code
                assert found.limit_years is None or found.limit_years > 0


def test_a_rate_has_its_interval_and_the_smallest_communes_add_up(held):
    rate = readings.read(indicator("start-rate"), LIEGE, "2019", held)
    assert rate.low < rate.value < rate.high
    small = readings.read(indicator("small-municipalities"), LIEGE, "2019", held)
    whole = readings.read(indicator("enterprises"), LIEGE, "2019", held)
    assert 0 < small.value < whole.value
    assert {o.table for o in (small.origin, *small.others)} == {"statbel_vat", "population"}


def test_the_nearest_held_period_is_at_most_two_years_away(held):
    assert readings.nearest(indicator("jobs"), LIEGE, "2019", held) == "2018"
    assert readings.nearest(indicator("jobs"), LIEGE, "2021", held) == ""
    assert readings.nearest(indicator("population"), LIEGE, "2017", held) == "2015"


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("nothing", {}, "reading"),
        ("jobs", {"activity": "ZZ"}, "parameters"),
        ("jobs", {"colour": "red"}, "parameters"),
    ],
)
def test_a_reader_refuses_what_it_does_not_ask(held, name, given, field):
    assert set(readings.reading_faults(name, given, held)) == {field}
    odd = Indicator(code="x", name="x", unit="x", reading=name, parameters=given)
    assert readings.read(odd, LIEGE, "2018", held).state is State.NOT_MEASURED


def test_choices_can_be_offered_by_a_form(held):
    for reading in readings.readings().values():
        for parameter in reading.parameters:
            choices = parameter.choices(held, "fr")
            assert choices and json.dumps(choices)
            assert len({code for code, _words in choices}) == len(choices)
