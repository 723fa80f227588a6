"""A backup is one whole, consistent point; restoring it brings back exactly that."""

from __future__ import annotations

import json
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from perron.lake.snapshots import Lake
from perron.site.operations import archive


def test_what_was_saved_comes_back_and_what_was_there_is_kept(installed, tmp_path: Path):
    saved = tmp_path / "saved.tar"
    before = installed.state()
    installed.run("backup", str(saved))

    installed.write("after")
    installed.publish(200_000)
    (installed.home / "media" / "new.txt").write_text("new")
    after = installed.state()
    assert after != before

    done = installed.run("restore", str(saved))
    assert installed.state() == before
    assert "before-restore-" in done.stderr
    (aside,) = installed.home.glob("before-restore-*")
    assert (aside / "media" / "new.txt").read_text() == "new"
    assert Lake(aside / "lake").current().id != Lake(installed.home / "lake").current().id
    assert (aside / ("database.dump" if installed.database else "database.sqlite3")).exists()
    assert "wrong" not in installed.run("check").stdout


def test_a_backup_restores_on_another_empty_machine(installed, tmp_path: Path):
    saved = tmp_path / "saved.tar"
    installed.run("backup", str(saved))
    expected = installed.state()
    if installed.database:  # another machine's database is empty; ours is emptied to play it
        with installed.link() as link:
            link.execute("DROP SCHEMA public CASCADE")
            link.execute("CREATE SCHEMA public")
    installed.home = tmp_path / "elsewhere"
    installed.run("restore", str(saved))
    assert installed.state() == expected


def test_the_secret_key_stays_out_unless_it_is_asked_for(installed, tmp_path: Path):
    installed.run("backup", str(tmp_path / "a.tar"))
    installed.run("backup", "--with-secret", str(tmp_path / "b.tar"))
    key = (installed.home / "secret-key").read_bytes()
    assert key not in (tmp_path / "a.tar").read_bytes()
    assert key in (tmp_path / "b.tar").read_bytes()
    for name in ("a.tar", "b.tar"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_backup_that_fails_leaves_the_previous_one_and_nothing_else(installed, tmp_path: Path):
    saved = tmp_path / "saved.tar"
    installed.run("backup", str(saved))
    kept = saved.read_bytes()
    data = next((installed.home / "lake").rglob("data.parquet"))
    data.chmod(0o600)
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    done = installed.run("backup", str(saved), code=1)
    assert "sample/2026-01-02" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert saved.read_bytes() == kept
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "saved.tar"]


def test_a_backup_taken_while_people_write_is_one_point(installed, tmp_path: Path):
    """Two rows are always written together: a backup never holds one of them only."""
    stop = threading.Event()

    def writer() -> None:
        with installed.link() as link:
            for number in range(100_000):
                if stop.is_set():
                    return
                link.execute("BEGIN")
                for twin in ("a", "b"):
                    link.execute(
                        "INSERT INTO operations_scheduledrun (job, due)"
                        f" VALUES ('{number}-{twin}', '2026-01-02 00:00:00+00')"
                    )
                link.execute("COMMIT")

    if not installed.database:
        with installed.link() as link:
            link.execute("PRAGMA journal_mode=WAL")
    thread = threading.Thread(target=writer)
    thread.start()
    try:
        installed.run("backup", str(tmp_path / "saved.tar"))
    finally:
        stop.set()
        thread.join()
    installed.run("restore", str(tmp_path / "saved.tar"))
    jobs = [row.split("'")[1] for row in installed.rows()["operations_scheduledrun"]]
    numbers = [job.split("-")[0] for job in jobs if "-" in job]
    assert numbers
    assert all(numbers.count(number) == 2 for number in set(numbers))


def test_a_lake_being_published_waits_for_the_backup(installed, tmp_path: Path):
    """The publication lock is held: the archive's lake is the catalogue named in its manifest."""
    running = installed.start("backup", str(tmp_path / "saved.tar"))
    for people in range(5):
        installed.publish(300_000 + people)
    running.communicate(timeout=60)
    assert running.returncode == 0
    manifest = archive.verify(tmp_path / "saved.tar")
    installed.run("restore", str(tmp_path / "saved.tar"))
    lake = Lake(installed.home / "lake")
    assert lake.current().id == manifest.catalogue
    assert lake.verify() == []


