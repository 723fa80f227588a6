"""What every request passes through: its log line, its language, and the static files."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from whitenoise.middleware import WhiteNoiseMiddleware

from perron import translation
from perron.site.logs import request_id

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("perron.request")
_GIVEN_ID = re.compile(r"[0-9a-zA-Z-]{8,64}")


class RequestLog:
    """Give each request an identifier and one log line: route, status and milliseconds.

    Neither the address of the visitor nor the path's values nor the query are logged: they can
    tell who asked what.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identifier = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(identifier)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            log.info(
                "request",
                extra={
                    "fields": {
                        "method": request.method,
                        "route": match.route if match else "",
                        "status": response.status_code,
                        "ms": round((time.perf_counter() - started) * 1000, 1),
                    }
                },
            )
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = identifier
        return response


class MessageLanguage:
    """Say the messages of sources and lake in the language of the page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.using((get_language() or translation.SOURCE_LANGUAGE)[:2]):
            return self.get_response(request)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc] # whitenoise ships no types
    """Files of the bundle carry a hash in their name: a browser may keep them for ever."""

    _HASHED = re.compile(r"^/static/dist/.+-[0-9A-Z]{8}\.\w+$")

    def immutable_file_test(self, path: str, url: str) -> bool:
        return bool(self._HASHED.match(url))
