"""Sign-in is throttled by address and place; what is shown when the door is closed says when to return."""

from __future__ import annotations

import ipaddress
import math
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from perron.config import config


def where_from(request: HttpRequest) -> str | None:
    """The address of the visitor: behind a proxy the last that it wrote, since earlier ones are typed."""
    given = request.META.get("REMOTE_ADDR", "")
    if config().behind_proxy and (forwarded := request.headers.get("X-Forwarded-For", "")):
        given = forwarded.rsplit(",", 1)[-1]
    try:
        return str(ipaddress.ip_address(given.strip()))
    except ValueError:
        return None


def address_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail address with which somebody tries to sign in, in lower case."""
    given = credentials or {}
    tried = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return str(tried).strip().lower()[:254].replace("\0", "")


def closed(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429: too many failures; the page says from when one may try again."""
    last = (
        AccessAttempt.objects.filter(
            username=address_tried(request, credentials), ip_address=where_from(request)
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    pause = get_cool_off(request)
    until = (last or timezone.now()) + pause
    seconds = max(60, math.ceil((until - timezone.now()).total_seconds()))
    answer = render(
        request,
        "accounts/closed.html",
        {"until": until, "minutes": math.ceil(seconds / 60)},
        status=429,
    )
    answer["Retry-After"] = str(seconds)
    return answer
