"""The background work of operation. What a task finds wrong is its error, read on the page."""

from __future__ import annotations

from django_tasks import task

from perron.config import config
from perron.errors import PerronError
from perron.lake.snapshots import Lake
from perron.site.operations import selectors
from perron.site.operations.lake import health
from perron.translation import gettext as _


@task()
def verify_lake() -> str:
    """Every snapshot in service is read again and compared with its manifest."""
    if problems := health(Lake(config().lake)).problems:
        raise PerronError("; ".join(problems))
    return _("Chaque table correspond à son empreinte.")


@task()
def watch_ages() -> str:
    """Which tables are older than the territory accepts."""
    stale = [age.table for age in selectors.ages() if age.stale]
    if stale:
        return _("Tables plus vieilles que la limite : {tables}.").format(tables=", ".join(stale))
    return _("Aucune table ne dépasse son âge limite.")


@task()
def watch_disk() -> str:
    """Free space, before it is a failure somewhere else."""
    disk = selectors.disk()
    if not disk.enough:
        raise PerronError(
            _(
                "Il reste {free} Mo sur le disque de PERRON_HOME, et la limite est {limit} Mo. Libérer de la place."
            ).format(free=disk.free_mb, limit=disk.limit_mb)
        )
    return _("Il reste {free} Mo.").format(free=disk.free_mb)
