"""What is published stays as it was published; what fails changes nothing."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from perron.errors import InputError, OutsideError
from perron.lake import drafts, durable, snapshots
from perron.lake.provenance import State
from perron.lake.schema import Table
from perron.lake.snapshots import Draft, Lake

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
Make = Callable[..., Draft]


def values(lake: Lake, name: str = "enterprises") -> list[float]:
    return pq.read_table(lake.current().snapshot(name).path)["enterprises"].to_pylist()


def content(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and p.name != snapshots.LOCK
    }


# --- publishing and reading ------------------------------------------------------------------------


def test_a_lake_without_publication_is_empty_and_says_what_to_type(lake: Lake) -> None:
    assert dict(lake.current().tables) == {}
    assert lake.verify() == []
    assert not lake.root.exists()  # reading writes nothing
    with pytest.raises(InputError, match=r"enterprises.*perron data load"):
        lake.current().snapshot("enterprises")


def test_a_publication_is_read_back_with_its_origin(lake: Lake, draft: Make) -> None:
    catalogue = lake.publish([draft(value=7.0, report={"rejected": 2})], day=MAY)
    snapshot = catalogue.snapshot("enterprises")
    assert snapshot.folder.name == "2026-05-01"
    assert values(lake) == [7.0, 7.0, 7.0]
    assert snapshot.report() == {"rejected": 2}
    assert snapshot.manifest.rows == 3
    assert snapshot.manifest.absent is State.ZERO
    assert [c.name for c in snapshot.manifest.columns][-2:] == ["enterprises", "enterprises_status"]
    assert all(c.doc for c in snapshot.manifest.columns if not c.name.endswith("_status"))
    origin = snapshot.origin()
    assert (origin.publisher, origin.licence, origin.version) == (
        "Statbel",
        "CC BY 4.0",
        "2026-05-01",
    )
    assert origin.retrieved == date(2026, 9, 1)
    assert lake.verify() == []


def test_an_unknown_table_is_named_beside_those_there_are(lake: Lake, draft: Make) -> None:
    catalogue = lake.publish([draft("population"), draft("income")], day=MAY)
    with pytest.raises(InputError, match=r"enterprises n’est pas dans le lac.*income, population"):
        catalogue.snapshot("enterprises")


def test_readers_keep_the_version_they_opened(lake: Lake, draft: Make) -> None:
    held = lake.publish([draft(value=1.0)], day=MAY)
    lake.publish([draft(value=2.0)], day=JUNE)
    opened = pq.read_table(held.snapshot("enterprises").path)
    assert opened["enterprises"].to_pylist() == [1.0, 1.0, 1.0]
    assert values(lake) == [2.0, 2.0, 2.0]


def test_a_second_publication_of_a_day_never_overwrites_the_first(lake: Lake, draft: Make) -> None:
    for value in range(1, 13):
        lake.publish([draft(value=float(value))], day=MAY)
    assert lake.versions("enterprises")[:2] == ["2026-05-01", "2026-05-01.2"]
    assert lake.versions("enterprises")[-1] == "2026-05-01.12"  # in order, not as text
    assert values(lake) == [12.0] * 3
    assert lake.at(MAY).snapshot("enterprises").folder.name == "2026-05-01.12"


def test_a_day_gives_each_table_as_it_was_then(lake: Lake, draft: Make) -> None:
    lake.publish([draft(value=1.0), draft("income", 10.0)], day=MAY)
    lake.publish([draft(value=2.0)], day=JUNE)
    then, before = lake.at(date(2026, 5, 31)), lake.at(date(2026, 4, 30))
    assert {n: s.manifest.version for n, s in then.tables.items()} == {
        "enterprises": "2026-05-01",
        "income": "2026-05-01",
    }
    assert dict(before.tables) == {}
    assert lake.at(JUNE) == lake.current()


def test_the_other_tables_stay_in_service(lake: Lake, draft: Make) -> None:
    lake.publish([draft("income", 10.0)], day=MAY)
    lake.publish([draft(value=2.0)], day=JUNE)
    assert values(lake, "income") == [10.0] * 3


def test_catalogues_are_equal_exactly_when_they_name_the_same_versions(
    lake: Lake, draft: Make
) -> None:
    first = lake.publish([draft(value=1.0)], day=MAY)
    assert first == lake.current()
    assert hash(first) == hash(lake.current())
    second = lake.publish([draft(value=1.0)], day=MAY)
    assert second != first
    assert second.id != first.id


def test_the_same_rows_always_make_the_same_bytes(
    tmp_path: Path, draft: Make, rows: Callable[..., pa.Table]
) -> None:
    cells = [(f"{i:05}", f"{i % 7}", float(i), None) for i in range(1, 5000)]
    whole = rows(cells)
    pieces = pa.concat_tables([rows(cells[3000:][::-1]), rows(cells[:3000])])
    marked = pieces.replace_schema_metadata({"made": "elsewhere"})
    sums = set()
    for i, data in enumerate((whole, pieces, marked)):
        catalogue = Lake(tmp_path / str(i)).publish([draft(data=data)], day=MAY)
        sums.add(catalogue.snapshot("enterprises").manifest.sha256)
    assert len(sums) == 1


def test_snapshots_are_sorted_by_their_key(
    lake: Lake, draft: Make, rows: Callable[..., pa.Table]
) -> None:
    data = rows([("63", "2", 1.0, None), ("62", "9", 2.0, None), ("62", "10", 3.0, None)])
    path = lake.publish([draft(data=data)], day=MAY).snapshot("enterprises").path
    found = pq.read_table(path)
    assert found["territory"].to_pylist() == ["62", "62", "63"]
    assert found["activity"].to_pylist() == ["10", "9", "2"]


# --- refusing ----------------------------------------------------------------------------------------


def test_one_bad_table_refuses_the_whole_publication(
    lake: Lake, draft: Make, rows: Callable[..., pa.Table]
) -> None:
    lake.publish([draft(value=1.0)], day=MAY)
    before = content(lake.root)
    bad = draft("income", data=rows([("62063", "47", None, State.OBSERVED)]))
    with pytest.raises(InputError, match="Table income"):
        lake.publish([draft(value=2.0), bad], day=JUNE)
    assert content(lake.root) == before


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "Enterprises", "", "1a", ".staging", "catalogues", "derived"]
)
def test_a_name_that_could_leave_the_lake_is_never_written(
    lake: Lake, draft: Make, name: str
) -> None:
    with pytest.raises(ValueError, match="not a table name"):
        lake.publish([draft(name)], day=MAY)
    assert not lake.root.exists()


def test_a_table_given_twice_in_one_publication_is_refused(lake: Lake, draft: Make) -> None:
    with pytest.raises(ValueError, match="given twice"):
        lake.publish([draft(value=1.0), draft(value=2.0)], day=MAY)


@pytest.mark.parametrize("step", ["write_table", "write_synced", "sync_folder"])
def test_a_full_disk_leaves_what_was_in_service(
    lake: Lake, draft: Make, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    lake.publish([draft(value=1.0), draft("income", 10.0)], day=MAY)
    before = content(lake.root)

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    places = {
        "write_table": [(pq, "write_table")],
        "write_synced": [(drafts, "write_synced")],
        "sync_folder": [(drafts, "sync_folder"), (snapshots, "sync_folder")],
    }
    for module, name in places[step]:
        monkeypatch.setattr(module, name, full)
    with pytest.raises(OutsideError, match=r"No space left.*Rien n’est publié"):
        lake.publish([draft("income", 20.0), draft(value=2.0)], day=JUNE)
    assert content(lake.root) == before
    monkeypatch.undo()
    lake.publish([draft("income", 20.0), draft(value=2.0)], day=JUNE)
    assert (values(lake), values(lake, "income")) == ([2.0] * 3, [20.0] * 3)
    assert lake.verify() == []


def test_a_folder_that_cant_be_written_is_one_sentence(tmp_path: Path, draft: Make) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match="n’a pas pu être écrit"):
        Lake(tmp_path / "file" / "lake").publish([draft()], day=MAY)


def test_what_the_disk_gives_back_must_be_what_was_written(
    lake: Lake, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pq.write_table

    def lossy(data: pa.Table, *args: object, **kwargs: object) -> None:
        write(data.slice(1), *args, **kwargs)

    monkeypatch.setattr(pq, "write_table", lossy)
    with pytest.raises(OutsideError, match="relue du disque diffère"):
        lake.publish([draft()], day=MAY)
    assert dict(lake.current().tables) == {}


# --- the lock ------------------------------------------------------------------------------------------


def test_nothing_is_published_while_a_backup_holds_the_lake(
    lake: Lake, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "WAIT_SECONDS", 0.2)
    lake.publish([draft(value=1.0)], day=MAY)
    with lake.freeze():
        before = content(lake.root)
        with pytest.raises(OutsideError, match="Une autre publication tient le lac"):
            Lake(lake.root).publish([draft(value=2.0)], day=JUNE)
        assert content(lake.root) == before
    lake.publish([draft(value=2.0)], day=JUNE)
    assert values(lake) == [2.0] * 3


def test_publications_at_the_same_time_queue_and_all_count(lake: Lake, draft: Make) -> None:
    failed: list[BaseException] = []

    def publish(name: str) -> None:
        try:
            for value in range(1, 4):
                Lake(lake.root).publish([draft(name, float(value))], day=MAY)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=publish, args=(n,)) for n in ("income", "population")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (values(lake, "income"), values(lake, "population")) == ([3.0] * 3, [3.0] * 3)
    assert lake.current().number == 6


def test_a_publisher_that_waited_writes_in_the_lake_that_a_restore_put_in_place(
    lake: Lake, draft: Make
) -> None:
    lake.publish([draft(value=1.0)], day=MAY)
    waiting = threading.Thread(target=lambda: lake.publish([draft("income", 5.0)], day=JUNE))
    with lake.freeze():
        waiting.start()
        lake.root.rename(lake.root.with_name("before-restore"))
        Lake(lake.root).publish([draft(value=9.0)], day=MAY)  # another lock file by now
    waiting.join()
    assert (values(lake), values(lake, "income")) == ([9.0] * 3, [5.0] * 3)


# --- verification, and damage ------------------------------------------------------------------------


def test_one_changed_byte_is_found(lake: Lake, draft: Make) -> None:
    path = lake.publish([draft()], day=MAY).snapshot("enterprises").path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (finding,) = lake.verify()
    assert finding.place == "enterprises/2026-05-01"
    assert "empreinte" in finding.problem
    assert not finding.harmless


def test_older_versions_are_verified_as_well(lake: Lake, draft: Make) -> None:
    old = lake.publish([draft(value=1.0)], day=MAY).snapshot("enterprises")
    lake.publish([draft(value=2.0)], day=JUNE)
    old.path.unlink()
    (finding,) = lake.verify()
    assert finding.place == "enterprises/2026-05-01"
    assert "manquent" in finding.problem


def test_data_and_manifest_of_another_snapshot_are_found(lake: Lake, draft: Make) -> None:
    lake.publish([draft(value=1.0), draft("income", 2.0)], day=MAY)
    for name in ("data.parquet", "manifest.json"):
        there = lake.root / "income" / "2026-05-01" / name
        (lake.root / "enterprises" / "2026-05-01" / name).write_bytes(there.read_bytes())
    (finding,) = lake.verify()
    assert "income/2026-05-01" in finding.problem


def test_a_manifest_that_lies_about_rows_or_types_is_found(lake: Lake, draft: Make) -> None:
    folder = lake.publish([draft()], day=MAY).snapshot("enterprises").folder
    said = json.loads((folder / "manifest.json").read_text())
    said["rows"] = 4
    said["columns"][3]["type"] = "int64"
    (folder / "manifest.json").write_text(json.dumps(said))
    rows, columns = lake.verify()
    assert "3 lignes, 4 attendues" in rows.problem
    assert "int64" in columns.problem


@pytest.mark.parametrize("found", [b"", b"garbage", b"../000001.json", b"\xff\xfe", b"999999.json"])
def test_a_damaged_pointer_is_one_sentence_and_nothing_is_swept(
    lake: Lake, draft: Make, found: bytes
) -> None:
    lake.publish([draft()], day=MAY)
    (lake.root / "CURRENT").write_bytes(found)
    before = content(lake.root)
    for attempt in (lake.current, lambda: lake.publish([draft()], day=JUNE)):
        with pytest.raises(OutsideError, match=r"Le (pointeur|catalogue) du lac"):
            attempt()
    assert content(lake.root) == before
    (finding,) = lake.verify()
    assert finding.place == "CURRENT"
    assert not finding.harmless


def test_a_lost_pointer_is_never_taken_for_an_empty_lake(lake: Lake, draft: Make) -> None:
    lake.publish([draft()], day=MAY)
    (lake.root / "CURRENT").unlink()
    before = content(lake.root)
    with pytest.raises(OutsideError, match=r"pointeur du lac.*manque.*dernier nom"):
        lake.publish([draft()], day=JUNE)
    assert content(lake.root) == before
    # What the sentence says to do does mend it.
    last = sorted((lake.root / "catalogues").iterdir())[-1].name
    (lake.root / "CURRENT").write_text(last)
    assert values(lake) == [1.0] * 3


def test_a_pointer_put_back_by_hand_loses_no_newer_version(lake: Lake, draft: Make) -> None:
    lake.publish([draft(value=1.0)], day=MAY)
    newer = lake.publish([draft(value=2.0)], day=JUNE)
    (lake.root / "CURRENT").write_text("000001.json")
    lake.publish([draft("income")], day=JUNE)
    assert values(lake) == [1.0] * 3
    assert newer.snapshot("enterprises").path.exists()


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"tables": {"../x": {}}}', '{"tables": {"a": {"current": "../b"}}}']
)
def test_a_damaged_catalogue_is_one_sentence(lake: Lake, draft: Make, body: str) -> None:
    lake.publish([draft()], day=MAY)
    (lake.root / "catalogues" / "000001.json").write_text(body)
    with pytest.raises(OutsideError, match=r"catalogue du lac.*000001.json"):
        lake.current()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"rows": "many"}'])
def test_a_damaged_manifest_is_one_sentence(lake: Lake, draft: Make, body: str) -> None:
    folder = lake.publish([draft()], day=MAY).snapshot("enterprises").folder
    (folder / "manifest.json").write_text(body)
    with pytest.raises(OutsideError, match=r"Le manifeste .*manifest.json"):
        lake.current()
    assert [f.place for f in lake.verify()] == ["enterprises/2026-05-01"]


def test_folders_of_an_interrupted_publication_are_harmless_and_swept(
    lake: Lake, draft: Make
) -> None:
    lake.publish([draft(value=1.0)], day=MAY)
    stray = lake.root / "enterprises" / "2026-05-09"
    stray.mkdir()
    (stray / "data.parquet").write_bytes(b"half")
    (lake.root / ".staging" / "income").mkdir(parents=True)
    (finding,) = lake.verify()
    assert finding.harmless
    assert finding.place == "enterprises/2026-05-09"
    lake.publish([draft(value=2.0)], day=JUNE)
    assert not stray.exists()
    assert not (lake.root / ".staging").exists()
    assert lake.verify() == []


# --- other versions of Perron --------------------------------------------------------------------------


def test_a_lake_of_a_newer_perron_is_refused_in_a_sentence(lake: Lake, draft: Make) -> None:
    lake.publish([draft()], day=MAY)
    path = lake.root / "catalogues" / "000001.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))
    with pytest.raises(OutsideError, match=r"plus récente de Perron.*Mettre Perron à jour"):
        lake.current()


def test_a_newer_schema_is_refused_by_readers_and_never_overwritten(
    lake: Lake, draft: Make, table: Table
) -> None:
    catalogue = lake.publish([draft(value=2.0, version=2)], day=MAY)
    with pytest.raises(OutsideError, match=r"plus récente de Perron .schéma 2, attendu 1."):
        catalogue.snapshot("enterprises", table)
    with pytest.raises(OutsideError, match="Mettre Perron à jour"):
        lake.publish([draft(value=1.0, version=1)], day=JUNE)
    assert values(lake) == [2.0] * 3


def test_an_older_schema_says_what_to_load_again(lake: Lake, draft: Make) -> None:
    newer = draft(version=2)
    catalogue = lake.publish([draft(version=1)], day=MAY)
    with pytest.raises(OutsideError, match="perron data load register"):
        catalogue.snapshot("enterprises", newer.table)
    again = lake.publish([newer], day=JUNE)
    assert again.snapshot("enterprises", newer.table).manifest.schema_version == 2


def test_a_manifest_with_a_field_of_the_future_is_read(lake: Lake, draft: Make) -> None:
    folder = lake.publish([draft()], day=MAY).snapshot("enterprises").folder
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "colour": "red"}))
    assert lake.current().snapshot("enterprises").manifest.rows == 3


def test_checksums_are_those_of_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    # FIPS 180-2, appendix B.1
    assert durable.file_sha256(path) == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
