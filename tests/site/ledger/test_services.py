"""The ledger's verbs: what is inscribed is kept, corrected by a new entry, never changed."""

from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from perron.errors import InputError, RefusedError
from perron.site.accounts.access import ANYONE, MACHINE, reader_of_user
from perron.site.accounts.models import Confidentiality, Role, User
from perron.site.ledger import selectors, services
from perron.site.ledger.chain import GENESIS, facts_of, texts_of
from perron.site.ledger.models import Entry, Expectation, Head, Indicator, Review
from perron.site.ledger.projection import ERASED

DECISION: dict[str, Any] = {
    "title": "Rouvrir une section de soudage",
    "decision": "Demander à deux opérateurs une section de soudage à Seraing.",
    "decided_on": date(2024, 5, 13),
    "decided_by": "Conseil d’administration",
    "kind": "training",
    "criteria": ["employment-rate", "jobs"],
}
EXPECTED: dict[str, Any] = {
    "sentence": "Quarante personnes formées en poste.",
    "indicator": "test-jobs",
    "low": 40.0,
    "due": date(2026, 11, 30),
    "period": "2026",
    "baseline": 0.0,
    "baseline_state": "zero",
}


@pytest.fixture(autouse=True)
def _indicator(db: None) -> None:
    Indicator.objects.create(code="test-jobs", name="Emplois créés", unit="emplois")


def _decided(**more: Any) -> Any:
    return services.decide(MACHINE, **{**DECISION, **more})


def test_each_entry_carries_the_hash_of_the_one_before() -> None:
    made = _decided()
    services.expect(MACHINE, commitment=made.pk, **EXPECTED)
    services.act(
        MACHINE, commitment=made.pk, words="Deux opérateurs ont répondu.", on=date(2024, 9, 1)
    )
    entries = list(Entry.objects.all())
    assert [e.seq for e in entries] == [1, 2, 3]
    assert [e.previous for e in entries] == [GENESIS, entries[0].hash, entries[1].hash]
    assert Head.objects.get().hash == entries[-1].hash


def test_a_reference_follows_the_last_one_of_its_year() -> None:
    assert [_decided().reference, _decided().reference] == ["2024-01", "2024-02"]
    assert _decided(decided_on=date(2025, 1, 2)).reference == "2025-01"


def test_a_correction_is_a_new_entry_and_the_old_words_stay() -> None:
    made = _decided()
    first = Entry.objects.get()
    services.correct(
        MACHINE, entry=first.seq, because="Le lieu était faux.", title="Une section à Herstal"
    )
    made.refresh_from_db()
    assert made.title == "Une section à Herstal"
    texts = texts_of(Entry.objects.get(seq=first.seq))
    assert texts is not None and texts["title"] == DECISION["title"]
    assert [s.later for s in selectors.timeline(made)] == [(2,), ()]


def test_a_correction_may_not_say_what_an_entry_may_not() -> None:
    made = _decided()
    services.expect(MACHINE, commitment=made.pk, **EXPECTED)
    expected = Entry.objects.get(kind="expected")
    with pytest.raises(RefusedError) as refused:
        services.correct(MACHINE, entry=expected.seq, because="Trop ambitieux.", low=None)
    assert set(refused.value.faults) == {"low"}
    with pytest.raises(RefusedError):
        services.correct(
            MACHINE, entry=1, because="Qui a décidé.", decided_by="jean.dupont@exemple.be"
        )
    assert Entry.objects.count() == 2


def test_the_last_review_counts_and_withdrawing_it_brings_back_the_one_before() -> None:
    made = _decided()
    expectation = services.expect(MACHINE, commitment=made.pk, **EXPECTED)
    told = services.review(
        MACHINE,
        expectation=expectation.pk,
        verdict="below",
        value=26.0,
        state="observed",
        grade="claimed",
        words="Selon l’opérateur.",
    )
    read = services.review(
        MACHINE,
        expectation=expectation.pk,
        verdict="held",
        value=41.0,
        state="observed",
        grade="attested",
        source="Rapport annuel 2026",
    )
    expectation.refresh_from_db()
    assert expectation.reviewed == read
    services.withdraw(MACHINE, entry=read.entry_id, because="Un autre rapport.")
    expectation.refresh_from_db()
    assert expectation.reviewed == told
    assert Review.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value": 5.0, "state": "observed", "grade": "attested"}, "source"),
        ({"value": None, "state": "unknown", "grade": "claimed"}, "grade"),
        ({"value": 5.0, "state": "observed", "grade": "not_measured"}, "grade"),
        ({"value": 0.0, "state": "observed", "grade": "claimed"}, "value"),
        ({"value": 5.0, "state": "suppressed", "grade": "claimed"}, "value"),
        ({"value": float("nan"), "state": "observed", "grade": "claimed"}, "value"),
    ],
)
def test_a_review_says_no_more_than_it_knows(given: dict[str, Any], field: str) -> None:
    expectation = services.expect(MACHINE, commitment=_decided().pk, **EXPECTED)
    with pytest.raises(RefusedError) as refused:
        services.review(MACHINE, expectation=expectation.pk, verdict="unknown", **given)
    assert field in refused.value.faults
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"decision": "Appeler le 0475 12 34 56"}, "decision"),
        ({"decided_by": "a@b.be"}, "decided_by"),
        ({"decided_on": date(2999, 1, 1)}, "decided_on"),
        ({"decided_on": "hier"}, "decided_on"),
        ({"kind": "nothing"}, "kind"),
        ({"criteria": ["score"]}, "criteria"),
    ],
)
def test_a_wrong_decision_is_refused_beside_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        _decided(**change)
    assert field in refused.value.faults
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"low": None}, "low"),
        ({"high": 10.0}, "high"),
        ({"due": date(2024, 5, 13)}, "due"),
        ({"period": "bientôt"}, "period"),
        ({"baseline": 3.0}, "baseline"),
        ({"indicator": "unheard-of"}, "indicator"),
    ],
)
def test_a_wrong_expectation_is_refused_beside_its_field(
    change: dict[str, Any], field: str
) -> None:
    made = _decided()
    with pytest.raises(RefusedError) as refused:
        services.expect(MACHINE, commitment=made.pk, **{**EXPECTED, **change})
    assert field in refused.value.faults
    assert not Expectation.objects.exists()


