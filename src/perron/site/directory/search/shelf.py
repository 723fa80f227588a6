"""A few thousand names kept in memory, found with the same tolerance as the index of records.

The reference of territories and the classification of activities come from the lake: they are public,
the same for everybody, and change with its version alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perron.site.directory.search.matching import Words
from perron.site.directory.search.words import asked, kept, tokens


class Shelf:
    """Things by their key, each with the names it goes by, in the order that breaks ties."""

    def __init__(self, things: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._keys: list[str] = []
        #: The things that hold each word.
        self._holding: list[set[int]] = []
        ids: dict[str, int] = {}
        for place, (key, names) in enumerate(things):
            self._keys.append(key)
            for name in names:
                for word in kept(tokens(name)):
                    number = ids.setdefault(word, len(ids))
                    if number == len(self._holding):
                        self._holding.append(set())
                    self._holding[number].add(place)
        self._words = Words(ids)

    def find(self, query: str, most: int = 20) -> list[str]:
        """Keys of the things that hold every word of the query, the best first.

        >>> shelf = Shelf([("1", ["Liège", "Luik"]), ("2", ["Saint-Vith", "Sankt Vith"])])
        >>> shelf.find("liege"), shelf.find("sait vith"), shelf.find("liegge"), shelf.find("namur")
        (['1'], ['2'], ['1'], [])
        """
        scores: dict[int, int] | None = None
        for typed in asked(query):
            found: dict[int, int] = {}
            for number, quality in self._words.matches(typed).items():
                for place in self._holding[number]:
                    found[place] = max(quality, found.get(place, 0))
            scores = (
                found
                if scores is None
                else {p: scores[p] + quality for p, quality in found.items() if p in scores}
            )
        ranked = sorted((scores or {}).items(), key=lambda item: (-item[1], item[0]))
        return [self._keys[place] for place, _score in ranked[:most]]
