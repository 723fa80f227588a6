"""An engine reads the catalogue it was given, and downloads nothing."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from datetime import date

import pytest

from perron.errors import OutsideError
from perron.lake.engines import connect
from perron.lake.measures import total
from perron.lake.snapshots import Draft, Lake

DAY = date(2026, 6, 1)
Make = Callable[..., Draft]


def value(backend: object) -> float:
    return backend.table("enterprises").enterprises.max().to_pyarrow().as_py()  # type: ignore[attr-defined,no-any-return]


def test_an_engine_is_kept_until_the_pointer_moves_then_let_go(lake: Lake, draft: Make) -> None:
    lake.publish([draft(value=1.0)], day=DAY)
    first = connect(lake.current(), "duckdb")
    assert connect(lake.current(), "duckdb") is first
    lake.publish([draft(value=2.0)], day=DAY)
    second = connect(lake.current(), "duckdb")
    assert second is not first
    assert (value(first), value(second)) == (1.0, 2.0)  # the old one still reads what it opened
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is None


def test_an_engine_of_one_lake_is_never_given_for_another(lake: Lake, draft: Make) -> None:
    other = Lake(lake.root.with_name("other"))
    lake.publish([draft(value=1.0)], day=DAY)
    other.publish([draft(value=2.0)], day=DAY)
    assert value(connect(lake.current(), "duckdb")) == 1.0
    assert value(connect(other.current(), "duckdb")) == 2.0
    assert value(connect(lake.current(), "duckdb")) == 1.0


def test_each_thread_has_its_own(lake: Lake, draft: Make) -> None:
    catalogue = lake.publish([draft()], day=DAY)
    found = [connect(catalogue, "duckdb")]
    thread = threading.Thread(target=lambda: found.append(connect(catalogue, "duckdb")))
    thread.start()
    thread.join()
    assert found[0] is not found[1]
    assert value(found[1]) == 1.0


def test_an_empty_lake_has_an_engine_without_tables(lake: Lake) -> None:
    backend = connect(lake.current(), "duckdb")
    views = backend.raw_sql("SELECT view_name FROM duckdb_views() WHERE NOT internal")
    assert views.fetchall() == []


def test_nothing_is_downloaded_behind_the_users_back(lake: Lake, draft: Make) -> None:
    backend = connect(lake.publish([draft()], day=DAY), "duckdb")
    for name in ("autoinstall_known_extensions", "autoload_known_extensions"):
        setting = backend.raw_sql(f"SELECT current_setting('{name}')").fetchone()
        assert setting in ((False,), ("false",))
    assert backend.raw_sql("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)


@pytest.mark.without_spark
def test_spark_without_its_extra_says_what_to_install(lake: Lake, draft: Make) -> None:
    catalogue = lake.publish([draft()], day=DAY)
    with pytest.raises(OutsideError, match=r"spark://host:7077.*perron\[spark\].*duckdb"):
        connect(catalogue, "spark://host:7077")
    assert value(connect(catalogue, "duckdb")) == 1.0


@pytest.mark.slow
@pytest.mark.spark
def test_spark_reads_the_same_catalogue_and_sums_alike(lake: Lake, draft: Make) -> None:
    held = lake.publish([draft(value=4.0, count=50)], day=DAY)
    newer = lake.publish([draft(value=0.0, count=50)], day=DAY)
    for catalogue in (held, newer):
        found = [
            total(connect(catalogue, engine).table("enterprises"), ["enterprises"], ["activity"])
            .to_pyarrow()
            .to_pylist()
            for engine in ("duckdb", "local[2]")
        ]
        assert found[0] == found[1]
