"""The life of a decision as a person reads it: from the first signal to the result, a sentence a line.

Lines follow one another by the day on which things happened; the number of an entry says where it
stands in the chain. A correction, a withdrawal or a reopening stands beside what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import State
from perron.site.accounts.access import Reader
from perron.site.components.figures import grade_word, language, word
from perron.site.directory.models import Family, Term
from perron.site.ledger import territories, words
from perron.site.ledger.models import EntryKind, Grade, Indicator
from perron.site.ledger.projection import TEXTS
from perron.site.ledger.selectors import Dossier, Step

_BESIDE = (EntryKind.CORRECTED, EntryKind.WITHDRAWN)
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline. `said` is a whole sentence, `more` what stands under it.

    `erased` is why the words are gone, `stale` whether the entry was withdrawn.
    """

    seq: int
    kind: str
    label: str
    day: date
    at: datetime
    who: str
    said: str
    more: tuple[str, ...] = ()
    grade: str = ""
    url: str = ""
    url_words: str = ""
    erased: str = ""
    erased_on: datetime | None = None
    withdrawn: bool = False
    #: The corrections, withdrawals and reopenings of this entry, in order.
    beside: tuple[Line, ...] = ()


def lines(found: Dossier, reader: Reader) -> tuple[Line, ...]:
    """The timeline of a decision, for one reader: names of colleagues are for who is signed in."""
    speak = _Speech(found, reader)
    beside: dict[int, list[Line]] = {}
    for step in found.steps:
        if step.entry.kind in _BESIDE and step.entry.about_id is not None:
            beside.setdefault(step.entry.about_id, []).append(speak.line(step, ()))
    # What corrects a correction stands under it, and so on: from the last one back.
    for step in reversed(found.steps):
        about = step.entry.about_id
        if step.entry.kind in _BESIDE and about is not None and step.entry.seq in beside:
            mine = beside[about]
            place = next(i for i, one in enumerate(mine) if one.seq == step.entry.seq)
            mine[place] = speak.line(step, tuple(beside[step.entry.seq]))
    told = [
        speak.line(step, tuple(beside.get(step.entry.seq, ())))
        for step in found.steps
        if step.entry.kind not in _BESIDE
    ]
    return tuple(sorted(told, key=lambda line: (line.day, line.seq)))


def who_said(step: Step, reader: Reader) -> str:
    """Who wrote an entry, as far as the reader may know and anyone still does."""
    if step.entry.actor is None:
        return _("inscrit par Perron")
    if not reader.signed_in:
        return _("une personne de l’agence")
    return step.who or _("personne effacée")


