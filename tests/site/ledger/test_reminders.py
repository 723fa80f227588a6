"""Who follows a decision is told once of each step, by a real mail server, and nothing confidential leaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from perron.site.accounts.access import MACHINE
from perron.site.ledger import reminders, services
from perron.site.ledger.models import Commitment, Reminder

DUE = date(2019, 12, 31)


class Sink:
    """Keeps what a server is given; refuses everything while it is told to."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return "451 come back later"
        self.messages.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"

    def texts(self) -> list[str]:
        return [m.get_payload(decode=True).decode() for _to, m in self.messages]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "perron@exemple.org"
    yield handler
    server.stop()


@pytest.fixture
def followed(person: Any, decided: Any, expected: Any) -> Any:
    """An expectation due on the last day of 2019, followed by an analyst."""

    def make(**given: Any) -> Any:
        made = decided(owner=person("analyst", email="analyste@exemple.org").pk, **given)
        return expected(made, due=DUE)

    return make


@pytest.mark.parametrize(
    ("away", "step"),
    [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-1, 0), (-29, 0), (-30, -30), (-91, None)],
)  # fmt: skip
def test_the_latest_step_alone_is_asked_for(away: int, step: int | None):
    assert reminders.step(DUE, DUE - timedelta(days=away)) == step


def test_each_step_is_sent_once_on_its_day(followed, sink):
    expectation = followed()
    sent = {}
    for away in (40, 31, 30, 29, 8, 7, 6, 1, 0, -1, -29, -30, -31, -40):
        for _twice in range(2):
            done = reminders.send_due(DUE - timedelta(days=away))
            assert not done.failed
            if done.sent:
                sent[away] = done.sent
    assert sent == {30: 1, 7: 1, 0: 1, -30: 1}
    assert [r.days for r in expectation.reminders.order_by("at")] == [30, 7, 0, -30]
    to, first = sink.messages[0]
    assert to == ["analyste@exemple.org"]
    subject = str(make_header(decode_header(first["Subject"])))
    reference = expectation.commitment.reference
    assert reference in subject and "31 décembre 2019" in subject
    assert (first["From"], first["Auto-Submitted"]) == ("perron@exemple.org", "auto-generated")
    body = sink.texts()[0]
    assert body.startswith("Bonjour Prénom,")
    assert "dans 30 jours" in body and "Bressoux" in body and f"/{reference}" in body


def test_a_confidential_decision_is_named_by_its_number_alone(followed, sink):
    expectation = followed(confidentiality="restricted", title="Fermeture du site secret")
    reminders.send_due(DUE)
    (body,) = sink.texts()
    assert expectation.commitment.reference in body
    for hidden in ("secret", expectation.sentence, "mécanique"):
        assert hidden not in body
        assert hidden not in str(sink.messages[0][1])


def test_two_expectations_of_one_person_are_one_message(followed, expected, sink):
    second = expected(followed().commitment, due=DUE + timedelta(days=3))
    done = reminders.send_due(DUE)
    assert (done.sent, done.messages) == (2, 1)
    assert set(Reminder.objects.values_list("expectation", "days")) >= {(second.pk, 7)}


def test_a_server_that_takes_nothing_is_asked_again_the_next_day(followed, sink, settings):
    followed()
    sink.refuses = True
    done = reminders.send_due(DUE)
    assert (done.sent, done.unsent, Reminder.objects.count()) == (0, 1, 0)
    assert "451" in done.failed[0] and "exemple.org" not in done.failed[0]
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    done = reminders.send_due(DUE)
    assert (done.sent, done.unsent, Reminder.objects.count()) == (0, 1, 0)
    settings.EMAIL_PORT, sink.refuses = port, False
    assert reminders.send_due(DUE + timedelta(days=1)).sent == 1
    assert (len(sink.messages), Reminder.objects.count()) == (1, 1)


def test_the_second_of_two_rounds_at_once_sends_nothing(followed, sink, monkeypatch):
    followed()
    seen_by_both = reminders.waiting(DUE)
    monkeypatch.setattr(reminders, "waiting", lambda _day: seen_by_both)
    assert [reminders.send_due(DUE).sent for _n in range(2)] == [1, 0]
    assert len(sink.messages) == 1


def test_nobody_is_told_of_what_is_reviewed_withdrawn_closed_or_unfollowed(
    followed, expected, decided, person, sink
):
    gone = followed(title="Une attente retirée")
    services.withdraw(MACHINE, entry=gone.entry_id, because="Attente mal posée.")
    done = expected(gone.commitment, due=DUE)
    services.review(
        MACHINE, expectation=done.pk, verdict="held", value=1.0, state="observed",
        grade="claimed", period="2018",
    )  # fmt: skip
    closed = decided(owner=person("analyst").pk)
    expected(closed, due=DUE)
    services.close(MACHINE, commitment=closed.pk, because="Sans suite.")
    expected(decided(owner=person("analyst", is_active=False).pk), due=DUE)
    expected(decided(), due=DUE)
    found = reminders.send_due(DUE)
    assert (found.sent, found.unfollowed, sink.messages) == (0, 2, [])


def test_without_a_server_nothing_is_sent_and_nothing_is_written(followed, settings):
    followed()
    settings.EMAIL_BACKEND = "perron.site.mail.Unsent"
    done = reminders.send_due(DUE)
    assert (done.sent, done.unsent, Reminder.objects.count()) == (0, 1, 0)


def test_a_title_on_two_lines_makes_no_header(followed, sink):
    made = followed()
    Commitment.objects.update(title="Titre\r\nBcc: x@exemple.org")
    reminders.send_due(DUE)
    (_to, message), body = sink.messages[0], sink.texts()[0]
    assert message["Bcc"] is None
    assert f"{made.commitment.reference}, Titre Bcc: x@exemple.org" in body


def test_the_number_of_questions_does_not_grow_with_the_list(
    followed, expected, django_assert_max_num_queries
):
    made = followed().commitment
    for _n in range(9):
        expected(made, due=DUE)
    with django_assert_max_num_queries(2):
        assert len(reminders.waiting(DUE)) == 10
