"""Which known words a typed word may mean: itself, those it begins, those one slip of the finger away.

This works on the distinct words of an index, which are few beside what they occur in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

#: How well a word answers, from best to worst.
EXACT, PREFIX, TYPO = 3, 2, 1
#: Shorter words are never taken for a slip: too many others are one letter away.
SHORTEST_TYPO = 4
#: No more words than these are kept for one typed word, the nearest first.
MOST_PREFIXES, MOST_TYPOS = 300, 100


class Words:
    """Distinct words, each with what it stands for, ready to be matched."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._ids = dict(known)
        self._sorted = sorted(self._ids)
        self._lengths: dict[int, list[str]] = {}
        for word in self._sorted:
            self._lengths.setdefault(len(word), []).append(word)

    def __len__(self) -> int:
        return len(self._ids)

    def with_more(self, known: Mapping[str, int]) -> Words:
        """The same with further words."""
        return Words({**self._ids, **known})

    def matches(self, typed: str, *, begun: bool = True) -> dict[int, int]:
        """How well each known word answers a typed one, by what it stands for.

        `begun=False` leaves out the words that the typed one only begins.

        >>> words = Words({"liege": 1, "liegeois": 2, "siege": 3, "huy": 4})
        >>> words.matches("liege") == {1: EXACT, 2: PREFIX, 3: TYPO}
        True
        >>> words.matches("hut")
        {}
        """
        found = {self._ids[word]: TYPO for word in self._slips(typed)}
        if begun:
            found |= {self._ids[word]: PREFIX for word in self._begun(typed)}
        if typed in self._ids:
            found[self._ids[typed]] = EXACT
        return found

    def _begun(self, typed: str) -> list[str]:
        start = bisect_left(self._sorted, typed)
        end = bisect_left(self._sorted, typed + "\uffff")
        found = self._sorted[start:end]
        if len(found) > MOST_PREFIXES:
            found = sorted(found, key=len)[:MOST_PREFIXES]
        return found

    def _slips(self, typed: str) -> Iterable[str]:
        """Words that differ by one letter changed, missing, added or swapped; two in longer words."""
        size = len(typed)
        if size < SHORTEST_TYPO or typed.isdigit():
            return []
        most = 1 if size <= 5 else 2
        near: list[tuple[float, str]] = []
        for length in range(max(SHORTEST_TYPO - 1, size - most), size + most + 1):
            bucket = self._lengths.get(length, [])
            for word, distance, _at in process.extract_iter(
                typed, bucket, scorer=OSA.distance, score_cutoff=most
            ):
                near.append((distance, word))
        near.sort()
        return [word for _distance, word in near[:MOST_TYPOS] if not word.isdigit()]
