"""Health pages: `/healthz` says the process answers, `/readyz` that it can serve pages."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.config import config
from perron.errors import PerronError
from perron.lake.snapshots import Lake
from perron.site.accounts.access import public

log = logging.getLogger("perron.health")


@public
@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; touches neither database nor lake."""
    return JsonResponse({"status": "ok"})


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        log.error("database", extra={"fields": {"error": str(error)}})
        return "unreachable"
    return "to migrate" if waiting else "ok"


def _lake() -> str:
    try:
        return "ok" if Lake(config().lake).current().tables else "empty"
    except PerronError as error:
        log.error("lake", extra={"fields": {"error": str(error)}})
        return "unreadable"


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database is migrated and the lake has tables, 503 otherwise, each part named."""
    parts = {"database": _database(), "lake": _lake()}
    fine = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if fine else "wrong", **parts}, status=200 if fine else 503)
