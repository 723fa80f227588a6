"""A need in one plain sentence, and the structure that a machine can propose from it.

Pure and deterministic: the day and the names of places are passed in. Each field comes with the
words that gave it; what the sentence does not say stays empty. A person confirms or corrects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from perron.site.directory.needs.dates import needed_by, said
from perron.site.directory.needs.kind_words import is_occupation, kind_of
from perron.site.directory.needs.numbers import Count, counts, fold

#: As long as the field that keeps the sentence; what is longer is not read.
LONGEST = 500
LONGEST_OBJECT = 200


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the sentence, from `start` to before `end`, that gave a field."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the sentence says, as far as it can be read."""

    quantity: int | None = None
    unit: str = ""
    object: str = ""
    needed_by: date | None = None
    place: str = ""
    kind: str = ""
    spans: tuple[Span, ...] = ()

    def kept(self) -> dict[str, Any]:
        """The same in words that JSON can hold, to be kept beside what the person confirms."""
        return {
            "quantity": self.quantity,
            "unit": self.unit,
            "object": self.object,
            "needed_by": self.needed_by.isoformat() if self.needed_by else None,
            "place": self.place,
            "kind": self.kind,
            "spans": [[s.field, s.start, s.end] for s in self.spans],
        }

    def explained(self, sentence: str) -> list[tuple[str, tuple[str, ...]]]:
        """The sentence in pieces, each with the fields that it gave."""
        edges = {0, len(sentence)} | {e for s in self.spans for e in (s.start, s.end)}
        cuts = sorted(e for e in edges if e <= len(sentence))
        pieces = []
        for start, end in pairwise(cuts):
            fields = {s.field for s in self.spans if s.start <= start and end <= s.end}
            pieces.append((sentence[start:end], tuple(sorted(fields))))
        return pieces


def propose(sentence: str, today: date, places: Mapping[str, str]) -> Proposal:
    """Read a sentence. `places` gives the code of each name."""
    sentence = sentence[:LONGEST]
    plain = fold(sentence)
    when = needed_by(plain, today)
    dates = [(w.start, w.end) for w in said(plain, today)]
    place = _place(plain, sentence, places, dates)
    taken = [*dates, *([(place[1], place[2])] if place else [])]
    lead, start = _leads(plain)
    kind = kind_of(plain, lead)
    found = _quantity(plain, sentence, taken)
    removed = [(c.start, c.end) for c in found] if len(found) == 1 else []
    if when:
        removed.append((when.start, when.end))
    if place:
        removed.append((place[1], place[2]))
    spans = [Span("quantity", c.start, c.end) for c in found]
    if not found and (one := _one_person(plain, start)):
        found, spans = [one], [Span("quantity", one.start, one.end)]
    if when:
        spans.append(Span("needed_by", when.start, when.end))
    if place:
        spans.append(Span("place", place[1], place[2]))
    if kind:
        spans.append(Span("kind", kind[1], kind[2]))
    return Proposal(
        sum(c.value for c in found) or None,
        found[0].unit if found else "",
        _object(sentence, plain, start, removed),
        when.day if when else None,
        place[0] if place else "",
        kind[0] if kind else "",
        tuple(_trimmed(s, sentence) for s in sorted(spans, key=lambda s: (s.start, s.end))),
    )


