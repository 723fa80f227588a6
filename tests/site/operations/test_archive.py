"""A damaged or foreign archive is refused in one sentence, and changes nothing."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perron.errors import InputError
from perron.site.operations import archive


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A whole archive of three files."""
    (tmp_path / "base").write_bytes(b"database" * 500)
    (tmp_path / "figure").write_bytes(b"figure" * 500)
    path = tmp_path / "saved.tar"
    with path.open("wb") as stream:
        writer = archive.Writer(stream)
        writer.add(archive.SQLITE, tmp_path / "base")
        writer.add("lake/sample/2026-01-02/data.parquet", tmp_path / "figure")
        writer.add("media/2026/été — 1.jpg", tmp_path / "figure")
        writer.close(manifest(writer.members))
    return path


def manifest(members: dict[str, archive.Member]) -> archive.Manifest:
    return archive.Manifest(
        format=archive.FORMAT,
        perron="0.1.0",
        made=datetime(2026, 1, 2, tzinfo=UTC),
        engine="sqlite",
        database_version="3",
        migrations={},
        catalogue="",
        members=members,
    )


def refused(path: Path, said: str = "") -> None:
    with pytest.raises(InputError) as caught:
        archive.verify(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "Rien n'a été changé" in sentence
    assert said in sentence


def test_a_whole_archive_is_verified_and_extracted_as_it_was(saved: Path, tmp_path: Path):
    found = archive.verify(saved)
    archive.extract(saved, found, tmp_path / "out")
    assert (tmp_path / "out" / "media" / "2026" / "été — 1.jpg").read_bytes() == b"figure" * 500
    assert len(found.members) == 3


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.8, 0.95])
def test_a_truncated_archive_is_refused(saved: Path, share: float):
    content = saved.read_bytes()
    end = content.rindex(b"}") + 1
    saved.write_bytes(content[: int(end * share)])
    refused(saved)


def test_any_changed_byte_of_a_member_is_found(saved: Path):
    content = saved.read_bytes()
    chosen = random.Random(7).sample(range(len(content)), 150)
    for place in chosen:
        damaged = bytearray(content)
        damaged[place] ^= 0x41
        saved.write_bytes(damaged)
        try:
            found = archive.verify(saved)
        except InputError:
            continue
        # What is not refused is the padding of tar: every file is the one that was saved.
        assert found.members == manifest(found.members).members
        archive.extract(saved, found, saved.with_suffix(f".{place}"))


@pytest.mark.parametrize(
    "foreign",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"name;value\n" * 1000),
        lambda path: path.write_bytes(random.Random(1).randbytes(20_000)),
        lambda path: path.write_bytes(gzip.compress(path.read_bytes())),
        lambda path: zipfile.ZipFile(path, "w").writestr("manifest.json", "{}"),
        lambda path: path.unlink(),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["empty", "csv", "noise", "gzip", "zip", "missing", "folder"],
)
def test_a_foreign_file_is_refused(saved: Path, foreign: Callable[[Path], object]):
    foreign(saved)
    refused(saved)


def hostile(saved: Path, change: Callable[[tarfile.TarFile], object]) -> None:
    """Rewrite the archive with something put before its manifest."""
    with tarfile.open(saved) as source:
        kept = [(m, source.extractfile(m).read()) for m in source]
    with tarfile.open(saved, "w") as target:
        for member, content in kept[:-1]:
            target.addfile(member, io.BytesIO(content))
        change(target)
        target.addfile(kept[-1][0], io.BytesIO(kept[-1][1]))


def add(name: str, **fields: object) -> Callable[[tarfile.TarFile], object]:
    def change(target: tarfile.TarFile) -> None:
        head = tarfile.TarInfo(name)
        for field, value in fields.items():
            setattr(head, field, value)
        target.addfile(head, io.BytesIO(b"x" * head.size))

    return change


@pytest.mark.parametrize(
    "change",
    [
        add("../outside", size=1),
        add("lake/../../outside", size=1),
        add("/etc/outside", size=1),
        add("lake//x", size=1),
        add("./lake/x", size=1),
        add("lake\\..\\x", size=1),
        add("lake/x", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        add("lake/x", type=tarfile.LNKTYPE, linkname="database.sqlite3"),
        add("lake/x", type=tarfile.FIFOTYPE),
        add("lake/x", type=tarfile.CHRTYPE),
        add("lake", type=tarfile.DIRTYPE),
        add("home/.ssh/authorized_keys", size=1),
        add("restore-in-progress.json", size=1),
        add("lake/one-too-many", size=1),
        add("media/2026/été — 1.jpg", size=1),
    ],
)
def test_a_hostile_member_is_refused_and_written_nowhere(saved: Path, change):
    hostile(saved, change)
    before = sorted(p for p in saved.parents[1].rglob("*"))
    refused(saved)
    assert sorted(p for p in saved.parents[1].rglob("*")) == before


def test_an_archive_whose_manifest_is_not_ours_is_refused(saved: Path):
    for content in (b"", b"[]", b'{"format": 1}', b"\xff\xfe"):
        with tarfile.open(saved, "w") as target:
            head = tarfile.TarInfo("manifest.json")
            head.size = len(content)
            target.addfile(head, io.BytesIO(content))
        refused(saved)


def test_an_archive_without_its_database_is_refused(saved: Path, tmp_path: Path):
    with saved.open("wb") as stream:
        writer = archive.Writer(stream)
        writer.add("media/x", tmp_path / "figure")
        writer.close(manifest(writer.members))
    refused(saved, "base de données")


def test_an_archive_of_a_later_format_says_which_perron_made_it(saved: Path, tmp_path: Path):
    with saved.open("wb") as stream:
        writer = archive.Writer(stream)
        writer.add(archive.SQLITE, tmp_path / "base")
        made = manifest(writer.members).model_copy(update={"format": 2, "perron": "3.0.0"})
        writer.close(made)
    refused(saved, "3.0.0")


@pytest.mark.slow
def test_damaged_archives_change_nothing_of_an_installation(installed, tmp_path: Path):
    saved = tmp_path / "saved.tar"
    installed.run("backup", str(saved))
    before = installed.state()
    there = sorted(p.name for p in installed.home.iterdir())
    content = saved.read_bytes()
    for damaged in (content[: len(content) // 2], content.replace(b"62063", b"62064"), b"x"):
        saved.write_bytes(damaged)
        done = installed.run("restore", str(saved), code=1)
        assert len(done.stderr.splitlines()) == 1
        assert installed.state() == before
        assert sorted(p.name for p in installed.home.iterdir()) == there
