"""The replay sets expectations with what was known then, reviews them as any other, and says what it is."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from scipy import stats

from perron.lake.provenance import State
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue, Lake
from perron.site.components.downloads import export_of
from perron.site.ledger.replay import charts, selectors
from perron.site.ledger.replay.selectors import COUNTED, END, START, expect_from, replay


@pytest.fixture(scope="module")
def held(shipped_home: Path) -> Catalogue:
    return Lake(shipped_home / "lake").current()


def series(values: dict[int, float | None]) -> dict[str, Cell]:
    return {
        str(year): Cell(value, State.UNKNOWN if value is None else State.OBSERVED)
        for year, value in values.items()
    }


def test_no_later_year_and_nothing_before_a_gap_enters_an_expectation():
    draw = Random(2010)
    before = {year: 100.0 + draw.random() for year in range(2000, 2011)}
    found = expect_from(series(before), START, END)
    for _n in range(50):
        later = {year: draw.choice([None, draw.random() * 1e6]) for year in range(2011, 2030)}
        assert expect_from(series({**before, **later}), START, END) == found
    assert found is not None and list(found[0]) == [str(y) for y in range(2000, 2011)]
    gap = expect_from(series({**before, 2003: None, 1995: 5.0}), START, END)
    assert gap is not None and list(gap[0]) == [str(y) for y in range(2004, 2011)]
    assert expect_from(series({2008: 1.0, 2009: 1.0, 2010: 1.0}), START, END) is None
    assert expect_from(series({**before, 2010: None}), START, END) is None


def test_the_whole_replay_is_that_of_the_table_read_apart(held: Catalogue):
    rows = pq.read_table(held.snapshot("regional_jobs").path).to_pandas()
    rows = rows[(rows.dataset == "nama_10r_3empers") & (rows.territory == "BE33")]
    found = replay(held, "fr")
    inside = 0
    for line in found.lines:
        of = rows[rows.activity == line.group].set_index("period").jobs
        then = np.log(of[(of.index <= START)].sort_index().to_numpy())
        steps, count = np.diff(then), len(then) - 1
        spread = ((steps - steps.mean()) ** 2).sum() / (count - 1) * (8 + 64 / count)
        reach = stats.t(count - 1).ppf(0.9) * spread**0.5
        low, high = np.exp(then[-1] + 8 * steps.mean() + np.array([-1, 1]) * reach)
        assert (line.expected.low, line.expected.high) == pytest.approx((low, high))
        assert line.draft.figure.value == of[END]
        verdict = "below" if of[END] < low else "above" if of[END] > high else "held"
        assert line.draft.verdict == verdict
        inside += verdict == "held" and line.counted
    assert len(found.judged) == len(COUNTED)
    assert found.ended("held") == inside
    assert f"Sur {len(COUNTED)} attentes posées en 2010, {inside} ont tenu" in charts.title(found)


def test_the_review_is_that_of_any_expectation_with_its_comparator(held: Catalogue):
    whole = next(line for line in replay(held, "fr").lines if line.group == "C")
    assert whole.draft.grade == "attested"
    assert whole.draft.ready
    assert whole.draft.comparator_change == pytest.approx(100 * (508500 / 544800 - 1))
    assert "Belgique" in whole.draft.said and "le comparateur" in whole.draft.said


def test_the_page_says_how_many_held_and_that_nobody_set_them(reader: Client, held: Catalogue):
    page = reader.get(reverse("ledger-replay"))
    assert page.status_code == 200
    text = page.content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", text).group(1).replace("\xa0", " ")
    assert heading == charts.title(replay(held, "fr"))
    for said in (
        "Personne à l’agence ne les a posées",
        "édition d’aujourd’hui",
        "80 chances sur 100",
    ):
        assert said in text.replace("\xa0", " ")
    for name in ("attentes", "emplois"):
        for suffix in ("csv", "xlsx"):
            file = reader.get(reverse("ledger-replay-download", args=[name, suffix]))
            assert (file.status_code, bool(file.content)) == (200, True)
    assert reader.get(reverse("ledger-replay-download", args=["autre", "csv"])).status_code == 404
    assert reader.get(reverse("ledger-replay-download", args=["emplois", "exe"])).status_code == 404


def test_the_file_holds_every_sector_with_its_range(held: Catalogue):
    export = export_of(charts.table(replay(held, "fr")))
    rows = list(export.rows)
    assert len(rows) == len(replay(held, "fr").lines)
    assert any("Eurostat" in str(cell) for cell in rows[0])


@pytest.mark.parametrize(
    "kept", [(), ("refnis",), ("refnis", "refnis_nuts"), ("refnis", "regional_jobs")]
)
def test_a_lake_without_the_tables_asks_for_them(
    reader: Client, held: Catalogue, kept: tuple[str, ...], monkeypatch: Any
):
    tables = {name: held.tables[name] for name in kept}
    versions = tuple(v for v in held.versions if v[0] in kept)
    bare = Catalogue(held.root, held.number, versions, tables)
    found = selectors.replay(bare, "fr")
    assert found.lines == ()
    monkeypatch.setattr("perron.site.ledger.replay.views.catalogue", lambda: bare)
    page = reader.get(reverse("ledger-replay"))
    assert page.status_code == 200
    assert "perron data load" in page.content.decode().replace("\xa0", " ")
    assert reader.get(reverse("ledger-replay-download", args=["emplois", "csv"])).status_code == 404
