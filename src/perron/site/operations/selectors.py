"""Questions about the running platform, for its page, its tasks and `perron check`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from perron.config import config
from perron.lake.snapshots import Lake
from perron.territory import territory
from perron.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Age:
    """How old the figures of a table are, beside what the territory accepts (None: no limit)."""

    table: str
    version: str
    period: str
    years: int | None
    limit: int | None

    @property
    def stale(self) -> bool:
        return self.years is not None and self.limit is not None and self.years > self.limit


@dataclass(frozen=True, slots=True)
class Disk:
    """Room on the disk of PERRON_HOME."""

    free_mb: int
    limit_mb: int

    @property
    def enough(self) -> bool:
        return self.free_mb >= self.limit_mb


@dataclass(frozen=True, slots=True)
class Job:
    """A background job as the page shows it."""

    id: str
    name: str
    state: str
    word: str
    asked: datetime
    started: datetime | None
    finished: datetime | None
    said: str
    can_retry: bool


def ages(today: date | None = None) -> list[Age]:
    """The age of each table in service, the oldest against its limit first."""
    today = today or timezone.localdate()
    limits = territory(config().territory).limits
    found = []
    for name, snapshot in Lake(config().lake).current().tables.items():
        periods = [str(period) for period in snapshot.manifest.provenance.periods]
        last = max(periods, default="")
        years = max(0, today.year - int(last[:4])) if last[:4].isdigit() else None
        found.append(Age(name, snapshot.manifest.version, last, years, limits.get(name)))
    return sorted(found, key=lambda age: (not age.stale, age.table))


def disk() -> Disk:
    """Free megabytes where PERRON_HOME lies."""
    return Disk(shutil.disk_usage(config().home).free >> 20, config().disk_free_mb)


def mail() -> str:
    """The server that mail is handed to; "" where no mail leaves."""
    server = config().mail
    return f"{server.host}:{server.port}" if server else ""


#: What a page calls each job; a task of another app is shown under its own name.
def _names() -> dict[str, str]:
    return {
        "perron.site.operations.tasks.verify_lake": _("Vérification du lac de données"),
        "perron.site.operations.tasks.watch_ages": _("Surveillance de l'âge des tables"),
        "perron.site.operations.tasks.watch_disk": _("Surveillance de l'espace disque"),
        "perron.site.operations.tasks.verify_ledger": _("Vérification du registre des décisions"),
        "perron.site.operations.tasks.review_due": _("Relecture des attentes échues"),
        "perron.site.operations.tasks.remind": _("Rappels par courrier électronique"),
    }


def jobs(limit: int = 50) -> list[Job]:
    """The background jobs, the latest asked first."""
    names = _names()
    return [
        Job(
            id=str(row.id),
            name=names.get(row.task_path, row.task_path.rsplit(".", 1)[-1]),
            state=str(row.status),
            word=_word(row.status),
            asked=row.enqueued_at,
            started=row.started_at,
            finished=row.finished_at,
            said=_said(row),
            can_retry=row.status == TaskResultStatus.FAILED,
        )
        for row in DBTaskResult.objects.order_by("-enqueued_at")[:limit]
    ]


def _word(status: str) -> str:
    return {
        TaskResultStatus.READY: _("en attente"),
        TaskResultStatus.RUNNING: _("en cours"),
        TaskResultStatus.FAILED: _("échec"),
        TaskResultStatus.SUCCESSFUL: _("fait"),
    }[TaskResultStatus(status)]


def _said(row: Any) -> str:
    """The result in words, or the sentence of the error without its trace."""
    if row.status == TaskResultStatus.FAILED:
        lines = [line for line in row.traceback.splitlines() if line.strip()]
        return str(lines[-1].split(": ", 1)[-1] if lines else row.exception_class_path)
    return str(row.return_value) if row.return_value is not None else ""
