"""Nobody reads or changes what they must not: every address, export, search and document, every role.

What each role may do is written here by hand, from what the agency asks, and not read from the code.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pypdf import PdfReader

from perron.site.accounts.access import MACHINE
from perron.site.accounts.models import User
from perron.site.directory.models import (
    Confirmation,
    Contact,
    Import,
    Link,
    Memory,
    Merge,
    Need,
    Organisation,
    OrganisationSector,
    Term,
)
from perron.site.ledger import services as ledger
from perron.site.ledger.models import Commitment, Entry, Expectation, Indicator
from perron.site.strategy.models import Challenge, Driver

ROLES = (
    *("director", "analyst", "project-manager", "training", "communication"),
    *("events", "finance", "board", "partner", "reader"),
)
#: "" is the public.
EVERYONE = ("", *ROLES)
#: The roles that meet each kind of limit; the others are met in `make test-all`.
FEW = ("", "training", "board", "partner")
EVERYONE_IN_TIME = [
    role if role in FEW else pytest.param(role, marks=pytest.mark.slow) for role in EVERYONE
]
LEVELS = ("public", "agency", "restricted")

#: Who reads what is internal, by kind of record.
INTERNAL = {
    "organisation": {*ROLES} - {"board", "partner"},
    "memory": {*ROLES} - {"board", "partner"},
    "contact": {
        *("director", "analyst", "project-manager", "training", "communication", "events"),
    },
    "need": {"director", "analyst", "project-manager", "training"},
    "commitment": {*ROLES} - {"partner"},
    "challenge": {*ROLES} - {"board", "partner"},
}
#: Who reads everything that is confidential, where they read the kind at all.
CONFIDENTIAL = {"director", "training"}


def may_read(role: str, kind: str, level: str) -> bool:
    if level == "public":
        return True
    if level == "agency":
        return role in INTERNAL[kind]
    return role in CONFIDENTIAL & INTERNAL[kind]


@dataclass(frozen=True)
class Planted:
    """A record with a word that stands nowhere else."""

    kind: str
    level: str
    secret: str
    key: int
    #: Its place in addresses.
    name: str


@pytest.fixture
def planted(db: None, person: Callable[..., User]) -> list[Planted]:
    """One record of each kind and confidentiality, owned by nobody who asks."""
    owner = person("director", "owner@exemple.org")
    company = Term.objects.get(family="organisation", code="company")
    purpose = Term.objects.get(family="purpose", code="projects")
    project = Term.objects.get(family="memory", code="project")
    skills = Term.objects.get(family="need", code="skills")
    today = timezone.localdate()
    found = []

    def secret(kind: str, level: str) -> str:
        return f"Zq{kind[:4]}{level[:4]}x".title()

    Indicator.objects.get_or_create(
        code="test-jobs", defaults={"name": "Emplois créés", "unit": "emplois"}
    )
    for level in LEVELS:
        common: dict[str, Any] = {"confidentiality": level, "owner": owner}
        word = secret("organisation", level)
        organisation = Organisation.objects.create(
            name=f"{word} SA",
            plain_name=word.lower(),
            kind=company,
            makes=f"Fabrique des {word}",
            notes=f"Note {word}",
            **common,
        )
        found.append(Planted("organisation", level, word, organisation.pk, str(organisation.pk)))
        home = Organisation.objects.create(
            name=f"Hôte {level}", plain_name=f"hote {level}", kind=company, confidentiality="public"
        )
        word = secret("contact", level)
        contact = Contact.objects.create(
            organisation=home,
            first_name="Aline",
            last_name=word,
            email=f"{word.lower()}@exemple.org",
            purpose=purpose,
            legal_basis="public_task",
            source="Visite",
            **common,
        )
        found.append(Planted("contact", level, word, contact.pk, str(contact.pk)))
        word = secret("need", level)
        need = Need.objects.create(
            organisation=home,
            sentence=f"Douze soudeurs {word} pour avril",
            object=f"soudeurs {word}",
            kind=skills,
            said_on=today,
            confirmed_at=timezone.now(),
            **common,
        )
        found.append(Planted("need", level, word, need.pk, str(need.pk)))
        word = secret("memory", level)
        memory = Memory.objects.create(
            kind=project, title=f"Projet {word}", period="2013", source="Rapport", **common
        )
        found.append(Planted("memory", level, word, memory.pk, str(memory.pk)))
        word = secret("commitment", level)
        commitment = ledger.decide(
            MACHINE,
            title=f"Décision {word}",
            decision=f"Ouvrir {word}.",
            decided_on=date(2024, 5, 13),
            decided_by="Conseil",
            kind="project",
            confidentiality=level,
            owner=owner.pk,
        )
        ledger.expect(
            MACHINE,
            commitment=commitment.pk,
            sentence=f"Vingt emplois {word}.",
            indicator="test-jobs",
            low=20.0,
            due=today,
            period=str(today.year),
            baseline=0.0,
            baseline_state="zero",
        )
        found.append(Planted("commitment", level, word, commitment.pk, commitment.reference))
        word = secret("challenge", level)
        challenge = Challenge.objects.create(
            kind=Term.objects.get(family="challenge", code="labour"),
            title=f"Défi {word}",
            sentence=f"On manque de {word}.",
            side="challenge",
            **common,
        )
        found.append(Planted("challenge", level, word, challenge.pk, str(challenge.pk)))
        Link.objects.create(
            kind=Term.objects.get(family="link", code="partner-of"),
            from_kind="organisation",
            from_key=str(home.pk),
            to_kind="organisation",
            to_key=str(organisation.pk),
            reason=f"Contrat {secret('organisation', level)}",
        )
    from perron.site.directory.search.services import rebuild

    rebuild()
    return found


def text_of(response: Any) -> str:
    """Everything that an answer says, whatever its form."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.get("Content-Type", "")
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if "spreadsheet" in kind or body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
            )
    if "json" in kind:
        return json.dumps(json.loads(body), ensure_ascii=False)
    return body.decode("utf-8", "replace")


def patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


#: Who may do what, by hand.
CAPABLE = {
    "strategy.write": {"director", "analyst", "project-manager"},
    "directory.write": {
        *("director", "analyst", "project-manager", "training", "communication", "events"),
    },
    "contacts.read": INTERNAL["contact"],
    "contacts.write": INTERNAL["contact"] - {"analyst"},
    "needs.write": {"director", "project-manager", "training"},
    "exchange": {"director", "analyst", "project-manager", "training", "events", "finance"},
    "settings": {"director", "analyst"},
    "people": {"director"},
    "audit": {"director"},
    "ledger.write": {"director", "analyst", "project-manager", "training", "events"},
    "signed_in": {*ROLES},
}
CAPABLE["ledger.review"] = CAPABLE["ledger.write"]

#: What each address asks for. What is not named here is public, and is listed in PUBLIC.
ASKS = {
    "strategy.write": (
        *("challenge-add", "challenge-change", "challenge-close", "challenge-evidence-add"),
        *("challenge-evidence-withdraw", "driver-add", "driver-import", "driver-change"),
        *("driver-close", "evidence-add", "evidence-change", "exposure-add", "exposure-change"),
        "driver-withdraw",
    ),
    "directory.write": (
        *("organisation-add", "organisation-change", "organisation-confirm"),
        *("organisation-readers", "organisation-reader-remove", "link-withdraw", "link-add"),
        *("memory-add", "memory-change", "directory-upkeep", "directory-doubles"),
        *("organisation-merge", "merge-undo", "confirmation-ask"),
    ),
    "contacts.read": ("contacts",),
    "contacts.write": ("contact-add", "contact-change", "contact-met", "contact-erase"),
    "needs.write": (
        *("need-add", "need-change", "need-answer", "need-close", "need-reopen"),
        *("need-readers", "need-reader-remove"),
    ),
    "exchange": (
        *("directory-import", "import-new", "import-preview", "import-choose", "import-write"),
        *("import-drop", "import-faults", "import-template", "directory-export"),
    ),
    "settings": (
        *("settings", "settings-family", "term-add", "term-change", "term-use", "entry-erase"),
        *("indicator-add", "indicator-change", "operations", "operations_retry"),
    ),
    "people": (
        *("people", "invite", "invitation-revoke", "person", "person-active"),
        *("person-password", "person-unprotect", "person-erase", "roles", "role-add", "role"),
    ),
    "audit": ("journal", "journal-export"),
    "ledger.write": (
        *("ledger-new", "commitment-settings", "commitment-signal", "commitment-action"),
        *("commitment-document", "commitment-figure", "commitment-expect", "commitment-close"),
        *("entry-correct", "entry-withdraw", "commitment-reader-remove"),
    ),
    "ledger.review": ("expectation-review",),
    "signed_in": (
        *("contact", "needs", "account", "account_reauthenticate", "account_change_password"),
        *("account_set_password", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp"),
        *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        *("mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn"),
        *("mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
    ),
}
ASKED = {name: capability for capability, names in ASKS.items() for name in names}
#: Pages anybody may ask for; what they show is still filtered.
PUBLIC = {
    *("healthz", "readyz", "preferences", "home", "sources", "search", "quick-search"),
    *("accessibility", "favicon", "document", "components", "components-network"),
    *("territory", "place", "territory-download", "sectors", "sectors-download", "sector"),
    *("sector-download", "options", "options-download", "compare", "compare-download", "links"),
    *("links-download", "drivers", "drivers-download", "driver-register", "driver-export"),
    *("driver-exposures", "driver-sheet", "driver-sheet-download"),
    *("challenges", "challenges-export", "challenge", "directory", "organisation", "thing-links"),
    *("need", "memories", "memory", "ledger", "ledger-download", "commitment"),
    *("commitment-download", "ledger-replay", "ledger-replay-download", "due", "due-calendar"),
    "indicators",
    "confirmation",
    *("invitation", "account_login", "account_logout", "account_inactive", "account_signup"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("account_email", "account_email_verification_sent", "mfa_authenticate"),
    *("mfa_login_webauthn", "openid_connect_login", "openid_connect_callback"),
    *("socialaccount_signup", "socialaccount_connections", "socialaccount_login_cancelled"),
    "socialaccount_login_error",
}
#: What fills the addresses that are about no record.
FILLED: dict[str, Any] = {
    **dict.fromkeys(("grant", "link", "key", "evidence", "exposure", "thing", "pk", "term"), 1),
    "driver": 1,
    "entry": 1,
    "level": 1,
    "user": 1,
    "invitation": 1,
    "person": 1,
    "role": 1,
    "organisation": 1,
    "contact": 1,
    "need": 1,
    "memory": 1,
    "challenge": 1,
    "merge": 1,
    "suffix": "csv",
    "family": "need",
    "kind": "organisation",
    "what": "preuve",
    "job": "00000000-0000-0000-0000-000000000001",
    "token": "x" * 43,
    "code": "test-jobs",
    "table": "x",
    "provider_id": "oidc",
    "name": "decision",
    "reference": "2024-01",
    "uidb36": "1",
    "stage": 1,
    "other": 1,
    "first": 1,
    "second": 1,
}
#: The record that an address is about, by its parameter.
ABOUT = {
    "organisation": "organisation",
    "contact": "contact",
    "need": "need",
    "memory": "memory",
    "reference": "commitment",
    "challenge": "challenge",
}
#: Tables of what people know; none of them may change by who may not change it.
KEPT = (
    *(Organisation, OrganisationSector, Contact, Need, Memory, Link, Import, Merge, Confirmation),
    *(Term, Commitment, Expectation, Entry, Indicator, Challenge, Driver, User),
)


def named() -> list[tuple[str, tuple[str, ...]]]:
    """Every address by its name, with its parameters."""
    found = {}
    for path, one in patterns():
        if one.name is not None:
            found[one.name, tuple(re.findall(r"<(?:\w+:)?(\w+)>", path))] = True
    return list(found)


def filled(name: str, parameters: tuple[str, ...], record: Planted | None = None) -> str:
    given = {p: FILLED[p] for p in parameters}
    if record is not None:
        given |= {p: record.name for p in parameters if ABOUT.get(p) == record.kind}
    return reverse(name, kwargs=given)


def turned_away(response: Any) -> bool:
    """Sent to the sign-in page, or told that a right is missing."""
    to_sign_in = response.status_code == 302 and "/compte/connexion/" in response["Location"]
    return to_sign_in or response.status_code == 403


def state() -> dict[str, list[Any]]:
    ignored = ("last_login", "visit", "previous_visit")
    return {
        model.__name__: [
            {k: v for k, v in row.items() if k not in ignored}
            for row in model.objects.order_by("pk").values()
        ]
        for model in KEPT
    }


def test_every_address_says_who_may_ask_for_it() -> None:
    silent = [path for path, one in patterns() if not getattr(one.callback, "access", "")]
    assert silent == []


def test_every_address_is_in_the_table_of_this_test() -> None:
    names = {name for name, _parameters in named()}
    assert names - set(ASKED) - PUBLIC == set()
    assert (set(ASKED) | PUBLIC) - names == set()


@pytest.mark.parametrize("role", EVERYONE_IN_TIME)
def test_who_lacks_the_right_is_turned_away_and_changes_nothing(
    role: str, shipped_home: Path, planted: list[Planted], as_role: Callable[..., Client]
) -> None:
    client = as_role(role)
    before = state()
    wrong = []
    for name, parameters in named():
        if name not in ASKED or role in CAPABLE[ASKED[name]]:
            continue
        address = filled(name, parameters)
        for ask in (client.get, client.post):
            answer = ask(address)
            if not turned_away(answer):
                wrong.append((name, ask.__name__, answer.status_code))
    assert wrong == []
    assert state() == before


@pytest.mark.parametrize("role", EVERYONE_IN_TIME[1:])
def test_who_has_the_right_is_not_turned_away(
    role: str, shipped_home: Path, planted: list[Planted], as_role: Callable[..., Client]
) -> None:
    client = as_role(role)
    wrong = []
    for name, parameters in named():
        # Pages about one's own password and keys ask for it again first, in their own way.
        own = name.startswith(("account", "mfa"))
        if name in ASKED and role in CAPABLE[ASKED[name]] and not own:
            answer = client.get(filled(name, parameters))
            if turned_away(answer):
                wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", EVERYONE_IN_TIME)
def test_a_record_that_may_not_be_read_does_not_exist_and_can_not_be_changed(
    role: str, shipped_home: Path, planted: list[Planted], as_role: Callable[..., Client]
) -> None:
    client = as_role(role)
    before = state()
    wrong = []
    for record in planted:
        if may_read(role, record.kind, record.level):
            continue
        for name, parameters in named():
            if not any(ABOUT.get(p) == record.kind for p in parameters):
                continue
            address = filled(name, parameters, record)
            answers = [client.get(address), client.post(address, {"because": "Une raison."})]
            for answer in answers:
                refused = answer.status_code in (404, 405) or turned_away(answer)
                if not refused or record.secret in text_of(answer):
                    wrong.append((name, record.level, answer.status_code))
    assert wrong == []
    assert state() == before


def pages_of(role: str, planted: list[Planted]) -> Iterator[str]:
    """Every list, sheet, export, search and document that could show a record."""
    lists = (
        *("home", "directory", "contacts", "needs", "memories", "ledger", "due", "due-calendar"),
        *("challenges", "indicators", "directory-import", "settings", "journal"),
    )
    yield from (reverse(name) for name in lists)
    for kind in ("organisation", "contact", "need", "memory", "link"):
        for suffix in ("csv", "xlsx"):
            yield reverse("directory-export", args=[kind, suffix])
    for suffix in ("csv", "xlsx"):
        yield reverse("ledger-download", args=[suffix])
        yield reverse("challenges-export", args=[suffix])
    yield reverse("document", args=["registre", "tout", "pdf"])
    for record in planted:
        for name, parameters in named():
            if name in PUBLIC | {"contact"} and any(
                ABOUT.get(p) == record.kind for p in parameters
            ):
                yield filled(name, parameters, record)
        yield reverse("thing-links", args=[record.kind, record.name])
        if record.kind == "commitment":
            yield reverse("document", args=["decision", record.name, "pdf"])
        # All of the word but its end: the page repeats what was typed.
        yield reverse("quick-search") + "?q=" + record.secret[:-1]
    # One page for all of them: the search page asks the same question as the box.
    yield reverse("search") + "?q=" + planted[0].secret[:2]
    for host in Organisation.objects.filter(name__startswith="Hôte"):
        yield reverse("organisation", args=[host.pk])
        yield reverse("thing-links", args=["organisation", host.pk])


@pytest.mark.parametrize("role", EVERYONE_IN_TIME)
def test_no_page_export_search_or_document_tells_what_may_not_be_read(
    role: str, shipped_home: Path, planted: list[Planted], as_role: Callable[..., Client]
) -> None:
    more = {}
    if role == "partner":
        # Their own organisation hosts the confidential contact and need.
        more["organisation"] = Organisation.objects.get(name="Hôte restricted").pk
    client = as_role(role, **more)

    def open_to(record: Planted) -> bool:
        own = role == "partner" and record.level == "restricted"
        return may_read(role, record.kind, record.level) or (
            own and record.kind in ("contact", "need")
        )

    told: dict[str, set[str]] = {}
    for address in pages_of(role, planted):
        answer = client.get(address)
        assert answer.status_code < 500, address
        said = text_of(answer) if answer.status_code == 200 else ""
        for record in planted:
            if record.secret in said:
                told.setdefault(record.secret, set()).add(address)
    leaks = {r.secret: told[r.secret] for r in planted if r.secret in told and not open_to(r)}
    assert leaks == {}
    # And the test would see a leak: what may be read is read, on its page and by the search.
    for record in planted:
        if not open_to(record):
            continue
        if record.kind == "contact" and role not in INTERNAL["contact"]:
            continue  # a person's data are found by who reads contacts
        seen = told.get(record.secret, set())
        assert any("recherche" in address for address in seen), (record, "search")
        assert any("recherche" not in address for address in seen), (record, "page")
