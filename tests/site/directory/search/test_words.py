"""Words are found whatever their accents, case, hyphens and apostrophes, and one slip of the finger away."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perron.site.directory.search.matching import EXACT, PREFIX, TYPO, Words
from perron.site.directory.search.shelf import Shelf
from perron.site.directory.search.words import LONGEST, asked, fold, kept, tokens


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Hôpital de la Citadelle", "HOPITAL citadelle"),
        ("Sœurs d’Ougrée", "soeurs ougree"),
        ("Große Straße", "grosse strasse"),
        ("Saint-Laurent", "saint laurent"),
        ("L'Électronique", "electronique"),
        ("İstanbul Ålesund Łódź", "istanbul alesund lodz"),
        ("BE 0400.378.485", "0400378485"),
        ("BE 0400.378.485", "0400.378.485"),
    ],
)
def test_a_word_is_the_same_whatever_its_accents_and_marks(written: str, typed: str) -> None:
    assert set(asked(typed)) <= set(tokens(written))


@given(st.text(max_size=200))
def test_what_was_folded_stays_as_it_is_and_any_text_is_taken(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(0 < len(word) <= LONGEST and word.isascii() for word in tokens(text))
    assert len(asked(text)) <= 8


def test_stop_words_find_nothing_unless_they_are_all_there_is() -> None:
    assert asked("le port de Liège") == ["port", "liege"]
    assert kept(["la", "une"]) == ["la", "une"]


def slipped(word: str, chance: random.Random) -> str:
    """A word with one letter changed, missing, added or swapped with the next."""
    at = chance.randrange(len(word) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=20), st.randoms())
def test_one_slip_in_a_word_of_five_letters_is_forgiven(word: str, chance: random.Random) -> None:
    typed = slipped(word, chance)
    if len(typed) >= 4:
        assert 1 in Words({word: 1, "ailleurs": 2}).matches(typed)


def test_a_word_as_typed_is_better_than_one_begun_and_that_than_a_slip() -> None:
    words = Words({"acier": 1, "acierie": 2, "acter": 3, "ville": 4})
    assert words.matches("acier") == {1: EXACT, 2: PREFIX, 3: TYPO}


def test_short_words_and_numbers_are_never_taken_for_a_slip() -> None:
    words = Words({"huy": 1, "ans": 2, "62063": 3, "0400378485": 4})
    assert not words.matches("hoy")
    assert not words.matches("62064")
    assert not words.matches("0400378486")


def test_a_shelf_asks_for_every_word_and_keeps_the_order_of_equals() -> None:
    shelf = Shelf([("a", ["Pays de Liège"]), ("b", ["Liège"]), ("c", ["Pays noir"])])
    assert shelf.find("liege") == ["a", "b"]
    assert shelf.find("payz liege") == ["a"]
    assert shelf.find("") == []
