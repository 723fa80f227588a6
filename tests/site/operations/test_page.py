"""The page of operations: seen by who keeps the platform, with a retry for what failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from perron.site.operations import services, tasks
from perron.site.operations.models import ScheduledRun

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_home")]
ERROR = "Traceback\n  File x\nperron.errors.PerronError: Le disque <b>est</b> plein.\n"


@pytest.fixture
def failed() -> DBTaskResult:
    """A job of the queue that has failed."""
    row = DBTaskResult.objects.get(id=tasks.watch_disk.enqueue().id)
    row.status, row.traceback = TaskResultStatus.FAILED, ERROR
    row.finished_at = datetime(2026, 1, 2, tzinfo=UTC)
    row.save()
    return row


@pytest.fixture
def client(as_role: Callable[..., Client]) -> Client:
    """A person whose role sets things up."""
    return as_role("analyst")


def test_it_says_what_waits_and_shows_the_sentence_not_the_trace(client, failed):
    page = client.get(reverse("operations")).content.decode()
    assert "1 travail en échec" in page
    assert "Le disque &lt;b&gt;est&lt;/b&gt; plein." in page
    assert "Traceback" not in page
    assert "statbel_vat" in page


def test_an_empty_queue_says_how_to_start_the_worker(client):
    assert "perron worker" in client.get(reverse("operations")).content.decode()


def test_a_failed_job_is_taken_up_again_once(client, failed):
    address = reverse("operations_retry", args=[failed.id])
    assert client.post(address).status_code == 302
    failed.refresh_from_db()
    assert failed.status == TaskResultStatus.READY
    again = client.post(address)
    assert again.status_code == 409
    assert "rien à relancer" in again.content.decode()
    assert DBTaskResult.objects.count() == 1


def test_a_retry_needs_a_post_with_its_token(failed, person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("analyst"), settings.AUTHENTICATION_BACKENDS[-1])
    address = reverse("operations_retry", args=[failed.id])
    assert strict.get(address).status_code == 405
    assert strict.post(address).status_code == 403
    failed.refresh_from_db()
    assert failed.status == TaskResultStatus.FAILED


def test_an_unknown_job_is_said_so(client):
    assert client.post(reverse("operations_retry", args=[uuid4()])).status_code == 409


def test_without_the_right_to_set_things_up_the_page_is_closed_and_nothing_is_relaunched(
    as_role, failed
):
    addresses = [reverse("operations"), reverse("operations_retry", args=[failed.id])]
    for client, status in ((as_role(""), 302), (as_role("board"), 403)):
        assert client.get(addresses[0]).status_code == status
        assert client.post(addresses[1]).status_code == status
    failed.refresh_from_db()
    assert failed.status == TaskResultStatus.FAILED


def test_a_due_time_is_handed_out_once_and_the_next_one_again():
    night = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert services.hand_out(night) == [job.name for job in services.jobs()]
    assert services.hand_out(night.replace(minute=50)) == []
    assert "verify-lake" in services.hand_out(datetime(2026, 3, 30, 0, 30, tzinfo=UTC))
    assert ScheduledRun.objects.filter(job="verify-lake").count() == 2
    assert DBTaskResult.objects.count() == ScheduledRun.objects.count()


def test_after_a_long_stop_a_job_runs_once_and_not_once_a_missed_night():
    services.hand_out(datetime(2026, 1, 2, 12, tzinfo=UTC))
    services.hand_out(datetime(2026, 2, 2, 12, tzinfo=UTC))
    assert ScheduledRun.objects.filter(job="verify-lake").count() == 2