def test_a_backup_of_the_other_engine_is_refused_with_what_to_do(installed, tmp_path: Path):
    saved = tmp_path / "saved.tar"
    installed.run("backup", str(saved))
    before = installed.state()
    manifest = archive.verify(saved)
    other = "sqlite" if manifest.engine == "postgresql" else "postgresql"
    wrong = rebuilt(saved, tmp_path / "other.tar", engine=other)
    done = installed.run("restore", str(wrong), code=1)
    assert other in done.stderr
    assert "PERRON_DATABASE" in done.stderr
    assert installed.state() == before


def test_a_backup_of_a_newer_perron_is_refused_with_what_to_do(installed, tmp_path: Path):
    saved = tmp_path / "saved.tar"
    installed.run("backup", str(saved))
    before = installed.state()
    migrations = archive.verify(saved).migrations | {"operations": ["0999_from_the_future"]}
    newer = rebuilt(saved, tmp_path / "newer.tar", perron="9.9.0", migrations=migrations)
    done = installed.run("restore", str(newer), code=1)
    assert "9.9.0" in done.stderr
    assert installed.state() == before


def test_settings_in_service_are_never_replaced(installed, tmp_path: Path):
    (installed.home / "perron.toml").write_text('log_level = "WARNING"\n')
    installed.run("backup", str(tmp_path / "saved.tar"))
    (installed.home / "perron.toml").write_text('log_level = "ERROR"\n')
    installed.run("restore", str(tmp_path / "saved.tar"))
    assert (installed.home / "perron.toml").read_text() == 'log_level = "ERROR"\n'
    assert (installed.home / "perron.toml.restored").read_text() == 'log_level = "WARNING"\n'


def test_upgrade_saves_first_and_says_the_way_back(installed):
    before = installed.state()
    done = installed.run("upgrade")
    (saved,) = (installed.home / "backups").glob("perron-*.tar")
    assert f"perron restore {saved}" in done.stderr
    installed.write("after")
    installed.run("restore", str(saved))
    assert installed.state() == before


def test_a_database_that_waits_for_its_migrations_is_not_served(installed):
    with installed.link() as link:
        link.execute("DELETE FROM django_migrations WHERE app = 'operations'")
        link.execute("DROP TABLE operations_scheduledrun")
    for verb in (["serve", "--port", "0"], ["worker", "--once"]):
        done = installed.run(*verb, code=1)
        assert "perron upgrade" in done.stderr
    installed.run("upgrade")
    installed.run("worker", "--once")


@pytest.mark.sqlite_only
def test_a_damaged_database_file_is_named_by_check_and_mended_by_restore(installed, tmp_path: Path):
    saved = tmp_path / "saved.tar"
    installed.run("backup", str(saved))
    before = installed.state()
    base = installed.home / "perron.sqlite3"
    with closing(sqlite3.connect(base)) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with base.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * 40_000)
    assert "wrong" in installed.run("check", code=1).stdout
    installed.run("restore", str(saved))
    assert installed.state() == before


def rebuilt(saved: Path, target: Path, **changes: object) -> Path:
    """The same archive under a manifest that says something else, all hashes right."""
    with tarfile.open(saved) as source, target.open("wb") as stream:
        writer = archive.Writer(stream)
        for member in source:
            if member.name == archive.MANIFEST:
                manifest = json.loads(source.extractfile(member).read())
                continue
            name = member.name
            if "engine" in changes:
                name = {archive.SQLITE: archive.POSTGRESQL, archive.POSTGRESQL: archive.SQLITE}.get(
                    name, name
                )
            place = target.with_name("member")
            place.write_bytes(source.extractfile(member).read())
            writer.add(name, place)
            place.unlink()
        manifest |= changes | {"members": {k: v.model_dump() for k, v in writer.members.items()}}
        writer.close(archive.Manifest.model_validate(manifest))
    return target
