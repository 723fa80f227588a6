"""What an import compares a file with, read once: the agency's words, places, organisations, kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from perron.site.accounts.access import Reader, visible
from perron.site.accounts.models import Confidentiality
from perron.site.directory.exchange.values import Read, WrongValueError, key_of, line
from perron.site.directory.models import Family, LegalBasis, NeedStatus, Organisation, Term
from perron.site.directory.organisations import rules
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.selectors import steered
from perron.site.directory.things import kinds

#: Languages whose words a file may hold.
_LANGUAGES = ("fr", "en")


@dataclass(slots=True)
class Known:
    """The organisations that the reader may see, by what a file may name them with."""

    names: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    plain: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: Place and number of each.
    about: dict[int, tuple[str, str]] = field(default_factory=dict)

    def add(self, pk: int, name: str, plain: str, number: str, place: str) -> None:
        self.names[pk] = name
        self.about[pk] = (place, number)
        self.plain[plain].append(pk)
        if number:
            self.numbers[number] = pk


class Held:
    """What the directory and the lake hold for this reader, at one moment."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.reference: Reference = reference()
        self.terms: dict[int, Term] = {term.pk: term for term in Term.objects.all()}
        self._words: dict[str, dict[str, Term]] = {}
        self._choices: dict[str, dict[str, str]] = {}
        self._places: dict[str, list[str]] | None = None
        self._organisations: Known | None = None
        self._kinds: dict[str, str] = {}

    # --- the agency's words ---

    def term(self, family: Family, text: str) -> Term:
        """The term of a family by its code or one of its names."""
        words = self._words.get(family.value)
        if words is None:
            words = {}
            own = [t for t in self.terms.values() if t.family == family]
            # One in use wins over one put out of use, and a code over a name.
            for term in sorted(own, key=lambda t: not t.active):
                words.setdefault(key_of(term.code), term)
            for term in sorted(own, key=lambda t: not t.active):
                for name in (term.name, term.name_en):
                    words.setdefault(key_of(name), term)
            self._words[family.value] = words
        found = words.get(key_of(text))
        if found is None:
            known = [t.name for t in self.terms.values() if t.family == family and t.active]
            raise WrongValueError(_expected(text, known))
        return found

    def term_text(self, term: Term | None) -> str:
        """The name of a term, its code where the name would be read as another."""
        if term is None:
            return ""
        return term.name if self.term(Family(term.family), term.name) == term else term.code

    # --- places ---

    def place(self, text: str) -> str:
        """The code of a place, by its code or by the name of one municipality, else of one place."""
        known = self.reference.places
        code = line(text, self)
        if known is None:
            # Without a reference a code is taken as it stands, as the form does.
            if len(code) > 10 or " " in code:
                raise WrongValueError(
                    _(
                        "« {found} » : ce lac ne connaît pas de noms de communes ; attendu un code."
                    ).format(found=code[:40])
                )
            return code
        if self.reference.place(code):
            return code
        found = self._named_places().get(key_of(code), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise WrongValueError(
                _(
                    "« {found} » est le nom de plusieurs communes : donnez son code ({codes})."
                ).format(found=code[:40], codes=", ".join(found[:6]))
            )
        raise WrongValueError(
            _(
                "« {found} » n’est pas une commune connue : donnez son nom officiel ou son code INS."
            ).format(found=code[:40])
        )

    def place_text(self, code: str) -> str:
        """The French name of a place, its code where the name would be read as another."""
        found = self.reference.place(code) if code else None
        if found is None:
            return code
        name = found.names["fr"]
        return name if self._named_places().get(key_of(name)) == [code] else code

    def _named_places(self) -> dict[str, list[str]]:
        if self._places is None:
            known = self.reference.places
            assert known is not None
            ours = self.reference.inside(steered().place.code)
            by_name: dict[str, dict[str, tuple[bool, bool]]] = defaultdict(dict)
            for place in known:
                if self.reference.place(place.code) is None:
                    continue
                rank = (place.level == "municipality", place.code in ours)
                for name in place.names.values():
                    by_name[key_of(name)][place.code] = rank
            # Among namesakes: a municipality first, then what lies in our territory.
            self._places = {
                name: sorted(c for c, rank in codes.items() if rank == max(codes.values()))
                for name, codes in by_name.items()
            }
        return self._places

    # --- organisations ---

    @property
    def organisations(self) -> Known:
        if self._organisations is None:
            known = Known()
            seen = visible(Organisation.objects.filter(merged_into=None), self.reader).order_by()
            rows = seen.values_list("pk", "name", "plain_name", "company_number", "place")
            for row in rows.iterator(chunk_size=5000):
                known.add(*row)
            self._organisations = known
        return self._organisations

    def organisation(self, key: str, number: str, name: str) -> int | None:
        """The organisation that a row names by its identifier, its number or its name."""
        known = self.organisations
        if key:
            if key.isascii() and key.isdigit() and len(key) < 18 and int(key) in known.names:
                return int(key)
            raise WrongValueError(
                _(
                    "Il n’y a pas d’organisation d’identifiant « {found} » que vous puissiez lire."
                ).format(found=key[:40])
            )
        as_number = rules.company_number(number or name) if number or name else ""
        if as_number in known.numbers:
            return known.numbers[as_number]
        if number and (fault := rules.number_fault(as_number)):
            raise WrongValueError(fault)
        if number and not name:
            raise WrongValueError(
                _("Aucune organisation du répertoire n’a le numéro {found}.").format(
                    found=rules.written(as_number)
                )
            )
        if not name:
            return None
        found = known.plain.get(rules.plain(name), [])
        if len(found) > 1:
            exact = [pk for pk in found if key_of(known.names[pk]) == key_of(name)]
            found = exact if len(exact) == 1 else found
        if len(found) > 1:
            raise WrongValueError(
                _(
                    "« {found} » est le nom de plusieurs organisations : donnez aussi son numéro ou son identifiant."
                ).format(found=name[:60])
            )
        if not found:
            raise WrongValueError(
                _(
                    "« {found} » n’est pas au répertoire : importez d’abord les organisations."
                ).format(found=name[:60])
            )
        return found[0]

    # --- closed lists ---

    def chosen(self, choices: type[TextChoices], text: str) -> str:
        """The value of a choice by its code or its words."""
        words = self._choices.get(choices.__name__)
        if words is None:
            words = {key_of(value): value for value in choices.values}
            for language in _LANGUAGES:
                with translation.override(language):
                    for choice in choices:
                        words.setdefault(key_of(str(choice.label)), choice.value)
            self._choices[choices.__name__] = words
        found = words.get(key_of(text))
        if found is None:
            raise WrongValueError(_expected(text, [str(label) for label in choices.labels]))
        return found

    def kind(self, text: str) -> str:
        """The name of a kind of thing, by its name or its label."""
        if not self._kinds:
            for language in (*_LANGUAGES,):
                with translation.override(language):
                    for kind in kinds().values():
                        self._kinds.setdefault(key_of(str(kind.label)), kind.name)
            self._kinds |= {key_of(name): name for name in kinds()}
        found = self._kinds.get(key_of(text))
        if found is None:
            raise WrongValueError(_expected(text, [str(k.label) for k in kinds().values()]))
        return found


def _expected(found: str, known: Iterable[str]) -> str:
    return _("« {found} » n’est pas dans la liste : {known}.").format(
        found=found[:40], known=", ".join(known)
    )


def term(family: Family) -> Read:
    """A word of the agency."""

    def read(text: str, held: Held) -> Term:
        return held.term(family, text)

    return read


def choice(choices: type[TextChoices]) -> Read:
    """A word of a closed list."""

    def read(text: str, held: Held) -> str:
        return held.chosen(choices, text)

    return read


def place(text: str, held: Held) -> str:
    return held.place(text)


def kind(text: str, held: Held) -> str:
    return held.kind(text)


def written(value: Any, held: Held, choices: type[TextChoices] | None = None) -> str:
    """A value as a file holds it; in French whoever asks, so that a file is read anywhere."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, Term):
        return held.term_text(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return " ; ".join(str(part) for part in value)
    if choices is not None:
        with translation.override("fr"):
            return str(choices(value).label)
    return str(value)


Labelled = Callable[[Any, Held], str]
CONFIDENTIALITY, BASIS, STATUS = Confidentiality, LegalBasis, NeedStatus
