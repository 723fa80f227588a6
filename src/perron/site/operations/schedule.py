"""When scheduled work is due. Pure: the time is given, nothing is read.

A daily job is due at an hour of the clock on the wall, in the territory's time zone, once a day
whatever the clocks do. On the day an hour is skipped (29 March 2026 in Brussels), 02:30 does not
exist and stands for the same moment after the change, 03:30; on the day an hour comes twice
(25 October 2026), the first of the two is meant (PEP 495, fold = 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at an hour of the wall clock."""

    at: time
    zone: ZoneInfo

    def on(self, day: date) -> datetime:
        """The moment, in UTC, at which the job is due on a day.

        >>> Daily(time(2, 30), ZoneInfo("Europe/Brussels")).on(date(2026, 3, 29))
        datetime.datetime(2026, 3, 29, 1, 30, tzinfo=datetime.timezone.utc)
        """
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def last(self, now: datetime) -> datetime:
        """The last due time that is not after `now`."""
        day = now.astimezone(self.zone).date() + timedelta(days=1)
        while (due := self.on(day)) > now:
            day -= timedelta(days=1)
        return due


@dataclass(frozen=True, slots=True)
class Hourly:
    """Once an hour, at a minute. Hours are counted in UTC, where none is skipped or doubled."""

    minute: int = 0

    def last(self, now: datetime) -> datetime:
        """The last due time that is not after `now`.

        >>> Hourly(15).last(datetime(2026, 10, 25, 1, 5, tzinfo=UTC))
        datetime.datetime(2026, 10, 25, 0, 15, tzinfo=datetime.timezone.utc)
        """
        due = now.astimezone(UTC).replace(minute=self.minute, second=0, microsecond=0)
        return due if due <= now else due - timedelta(hours=1)