def _trimmed(span: Span, sentence: str) -> Span:
    words = sentence[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(span.field, start, span.end - (len(words) - len(words.rstrip())))


# --- how many ------------------------------------------------------------------------------------

_AND = re.compile(r"\s+[^\d,;.]{2,40}?\s*(?:et|,|\+|&)\s*")


def _quantity(plain: str, sentence: str, taken: list[tuple[int, int]]) -> list[Count]:
    """The count of what is needed; several where persons are listed ("2 soudeurs et 3 tuyauteurs")."""
    found = list(counts(plain, sentence, taken))
    if measured := next((c for c in found if c.unit), None):
        return [measured]
    if not found:
        return []
    listed = found[:1]
    for count in found[1:]:
        people = is_occupation(listed[-1].noun) and is_occupation(count.noun)
        if not people or not _AND.fullmatch(" " + plain[listed[-1].end : count.start]):
            break
        listed.append(count)
    return listed


def _one_person(plain: str, start: int) -> Count | None:
    """ "Un soudeur" is one person; "un terrain" counts nothing."""
    match = re.compile(r"\s*(une?) ([a-z][a-z'-]+)").match(plain, start)
    if match and is_occupation(match[2]):
        return Count(1, "", match.start(1), match.end(1), match[2])
    return None


# --- where ---------------------------------------------------------------------------------------

#: What says that a name is where it is needed, and goes away with it.
_AT = re.compile(
    r"(?<![\w-])(?:a|au|aux|sur|vers|dans|pour|pres d[e']|pres du|proche d[e']|autour d[e']|non loin d[e']|cote|en)(?: l[ae] | l')? ?$"
)
_AREA = re.compile(
    r"(?<![\w-])(?:(?:a|au|aux|dans|sur|en|de|pour)(?: l[ae] | les | l'| ))?(?:centre|centre-ville|region|zoning|zone|parc|bassin|commune|ville|province|arrondissement|entite|peripherie|alentours|environs|hauteurs|quartier)(?: (?:industriel(?:le)?|d'activites?|economique))? (?:de |d'|des )$"
)
#: A building of ours there: the name alone goes away.
_SEAT = re.compile(
    r"(?:usine|atelier|entrepot|siege|depot|chantier|magasin|agence|site|hall|implantation|antenne|boulangerie|etablissement)s? (?P<of>de |d')$"
)
_POSTCODE = re.compile(r"(?<!\d)(?:b-)?\d{4} $")
_EDGE = re.compile(r"(?:^|[,;:.()!?/-] ?)$")
_EDGE_AFTER = re.compile(r" ?(?:$|[,;:.()!?/])")


def _place(
    plain: str, sentence: str, places: Mapping[str, str], dates: list[tuple[int, int]]
) -> tuple[str, int, int] | None:
    """The code of the place and its words: the longest name that stands as a place, the first of those."""
    names = {_words(fold(name)): code for name, code in reversed(list(places.items()))}
    longest = max((name.count(" ") for name in names), default=0) + 1
    tokens = [(m.start(), m.end()) for m in re.finditer(r"[a-z0-9]+", plain)]
    shouted = sentence.upper() == sentence
    found: list[tuple[int, int, str, int]] = []
    for i, (start, _unused) in enumerate(tokens):
        for j in range(min(len(tokens), i + longest), i, -1):
            end = tokens[j - 1][1]
            name = _words(plain[start:end])
            if (code := names.get(name)) is None:
                continue
            if (said_from := _stands(plain, sentence, start, end, dates, shouted)) is not None:
                found.append((-(end - start), said_from, code, end))
            break
    if not found:
        return None
    _length, start, code, end = min(found)
    return code, start, end


def _words(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name))


def _stands(
    plain: str, sentence: str, start: int, end: int, dates: list[tuple[int, int]], shouted: bool
) -> int | None:
    """Where the words about a place begin; None where the name is part of another, or a plain word."""
    before, after = plain[:start], plain[end:]
    if before.endswith("-") or after.startswith("-"):
        return None
    follows = re.match(r"\s+(\w+)", sentence[end:])
    if follows and follows[1][0].isupper() and not shouted and not _EDGE_AFTER.match(after):
        return None  # "Liège Airport"
    if re.search(r"\d ?$", before) and plain[start:end] == "ans":
        return None
    for pattern in (_AREA, _AT):
        if match := pattern.search(before):
            return match.start()
    if match := _SEAT.search(before):
        return match.start("of")
    if match := _POSTCODE.search(before):
        return match.start()
    if plain[start:end].startswith(("province ", "arrondissement ")):
        return start
    common = end - start <= 4 and (shouted or sentence[start].islower())
    if common:
        return None  # "as", "ans", "spa" are words too
    dated = any(
        before.rstrip(" ").endswith(plain[s:e]) and before.rstrip(" ") == plain[:e]
        for s, e in dates
    )
    if _EDGE.search(before) or dated:
        closed = _EDGE_AFTER.match(after) or any(
            plain[end:s].strip() == "" for s, _e in dates if s >= end
        )
        return start if closed or dated else None
    word = re.search(r"(\w+) $", sentence[:start])
    if word and _EDGE_AFTER.match(after) and word[1].islower() and fold(word[1]) not in _JOINS:
        return start  # "cherche 3 grutiers herstal"
    return None


