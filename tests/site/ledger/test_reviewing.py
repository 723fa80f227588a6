"""At the due date the machine writes what the lake says, and only that; a person has the last word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from perron.lake.snapshots import Catalogue, Lake
from perron.site.accounts.access import MACHINE
from perron.site.ledger import evidence, reviewing, services
from perron.site.ledger.chain import facts_of
from perron.site.ledger.models import Entry, Expectation, Grade, Review, Verdict

DAY = date(2019, 12, 31)


@pytest.fixture
def held(shipped_home: Path, db: None) -> Catalogue:
    return Lake(shipped_home / "lake").current()


def test_a_due_expectation_is_read_in_the_lake_graded_and_signed_by_the_machine(expected, held):
    due = expected()
    assert reviewing.review_due(date(2019, 12, 30), held) == reviewing.Round(0, 0)
    assert reviewing.review_due(DAY, held) == reviewing.Round(1, 0)
    found = Review.objects.get(expectation=due)
    assert (found.value, found.period, found.state) == (42600, "2018", "observed")
    assert (found.grade, found.verdict) == (Grade.ATTESTED, Verdict.HELD)
    assert (found.comparator_value, found.comparator_state) == (508500, "observed")
    assert found.entry.actor is None
    assert Expectation.objects.get(pk=due.pk).reviewed == found
    assert "Eurostat" in found.source
    here, there = evidence.thawed_all(facts_of(found.entry))
    assert (here.value, there.value) == (42600, 508500)
    # -4.27 % here, -6.66 % in Belgium: the sentence says both, and the gap in points.
    for part in ("40 000 à 44 000", "42 600", "−6,7 %", "−4,3 %", "+2,4 points"):
        assert part in " ".join(found.words.split())
    assert reviewing.review_due(DAY, held) == reviewing.Round(0, 0)


def test_what_the_lake_lacks_waits_for_a_person_and_is_never_a_zero(expected, held):
    asked = expected(indicator="jobs-created", comparator="", comparator_state="")
    later = expected(period="2021", due=date(2022, 6, 1))
    near = expected(period="2019")
    assert reviewing.review_due(date(2023, 1, 1), held) == reviewing.Round(0, 3)
    assert not Review.objects.exists()
    for waiting in (asked, later):
        draft = reviewing.propose(waiting, held)
        assert (draft.ready, draft.figure.value, draft.verdict) == (False, None, "unknown")
        assert draft.grade == Grade.NOT_MEASURED
    draft = reviewing.propose(near, held)
    assert (draft.ready, draft.figure.period, draft.grade) == (False, "2018", Grade.PROBABLE)
    assert "la période la plus proche" in draft.said


def test_an_interval_that_gives_two_verdicts_is_probable(expected, held):
    given = {"indicator": "start-rate", "period": "2019", "due": date(2020, 6, 1), "high": None}
    rate = reviewing.propose(expected(low=1.0, **given), held).figure
    sure = reviewing.propose(expected(low=rate.low - 0.1, **given), held)
    unsure = reviewing.propose(expected(low=(rate.low + rate.value) / 2, **given), held)
    assert (sure.grade, unsure.grade) == (Grade.ATTESTED, Grade.PROBABLE)
    assert sure.verdict == unsure.verdict == Verdict.HELD


def test_a_person_corrects_what_the_machine_read(expected, held):
    due = expected()
    reviewing.review_due(DAY, held)
    services.review(
        MACHINE,
        expectation=due.pk,
        verdict=Verdict.BELOW,
        value=39_000.0,
        state="observed",
        period="2018",
        grade=Grade.CLAIMED,
        words="Le conseil compte autrement.",
    )
    reviewing.review_due(DAY, held)
    due.refresh_from_db()
    assert (due.reviewed.value, due.reviews.count()) == (39_000, 2)


def test_withdrawn_and_closed_are_left_alone(expected, decided, held):
    gone = expected()
    services.withdraw(MACHINE, entry=gone.entry_id, because="Attente mal posée.")
    closed = decided()
    expected(closed)
    services.close(MACHINE, commitment=closed.pk, because="Projet abandonné.")
    assert reviewing.review_due(DAY, held) == reviewing.Round(0, 0)


def test_one_that_fails_says_so_and_stops_no_other(expected, held, monkeypatch):
    first, second = expected(), expected()
    real = reviewing.propose

    def broken(one, *given):
        if one.pk == first.pk:
            raise reviewing.PerronError("la table est illisible")
        return real(one, *given)

    monkeypatch.setattr(reviewing, "propose", broken)
    done = reviewing.review_due(DAY, held)
    assert (done.written, len(done.failed)) == (1, 1)
    assert "illisible" in done.failed[0]
    assert Review.objects.get().expectation_id == second.pk


def test_two_rounds_at_once_write_one_review(expected, held, monkeypatch):
    due = expected()
    # What a round sees that read its list before the other one wrote.
    list_of_both = list(reviewing.due(DAY))
    monkeypatch.setattr(reviewing, "due", lambda _day: list_of_both)
    assert [reviewing.review_due(DAY, held).written for _n in range(2)] == [1, 0]
    assert Review.objects.filter(expectation=due).count() == 1
    assert Entry.objects.filter(kind="reviewed").count() == 1
