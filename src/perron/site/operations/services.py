"""Verbs of operation: hand out what is due, retry what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from perron.config import config
from perron.errors import InputError
from perron.site.operations import tasks
from perron.site.operations.models import ScheduledRun
from perron.site.operations.schedule import Daily, Hourly
from perron.territory import territory
from perron.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Job:
    """Scheduled work: its name in the table of runs, its task, and when it is due."""

    name: str
    task: Any
    when: Daily | Hourly


def jobs() -> tuple[Job, ...]:
    """What is done without being asked: at night, in the time of the territory."""
    zone = ZoneInfo(territory(config().territory).timezone)
    return (
        Job("verify-lake", tasks.verify_lake, Daily(time(2, 30), zone)),
        Job("verify-ledger", tasks.verify_ledger, Daily(time(3, 0), zone)),
        Job("forget-sessions", tasks.forget_sessions, Daily(time(3, 30), zone)),
        Job("watch-ages", tasks.watch_ages, Daily(time(6, 0), zone)),
        # Before the reminders: nobody is asked for what the lake says.
        Job("review-due", tasks.review_due, Daily(time(6, 30), zone)),
        Job("remind", tasks.remind, Daily(time(7, 0), zone)),
        Job("watch-disk", tasks.watch_disk, Hourly(5)),
    )


def hand_out(now: datetime | None = None) -> list[str]:
    """Put in the queue each job whose last due time has not been served; the names of those.

    Two workers may ask together: the row of the due time and the task are written in one
    transaction, and the table accepts a due time once. After a stop, the last due time alone is
    served, not each one that was missed.
    """
    now = now or datetime.now(UTC)
    given = []
    for job in jobs():
        due = job.when.last(now)
        if ScheduledRun.objects.filter(job=job.name, due=due).exists():
            continue
        try:
            with transaction.atomic():
                run = ScheduledRun.objects.create(job=job.name, due=due)
                run.task = UUID(str(job.task.enqueue().id))
                run.save(update_fields=["task"])
        except IntegrityError:
            continue  # another worker was first
        given.append(job.name)
    return given


def retry(job: UUID) -> None:
    """Put a failed job back in the queue, once however often it is asked.

    InputError where the job does not exist or has not failed.
    """
    changed = DBTaskResult.objects.filter(id=job, status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY,
        run_after=get_date_max(),
        started_at=None,
        finished_at=None,
        enqueued_at=timezone.now(),
    )
    if not changed:
        raise InputError(
            _("Ce travail n'existe plus ou n'a pas échoué : il n'y a rien à relancer.")
        )
