"""No page asks the database more often because there is more to show: lists and things of every app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from perron.site.accounts.access import MACHINE
from perron.site.accounts.models import Entry
from perron.site.directory.models import (
    Contact,
    Link,
    Memory,
    Need,
    Organisation,
    OrganisationSector,
    Term,
)
from perron.site.directory.search import services as search
from perron.site.ledger import services as ledger
from perron.site.ledger.chain import append
from perron.site.ledger.models import Commitment, EntryKind
from perron.site.ledger.projection import FACTS
from perron.site.ledger.rows import bring_in_line

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 60


def _term(family: str) -> Term:
    return Term.objects.filter(family=family).order_by("pk")[0]


class Filled:
    """A directory and a ledger that grow: one organisation, person, need, memory and decision have all."""

    def __init__(self) -> None:
        self.hub = Organisation.objects.create(
            name="Moyeu", plain_name="moyeu", confidentiality="public", kind=_term("organisation")
        )
        self.size = 0

    def grow(self, size: int) -> None:
        """Have `size` of everything."""
        new = range(self.size, size)
        kinds = {family: _term(family) for family in ("organisation", "purpose", "need", "memory")}
        others = Organisation.objects.bulk_create(
            Organisation(
                name=f"Câblerie {n}",
                plain_name=f"cablerie {n}",
                kind=kinds["organisation"],
                place="62051",
                confidentiality=("public", "agency", "restricted")[n % 3],
            )
            for n in new
        )
        OrganisationSector.objects.bulk_create(
            OrganisationSector(organisation=o, activity="2732") for o in others
        )
        Contact.objects.bulk_create(
            Contact(
                organisation=self.hub,
                last_name=f"Invention {n}",
                purpose=kinds["purpose"],
                legal_basis="legitimate",
                source="Essai",
                confidentiality=("agency", "restricted")[n % 2],
            )
            for n in new
        )
        Need.objects.bulk_create(
            Need(
                organisation=self.hub,
                said_on=date(2026, 1, 1) + timedelta(days=n),
                sentence=f"{n + 1} soudeurs",
                kind=kinds["need"],
                confidentiality=("agency", "restricted")[n % 2],
            )
            for n in new
        )
        Memory.objects.bulk_create(
            Memory(
                kind=kinds["memory"],
                title=f"Atelier {n}",
                period="2013",
                organisation=self.hub,
                source="Essai",
                confidentiality="public",
            )
            for n in new
        )
        for n in new:
            made = ledger.decide(
                MACHINE,
                title=f"Décision {n}",
                decision="Essai.",
                decided_by="Conseil",
                kind="project",
                decided_on=date(2024, 1, 1) + timedelta(days=n),
                confidentiality="agency",
            )
            if not n:
                self.decision = made
            self._stated(made, n)
            # The first shows an expectation and an action of each, written in line once.
            if n:
                self._stated(self.decision, n)
                bring_in_line(made)
        bring_in_line(self.decision)
        self._linked(size)
        Entry.objects.bulk_create(
            Entry(at="2026-01-01T10:00Z", action="changed", kind="organisation",
                  key=str(self.hub.pk), said=f"Fiche corrigée {n}.")
            for n in new
        )  # fmt: skip
        search.rebuild()
        self.size = size

    @staticmethod
    def _stated(made: Commitment, n: int) -> None:
        """An expectation and an action as entries, which `bring_in_line` then makes rows of."""
        facts = dict.fromkeys(FACTS[EntryKind.EXPECTED], "")
        facts |= {"baseline": None, "high": None, "comparator_baseline": None}
        facts |= {"baseline_state": "unknown", "indicator": "jobs-created", "low": float(n + 1)}
        facts |= {"period": "2025", "due": "2025-12-31"}
        append(MACHINE, EntryKind.EXPECTED, made.key, facts, {"sentence": f"Au moins {n + 1}."})
        texts = {"words": f"Fait {n}.", "source": "", "source_url": ""}
        append(MACHINE, EntryKind.ACTED, made.key, {"on": "2025-01-01"}, texts)

    def _linked(self, size: int) -> None:
        """Links between the first record of each kind and `size` organisations."""
        kind = Term.objects.get(family="link", code="partner-of")
        ends = (
            ("organisation", str(self.hub.pk)),
            ("need", str(Need.objects.order_by("pk")[0].pk)),
            ("contact", str(Contact.objects.order_by("pk")[0].pk)),
            ("memory", str(Memory.objects.order_by("pk")[0].pk)),
            ("commitment", str(self.decision.pk)),
        )
        others = Organisation.objects.exclude(pk=self.hub.pk).order_by("pk")[:size]
        Link.objects.bulk_create(
            (
                Link(kind=kind, from_kind=one, from_key=key, to_kind="organisation",
                     to_key=str(other.pk), reason="Essai.")
                for one, key in ends
                for other in others
            ),
            ignore_conflicts=True,
        )  # fmt: skip

    def addresses(self) -> list[str]:
        """Every list, and one thing of each kind."""
        hub = self.hub.pk
        person = Contact.objects.order_by("pk")[0].pk
        return [
            reverse("directory"),
            reverse("directory") + "?q=cablerie",
            reverse("organisation", args=[hub]),
            reverse("thing-links", args=["organisation", str(hub)]),
            reverse("contacts"),
            reverse("contact", args=[person]),
            reverse("needs"),
            reverse("need", args=[Need.objects.order_by("pk")[0].pk]),
            reverse("memories"),
            reverse("memory", args=[Memory.objects.order_by("pk")[0].pk]),
            reverse("search") + "?q=cablerie",
            reverse("quick-search") + "?q=cabl",
            reverse("ledger"),
            reverse("commitment", args=[self.decision.reference]),
            reverse("due"),
        ]


def _asked(client: Client, address: str) -> tuple[int, list[str], int]:
    """The status of a page, its queries and its length."""
    client.get(address)  # what is remembered for a day or in the process is so from here on
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    return answer.status_code, [query["sql"] for query in queries], len(answer.content)


def test_sixty_of_everything_are_shown_with_the_queries_of_three(
    as_role: Callable[..., Client],
) -> None:
    clients = {role: as_role(role) for role in ("director", "reader")}
    filled = Filled()

    def asked() -> dict[tuple[str, str], tuple[int, list[str], int]]:
        return {
            (role, address): _asked(client, address)
            for role, client in clients.items()
            for address in filled.addresses()
        }

    filled.grow(FEW)
    few = asked()
    filled.grow(MANY)
    many = asked()
    for (role, address), (status, _sql, length) in many.items():
        if role == "director":
            assert status == 200 and length > few[role, address][2], address
    more = {
        name: (len(few[name][1]), len(sql), "\n".join(sql[-12:]))
        for name, (status, sql, _length) in many.items()
        if len(sql) != len(few[name][1]) or status != few[name][0]
    }
    assert not more, more
