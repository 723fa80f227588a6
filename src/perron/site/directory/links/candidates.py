"""What the other end of a link may be: things of a kind, found by words, that the reader may see."""

from __future__ import annotations

from perron.site.accounts.access import Reader
from perron.site.directory.activities import plain
from perron.site.directory.organisations.reference import reference
from perron.site.directory.search.selectors import find
from perron.site.directory.things import Thing, kinds, resolved

#: How many are shown; more words find fewer.
MOST = 20


def choices(reader: Reader) -> list[tuple[str, str]]:
    """(name, words) of the kinds that a link may lead to, as this reader knows them."""
    hidden = set() if reader.can("contacts.read") else {"contact"}
    return [(k.name, str(k.label).capitalize()) for k in kinds().values() if k.name not in hidden]


def candidates(kind: str, words: str, reader: Reader) -> list[Thing]:
    """Things of a kind whose name holds the words."""
    if not words.strip():
        return []
    known = reference()
    if kind == "sector":
        found = known.activities.search(words, MOST) if known.activities else []
        keys = [activity.code for activity, _said in found]
    elif kind == "place":
        keys = _places(words)
    else:
        return [hit.thing for hit in find(words, reader, limit=MOST, only=kind)]
    things = resolved(((kind, key) for key in keys), reader)
    return [things[kind, key] for key in keys if (kind, key) in things]


def _places(words: str) -> list[str]:
    """Codes of the places whose name holds the words, those that begin with them first."""
    wanted = plain(words)
    held = reference().places or ()
    named = [(plain(place.names["fr"]), place.code) for place in held]
    found = [(not name.startswith(wanted), name, code) for name, code in named if wanted in name]
    return [code for _rank, _name, code in sorted(found)[:MOST]]
