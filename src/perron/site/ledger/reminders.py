"""Reminders by e-mail to who follows a decision: a month, a week, the day itself, and a month late.

Each reminder is sent once, written in the same transaction as it is sent: where the server takes nothing,
nothing is written and the next round tries again. A confidential decision is named by its number alone.
"""

from __future__ import annotations

import smtplib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from perron import formats
from perron.site.accounts.links import whole
from perron.site.accounts.models import Confidentiality, User
from perron.site.ledger.models import Expectation, Reminder
from perron.site.mail import sends

#: Days before the due date, the earliest first; one that is late has a last reminder.
DAYS = (30, 7, 0, -30)
#: Days after the due date from which nobody is reminded any more: the list of what is due has it.
TOO_LATE = 90


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due and was not sent."""

    expectation: Expectation
    days: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did. `unsent` wait because no server is set, `unfollowed` because nobody can be told."""

    sent: int = 0
    messages: int = 0
    unsent: int = 0
    unfollowed: int = 0
    failed: tuple[str, ...] = ()


def step(due: date, today: date) -> int | None:
    """Which reminder a day asks for: the latest whose day has come, None before and long after.

    >>> step(date(2027, 12, 31), date(2027, 12, 1)), step(date(2027, 12, 31), date(2027, 12, 30))
    (30, 7)
    """
    if today > due + timedelta(days=TOO_LATE):
        return None
    return min((d for d in DAYS if today >= due - timedelta(days=d)), default=None)


def waiting(today: date | None = None) -> list[Due]:
    """The reminders that a day asks for and that were not sent, by due date."""
    day = today or timezone.localdate()
    found = (
        Expectation.objects.filter(
            due__gte=day - timedelta(days=TOO_LATE),
            due__lte=day + timedelta(days=max(DAYS)),
            withdrawn__isnull=True,
            reviewed__isnull=True,
            commitment__closed_on__isnull=True,
        )
        .select_related("commitment__owner", "indicator")
        .prefetch_related("reminders")
        .order_by("due", "pk")
    )
    asked = [Due(e, days) for e in found if (days := step(e.due, day)) is not None]
    return [
        due for due in asked if due.days not in {r.days for r in due.expectation.reminders.all()}
    ]


def send_due(today: date | None = None) -> Round:
    """Send to each person one message with all that is due. Two rounds at once send it once."""
    day = today or timezone.localdate()
    by_owner: dict[User, list[Due]] = defaultdict(list)
    unfollowed = 0
    for due in waiting(day):
        owner = due.expectation.commitment.owner
        if owner is None or not owner.is_active or not owner.email:
            unfollowed += 1
        else:
            by_owner[owner].append(due)
    asked = sum(map(len, by_owner.values()))
    if not by_owner or not sends():
        return Round(unsent=asked, unfollowed=unfollowed)
    server = get_connection()
    try:
        # Before any transaction: a server that is away then holds nobody up.
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        return Round(unsent=asked, unfollowed=unfollowed, failed=(_away(error),))
    sent = messages = 0
    failed = []
    for owner, reminders in by_owner.items():
        try:
            with transaction.atomic():
                Reminder.objects.bulk_create(
                    Reminder(expectation=due.expectation, days=due.days, at=timezone.now())
                    for due in reminders
                )
                message(owner, reminders, day, server).send()
        except IntegrityError:  # another round was first
            continue
        except (OSError, smtplib.SMTPException) as error:
            failed.append(_away(error))
            continue
        sent, messages = sent + len(reminders), messages + 1
    server.close()
    return Round(sent, messages, asked - sent if failed else 0, unfollowed, tuple(failed))


def _away(error: Exception) -> str:
    """What the server answered, without the address of anybody."""
    code = getattr(error, "smtp_code", "") or type(error).__name__
    return _("Le serveur de courrier n’a pas pris le message ({problem}).").format(problem=code)


def message(
    owner: User, reminders: Iterable[Due], today: date, server: object = None
) -> EmailMessage:
    """The message to one person, in French: what is due, when, and where to review it."""
    with override("fr"):
        given = list(reminders)
        count = len(given)
        body = [_("Bonjour {name},").format(name=owner.first_name or owner), ""]
        body.append(
            ngettext(
                "Une attente que vous suivez arrive à échéance :",
                "{n} attentes que vous suivez arrivent à échéance :",
                count,
            ).format(n=count)
        )
        for due in given:
            body += ["", *_lines(due, today)]
        body += ["", _("Si les chiffres sont dans Perron, il relit lui-même l’attente le jour venu. Sinon, il attend que vous disiez ce qui s’est passé, ou que personne ne l’a mesuré.")]  # fmt: skip
        body += ["", _("Vous recevez ce message parce que vous suivez ces décisions. Pour ne plus le recevoir, ouvrez la décision et nommez qui la suit."), ""]  # fmt: skip
        return EmailMessage(
            subject=_subject(given),
            body="\n".join(body),
            to=[owner.email],
            connection=server,  # type: ignore[arg-type] # any backend
            headers={"Auto-Submitted": "auto-generated"},
        )


def _subject(given: list[Due]) -> str:
    if len(given) > 1:
        return _("Perron : {n} attentes à échéance").format(n=len(given))
    expectation = given[0].expectation
    return _("Perron : attente de la décision {n}, échéance le {day}").format(
        n=expectation.commitment.reference, day=formats.date(expectation.due, "fr")
    )


def _lines(due: Due, today: date) -> list[str]:
    """One expectation: its decision, its day, its page. Nothing more of a confidential one."""
    expectation, decision = due.expectation, due.expectation.commitment
    when = _("échéance le {day} ({away})").format(
        day=formats.date(expectation.due, "fr"), away=_away_from(expectation.due, today)
    )
    name = _("Décision {n}").format(n=decision.reference)
    link = whole(reverse("commitment", args=[decision.reference]))
    if decision.confidentiality == Confidentiality.RESTRICTED:
        return [f"- {name}, {when}", f"  {link}"]
    mark = f" ({_('exemple fictif')})" if decision.fictional else ""
    return [
        f"- {name}, {_one_line(decision.title)}{mark} : {when}",
        f"  {_one_line(expectation.sentence)}",
        f"  {link}",
    ]


def _away_from(due: date, today: date) -> str:
    days = (due - today).days
    if days == 0:
        return _("aujourd’hui")
    if days > 0:
        return ngettext("demain", "dans {n} jours", days).format(n=days)
    return ngettext("hier", "il y a {n} jours", -days).format(n=-days)


def _one_line(text: str) -> str:
    return " ".join(text.split())
