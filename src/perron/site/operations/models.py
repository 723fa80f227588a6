"""What scheduled work has been handed out: one row for each job and due time, never two."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ScheduledRun(models.Model):
    """A job given to the queue for the time it was due, by whichever worker came first."""

    job = models.CharField(max_length=64)
    due = models.DateTimeField()
    #: The task in the queue, which forgets finished tasks where this table does not.
    task = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "due"], name="operations_run_once_per_due_time")
        ]
        ordering: ClassVar = ["-due", "job"]

    def __str__(self) -> str:
        return f"{self.job} {self.due:%Y-%m-%dT%H:%MZ}"
