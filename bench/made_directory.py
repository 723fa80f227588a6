"""An invented directory of any size, always the same: 50,000 organisations and what hangs on them.

Names are made of French words and Walloon names, accents included; nobody and nothing in it exists.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction

from perron.site.accounts.models import Entry as LogEntry
from perron.site.accounts.models import Person, Role, User
from perron.site.directory.models import (
    Contact,
    Link,
    Memory,
    Need,
    Organisation,
    OrganisationSector,
    Term,
)
from perron.site.directory.organisations.reference import Reference
from perron.site.directory.organisations.rules import plain
from perron.site.ledger.chain import canonical, digest, link
from perron.site.ledger.models import Commitment, Entry, Expectation, Frozen, Head, Indicator

SEED = 20261124
#: Links of the organisation that has the most.
HUB_LINKS = 5000
WHAT = [
    "Ateliers",
    "Établissements",
    "Imprimerie",
    "Boulangerie",
    "Mécanique",
    "Menuiserie",
    "Société",
    "Groupe",
    "Transports",
    "Brasserie",
    "Fonderie",
    "Laboratoires",
    "Garage",
    "Électricité",
    "Verrerie",
    "Tôlerie",
    "Câblerie",
    "Chaudronnerie",
    "Carrières",
    "Papeterie",
    "Pépinières",
    "Plâtrerie",
    "Toitures",
    "Usinage",
    "Conseil",
    "Ingénierie",
    "Logistique",
    "Énergies",
    "Biotech",
    "Optique",
    "Robotique",
    "Textile",
    "Béton",
    "Fromagerie",
    "Distillerie",
    "Manufacture",
]
OF = [
    "Préseux",
    "Lhoëst",
    "Gérardy",
    "Œuvray",
    "Dieudonné",
    "Bodart",
    "Collard",
    "Delvaux",
    "Noël",
    "Étienne",
    "Thiry",
    "Lambrecht",
    "Hermesse",
    "Wauthier",
    "Renson",
    "Dupagne",
    "Fabry",
    "Maréchal",
    "Pirnay",
    "Colleye",
    "Bragard",
    "Xhonneux",
    "Crutzen",
    "Jamar",
    "Müllender",
    "Schöffers",
    "Kœnig",
    "Radermecker",
    "Piérard",
    "Lejeune",
    "Dethier",
    "Grégoire",
    "Hubin",
    "Mathonet",
    "Quoilin",
]
AT = [
    "de la Vesdre",
    "de l’Ourthe",
    "de l’Amblève",
    "du Condroz",
    "de Hesbaye",
    "du Pays de Herve",
    "de la Meuse",
    "des Ardennes",
    "de la Légia",
    "du Val",
    "des Fagnes",
    "de la Berwinne",
    "du Geer",
    "de la Mehaigne",
    "du Hoyoux",
    "de la Warche",
]
FORMS = ("SA", "SRL", "ASBL", "SC", "SNC", "")
FIRST = [
    "Aline",
    "Basile",
    "Clémence",
    "Désiré",
    "Éléonore",
    "François",
    "Gaëlle",
    "Hélène",
    "Inès",
    "Jérôme",
    "Léa",
    "Maëlle",
    "Noémie",
    "Océane",
    "Zoé",
]
MAKES = (
    "Pièces usinées pour l’aéronautique",
    "Charpentes métalliques et façades",
    "Logiciels de suivi de production",
    "Produits laitiers du plateau de Herve",
    "Câbles et gaines isolées",
    "Services d’entretien de sites industriels",
    "Analyses et essais de matériaux",
    "Transport et entreposage au bord du canal",
)


def build(size: int, links: int, reference: Reference) -> dict[str, int]:
    """Write everything; how many records of each kind."""
    made = random.Random(SEED)  # the same every time is what is wanted
    with transaction.atomic():
        people = _people()
        organisations = _organisations(made, size, reference, people)
        counts = {"organisations": size}
        counts["contacts"] = _contacts(made, size, organisations, people)
        needs = _needs(made, size // 5, organisations, people, reference)
        counts["needs"] = len(needs)
        counts["memories"] = _memories(made, size // 10, organisations)
        counts["links"] = _links(made, links, organisations, needs, reference)
        counts["commitments"] = _commitments(made, size // 10, people)
        counts["log entries"] = _log(organisations)
    return counts


def user_of(role: str) -> User:
    """An account of a role, made once."""
    found, _new = User.objects.get_or_create(
        username=f"{role}@agence.example",
        defaults={"email": f"{role}@agence.example", "role": Role.objects.get(code=role)},
    )
    Person.objects.get_or_create(user=found)
    return found


def _people() -> list[User]:
    return [user_of(role) for role in ("director", "project-manager", "reader")]


def _terms(family: str) -> list[Term]:
    return list(Term.objects.filter(family=family).order_by("order"))


def _written(rows: Iterable[models.Model]) -> list[Any]:
    """Write in batches, with the keys that the database gives."""
    given, kept = iter(rows), []
    while some := list(itertools.islice(given, 2000)):
        kept += type(some[0])._default_manager.bulk_create(some, batch_size=500)
    return kept


def _number(index: int) -> str:
    """A number that answers to its check digits, as those of the register do."""
    head = 4_000_000 + index * 7
    return f"{head:08d}{97 - head % 97:02d}"


def _names(made: random.Random, size: int) -> Iterator[str]:
    for index in range(size):
        what, of, at = made.choice(WHAT), made.choice(OF), made.choice(AT)
        rest = made.choice((f"{of} {at}", f"{of} & {made.choice(OF)}", f"Liège {of}", at))
        yield f"{what} {rest} {index if made.random() < 0.3 else ''} {made.choice(FORMS)}".strip()


def _municipalities(reference: Reference) -> list[str]:
    return sorted(code for code, _name in reference.municipalities() if code.startswith("6"))


def _access(made: random.Random) -> str:
    return made.choices(("public", "agency", "restricted"), (25, 70, 5))[0]


def _organisations(
    made: random.Random, size: int, reference: Reference, people: list[User]
) -> list[int]:
    kinds, places = _terms("organisation"), _municipalities(reference)
    codes = sorted(a.code for a in reference.activities or () if len(a.code) in (2, 4))
    rows = (
        Organisation(
            name=name[:200],
            plain_name=plain(name),
            kind=made.choices(kinds, [60, *[3] * (len(kinds) - 1)])[0],
            company_number=_number(index) if made.random() < 0.9 else "",
            place=made.choice(places),
            makes=f"{made.choice(MAKES)}, à {made.choice(OF)}.",
            known_for=f"Fournisseur de {made.choice(OF)} depuis {made.randint(1950, 2024)}.",
            source="Répertoire inventé",
            source_date=str(made.randint(2019, 2026)),
            # Those that the measures ask for by their place are open to every reader.
            confidentiality="public" if index % 10_000 == 0 else _access(made),
            owner=made.choice((None, None, *people)),
            fictional=True,
        )
        for index, name in enumerate(_names(made, size))
    )
    keys = [o.pk for o in _written(rows)]
    _written(
        OrganisationSector(organisation_id=key, activity=code)
        for key in keys
        for code in made.sample(codes, made.randint(1, 3))
    )
    return keys


def _contacts(made: random.Random, size: int, organisations: list[int], people: list[User]) -> int:
    purposes = _terms("purpose")
    rows = (
        Contact(
            organisation_id=made.choice(organisations),
            first_name=made.choice(FIRST),
            last_name=f"{made.choice(OF)}-{made.choice(OF)}",
            function=made.choice(("direction", "production", "formation", "achats")),
            email=f"personne{index}@agence.example",
            purpose=made.choice(purposes),
            legal_basis="legitimate",
            source="Répertoire inventé",
            last_interaction=date(2026, 11, 1) - timedelta(days=made.randint(0, 1200)),
            confidentiality=made.choices(("agency", "restricted"), (95, 5))[0],
            owner=made.choice((None, *people)),
            fictional=True,
        )
        for index in range(size)
    )
    return len(_written(rows))


def _needs(
    made: random.Random,
    size: int,
    organisations: list[int],
    people: list[User],
    reference: Reference,
) -> list[int]:
    kinds, places = _terms("need"), _municipalities(reference)
    moment = datetime(2026, 11, 1, tzinfo=UTC)

    def need(index: int) -> Need:
        status = made.choices(("open", "answered", "closed"), (50, 35, 15))[0]
        number = made.randint(1, 40)
        return Need(
            organisation_id=made.choice(organisations),
            said_by="visite",
            said_on=date(2026, 11, 1) - timedelta(days=made.randint(0, 900)),
            sentence=f"{number} {made.choice(('soudeurs', 'électromécaniciens', 'techniciens d’automates', 'hectares'))} pour le printemps, besoin {index}",
            kind=made.choice(kinds),
            quantity=number,
            object="techniciens",
            needed_by=date(2027, 1, 1) + timedelta(days=made.randint(-300, 400)),
            place=made.choice(places),
            confirmed_at=moment,
            status=status,
            outcome="" if status == "open" else "Réponse donnée.",
            confidentiality=made.choices(("agency", "restricted"), (60, 40))[0],
            owner=made.choice((None, *people)),
            fictional=True,
        )

    return [n.pk for n in _written(need(index) for index in range(size))]


def _memories(made: random.Random, size: int, organisations: list[int]) -> int:
    kinds = _terms("memory")
    rows = (
        Memory(
            kind=made.choice(kinds),
            title=f"{made.choice(('Forum', 'Étude', 'Salon', 'Accord'))} {made.choice(OF)} {index}",
            period=f"{made.randint(2004, 2026)}-{made.randint(1, 12):02d}",
            summary="Ce qui fut fait, et ce qui en resta.",
            organisation_id=made.choice(organisations),
            source="Mémoire inventée",
            confidentiality=made.choice(("public", "agency")),
            fictional=True,
        )
        for index in range(size)
    )
    return len(_written(rows))


def _links(
    made: random.Random,
    wanted: int,
    organisations: list[int],
    needs: list[int],
    reference: Reference,
) -> int:
    """Links between organisations, needs, sectors and places; the first organisation has the most."""
    kinds, places = _terms("link"), _municipalities(reference)
    sectors = sorted(a.code for a in reference.activities or () if len(a.code) == 4)
    seen: set[tuple[int, str, str, str, str]] = set()
    hub = organisations[0]
    # Few organisations have many links and most have few, as in a real directory.
    busy = organisations[: max(1, len(organisations) // 10)]

    def other() -> tuple[str, str]:
        chance = made.random()
        if chance < 0.90:
            pool = busy if made.random() < 0.5 else organisations
            return "organisation", str(made.choice(pool))
        if chance < 0.94:
            return "sector", made.choice(sectors)
        if chance < 0.97:
            return "place", made.choice(places)
        return "need", str(made.choice(needs))

    def rows() -> Iterator[Link]:
        while len(seen) < wanted:
            start = hub if len(seen) < min(HUB_LINKS, wanted // 2) else made.choice(organisations)
            to_kind, to_key = other()
            kind = made.choice(kinds)
            name = (kind.pk, "organisation", str(start), to_kind, to_key)
            if name in seen or to_key == str(start):
                continue
            seen.add(name)
            yield Link(
                kind=kind,
                from_kind="organisation",
                from_key=str(start),
                to_kind=to_kind,
                to_key=to_key,
                reason="Inventé pour mesurer.",
                fictional=True,
            )

    given = rows()
    while some := list(itertools.islice(given, 20_000)):
        Link.objects.bulk_create(some, batch_size=1000)
    return len(seen)


def _commitments(made: random.Random, size: int, people: list[User]) -> int:
    """Decisions with one or two expectations each, on a chain that holds from end to end."""
    kinds, stages = _terms("commitment"), _terms("stage")
    indicators = list(Indicator.objects.all())
    head = Head.objects.select_for_update().get(pk=1)
    frozen: list[Frozen] = []
    entries: list[Entry] = []
    commitments: list[Commitment] = []
    expectations: list[tuple[int, int, dict[str, Any]]] = []

    def add(
        kind: str, key: UUID, at: datetime, facts: dict[str, Any], texts: dict[str, Any]
    ) -> int:
        body, said, seq = (
            canonical({**texts, "salt": str(len(frozen))}),
            canonical(facts),
            head.seq + 1,
        )
        content = digest(body)
        hashed = link(seq, at, kind, key, None, said, content, None, head.hash)
        frozen.append(Frozen(digest=content, body=body))
        entries.append(
            Entry(
                seq=seq, at=at, kind=kind, facts=said, commitment=key, content_id=content,
                previous=head.hash, hash=hashed,
            )
        )  # fmt: skip
        head.seq, head.hash = seq, hashed
        return seq

    for index in range(size):
        key = UUID(bytes=hashlib.sha256(f"decision {index}".encode()).digest()[:16])
        day = date(2015, 1, 1) + timedelta(days=made.randint(0, 4300))
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        kind, stage = made.choice(kinds), made.choice(stages)
        title = f"{made.choice(WHAT)} {made.choice(AT)}, étape {index}"
        texts = {"title": title, "decision": "Décision inventée.", "decided_by": "Conseil inventé"}
        reference = f"{day.year}-{index:05d}"
        facts = {
            "kind": kind.code, "stage": stage.code, "territory": "60000", "fictional": True,
            "reference": reference, "decided_on": day.isoformat(), "criteria": [],
        }  # fmt: skip
        add("decided", key, at, facts, texts)
        commitments.append(
            Commitment(
                key=key, reference=reference, kind=kind, stage=stage, decided_on=day,
                territory="60000", owner=made.choice(people), fictional=True,
                confidentiality=made.choices(("public", "agency", "restricted"), (20, 70, 10))[0],
                **texts,
            )
        )  # fmt: skip
        for _each in range(made.randint(1, 2)):
            indicator = made.choice(indicators)
            low = float(made.randint(5, 500))
            due = day + timedelta(days=made.randint(200, 2500))
            row = {
                "territory": "60000", "baseline": None, "baseline_state": "unknown",
                "baseline_period": "", "low": low, "high": None, "period": str(due.year),
                "comparator": "", "comparator_baseline": None, "comparator_state": "",
            }  # fmt: skip
            sentence = f"Au moins {low:.0f} en {due.year}."
            facts = {**row, "indicator": indicator.code, "due": due.isoformat()}
            seq = add("expected", key, at, facts, {"sentence": sentence})
            more = {**row, "indicator": indicator, "due": due, "sentence": sentence}
            expectations.append((index, seq, more))
    Frozen.objects.bulk_create(frozen, batch_size=1000)
    Entry.objects.bulk_create(entries, batch_size=1000)
    head.save()
    made_rows = _written(commitments)
    Expectation.objects.bulk_create(
        [
            Expectation(commitment=made_rows[index], entry_id=seq, **fields)
            for index, seq, fields in expectations
        ],
        batch_size=500,
    )
    return size


def _log(organisations: list[int]) -> int:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    rows = [
        LogEntry(
            at=at, action="organisation-added", kind="organisation", key=str(key),
            said="Organisation inscrite.",
        )
        for key in organisations
    ]  # fmt: skip
    LogEntry.objects.bulk_create(rows, batch_size=1000)
    return len(rows)
