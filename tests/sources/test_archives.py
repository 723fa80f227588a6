from __future__ import annotations

import gzip
import io
import stat
import zipfile

import pytest

from perron.errors import InputError
from perron.sources import archives
from perron.sources.archives import parts


def zipped_as(name: str, content: bytes = b"a;b\n1;2\n", **fields: object) -> bytes:
    """A zip of one member whose entry says what `fields` say."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        for field, value in fields.items():
            setattr(entry, field, value)
        archive.writestr(entry, content)
    return out.getvalue()


def encrypted() -> bytes:
    """A zip whose member says that it is encrypted, in both of its headers."""
    data = bytearray(zipped_as("a.csv"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize("content", [b"a;b\n", gzip.compress(b"a;b\n")], ids=["plain", "gzip"])
def test_a_plain_file_and_a_gzip_give_the_same_bytes(given, content):
    (part,) = parts(given("x.csv.gz" if content[0] == 0x1F else "x.csv", content))
    assert (part.name, part.read()) == ("x.csv", b"a;b\n")


def test_members_are_found_and_the_clutter_of_desktops_is_not(given, files):
    content = {"d/a.txt": b"1", "__MACOSX/d/._a.txt": b"2", "d/.DS_Store": b"3", "d/": b""}
    (part,) = parts(given("x.zip", files.zipped(content)))
    assert (part.name, part.suffix, part.read()) == ("a.txt", ".txt", b"1")


@pytest.mark.parametrize(
    "name", ["../../x.txt", "/etc/x", "a/../../x", "..\\..\\x", "C:\\x.txt", "a\\..\\..\\x"]
)
def test_a_path_out_of_the_archive_is_refused_and_never_written(given, tmp_path, name):
    file = given("x.zip", zipped_as(name))
    before = sorted(tmp_path.parent.rglob("*"))
    with pytest.raises(InputError, match="sort de l'archive"):
        parts(file)
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_a_link_is_refused(given):
    link = zipped_as(
        "x", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16, create_system=3
    )
    with pytest.raises(InputError, match="sort de l'archive"):
        parts(given("x.zip", link))


def test_a_password_is_refused(given):
    with pytest.raises(InputError, match="mot de passe"):
        parts(given("x.zip", encrypted()))


@pytest.mark.parametrize("cut", [0.02, 0.3, 0.6, 0.97])
def test_a_truncated_archive_is_refused(given, files, cut):
    whole = files.zipped({"a.txt": bytes(n * 7919 % 251 for n in range(9000))})
    with pytest.raises(InputError, match="abîmée ou incomplète"):
        parts(given("x.zip", whole[: int(len(whole) * cut)]))[0].read()


def test_a_damaged_member_is_refused(given, files):
    whole = bytearray(files.zipped({"a.txt": bytes(n * 7919 % 251 for n in range(9000))}))
    whole[200] ^= 0xFF
    with pytest.raises(InputError, match="abîmée ou incomplète"):
        parts(given("x.zip", bytes(whole)))[0].read()


@pytest.mark.parametrize("cut", [3, 12, -3])
def test_a_truncated_gzip_is_refused(given, cut):
    with pytest.raises(InputError, match="abîmée ou incomplète"):
        parts(given("x.gz", gzip.compress(b"a;b\n" * 99)[:cut]))[0].read()


def test_a_bomb_is_refused_by_its_own_word(given, files):
    with pytest.raises(InputError, match="hors de toute mesure"):
        parts(given("x.zip", files.zipped({"a.txt": bytes(archives.FREE + 1)})))


def test_a_bomb_that_lies_about_its_size_never_unfolds(given, files):
    """A reader that believed the entry would read 10 bytes; one that doesn't finds the lie."""
    whole = bytearray(files.zipped({"a.txt": bytes(5_000_000)}))
    entry = whole.index(b"PK\x01\x02")
    for at in (22, entry + 24):
        whole[at : at + 4] = (10).to_bytes(4, "little")
    (part,) = parts(given("x.zip", bytes(whole)))
    with pytest.raises(InputError, match="abîmée ou incomplète"):
        part.read()


def test_a_gzip_bomb_is_refused(given):
    bomb = gzip.compress(bytes(archives.FREE * 2))
    with pytest.raises(InputError, match="hors de toute mesure"):
        parts(given("x.gz", bomb))[0].read()


def test_members_share_one_budget(given, files, monkeypatch):
    monkeypatch.setattr(archives, "TOTAL", 1500)
    file = given("x.zip", files.zipped({"a": b"x" * 700, "b": b"y" * 700}))
    one, two = parts(file)
    assert len(one.read() + two.read()) == 1400
    with pytest.raises(InputError, match="hors de toute mesure"):
        one.read()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({f"{n}.txt": b"1" for n in range(201)}, "contient 201 fichiers"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "classeur"),
        ({}, "archive vide"),
    ],
)
def test_another_kind_of_archive_is_named(given, files, content, words):
    with pytest.raises(InputError, match=words):
        parts(given("x.zip", files.zipped(content)))


def test_an_archive_in_the_archive_is_refused(given, files):
    (part,) = parts(given("x.zip", files.zipped({"y.zip": files.zipped({"a": b"1"})})))
    with pytest.raises(InputError, match="archive dans l'archive"):
        part.read()


@pytest.mark.parametrize(("magic", "kind"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!", "RAR"), (b"\xfd7zXZ\x00", "xz")])  # fmt: skip
def test_archives_that_are_not_opened_are_named(given, magic, kind):
    with pytest.raises(InputError, match=kind):
        parts(given("x", magic + b"...."))
