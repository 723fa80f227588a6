"""The page of the person who keeps the platform running."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from perron import __version__
from perron.errors import PerronError
from perron.site.accounts.access import Capability, requires
from perron.site.operations import database, selectors, services

_guard = requires(Capability.SETTINGS)


@_guard
@require_safe
@never_cache
def operations(request: HttpRequest) -> HttpResponse:
    """State of the jobs, ages of the tables, room on the disk, versions."""
    return _page(request)


@_guard
@require_POST
@never_cache
def retry(request: HttpRequest, job: UUID) -> HttpResponse:
    """Put a failed job back in the queue."""
    try:
        services.retry(job)
    except PerronError as error:
        return _page(request, problem=str(error), status=409)
    return redirect("operations")


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    try:
        ages, unreadable = selectors.ages(), ""
    except PerronError as error:
        ages, unreadable = [], str(error)
    jobs, disk = selectors.jobs(), selectors.disk()
    return render(
        request,
        "operations/operations.html",
        {
            "answer": _answer(jobs, ages, bool(unreadable), disk),
            "jobs": jobs,
            "ages": ages,
            "unreadable": unreadable,
            "disk": disk,
            "mail": selectors.mail(),
            "version": __version__,
            "database": f"{database.engine()} {database.version()}",
            "problem": problem,
        },
        status=status,
    )


def _answer(
    jobs: list[selectors.Job], ages: list[selectors.Age], unreadable: bool, disk: selectors.Disk
) -> str:
    """The page in a sentence: what waits for a hand, the gravest first."""
    failed, stale = sum(job.can_retry for job in jobs), sum(age.stale for age in ages)
    if unreadable:
        return _("Le lac de données ne se lit pas")
    if not disk.enough:
        return _("La place manque sur le disque")
    if failed:
        said = ngettext("{count} travail en échec", "{count} travaux en échec", failed)
        return said.format(count=failed)
    if stale:
        said = ngettext(
            "Tout tourne ; {count} table est ancienne",
            "Tout tourne ; {count} tables sont anciennes",
            stale,
        )
        return said.format(count=stale)
    return _("Tout tourne")
