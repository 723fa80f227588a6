"""When a person last came, and pages of signed-in people kept out of shared caches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from perron.site.accounts.models import User

#: After this pause, or on another day, a page begins a new visit.
PAUSE = timedelta(hours=4)


def begins(last: datetime | None, now: datetime) -> bool:
    """Whether a page asked `now` begins a visit."""
    if last is None or now - last >= PAUSE:
        return True
    return timezone.localdate(last) < timezone.localdate(now)


class Visits:
    """Note the first page of a visit: "since you last came" is what changed since the one before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and request.method == "GET":
            _note(user)
        response = self.get_response(request)
        # Who signs in during the request gets a page of their own, and so does who leaves.
        if isinstance(user, User) or request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response


def _note(user: User) -> None:
    now = timezone.now()
    if not begins(user.visit, now):
        return
    # Two first pages at once make one visit: the second finds the first one's mark.
    unchanged = Q(visit=user.visit) if user.visit else Q(visit__isnull=True)
    User.objects.filter(unchanged, pk=user.pk).update(visit=now, previous_visit=user.visit)
    user.previous_visit, user.visit = user.visit, now