_JOINS = frozenset(
    ["de", "du", "des", "d", "et", "la", "le", "les", "l", "entre", "pour", "avec", "ou"]
)

# --- what ----------------------------------------------------------------------------------------

_LEAD = re.compile(
    r"(?<!\w)(?<!de )(?<!la )(?<!en )(?<!une )(?:(?:cherch|recherch)(?:ons|ent|e|ait|era|ais|aient)(?! (?:et|sur|d')\b)|(?:voudr|souhaiter|aimer)(?:ait|ions|aient|ais)|souhait(?:e|ons|ent)"
    r"|veu(?:t|lent|x)|voulons|(?:(?:a|ont|avons|ai|aur\w+|avoir) )?(?:un )?besoins?(?: urgents?)? (?:de |d'|en |du |des )"
    r"|(?:il )?(?:nous |me |leur |lui )?(?:faut|faudrait|faudra)(?!\w)|(?:il )?(?:nous |me |leur |lui )?manqu(?:e|ons|ent)(?: de(?!s) | d'|(?!\w))"
    r"|(?:est |sommes |sont )?(?:en|a la) recherche (?:de |d'))\s*"
)
_NOUN_LEAD = re.compile(
    r"^(?:bonjour|bonsoir|salut)?[\s,!.:]*(?:(?:recherche|cherche|besoins?|trouver|demande)(?: urgente?)?(?: de | d'| :|:| (?!et|sur))\s*)?"
)
_MORE_LEAD = re.compile(
    r"(?:\s*(?:trouver|avoir|obtenir|disposer d[e']|recruter|engager|embaucher|recevoir|urgemment)(?!\w))?\s*"
)
_ARTICLES = re.compile(
    r"^(?:[\s,;:.!-]|(?:un|une|des|de|du|la|le|les|quelques|plusieurs)(?!\w)|(?:d|l)(?='))*'?\s*"
)
_FILLER = re.compile(
    r"(?<!\w)(?:svp|s'il vous plait|s'il te plait|merci(?: d'avance)?|asap|des que possible|tres urgent|urgent)(?!\w)[\s,!.]*"
)
_LOOSE = re.compile(r"(?:[\s,;:–-]|(?<!\w)(?:pour|de|a|au|en|le|la|dans|et)(?=\W*$)|\.$)*$")


def _leads(plain: str) -> tuple[int, int]:
    """Where the need itself begins, after "nous cherchons" and whoever says so; then after "à engager"."""
    start = 0
    match = _LEAD.search(plain)
    # Far into the sentence, a verb tells of something else than what is needed.
    if match and match.start() <= 70 and not re.search(r"\d.*,|,.*,", plain[: match.start()]):
        start = match.end()
    if not start and (match := _NOUN_LEAD.match(plain)):
        start = match.end()
    return start, _MORE_LEAD.match(plain, start).end()  # type: ignore[union-attr] # it matches nothing too


def _object(sentence: str, plain: str, start: int, removed: list[tuple[int, int]]) -> str:
    """What is needed: the sentence without its beginning, its number, its date and its place."""
    away = [(0, start), *removed]
    away += [m.span() for m in _FILLER.finditer(plain)]
    kept = "".join(
        "" if any(s <= i < e for s, e in away) else letter for i, letter in enumerate(sentence)
    )
    kept = re.sub(r"\(\s*\)", "", kept)
    kept = re.sub(r"\s+", " ", kept)
    kept = re.sub(r"\s+([,.)])", r"\1", kept)
    kept = re.sub(r"([,;])(?:\s*[,;.])+", r"\1", kept)
    kept = kept[_ARTICLES.match(fold(kept)).end() :]  # type: ignore[union-attr] # it matches nothing too
    kept = kept[: _LOOSE.search(fold(kept)).start()]  # type: ignore[union-attr] # the same
    return kept[:LONGEST_OBJECT].rstrip(" ,;")
