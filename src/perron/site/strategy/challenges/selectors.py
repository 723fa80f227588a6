"""Questions about the register of challenges, answered for one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.site.accounts import log
from perron.site.accounts.access import Reader, visible
from perron.site.accounts.models import Entry
from perron.site.directory import records
from perron.site.directory.links.selectors import Linked, links_of
from perron.site.directory.models import Link, Term
from perron.site.directory.things import Thing
from perron.site.ledger.selectors import commitments
from perron.site.strategy.models import Challenge, ChallengeEvidence, Side, Stand

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the register is shown; an empty field is everything, closed challenges excepted."""

    kind: str = ""
    side: str = ""
    status: str = ""
    criterion: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """The filters of an address; what is no answer is left out."""
        side, status = given.get("sens", ""), given.get("etat", "")
        return cls(
            given.get("type", "")[:48],
            side if side in Side.values else "",
            status if status in (*Stand.values, "all") else "",
            given.get("critere", "")[:48],
        )


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the challenges that the filters keep, and what they add up to."""

    filters: Filters
    page: Page[Any]
    #: Open challenges that the reader may see, and those of them that led to no decision yet.
    open: int
    unanswered: int
    closed: int
    total: int


def _led_on(reader: Reader) -> QuerySet[Link]:
    """Links, from either end, by which a challenge led to a decision that the reader may see."""
    key = Cast(OuterRef("pk"), CharField())
    seen = commitments(reader).order_by().values(name=Cast("pk", CharField()))
    return Link.objects.filter(
        Q(from_kind="challenge", from_key=key, to_kind="commitment", to_key__in=seen)
        | Q(to_kind="challenge", to_key=key, from_kind="commitment", from_key__in=seen),
        withdrawn_because="",
    )


def register(reader: Reader, wanted: Filters, page: int = 1) -> Register:
    """The challenges that the reader may see."""
    seen = visible(Challenge.objects.all(), reader)
    counted = seen.annotate(answered=Exists(_led_on(reader))).aggregate(
        open=Count("pk", Q(status=Stand.OPEN)),
        unanswered=Count("pk", Q(status=Stand.OPEN, answered=False)),
        closed=Count("pk", Q(status=Stand.CLOSED)),
        total=Count("pk"),
    )
    kept = seen
    if wanted.kind:
        kept = kept.filter(kind__code=wanted.kind)
    if wanted.side:
        kept = kept.filter(side__in={wanted.side, Side.BOTH.value})
    if wanted.criterion:
        kept = kept.filter(criteria__code=wanted.criterion)
    if wanted.status in Stand.values:
        kept = kept.filter(status=wanted.status)
    elif not wanted.status:
        kept = kept.exclude(status=Stand.CLOSED)
    kept = (
        kept.select_related("kind")
        .prefetch_related("criteria")
        .annotate(
            proofs=Count("evidences", Q(evidences__withdrawn_because="")),
            answered=Exists(_led_on(reader)),
        )
        .order_by("status", "title", "pk")
    )
    return Register(wanted, Paginator(kept, PAGE).get_page(page), **counted)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One challenge, its criteria side by side, what it rests on, what it led to, what was written of it."""

    challenge: Challenge
    economic: tuple[Term, ...]
    societal: tuple[Term, ...]
    evidences: tuple[ChallengeEvidence, ...]
    withdrawn: tuple[ChallengeEvidence, ...]
    decisions: tuple[Linked, ...]
    others: tuple[Linked, ...]
    entries: tuple[Entry, ...]
    names: dict[UUID, str] = field(default_factory=dict)


def sheet(challenge: int, reader: Reader) -> Sheet:
    """A challenge. InputError where there is none, or none for this reader."""
    found = records.reached(Challenge, challenge, reader)
    criteria, evidences = list(found.criteria.all()), list(found.evidences.all())
    linked = links_of("challenge", found.pk, reader).every
    entries = tuple(log.entries("challenge", found.pk)[:100])
    return Sheet(
        found,
        tuple(t for t in criteria if not t.social),
        tuple(t for t in criteria if t.social),
        tuple(e for e in evidences if not e.withdrawn_because),
        tuple(e for e in evidences if e.withdrawn_because),
        tuple(one for one in linked if one.other.kind == "commitment"),
        tuple(one for one in linked if one.other.kind != "commitment"),
        entries,
        log.names(entry.actor for entry in entries) if reader.signed_in else {},
    )


def challenge(pk: int, reader: Reader) -> Challenge:
    """A challenge. InputError where there is none, or none for this reader."""
    return records.reached(Challenge, pk, reader)


def evidence(pk: int, of: Challenge) -> ChallengeEvidence:
    """An evidence that was not withdrawn. InputError where there is none."""
    found = of.evidences.filter(pk=pk, withdrawn_because="").first()
    if found is None:
        raise InputError(_("Cette preuve n’existe pas, ou a été retirée."))
    return found


def things(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Challenges by key, as links and search show them."""
    numbers = [int(k) for k in keys if k.isascii() and k.isdigit() and len(k) < 18]
    found = visible(Challenge.objects.filter(pk__in=numbers), reader).select_related("kind")
    return {
        str(one.pk): Thing(
            "challenge",
            str(one.pk),
            one.title,
            reverse("challenge", args=[one.pk]),
            f"{one.get_side_display()} · {one.kind}",
            one.fictional,
        )
        for one in found
    }
