"""The background work of operation. What a task finds wrong is its error, read on the page."""

from __future__ import annotations

from django_tasks import task

from perron.config import config
from perron.errors import PerronError
from perron.lake.snapshots import Lake
from perron.site.accounts import services as accounts
from perron.site.ledger import reminders, reviewing, verification
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


@task()
def verify_ledger() -> str:
    """The chain of decisions is walked from end to end, and the rows of pages compared with it."""
    found = verification.verify()
    if not found.sound:
        said = " ".join(map(str, found.faults[:3]))
        raise PerronError(f"{found.summary()} {said}")
    return found.summary()


@task()
def forget_sessions() -> str:
    """Sessions that are over, and failed attempts to sign in whose pause has passed, are forgotten."""
    done = accounts.forget_expired()
    return _("Sessions échues effacées : {sessions}. Essais de connexion : {attempts}.").format(
        sessions=done.sessions, attempts=done.attempts
    )


@task()
def review_due() -> str:
    """Expectations whose day has come are read in the lake."""
    done = reviewing.review_due()
    if done.failed:
        raise PerronError("; ".join(done.failed[:3]))
    return _(
        "Attentes relues dans le lac : {written}. À relire par une personne : {waiting}."
    ).format(written=done.written, waiting=done.waiting)


@task()
def remind() -> str:
    """Who follows a decision is told by e-mail what falls due."""
    done = reminders.send_due()
    if done.failed:
        raise PerronError(
            _(
                "{problem} {count} rappels attendent ; ils repartent demain, ou en relançant."
            ).format(problem=done.failed[0], count=done.unsent)
        )
    said = _("Rappels envoyés : {sent}.").format(sent=done.sent)
    if done.unsent:
        said += " " + _("Sans serveur de courrier, {count} attendent.").format(count=done.unsent)
    if done.unfollowed:
        said += " " + _("Attentes que personne ne suit : {count}.").format(count=done.unfollowed)
    return said