def test_a_closed_decision_takes_nothing_more_until_it_is_opened_again() -> None:
    made = _decided()
    closing = services.close(MACHINE, commitment=made.pk, because="Les places sont ouvertes.")
    with pytest.raises(InputError, match="close"):
        services.expect(MACHINE, commitment=made.pk, **EXPECTED)
    services.withdraw(MACHINE, entry=closing.seq, because="Une place manque.")
    services.expect(MACHINE, commitment=made.pk, **EXPECTED)
    made.refresh_from_db()
    assert made.closed_on is None


def test_erased_words_are_gone_from_the_rows_too_and_the_facts_stay() -> None:
    made = _decided()
    services.expect(MACHINE, commitment=made.pk, **EXPECTED)
    services.erase_texts(MACHINE, entry=2, because="Un nom y figurait.")
    expectation = Expectation.objects.get()
    assert expectation.sentence == ERASED
    assert expectation.low == 40.0
    step = selectors.timeline(made)[1]
    assert step.texts is None and step.facts["low"] == 40.0
    assert "Quarante" not in str(list(Entry.objects.values_list("content__body", flat=True)))


def test_no_entry_holds_a_name_or_an_address() -> None:
    role = Role.objects.get(code="director")
    user = User.objects.create(
        username="zoe@exemple.test", email="zoe@exemple.test", last_name="Zoé Quelqu’un", role=role
    )
    made = services.decide(reader_of_user(user), **DECISION)
    services.expect(reader_of_user(user), commitment=made.pk, **EXPECTED)
    for entry in Entry.objects.select_related("content"):
        whole = entry.facts + entry.content.body
        assert "Zoé" not in whole and "exemple.test" not in whole
        assert entry.actor == user.person.pk


def test_what_is_confidential_does_not_exist_for_others() -> None:
    made = _decided(confidentiality=Confidentiality.RESTRICTED)
    reader = reader_of_user(
        User.objects.create(username="r@exemple.test", role=Role.objects.get(code="reader"))
    )
    for who in (ANYONE, reader):
        assert not selectors.commitments(who).exists()
        with pytest.raises(InputError):
            selectors.dossier(made.reference, who)
        with pytest.raises(InputError):
            services.act(who, commitment=made.pk, words="Lu ailleurs.", on=date(2024, 9, 1))
    assert selectors.outcomes(reader).due == 0


def test_the_same_words_have_another_digest_each_time() -> None:
    """Erased words can't be guessed from their digest."""
    _decided(), _decided()
    first, second = Entry.objects.select_related("content")
    assert texts_of(first) == texts_of(second)
    assert facts_of(first)["reference"] != facts_of(second)["reference"]
    assert first.content_id != second.content_id


def test_what_became_of_expectations_is_counted_by_grade() -> None:
    made = _decided()
    ids = [services.expect(MACHINE, commitment=made.pk, **EXPECTED).pk for _ in range(3)]
    services.review(
        MACHINE,
        expectation=ids[0],
        verdict="held",
        value=50.0,
        state="observed",
        grade="claimed",
    )
    found = selectors.outcomes(MACHINE, date(2026, 12, 1))
    assert (found.due, found.of("claimed"), found.of("not_measured")) == (3, 1, 2)
    assert selectors.outcomes(MACHINE, date(2026, 11, 1)).due == 0


def test_a_decision_is_read_in_the_same_number_of_queries_whatever_it_holds(
    django_assert_max_num_queries: Any,
) -> None:
    made = _decided()
    for _ in range(12):
        services.expect(MACHINE, commitment=made.pk, **EXPECTED)
    with django_assert_max_num_queries(9):
        found = selectors.dossier(made.reference, MACHINE)
        assert [e.indicator.code for e in found.expectations] == ["test-jobs"] * 12


WRITER = """
import datetime
import django
django.setup()
from perron.site.accounts.access import MACHINE
from perron.site.ledger import services
for _ in range(5):
    services.decide(
        MACHINE, title="Une section", decision="Ouvrir une section.", kind="training",
        decided_on=datetime.date(2024, 5, 13), decided_by="Conseil d’administration",
    )
"""


@pytest.mark.sqlite_only
def test_writers_at_once_never_add_the_same_link(tmp_path: Path) -> None:
    """Real processes on a real file. On PostgreSQL the row of the head is locked in the same way."""
    environment = {**os.environ, "PERRON_HOME": str(tmp_path)}
    python = [sys.executable, "-c"]
    migrate = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
    subprocess.run([*python, migrate], env=environment, check=True)
    writers = [subprocess.Popen([*python, WRITER], env=environment) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with closing(sqlite3.connect(tmp_path / "perron.sqlite3")) as link:
        rows = link.execute("SELECT seq, previous, hash FROM ledger_entry ORDER BY seq").fetchall()
        references = link.execute("SELECT reference FROM ledger_commitment").fetchall()
    assert [row[0] for row in rows] == list(range(1, 11))
    assert all(after[1] == before[2] for before, after in itertools.pairwise(rows))
    assert len(set(references)) == 10
