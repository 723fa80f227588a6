"""The real command: a changed entry is found by `perron check`, and two workers send one reminder."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

#: A decision followed by a person, whose expectation falls due today: no reader of the lake answers it.
DECIDED = """
from datetime import timedelta
from django.utils import timezone
from perron.site.accounts.access import MACHINE
from perron.site.accounts.models import User
from perron.site.ledger import services
today = timezone.localdate()
user = User.objects.create_user("chef@exemple.org", "chef@exemple.org", first_name="Anne")
made = services.decide(
    MACHINE, title="Ouvrir le hall", decision="Le hall est ouvert.", kind="project",
    decided_by="Conseil d’administration", decided_on=today - timedelta(days=400), owner=user.pk,
)
services.expect(
    MACHINE, commitment=made.pk, sentence="Vingt emplois sont créés.", indicator="jobs-created",
    baseline=0.0, baseline_state="zero", low=20.0, period=str(today.year), due=today,
)
"""


class Sink:
    """A mail server's memory."""

    def __init__(self) -> None:
        self.to: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.to += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def decided(installed: Any) -> Any:
    installed.python(DECIDED)
    return installed


def line(text: str, name: str) -> str:
    return next(found for found in text.splitlines() if f"{name} :" in found)


def test_an_entry_changed_behind_the_back_of_perron_is_found_by_check_and_by_the_night(
    decided: Any,
):
    sound = decided.run("check").stdout
    found = line(sound, "Registre des décisions")
    assert found.startswith("ok") and "2 entrées" in found
    found = line(sound, "Courrier électronique")
    assert found.startswith("ok") and "aucun serveur" in found
    with decided.link() as link:
        link.execute("UPDATE ledger_entry SET facts = replace(facts, '20.0', '2.0') WHERE seq = 2")
    found = line(decided.run("check", code=1).stdout, "Registre des décisions")
    assert found.startswith("wrong") and "entrée 2" in found and "perron restore" in found
    decided.run("worker", "--once")
    with decided.link() as link:
        rows = link.execute(
            "SELECT task_path, status, traceback FROM django_tasks_database_dbtaskresult"
        ).fetchall()
    ((status, trace),) = [(s, t) for path, s, t in rows if path.endswith("verify_ledger")]
    assert status == "FAILED" and "entrée 2" in trace


@pytest.fixture
def sink(port: int) -> Iterator[Sink]:
    handler = Sink()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler
    server.stop()


@pytest.mark.slow
def test_two_workers_send_one_reminder_after_a_server_that_was_away(
    decided: Any, port: int, request: pytest.FixtureRequest
):
    decided.extra = {
        **decided.extra,
        "PERRON_EMAIL": f"smtp://127.0.0.1:{port}?from=perron@exemple.org",
    }
    away = decided.run("check", code=3)
    assert line(away.stdout, "Courrier électronique").startswith("wrong")
    decided.run("worker", "--once")
    with decided.link() as link:
        (state,) = link.execute(
            "SELECT status FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%.remind'"
        ).fetchone()
        assert state == "FAILED"
        # The next morning: the same due times, not served yet.
        link.execute("DELETE FROM operations_scheduledrun WHERE job = 'remind'")
    sink = request.getfixturevalue("sink")
    assert line(decided.run("check").stdout, "Courrier électronique").startswith("ok")
    workers = [decided.start("worker", "--once") for _n in range(2)]
    for worker in workers:
        _out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
    assert sink.to == ["chef@exemple.org"]
    with decided.link() as link:
        assert link.execute("SELECT count(*) FROM ledger_reminder").fetchone()[0] == 1
