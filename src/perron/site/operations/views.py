"""The page of the person who keeps the platform running."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from perron import __version__
from perron.config import config
from perron.errors import PerronError
from perron.site.operations import database, selectors, services


def _demand_operator(request: HttpRequest) -> None:
    """Staff, or anyone on an installation that only loopback reaches. Others see no such page."""
    if config().public_url and not request.user.is_staff:
        raise Http404


@require_safe
@never_cache
def operations(request: HttpRequest) -> HttpResponse:
    """State of the jobs, ages of the tables, room on the disk, versions."""
    _demand_operator(request)
    return _page(request)


@require_POST
@never_cache
def retry(request: HttpRequest, job: UUID) -> HttpResponse:
    """Put a failed job back in the queue."""
    _demand_operator(request)
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
