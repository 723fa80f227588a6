"""Scheduled work is due once a day by the clock on the wall, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from perron.site.operations.schedule import Daily, Hourly

BRUSSELS = ZoneInfo("Europe/Brussels")
NIGHT = Daily(time(2, 30), BRUSSELS)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def due_times(when: Daily | Hourly, start: datetime, end: datetime) -> list[datetime]:
    """What a worker that looks at the clock every ten minutes sees fall due."""
    seen: list[datetime] = []
    now = start
    while now <= end:
        due = when.last(now)
        if due not in seen and due >= start:
            seen.append(due)
        now += timedelta(minutes=10)
    return seen


def test_a_night_whose_hour_is_skipped_still_has_its_run():
    assert due_times(NIGHT, utc(2026, 3, 28, 12), utc(2026, 3, 30, 12)) == [
        utc(2026, 3, 29, 1, 30),  # 02:30 does not exist; 03:30 CEST
        utc(2026, 3, 30, 0, 30),  # 02:30 CEST
    ]


def test_a_night_whose_hour_comes_twice_has_one_run():
    assert due_times(NIGHT, utc(2026, 10, 24, 12), utc(2026, 10, 26, 12)) == [
        utc(2026, 10, 25, 0, 30),  # the first 02:30, CEST
        utc(2026, 10, 26, 1, 30),  # 02:30 CET
    ]


def test_every_day_of_a_year_has_exactly_one_due_time_in_order():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    due = [NIGHT.on(day) for day in days]
    assert due == sorted(set(due))
    assert {moment.astimezone(BRUSSELS).date() for moment in due} == set(days)


def test_hourly_work_is_neither_skipped_nor_doubled_when_the_hour_changes():
    due = due_times(Hourly(5), utc(2026, 10, 24, 22, 10), utc(2026, 10, 25, 4, 10))
    assert [moment.hour for moment in due] == [23, 0, 1, 2, 3, 4]
    assert {moment.minute for moment in due} == {5}


@pytest.mark.parametrize("when", [NIGHT, Hourly(5)])
def test_the_last_due_time_is_never_in_the_future(when: Daily | Hourly):
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        for minute in range(0, 24 * 60, 7):
            now = datetime.combine(day, time(), UTC) + timedelta(minutes=minute)
            assert now - timedelta(hours=25) <= when.last(now) <= now
