"""Structured logs: one JSON object a line, with the request's identifier and no personal data."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

#: The identifier of the request being served, "" outside a request.
request_id: ContextVar[str] = ContextVar("perron_request_id", default="")


class JsonFormatter(logging.Formatter):
    """Time in UTC, level, logger, message, request, and the fields given in `extra["fields"]`."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := request_id.get():
            entry["request"] = request
        entry.update(getattr(record, "fields", {}))
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
