"""The pages of the register: what they say, to whom, in which order, in how many queries."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pypdf
import pytest
from django.test import Client

from perron.site.accounts.access import MACHINE, reader_of_user
from perron.site.accounts.models import Confidentiality, Entry, User
from perron.site.ledger import selectors, services, timeline
from perron.site.ledger.chain import append, facts_of
from perron.site.ledger.models import Commitment, EntryKind, Expectation
from perron.site.ledger.rows import bring_in_line

HOSTILE = "<script>alert('é')</script> =1+1"
REGISTER = "/decider/registre/"


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return " ".join(response.content.decode().split())


def text(html: str) -> str:
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )


def test_an_empty_register_asks_its_question_and_says_how_to_begin(
    as_role: Callable[..., Client],
) -> None:
    said = text(page(as_role("analyst"), REGISTER))
    assert "Que décidons-nous, et qu’en attendons-nous ?" in said
    assert "Inscrire une décision" in said
    assert "Inscrire une décision" not in text(page(as_role(""), REGISTER))


def test_the_title_counts_what_became_of_what_was_expected(
    as_role: Callable[..., Client], expected: Callable[..., Expectation]
) -> None:
    for grade, value in (
        ("attested", 41_000.0),
        ("claimed", 10.0),
        ("not_measured", None),
        (None, None),
    ):
        one = expected()
        if grade:
            services.review(
                MACHINE,
                expectation=one.pk,
                verdict="held" if value else "unknown",
                grade=grade,
                value=value,
                state="observed" if value else "not_measured",
                source="Eurostat" if grade == "attested" else "",
            )
    html = page(as_role("reader"), REGISTER)
    assert "De 4 attentes échues, 1 est attestée, 1 déclarée et 2 n’ont pas été mesurées." in text(
        html
    )
    squares = re.findall(
        r'<rect class="(u-\w+)" x="\d+" y="\d+" width="12"', html.split("unit-key")[0]
    )
    assert squares == ["u-a", "u-c", "u-off", "u-off"]


CONFIDENTIALITIES = {
    "": {"public"},
    "partner": {"public"},
    "reader": {"public", "agency"},
    "analyst": {"public", "agency"},
    "director": {"public", "agency", "restricted"},
}


@pytest.mark.parametrize("role", CONFIDENTIALITIES)
def test_each_role_reads_what_it_may_on_pages_files_and_documents(
    role: str,
    as_role: Callable[..., Client],
    decided: Callable[..., Commitment],
    expected: Callable[..., Expectation],
) -> None:
    client, allowed = as_role(role), CONFIDENTIALITIES[role]
    for confidentiality in Confidentiality.values:
        made = decided(title=f"Décision {confidentiality} à lire", confidentiality=confidentiality)
        expected(made, sentence=f"Attente {confidentiality} à voir.")
        status = 200 if confidentiality in allowed else 404
        for address in (
            f"{REGISTER}{made.reference}/",
            f"{REGISTER}{made.reference}/attentes.csv",
            f"/documents/decision/{made.reference}.pdf",
        ):
            assert client.get(address).status_code == status, (role, address)
    for address in (
        REGISTER,
        f"{REGISTER}decisions.csv",
        "/decider/echeances/",
        "/decider/echeances.ics",
    ):
        said = client.get(address).content.decode()
        for confidentiality in Confidentiality.values:
            known = f"Décision {confidentiality}" in said or f"Attente {confidentiality}" in said
            assert known == (confidentiality in allowed), (role, address, confidentiality)
    document = client.get("/documents/registre/decisions.pdf").content
    words = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(document)).pages)
    for confidentiality in Confidentiality.values:
        assert (f"Décision {confidentiality}" in " ".join(words.split())) == (
            confidentiality in allowed
        )


def test_reading_a_confidential_decision_is_noted_each_time_and_in_lists_once(
    as_role: Callable[..., Client], decided: Callable[..., Commitment]
) -> None:
    made = [decided(confidentiality="restricted") for _n in range(3)]
    director = as_role("director")
    director.get(f"{REGISTER}{made[0].reference}/")
    director.get(f"/documents/decision/{made[0].reference}.pdf")
    assert Entry.objects.filter(seen=True, kind="commitment", key=str(made[0].pk)).count() == 2
    director.get(REGISTER)
    (listed,) = Entry.objects.filter(seen=True, key="")
    assert all(one.reference in listed.said for one in made)


FORMS = (
    *("inscrire/", "{r}/lecture/", "{r}/signal/", "{r}/action/", "{r}/document/", "{r}/chiffre/"),
    *("{r}/attente/", "{r}/clore/", "{r}/entrees/{d}/corriger/", "{r}/entrees/{e}/retirer/"),
)


@pytest.mark.parametrize(
    ("role", "writes", "reviews", "erases"),
    [
        ("", False, False, False),
        ("reader", False, False, False),
        ("partner", False, False, False),
        ("board", False, False, False),
        ("project-manager", True, True, False),
        ("analyst", True, True, True),
        ("director", True, True, True),
    ],
)
def test_forms_open_to_those_who_have_the_right_and_to_nobody_else(
    as_role: Callable[..., Client],
    expected: Callable[..., Expectation],
    decided: Callable[..., Commitment],
    role: str,
    writes: bool,
    reviews: bool,
    erases: bool,
) -> None:
    made = decided(confidentiality="public")
    entry = expected(made).entry_id
    client = as_role(role)
    refused = 403 if role else 302
    names = {"r": made.reference, "d": entry - 1, "e": entry}
    wanted = dict.fromkeys(FORMS, writes)
    wanted |= {"{r}/entrees/{e}/relire/": reviews, "{r}/entrees/{e}/effacer/": erases}
    before = selectors.head().seq
    for pattern, allowed in wanted.items():
        address = REGISTER + pattern.format(**names)
        assert client.get(address).status_code == (200 if allowed else refused), (role, address)
        if not allowed:
            assert client.post(address, {"because": "Une raison."}).status_code in (302, 403)
    assert selectors.head().seq == before
    for address in ("/decider/indicateurs/ajouter/", "/decider/indicateurs/jobs-industry/"):
        assert client.get(address).status_code == (200 if erases else refused)


def test_the_timeline_tells_everything_in_order_with_corrections_beside(
    as_role: Callable[..., Client], person: Callable[..., User], decided: Callable[..., Commitment]
) -> None:
    user = person("analyst", first_name="Anne", last_name="Lambert")
    me = reader_of_user(user)
    made = services.decide(
        me,
        title="Une décision d’essai",
        decision="Ouvrir une halle.",
        decided_by="Bureau",
        kind="project",
        decided_on=date(2010, 6, 1),
        confidentiality="public",
    )
    services.signal(me, commitment=made.pk, words="La halle est vide.", on=date(2009, 3, 1))
    proof = services.add_evidence(
        me, commitment=made.pk, title="Un rapport", words="Il dit.", publisher="IWEPS", date="2010"
    )
    one = services.expect(
        me, commitment=made.pk, sentence="Dix entreprises.", indicator="jobs-industry",
        low=10.0, due=date(2012, 1, 1), period="2011", baseline=0.0, baseline_state="zero",
    )  # fmt: skip
    services.act(me, commitment=made.pk, words="La halle a ouvert.", on=date(2011, 2, 3))
    services.correct(me, entry=one.entry_id, because="Erreur de frappe.", low=8.0)
    services.review(
        me, expectation=one.pk, verdict="held", grade="claimed", value=9.0, state="observed",
        words="Neuf sont là.",
    )  # fmt: skip
    services.withdraw(me, entry=proof.entry_id, because="Le rapport était provisoire.")
    services.close(me, commitment=made.pk, because="C’est fait.")
    found = selectors.dossier(made.reference, me)
    lines = timeline.lines(found, me)
    assert [line.kind for line in lines][:3] == ["signal", "decided", "acted"]
    assert [line.day for line in lines] == sorted(line.day for line in lines)
    told = [line.seq for line in lines] + [i.seq for line in lines for i in line.beside]
    assert sorted(told) == [step.entry.seq for step in found.steps]
    (correction,) = next(line for line in lines if line.kind == "expected").beside
    (more,) = correction.more
    assert " ".join(more.split()) == "Borne basse : « 10 » devient « 8 »."
    assert next(line for line in lines if line.kind == "evidence").withdrawn
    html = text(page(as_role("reader"), f"{REGISTER}{made.reference}/"))
    for said in (
        "La halle est vide.",
        "Erreur de frappe.",
        "Neuf sont là.",
        "C’est fait.",
        "Anne Lambert",
    ):
        assert said in html
    assert "Anne Lambert" not in page(as_role(""), f"{REGISTER}{made.reference}/")
    user.delete()
    assert "personne effacée" in page(
        as_role("reader", email="autre@exemple.org"), f"{REGISTER}{made.reference}/"
    )


def test_erased_words_are_said_to_be_gone_on_the_page_and_in_the_document(
    as_role: Callable[..., Client], decided: Callable[..., Commitment]
) -> None:
    made = decided(confidentiality="public")
    entry = services.signal(
        MACHINE, commitment=made.pk, words="Monsieur Untel part.", on=date(2010, 1, 2)
    )
    director = as_role("director")
    address = f"{REGISTER}{made.reference}/entrees/{entry.seq}/effacer/"
    assert director.post(address, {"because": "Un nom écrit par erreur."}).status_code == 302
    for address in (f"{REGISTER}{made.reference}/", f"{REGISTER}{made.reference}/?effacer=oui"):
        html = page(director, address)
        assert "Untel" not in html
        assert "Un nom écrit par erreur." in html
    document = director.get(f"/documents/decision/{made.reference}.pdf").content
    words = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(document)).pages)
    assert "Untel" not in words
    assert "effacés" in words


def test_the_document_is_tagged_and_holds_timeline_expectation_evidence_and_seal(
    as_role: Callable[..., Client],
    expected: Callable[..., Expectation],
    decided: Callable[..., Commitment],
) -> None:
    made = decided(confidentiality="public")
    expected(made)
    services.add_evidence(
        MACHINE,
        commitment=made.pk,
        title="Un rapport",
        words="Il dit.",
        publisher="IWEPS",
        date="2010",
    )
    response = as_role("").get(f"/documents/decision/{made.reference}.pdf")
    document = pypdf.PdfReader(io.BytesIO(response.content))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    words = " ".join(" ".join(p.extract_text() for p in document.pages).split())
    last = selectors.dossier(made.reference, MACHINE).steps[-1].entry
    for said in (
        "garde ses emplois",
        "Un rapport",
        "Du premier signal au résultat",
        last.hash[:40],
    ):
        assert said in words, said


def test_hostile_words_are_shown_as_words_and_formulas_stay_text_in_files(
    as_role: Callable[..., Client],
    decided: Callable[..., Commitment],
    expected: Callable[..., Expectation],
) -> None:
    made = decided(title=f"=cmd {HOSTILE}", decision=HOSTILE, decided_by=HOSTILE)
    one = expected(made, sentence=f"+1 {HOSTILE}")
    services.review(
        MACHINE, expectation=one.pk, verdict="unknown", grade="not_measured", words=HOSTILE
    )
    client = as_role("director")
    for address in (REGISTER, f"{REGISTER}{made.reference}/", "/decider/echeances/"):
        assert "<script>alert" not in page(client, address)
    assert "&lt;script&gt;" in page(client, f"{REGISTER}{made.reference}/")
    for address in (f"{REGISTER}decisions.csv", f"{REGISTER}{made.reference}/attentes.csv"):
        lines = client.get(address).content.decode("utf-8-sig").splitlines()
        assert not any(re.search(r'(^|[;,]"?)[=+]\s*(cmd|1)', line) for line in lines), lines


def test_filters_that_mean_nothing_find_nothing_and_harm_nothing(
    as_role: Callable[..., Client], decided: Callable[..., Commitment]
) -> None:
    decided(title="Une décision visible")
    client = as_role("analyst")
    for query in (
        "type=project",
        "etape=decided",
        "critere=gender",
        "territoire=60000",
        "etat=open",
    ):
        assert "Une décision visible" in page(client, f"{REGISTER}?{query}"), query
    for query in (
        "type=forged",
        "etape=event",
        "critere='--",
        "etat=closed",
        "miennes=oui",
        "mots=absent",
    ):
        assert "Une décision visible" not in page(client, f"{REGISTER}?{query}"), query
    for query in ("type=%00", "page=9999", "page=-1", "page=é", f"mots={'é' * 5000}"):
        page(client, f"{REGISTER}?{query}")
    assert client.get(f"{REGISTER}decisions.exe").status_code == 404
    assert client.get("/documents/decision/%00.pdf").status_code == 404
    for reference in ("2026-99", "inconnu", "é", "1' OR 1=1"):
        assert client.get(f"{REGISTER}{reference}/").status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_no_query_is_asked_for_each_row(
    as_role: Callable[..., Client],
    decided: Callable[..., Commitment],
    expected: Callable[..., Expectation],
    django_assert_max_num_queries: Any,
    count: int,
) -> None:
    made = decided()
    first = expected(made)
    facts, key = facts_of(first.entry), made.key
    for n in range(count):  # straight to the chain: the rows are brought in line once, at the end
        sentence = {"sentence": f"Attente {n} à voir."}
        entry = append(MACHINE, EntryKind.EXPECTED, key, facts, sentence)
        told = {
            **dict.fromkeys(("publisher", "date", "url"), ""),
            "title": "Un rapport",
            "words": "",
        }
        append(MACHINE, EntryKind.EVIDENCE, key, {"grade": "attested", "figures": []}, told)
        if n % 2:
            result = {
                **dict.fromkeys(("comparator_value", "value"), None),
                "comparator_state": "",
                "period": "",
                "state": "unknown",
                "figures": [],
                "grade": "not_measured",
                "verdict": "unknown",
            }
            said = dict.fromkeys(("words", "source", "source_url"), "")
            append(MACHINE, EntryKind.REVIEWED, key, result, said, about=entry.seq)
        decided(title=f"Décision {n} à lire")
    bring_in_line(made)
    client = as_role("analyst")
    client.get(REGISTER)  # the session and the visit are written once
    for address, most in (
        (REGISTER, 20),
        (f"{REGISTER}decisions.csv", 12),
        (f"{REGISTER}{made.reference}/", 24),
        (f"{REGISTER}{made.reference}/attentes.csv", 18),
        ("/decider/echeances/", 12),
        ("/decider/echeances.ics", 12),
        ("/decider/indicateurs/", 12),
    ):
        with django_assert_max_num_queries(most):
            client.get(address)
