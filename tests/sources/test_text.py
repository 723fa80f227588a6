from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perron.errors import InputError
from perron.sources.report import Report
from perron.sources.text import LINE, Column, decoded

COLUMNS = (
    Column("code", ("CD_REFNIS", "NIS code")),
    Column("count", ("MS_NUM_VAT",)),
    Column("name", ("TX_DESCR_FR",), required=False),
)


def rows(content: bytes | str) -> tuple[list[dict], Report]:
    report = Report("test", "t.csv")
    data = content.encode() if isinstance(content, str) else content
    return decoded(data, "t.csv", report).rows(COLUMNS, report).to_dicts(), report


@pytest.mark.parametrize("delimiter", ["|", ";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_same_table_is_read_however_it_is_written(delimiter, end, encoding):
    lines = [["TX_DESCR_FR", "other", "CD_REFNIS", "MS_NUM_VAT"], ["Liège", "", "01000", " 12 "]]
    text = "".join(delimiter.join(line) + end for line in lines)
    found, report = rows(text.encode(encoding))
    assert found == [{LINE: 2, "code": "01000", "count": "12", "name": "Liège"}]
    assert bool(report.warnings) == (encoding == "cp1252")


def test_names_of_columns_may_vary_in_case_and_by_synonym():
    found, _report = rows("nis CODE;ms_num_vat\n62063;1\n")
    assert found == [{LINE: 2, "code": "62063", "count": "1"}]


def test_a_missing_column_is_said_with_those_that_were_found():
    with pytest.raises(InputError) as caught:
        rows("CD_REFNIS;MS_NUM\n62063;1\n")
    sentence = str(caught.value)
    assert "ligne 1" in sentence
    assert "MS_NUM_VAT" in sentence
    assert "CD_REFNIS, MS_NUM." in sentence


def test_lines_are_numbered_as_in_the_file():
    text = '\nCD_REFNIS;MS_NUM_VAT;TX_DESCR_FR\n1;1;"a\nb"\n\n2;2;c\n3;3\n4;4;d\n'
    found, report = rows(text)
    assert [(r[LINE], r["code"]) for r in found] == [(3, "1"), (6, "2"), (8, "4")]
    (rejection,) = report.rejections.values()
    assert rejection.examples == [(7, "3;3")]
    assert report.read == 4


@pytest.mark.parametrize("end", [";3" + "\n3;3" * 10 + "\n", "\n" * 30 + '";3\n3;3\n', "\n3;3\n"])
def test_a_quote_opened_by_accident_never_swallows_lines(end):
    with pytest.raises(InputError, match=r"ligne 3 : un guillemet"):
        rows('CD_REFNIS;MS_NUM_VAT\n1;1\n2;"2' + end)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b" \n\n ", "blancs"),
        ("CD_REFNIS;MS_NUM_VAT\n1;1\n".encode("utf-16"), "UTF-16"),
        ("CD_REFNIS;MS_NUM_VAT\n1;1\n".encode("utf-16-le"), "UTF-16"),
        (b"CD_REFNIS;MS_NUM_VAT\n1;1\n2;\x002\n" + b"3;3\n" * 9, "ligne 3 : un caractère nul"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "page web"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"SQLite format 3\x00...", "SQLite"),
        (b"PK\x03\x04....", "zip"),
        (b"\x89PNG....", "PNG"),
        (bytes(range(1, 32)) * 40, "pas du texte"),
        ("CD_REFNIS;MS_NUM_VAT;TX_DESCR_FR\n1;1;é\n2;2;".encode() + b"\xe9t\xe9", "lettres|encodages"),
        (("CD_REFNIS;MS_NUM_VAT;TX_DESCR_FR\n" + "1;1;é\n" * 5 + "2;2;é").encode()[:-1], "ligne 7"),
        (b"CD_REFNIS;MS_NUM_VAT;TX_DESCR_FR\n1;1;\x81\n", "ligne 2 : l'octet 0x81"),
        ("CD_REFNIS;MS_NUM_VAT;TX_DESCR_FR\n1;1;LiÃ¨ge\n", "ligne 2, colonne name : des lettres"),
        ("CD_REFNIS;MS_NUM_VAT;TX_DESCR_FR\n1;1;Li�ge\n", "ligne 2, colonne name : des lettres"),
        ("CD_REFNIS;CD_REFNIS;MS_NUM_VAT\n1;1;1\n", "présente deux fois"),
        ("a" * 70_000, "en-tête"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_one_sentence(content, words):
    with pytest.raises(InputError, match=words) as caught:
        rows(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


HEADER = b"CD_REFNIS;MS_NUM_VAT;TX_DESCR_FR\n"
PIECES = [b";", b"|", b'"', b"\n", b"\r\n", b"\x00", b"\xff\xfe", b"\xe9", "é".encode(), b"1", b","]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([HEADER, *PIECES]) | st.binary(max_size=12), max_size=40),
    st.booleans(),
)
def test_any_bytes_end_in_rows_or_in_one_sentence(pieces, headed):
    content = (HEADER if headed else b"") + b"".join(pieces)
    try:
        found, report = rows(content)
    except InputError as error:
        assert str(error).strip()
    else:
        assert len(found) + report.rejected == report.read
        lines = [r[LINE] for r in found]
        assert lines == sorted(set(lines))
        assert all(1 < line <= content.count(b"\n") + content.count(b"\r") + 1 for line in lines)


def test_a_real_table_cut_anywhere_is_read_or_refused_in_a_sentence():
    generator = random.Random(7)
    whole = HEADER + "".join(f'{n};{n};"Liège, {n}"\n' for n in range(60)).encode()
    for cut in sorted(generator.sample(range(len(whole)), 60)):
        try:
            found, report = rows(whole[:cut])
        except InputError:
            continue
        assert len(found) + report.rejected == report.read
