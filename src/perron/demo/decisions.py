"""The decisions that a territory ships, inscribed once in the empty ledger of a demonstration.

Of a demonstration alone: an entry of the chain is never removed, and a real ledger begins with what
its agency decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.territory import Territory
from perron.translation import gettext as _

if TYPE_CHECKING:
    from perron.site.accounts.access import Reader
    from perron.site.ledger.models import Commitment, Expectation

FILE = "decisions.toml"
#: The hour at which a step of a day is written.
HOUR = time(10)


def inscribe(territory: Territory, held: Catalogue) -> int:
    """Write the territory's decisions through the verbs of the ledger, in time; how many were written.

    They are signed by the invented account of the direction, where there is one. Nothing where the territory ships none, or where the ledger ever held an entry. What is due is then
    read in the lake and signed by the machine, as it is every day.
    """
    from perron.demo.records import account_of
    from perron.site.ledger.models import Entry
    from perron.site.ledger.reviewing import review_due

    path = territory.folder / territory.directory / FILE
    if not territory.directory or Entry.objects.exists() or not path.is_file():
        return 0
    decisions = _given(path)
    zone = ZoneInfo(territory.timezone)
    # Sorted by day alone: steps of one day keep the order of the file.
    steps = sorted(
        (step for number in range(len(decisions)) for step in _steps(decisions, number)),
        key=lambda step: step[0],
    )
    ledger = _Ledger(held, account_of("director"))
    with transaction.atomic():
        for on, number, verb, given in steps:
            try:
                ledger.write(verb, number, given, datetime.combine(on, HOUR, zone))
            except (InputError, TypeError, KeyError, IndexError) as error:
                raise InputError(
                    _("Territoire, {path}, décision « {title} », {verb} : {problem}").format(
                        path=path, title=decisions[number]["title"], verb=verb, problem=error
                    )
                ) from error
        for number, decision in enumerate(decisions):
            for given in decision.get("links", ()):
                ledger.link(number, given)
        review_due(held=held)
    return len(decisions)


def _given(path: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["decisions"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError(
            _("Territoire, {path} : les décisions ne se lisent pas ({problem}).").format(
                path=path, problem=error
            )
        ) from error
    return found


def _steps(
    decisions: list[dict[str, Any]], number: int
) -> Iterator[tuple[date, int, str, dict[str, Any]]]:
    """The decision itself, then its steps: day, number, verb, fields.

    A signal that came before the decision is written with it, since it needs a decision to be about;
    the day on which it was seen is one of its fields.
    """
    fields = {n: value for n, value in decisions[number].items() if n not in ("steps", "links")}
    decided = fields["decided_on"]
    yield decided, number, "decide", fields
    for step in decisions[number].get("steps", ()):
        given = {name: value for name, value in step.items() if name != "verb"}
        yield max(step["on"], decided), number, step["verb"], given


class _Ledger:
    """Writes steps with what they need of the lake, and remembers the decisions and expectations made."""

    def __init__(self, held: Catalogue, reader: Reader) -> None:
        self._held, self._reader = held, reader
        self._made: dict[int, Commitment] = {}
        self._expected: dict[int, list[Expectation]] = {}

    def write(self, verb: str, number: int, given: dict[str, Any], at: datetime) -> None:
        from perron.methods.statistics.expectations import verdict
        from perron.site.ledger import services

        if verb == "decide":
            self._made[number] = services.decide(self._reader, at=at, **given)
            self._expected[number] = []
            return
        fields = dict(given)
        on = fields.pop("on")
        of = self._made[number].pk
        if verb in ("signal", "act"):
            getattr(services, verb)(self._reader, commitment=of, on=on, at=at, **fields)
        elif verb == "add_evidence":
            fields["figures"] = [_frozen(self._held, *r) for r in fields.pop("readings", ())]
            services.add_evidence(self._reader, commitment=of, at=at, **fields)
        elif verb == "expect":
            fields |= _baselines(self._held, fields)
            made = services.expect(self._reader, commitment=of, at=at, **fields)
            self._expected[number].append(made)
        elif verb == "review":
            about = self._expected[number][fields.pop("expectation") - 1]
            said = verdict(fields.get("value"), about.low, about.high)
            services.review(self._reader, expectation=about.pk, verdict=said, at=at, **fields)
        else:
            raise KeyError(verb)

    def link(self, number: int, given: dict[str, str]) -> None:
        """Link a decision to what the territory's directory has under this name; nothing where it isn't."""
        from django.apps import apps

        from perron.site.directory.links.services import add_link

        kind = given["to"]
        model = apps.get_model("directory", kind)
        found = model._default_manager.filter(**{_NAMED[kind]: given["name"]}).first()
        if found is None:
            return
        add_link(
            self._reader,
            given["kind"],
            ("commitment", str(self._made[number].pk)),
            (kind, str(found.pk)),
            given["reason"],
            source=given.get("source", ""),
            fictional=self._made[number].fictional,
        )


#: What names a thing that a decision is linked to, by its kind.
_NAMED = {"organisation": "name", "memory": "title", "need": "sentence"}


def _frozen(held: Catalogue, code: str, place: str, period: str) -> dict[str, Any]:
    from perron.site.ledger.evidence import frozen_reading
    from perron.site.ledger.models import Indicator

    return frozen_reading(Indicator.objects.get(code=code), place, period, held)


def _baselines(held: Catalogue, fields: dict[str, Any]) -> dict[str, Any]:
    """Where the expectation starts from, here and in its comparator, where a period is said."""
    if not (period := fields.get("baseline_period")):
        return {}
    here = _frozen(held, fields["indicator"], fields["territory"], period)
    found = {"baseline": here["value"], "baseline_state": here["state"]}
    if comparator := fields.get("comparator"):
        there = _frozen(held, fields["indicator"], comparator, period)
        found |= {"comparator_baseline": there["value"], "comparator_state": there["state"]}
    return found