class _Speech:
    """The sentences of one decision's entries, with the words they need read once."""

    def __init__(self, found: Dossier, reader: Reader) -> None:
        self.found, self.reader = found, reader
        self.places = territories.known()
        self.terms = {
            (term.family, term.code): str(term)
            for term in Term.objects.filter(
                family__in=(Family.COMMITMENT, Family.STAGE, Family.CRITERION)
            )
        }
        codes = {step.facts["indicator"] for step in found.steps if step.facts.get("indicator")} - {
            i.code for i in found.indicators.values()
        }
        known = [*found.indicators.values()]
        if codes:  # an indicator that a correction has since replaced
            known += Indicator.objects.filter(code__in=codes)
        self.indicators = {indicator.code: indicator for indicator in known}
        self.by_seq = {step.entry.seq: step for step in found.steps}
        self.states = states(found.steps)

    def line(self, step: Step, beside: tuple[Line, ...]) -> Line:
        entry, texts = step.entry, step.texts
        frozen = entry.content
        kind = EntryKind(entry.kind)
        sentence, more = self._SAYS[kind](self, step, texts or {})
        return Line(
            seq=entry.seq,
            kind=kind.value,
            label=str(kind.label),
            day=self._day(step),
            at=entry.at,
            who=who_said(step, self.reader),
            said=sentence if texts is not None else self._without_words(kind, step),
            more=tuple(part for part in more if part),
            grade=step.facts.get("grade", "") if kind in _GRADED else "",
            url=(texts or {}).get("source_url") or (texts or {}).get("url") or "",
            url_words=(texts or {}).get("source") or (texts or {}).get("publisher") or "",
            erased=frozen.erased_because if texts is None else "",
            erased_on=frozen.erased if texts is None else None,
            withdrawn=any(line.kind == EntryKind.WITHDRAWN for line in beside),
            beside=beside,
        )

    def _day(self, step: Step) -> date:
        """When it happened, as opposed to when it was inscribed."""
        if step.entry.kind == EntryKind.DECIDED:
            return self.found.commitment.decided_on
        if written := step.facts.get("on"):
            return date.fromisoformat(written)
        return timezone.localdate(step.entry.at)

    # --- a sentence a kind -----------------------------------------------------------------------

    def _decided(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        facts = step.facts
        said = _("{body} décide : {decision}").format(
            body=_capital(texts.get("decided_by", "")), decision=texts.get("decision", "")
        )
        criteria = [self._term(Family.CRITERION, code) for code in facts["criteria"]]
        return said, (
            " · ".join(
                part
                for part in (
                    self._term(Family.COMMITMENT, facts["kind"]),
                    self._term(Family.STAGE, facts["stage"]),
                    territories.name_of(facts["territory"], self.places),
                )
                if part
            ),
            _("Critères : {names}.").format(names=formats.listed(criteria, language()))
            if criteria
            else "",
        )

    def _note(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        source = texts.get("source", "")
        return texts.get("words", ""), (
            _("Source : {source}").format(source=source)
            if source and not texts.get("source_url")
            else "",
        )

    def _evidence(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        title, words_said = texts.get("title", ""), texts.get("words", "")
        when = texts.get("date", "")
        said = _("Preuve : « {title} ».").format(title=title)
        count = len(step.facts.get("figures", ()))
        return said, (
            words_said,
            formats.period(when, language()) if when else "",
            _("Chiffre du lac gelé ce jour-là.") if count else "",
        )

    def _expected(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        facts = step.facts
        return texts.get("sentence", ""), (self._range(facts),)

    def _range(self, facts: Facts) -> str:
        indicator = self.indicators.get(facts["indicator"])
        if indicator is None:
            return str(facts["indicator"])
        start = words.amount(indicator, facts["baseline"], facts["baseline_state"])
        if facts["baseline_period"]:
            start += f" ({formats.period(facts['baseline_period'], language())})"
        said = _("{indicator} : de {start} à {range}, échéance le {due}.").format(
            indicator=_capital(str(indicator)),
            start=start,
            range=words.expected(indicator, facts["low"], facts["high"]),
            due=formats.date(date.fromisoformat(facts["due"]), language()),
        )
        if facts["comparator"]:
            said += " " + _("Comparé à : {place}.").format(
                place=territories.name_of(facts["comparator"], self.places)
            )
        return said

    def _reviewed(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        facts = step.facts
        about = self.states.get(step.entry.about_id or 0, {})
        indicator = self.indicators.get(about.get("indicator", ""))
        value = (
            words.amount(indicator, facts["value"], facts["state"])
            if indicator
            else str(facts["value"])
        )
        when = facts.get("period") or ""
        said = _("À l’échéance de l’attente (entrée {n}) : {value}, {verdict}.").format(
            n=step.entry.about_id,
            value=f"{value} ({formats.period(when, language())})" if when else value,
            verdict=words.VERDICTS[facts["verdict"]],
        )
        return said, (texts.get("words", ""),)

    def _corrected(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        changed = []
        before = self.states.get(step.entry.seq, {})
        for name in (*(n for n in step.facts if n != "texts"), *step.facts.get("texts", ())):
            after = step.facts[name] if name in step.facts else texts.get(name)
            changed.append(
                _("{field} : « {before} » devient « {after} ».").format(
                    field=_capital(field_word(name)),
                    before=self._value(name, before.get(name), before),
                    after=self._value(name, after, before),
                )
            )
        return _("Corrigé : {because}").format(because=texts.get("because", "")), tuple(changed)

    def _withdrawn(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        about = self.by_seq.get(step.entry.about_id or 0)
        reopened = about is not None and about.entry.kind == EntryKind.CLOSED
        said = _("Rouverte : {because}") if reopened else _("Retiré : {because}")
        return said.format(because=texts.get("because", "")), ()

    def _closed(self, step: Step, texts: Facts) -> tuple[str, tuple[str, ...]]:
        return _("Décision close : {because}").format(because=texts.get("because", "")), ()

    _SAYS: Mapping[EntryKind, Callable[..., tuple[str, tuple[str, ...]]]] = {
        EntryKind.DECIDED: _decided,
        EntryKind.SIGNAL: _note,
        EntryKind.EVIDENCE: _evidence,
        EntryKind.EXPECTED: _expected,
        EntryKind.ACTED: _note,
        EntryKind.REVIEWED: _reviewed,
        EntryKind.CORRECTED: _corrected,
        EntryKind.WITHDRAWN: _withdrawn,
        EntryKind.CLOSED: _closed,
    }

    # --- words ------------------------------------------------------------------------------------

    def _without_words(self, kind: EntryKind, step: Step) -> str:
        """What is left to say of an entry whose words were erased."""
        if kind == EntryKind.REVIEWED:
            return self._reviewed(step, {})[0]
        return _("{kind} : les mots de cette entrée ont été effacés.").format(
            kind=_capital(str(kind.label))
        )

    def _term(self, family: Family, code: str) -> str:
        return self.terms.get((family, code), code)

    def _value(self, name: str, value: Any, row: Facts) -> str:
        """A value of a correction in words."""
        if value is None or value == "" or value == []:
            return _("rien")
        if name in ("territory", "comparator"):
            return territories.name_of(str(value), self.places)
        if name in ("kind", "stage"):
            family = Family.COMMITMENT if name == "kind" else Family.STAGE
            return self._term(family, str(value))
        if name == "criteria":
            return ", ".join(self._term(Family.CRITERION, code) for code in value)
        if name in ("due", "decided_on", "on"):
            return formats.date(date.fromisoformat(str(value)), language())
        if name == "indicator":
            return str(self.indicators.get(str(value), value))
        if name.endswith("state"):
            return _("observé") if value == State.OBSERVED else word(value)
        if name == "grade":
            return grade_word(str(value)) if value in Grade.values else str(value)
        if name == "verdict":
            return str(words.VERDICTS.get(value, value))
        if name == "fictional":
            return _("oui") if value else _("non")
        if isinstance(value, int | float):
            return formats.number(value, 0 if float(value).is_integer() else 2, language())
        return str(value)


_GRADED = (EntryKind.EVIDENCE, EntryKind.REVIEWED)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def states(steps: Iterable[Step]) -> dict[int, dict[str, Any]]:
    """The fields of an entry as they stand at its end, and for a correction just before it."""
    now: dict[int, dict[str, Any]] = {}
    for step in steps:
        seq, about = step.entry.seq, step.entry.about_id
        fields = {n: v for n, v in step.facts.items() if n != "texts"}
        fields |= step.texts or dict.fromkeys(TEXTS.get(step.entry.kind, ()), gone_word())
        if step.entry.kind == EntryKind.CORRECTED and about in now:
            gone = dict.fromkeys(step.facts.get("texts", ()), gone_word())
            before = dict(now[about])
            now[about] |= fields if step.texts is not None else gone | fields
            now[seq] = before
        else:
            now[seq] = fields
    return now


def gone_word() -> str:
    return _("(effacé)")


def field_word(name: str) -> str:
    """The name of a field in a sentence."""
    return str(_FIELDS[name]()) if name in _FIELDS else name


_FIELDS: Mapping[str, Callable[[], str]] = {
    "title": lambda: _("titre"),
    "decision": lambda: _("décision"),
    "decided_by": lambda: _("organe"),
    "decided_on": lambda: _("date de la décision"),
    "kind": lambda: _("type"),
    "stage": lambda: _("étape"),
    "territory": lambda: _("territoire"),
    "criteria": lambda: _("critères"),
    "fictional": lambda: _("exemple fictif"),
    "indicator": lambda: _("indicateur"),
    "sentence": lambda: _("attente"),
    "baseline": lambda: _("départ"),
    "baseline_state": lambda: _("état du départ"),
    "baseline_period": lambda: _("période du départ"),
    "low": lambda: _("borne basse"),
    "high": lambda: _("borne haute"),
    "period": lambda: _("période"),
    "due": lambda: _("échéance"),
    "comparator": lambda: _("comparé à"),
    "comparator_baseline": lambda: _("départ du territoire comparé"),
    "comparator_state": lambda: _("état du territoire comparé"),
    "comparator_value": lambda: _("résultat du territoire comparé"),
    "value": lambda: _("valeur"),
    "state": lambda: _("état"),
    "grade": lambda: _("degré de preuve"),
    "verdict": lambda: _("verdict"),
    "words": lambda: _("mots"),
    "source": lambda: _("source"),
    "source_url": lambda: _("adresse de la source"),
}
