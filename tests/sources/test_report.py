from __future__ import annotations

import json

import pytest

from perron.errors import InputError
from perron.sources.report import EXAMPLES, Report


def report(read: int, accepted: int) -> Report:
    made = Report("test", "a.csv")
    made.read, made.accepted = read, accepted
    return made


def test_every_row_is_accounted_for_with_a_few_examples():
    made = report(1000, 990)
    made.reject("code inconnu", [(n, "x" * 500) for n in range(2, 10)])
    made.set_aside("totaux", 2)
    said = made.as_dict()
    assert made.read == made.accepted + made.rejected + made.set_aside_rows
    assert said["rejected"][0]["count"] == 8
    assert len(said["rejected"][0]["examples"]) == EXAMPLES
    assert all(len(e["text"]) <= 120 for e in said["rejected"][0]["examples"])
    assert json.loads(json.dumps(said)) == said
    for words in ("1000 lignes lues", "8 rejetées : code inconnu", "ligne 2", "2 non reprises"):
        assert words in made.summary()


def test_one_row_in_a_hundred_is_admitted_and_no_more():
    made = report(200, 198)
    made.reject("code inconnu", [(2, "x"), (3, "y")])
    made.check()
    made.reject("code inconnu", [(4, "z")])
    with pytest.raises(
        InputError, match=r"3 lignes sur 200.*au plus 1 %.*ligne 2, code inconnu : « x »"
    ):
        made.check()


def test_a_register_may_lose_no_row():
    made = report(1000, 999)
    made.reject("code inconnu", [(2, "x")])
    made.check()
    with pytest.raises(InputError, match="absente veut dire zéro"):
        made.check(exhaustive=True)
    made.unknown = 1
    made.check(exhaustive=True)
