"""The forms of the register: what they write, what they refuse in words, two people at once."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from perron.site.accounts.access import MACHINE
from perron.site.accounts.models import Grant, User
from perron.site.directory.models import Link
from perron.site.ledger import selectors, services
from perron.site.ledger.chain import facts_of
from perron.site.ledger.models import Commitment, Entry, Expectation, Indicator, Review

REGISTER = "/decider/registre/"
DECISION = {
    "title": "Rouvrir une section de soudage",
    "decision": "Demander à deux opérateurs une section de soudage à Seraing.",
    "decided_by": "Conseil d’administration",
    "decided_on": "13/05/2024",
    "kind": "training",
    "stage": "decided",
    "territory": "",
    "economic": ["jobs"],
    "social": ["gender", "employment-rate"],
    "confidentiality": "agency",
}
EXPECTED = {
    "indicator": "jobs-created",
    "sentence": "Quarante personnes formées sont en poste.",
    "low": "40",
    "high": "1 200,5",
    "period": "2026",
    "due": "2027-01-31",
    "baseline": "0",
}


@pytest.fixture(autouse=True)
def _asked(db: None) -> None:
    """An indicator that only a person can say."""
    Indicator.objects.get_or_create(
        code="jobs-created", defaults={"name": "Emplois créés", "unit": "emplois"}
    )


@pytest.fixture
def writer(as_role: Callable[..., Client]) -> Client:
    return as_role("project-manager")


def faults(response: Any) -> str:
    assert response.status_code == 422, response.status_code
    return html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_decision_goes_from_its_form_to_its_graded_review(writer: Client) -> None:
    assert writer.post(f"{REGISTER}inscrire/", DECISION).status_code == 302
    made = Commitment.objects.get()
    assert made.decided_on == date(2024, 5, 13)
    assert {term.code for term in made.criteria.all()} == {"jobs", "gender", "employment-rate"}
    address = f"{REGISTER}{made.reference}/"
    assert writer.post(f"{address}attente/", EXPECTED).status_code == 302
    one = Expectation.objects.get()
    assert (one.low, one.high, one.baseline, one.baseline_state) == (40.0, 1200.5, 0.0, "zero")
    note = {"words": "Deux opérateurs ont répondu.", "on": "2024-06-01"}
    assert writer.post(f"{address}signal/", note).status_code == 302
    assert writer.post(f"{address}action/", note).status_code == 302
    review = {"value": "26", "grade": "claimed", "words": "Dit par l’opérateur.", "revision": "4"}
    where = f"{address}entrees/{one.entry_id}/relire/"
    assert writer.post(where, review | {"grade": "attested"}).status_code == 422
    assert writer.post(where, review).status_code == 302
    found = Review.objects.get()
    assert (found.grade, found.verdict, found.value) == ("claimed", "below", 26.0)
    said = writer.get(address).content.decode()
    assert "L’attente n’est pas atteinte." in said
    assert "26 emplois" in said.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "vide"),
        ("title", "x" * 10_000, "raccourcissez"),
        ("decision", "Écrire à jean@exemple.be demain.", "Ni adresse électronique"),
        ("decided_by", "+32 4 123 45 67", "numéro de téléphone"),
        ("decided_on", "demain", "Une date est attendue"),
        ("decided_on", "2999-01-01", "à venir"),
        ("decided_on", "0001-01-01", "Une date est attendue"),
        ("kind", "<script>", "Choisissez un type"),
        ("stage", "forged", "Choisissez une étape"),
        ("economic", ["forged"], "Critère inconnu"),
        ("confidentiality", "everyone", "Choisissez qui peut lire"),
    ],
)
def test_a_decision_that_is_wrong_is_refused_in_words_and_kept_as_typed(
    writer: Client, field: str, value: Any, said: str
) -> None:
    before = selectors.head().seq
    response = writer.post(f"{REGISTER}inscrire/", DECISION | {field: value})
    assert said in faults(response)
    assert selectors.head().seq == before
    if field != "decision":
        assert DECISION["decision"] in html.unescape(response.content.decode())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"low": "quarante"}, "n’est pas un nombre"),
        ({"low": "1e400"}, "n’est pas un nombre"),
        ({"low": "nan"}, "n’est pas un nombre"),
        ({"low": "", "high": ""}, "au moins une borne"),
        ({"low": "50", "high": "40"}, "sous la borne basse"),
        ({"due": "2010-06-01"}, "après la décision"),
        ({"due": ""}, "Une date est attendue"),
        ({"period": "bientôt"}, "n’est pas une période"),
        ({"indicator": "forged"}, "Choisissez un indicateur"),
        ({"baseline": "peu"}, "n’est pas un nombre"),
    ],
)
def test_an_expectation_that_is_wrong_is_refused_in_words(
    writer: Client, decided: Callable[..., Commitment], changed: dict[str, str], said: str
) -> None:
    made = decided()
    response = writer.post(f"{REGISTER}{made.reference}/attente/", EXPECTED | changed)
    assert said in faults(response)
    assert not Expectation.objects.exists()


def test_a_null_sign_in_any_field_is_a_fault_and_never_a_failure(
    as_role: Callable[..., Client], decided: Callable[..., Commitment]
) -> None:
    made, client = decided(), as_role("director")
    forms = {
        f"{REGISTER}inscrire/": DECISION,
        f"{REGISTER}{made.reference}/attente/": EXPECTED,
        f"{REGISTER}{made.reference}/signal/": {"words": "Un signal.", "on": "2010-01-01"},
        f"{REGISTER}{made.reference}/clore/": {"because": "C’est fini.", "revision": "1"},
        "/decider/indicateurs/ajouter/": {"name": "Brevets", "unit": "brevets", "decimals": "0"},
    }
    for address, fields in forms.items():
        for name, value in fields.items():
            forged = ["\x00"] if isinstance(value, list) else f"{value}\x00"
            status = client.post(address, fields | {name: forged}).status_code
            assert status == 422, (address, name, status)


def test_the_starting_point_is_read_in_the_lake_before_anything_is_written(
    shipped_home: Path, writer: Client, decided: Callable[..., Commitment]
) -> None:
    made = decided()
    address = f"{REGISTER}{made.reference}/attente/"
    asked = {"indicator": "jobs-industry", "territory": "60000", "baseline_period": "2010"}
    shown = writer.post(address, asked | {"lire": "oui", "sentence": "Gardé tel quel."})
    assert shown.status_code == 200
    assert "Point de départ lu dans le lac" in shown.content.decode()
    assert "Gardé tel quel." in shown.content.decode()
    assert not Expectation.objects.exists()
    typed = EXPECTED | asked | {"baseline": "3", "comparator": "01000"}
    assert writer.post(address, typed).status_code == 302
    one = Expectation.objects.get()
    assert one.baseline != 3
    assert one.baseline_period == "2010"
    assert one.comparator_state == "observed"


def test_a_figure_is_frozen_with_its_source_and_one_that_is_not_there_is_refused(
    shipped_home: Path, writer: Client, decided: Callable[..., Commitment]
) -> None:
    made = decided(confidentiality="public")
    address = f"{REGISTER}{made.reference}/chiffre/"
    given = {"indicator": "jobs-industry", "territory": "60000", "period": "2010"}
    assert "manque" in faults(writer.post(address, given | {"period": "1850"}))
    assert "Choisissez un indicateur" in faults(writer.post(address, given | {"indicator": "x"}))
    assert writer.post(address, given).status_code == 302
    (figure,) = facts_of(Entry.objects.get(kind="evidence"))["figures"]
    assert figure["value"] > 1000
    said = Client(headers={"accept-language": "fr"}).get(f"{REGISTER}{made.reference}/")
    words = re.sub("[\u00a0\u202f]", " ", said.content.decode())
    assert "D’où vient ce chiffre ?" in words
    assert "La table n’a pas changé depuis." in words


def test_the_lake_s_own_review_is_offered_and_written_with_its_figure(
    shipped_home: Path, writer: Client, expected: Callable[..., Expectation]
) -> None:
    one = expected()
    address = f"{REGISTER}{one.commitment.reference}/entrees/{one.entry_id}/relire/"
    assert "Inscrire ce résultat" in writer.get(address).content.decode()
    assert writer.post(address, {"lac": "oui", "revision": "2"}).status_code == 302
    found = Review.objects.get()
    assert found.grade == "attested"
    assert found.comparator_value


def test_the_second_of_two_reviewers_is_told_and_keeps_their_words(
    writer: Client, as_role: Callable[..., Client], expected: Callable[..., Expectation]
) -> None:
    one = expected()
    address = f"{REGISTER}{one.commitment.reference}/entrees/{one.entry_id}/relire/"
    seen = re.search(r'name="revision" value="(\d+)"', writer.get(address).content.decode())
    assert seen
    given = {"value": "41000", "grade": "claimed", "words": "Les miens.", "revision": seen[1]}
    assert as_role("director").post(address, given | {"words": "Premiers."}).status_code == 302
    response = writer.post(address, given)
    said = faults(response)
    assert "a changé depuis que vous l’avez ouverte" in said
    assert "relecture inscrite" in said
    assert "Les miens." in said
    assert Review.objects.count() == 1
    again = re.findall(r'name="revision" value="(\d+)"', response.content.decode())
    assert writer.post(address, given | {"revision": again[-1]}).status_code == 302
    assert Review.objects.count() == 2
    one.refresh_from_db()
    assert one.reviewed and one.reviewed.words == "Les miens."


def test_each_sort_of_entry_is_corrected_by_a_new_one_that_names_it(
    writer: Client, decided: Callable[..., Commitment], expected: Callable[..., Expectation]
) -> None:
    made = decided()
    one = expected(made)
    note = services.signal(MACHINE, commitment=made.pk, words="Un signal.", on=date(2010, 1, 2))
    proof = services.add_evidence(
        MACHINE, commitment=made.pk, title="Un rapport", words="Il dit.", publisher="X", date="2010"
    )
    result = services.review(
        MACHINE,
        expectation=one.pk,
        verdict="held",
        grade="claimed",
        value=41_000.0,
        state="observed",
    )
    decision = Entry.objects.get(kind="decided")
    wanted = {
        decision.seq: ("title", "Un autre titre", made),
        one.entry_id: ("low", "39000,5", one),
        note.seq: ("words", "Un meilleur signal.", None),
        proof.entry_id: ("words", "Il dit mieux.", None),
        result.entry_id: ("value", "30000", result),
    }
    for seq, (name, value, row) in wanted.items():
        address = f"{REGISTER}{made.reference}/entrees/{seq}/corriger/"
        form = writer.get(address).context["form"]
        shown = {
            n: v for n, v in form.initial.items() if n in form.fields and v not in (None, False)
        }
        shown[name] = value
        assert "Pourquoi corriger" in faults(writer.post(address, shown)), name
        assert writer.post(address, shown | {"because": "Une erreur."}).status_code == 302, name
        correction = Entry.objects.order_by("-seq")[0]
        assert (correction.kind, correction.about_id) == ("corrected", seq)
        assert set(facts_of(correction)) <= {"texts", name, "verdict"}, name
        if row is not None:
            row.refresh_from_db()
    assert made.title == "Un autre titre"
    assert one.low == 39_000.5
    assert (result.value, result.verdict) == (30_000.0, "below")
    said = html.unescape(writer.get(f"{REGISTER}{made.reference}/").content.decode())
    assert "Un meilleur signal." in said
    assert "Il dit mieux." in said


def test_an_entry_of_another_decision_is_out_of_reach(
    writer: Client, decided: Callable[..., Commitment], expected: Callable[..., Expectation]
) -> None:
    mine, other = decided(), expected(decided(confidentiality="restricted"))
    for reference in (mine.reference, other.commitment.reference):
        for verb in ("corriger", "retirer", "relire"):
            address = f"{REGISTER}{reference}/entrees/{other.entry_id}/{verb}/"
            assert writer.get(address).status_code == 404, address
            assert writer.post(address, {"because": "Une raison."}).status_code == 404, address
    assert Entry.objects.filter(kind="withdrawn").count() == 0


def test_what_is_withdrawn_or_closed_says_why_and_a_closed_decision_opens_again(
    writer: Client, expected: Callable[..., Expectation]
) -> None:
    one = expected()
    made = one.commitment
    address = f"{REGISTER}{made.reference}/"
    withdraw = f"{address}entrees/{one.entry_id}/retirer/"
    assert "vide" in faults(writer.post(withdraw, {"because": "", "revision": "2"}))
    assert writer.post(withdraw, {"because": "Hors sujet.", "revision": "2"}).status_code == 302
    close = {"because": "C’est fini.", "revision": "3"}
    assert writer.post(f"{address}clore/", close).status_code == 302
    assert "est close" in faults(
        writer.post(f"{address}signal/", {"words": "Trop tard.", "on": "2011-01-01"})
    )
    closing = Entry.objects.get(kind="closed").seq
    again = {"because": "Pas fini.", "revision": "4"}
    assert writer.post(f"{address}entrees/{closing}/retirer/", again).status_code == 302
    made.refresh_from_db()
    assert made.closed_on is None
    said = " ".join(html.unescape(writer.get(address).content.decode()).split())
    for words in ("Hors sujet.", "Décision close : C’est fini.", "Rouverte : Pas fini."):
        assert words in said


def test_who_reads_a_decision_is_said_by_who_follows_it_and_never_by_who_was_named(
    as_role: Callable[..., Client], person: Callable[..., User], decided: Callable[..., Commitment]
) -> None:
    mine, other = (person("project-manager", email=f"{n}@exemple.org") for n in "ab")
    writer, named = Client(headers={"accept-language": "fr"}), Client()
    for client, user in ((writer, mine), (named, other)):
        client.force_login(user, settings.AUTHENTICATION_BACKENDS[-1])
    made = decided()
    page, address = f"{REGISTER}{made.reference}/", f"{REGISTER}{made.reference}/lecture/"
    given = {"confidentiality": "restricted", "revision": "1"}
    assert "a un responsable" in faults(writer.post(address, given))
    assert "compte actif" in faults(writer.post(address, given | {"owner": "99999"}))
    assert writer.post(address, given | {"owner": mine.pk}).status_code == 302
    assert "a changé depuis" in faults(writer.post(address, given | {"owner": mine.pk}))
    assert Entry.objects.count() == 1  # no part of the chain
    assert named.get(page).status_code == 404
    assert writer.post(address, {"plus-user": other.pk}).status_code == 302
    assert named.get(page).status_code == 200
    assert "déjà lire" in faults(writer.post(address, {"plus-user": other.pk}))
    public = {"confidentiality": "public", "revision": "2", "owner": ""}
    assert named.get(address).status_code == named.post(address, public).status_code == 404
    grant = Grant.objects.get()
    remove = f"{address}{grant.pk}/retirer/"
    assert named.post(remove).status_code == 404
    assert writer.get(remove).status_code == 405
    assert writer.post(remove).status_code == 302
    assert named.get(page).status_code == 404


def test_a_decision_is_a_thing_that_links_and_search_know(
    as_role: Callable[..., Client], decided: Callable[..., Commitment], writer: Client
) -> None:
    from perron.site.accounts.access import ANYONE
    from perron.site.directory.search.selectors import find
    from perron.site.directory.things import resolved

    shown, hidden = decided(confidentiality="public"), decided(confidentiality="restricted")
    keys = [("commitment", str(shown.pk)), ("commitment", str(hidden.pk)), ("commitment", "x")]
    assert list(resolved(keys, ANYONE)) == keys[:1]
    assert [
        hit.thing.key for hit in find("halle Bressoux", ANYONE) if hit.thing.kind == "commitment"
    ] == [str(shown.pk)]
    assert Link.objects.count() == 0


def test_due_dates_are_grouped_by_the_calendar_and_given_to_calendars(
    as_role: Callable[..., Client],
    decided: Callable[..., Commitment],
    expected: Callable[..., Expectation],
) -> None:
    made, today = decided(title="Titre ; avec, signes\\"), timezone.localdate()
    expected(made, sentence="En retard, déjà.", due=today - timedelta(days=3))
    expected(made, sentence="Bien plus tard.", due=today + timedelta(days=400))
    client = as_role("analyst")
    said = client.get("/decider/echeances/").content.decode()
    assert "1 attente est échue et attend sa relecture." in said.replace("\u00a0", " ")
    assert said.index("En retard, déjà.") < said.index("Bien plus tard.")
    file = client.get("/decider/echeances.ics")
    assert file["Content-Type"].startswith("text/calendar")
    written = file.content.decode()
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    unfolded = written.replace("\r\n ", "")
    assert unfolded.count("BEGIN:VEVENT") == 2
    assert "En retard\\, déjà." in unfolded
    assert "Titre \\; avec\\, signes\\\\" in unfolded
    assert f"DTSTART;VALUE=DATE:{today - timedelta(days=3):%Y%m%d}" in unfolded


def test_an_indicator_is_added_changed_and_put_out_of_use_by_a_form(
    as_role: Callable[..., Client], expected: Callable[..., Expectation]
) -> None:
    client = as_role("director")
    add = "/decider/indicateurs/ajouter/"
    given = {"name": "Brevets déposés", "unit": "brevets", "decimals": "0", "criterion": "value"}
    assert client.post(add, given).status_code == 302
    made = Indicator.objects.get(code="brevets-deposes")
    assert "déjà pris" in faults(client.post(add, given))
    assert "décimales" in faults(client.post(add, given | {"decimals": "12", "code": "autre"}))
    assert "minuscules" in faults(client.post(add, given | {"code": "<Code>"}))
    assert client.get(f"{add}?lecture=forged").status_code == 404
    address = f"/decider/indicateurs/{made.code}/"
    seen = client.get(address).context["form"].initial["seen"]
    out = given | {"seen": seen, "name": "Brevets"}
    assert client.post(address, out).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.active) == ("Brevets", False)
    assert "a changé depuis" in faults(client.post(address, out))
    used = expected().indicator
    form = client.get(f"/decider/indicateurs/{used.code}/").context["form"]
    typed = {n: v for n, v in form.initial.items() if n in form.fields and v not in (None, False)}
    response = client.post(f"/decider/indicateurs/{used.code}/", typed | {"unit": "autre"})
    assert "ne changent plus" in faults(response)
