"""A visit is noted once, at its first page, and the one before is kept for "since you last came"."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from perron.site.accounts.models import User
from perron.site.accounts.visits import begins

pytestmark = pytest.mark.django_db
LIEGE = ZoneInfo("Europe/Brussels")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=LIEGE)


@pytest.mark.parametrize(
    ("later", "new"),
    [
        (timedelta(minutes=30), False),
        (timedelta(hours=3, minutes=59), False),
        (timedelta(hours=4), True),
        (timedelta(days=1), True),
    ],
)
def test_a_pause_of_four_hours_or_another_day_begins_a_visit(later, new):
    assert begins(NINE, NINE + later) is new
    assert begins(None, NINE)


def test_midnight_begins_a_visit_in_the_time_of_the_territory():
    late = datetime(2026, 11, 23, 23, 50, tzinfo=LIEGE)
    assert begins(late, late + timedelta(minutes=20))
    assert not begins(late, late + timedelta(minutes=5))


def test_the_first_page_is_noted_and_the_next_ones_write_nothing(as_role):
    client, address = as_role("reader"), reverse("account")
    with time_machine.travel(NINE, tick=False):
        client.get(address)
    assert User.objects.get().visit == NINE
    with (
        time_machine.travel(NINE + timedelta(hours=1), tick=False),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        client.get(address)
    assert not [q for q in asked if q["sql"].startswith("UPDATE")]
    evening = NINE + timedelta(hours=8)
    with time_machine.travel(evening, tick=False), CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len([q for q in asked if q["sql"].startswith("UPDATE")]) == 1
    user = User.objects.get()
    assert (user.visit, user.previous_visit) == (evening, NINE)


def test_a_page_without_an_account_may_be_kept_and_sets_no_session(anyone):
    page = anyone.get(reverse("accessibility"))
    assert "no-store" not in page.get("Cache-Control", "")
    assert "perron_session" not in page.cookies


def test_a_page_of_somebody_signed_in_is_kept_by_nobody(as_role):
    page = as_role("reader").get(reverse("accessibility"))
    assert {"private", "no-store"} <= set(page["Cache-Control"].replace(" ", "").split(","))
