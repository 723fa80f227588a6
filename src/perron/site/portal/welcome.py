"""What the home page says to a person: the title that is the answer, and what is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.components.figures import language
from perron.site.portal.news import News, counted
from perron.site.portal.waiting import Task


def title(found: Sequence[Task], today: date) -> str:
    """How many files wait, and how pressing the nearest one is."""
    if not found:
        return _("Rien ne vous attend aujourd’hui.")
    count = len(found)
    said = ngettext("{n} dossier vous attend", "{n} dossiers vous attendent", count).format(
        n=_word(count)
    )
    said = said[0].upper() + said[1:]
    late = sum(task.day < today for task in found)
    nearest = min((task.day for task in found if task.day >= today), default=None)
    if count == 1:
        if late:
            return _("{said}, déjà en retard.").format(said=said)
        return _("{said}, {day}.").format(said=said, day=_for(found[0].day, today))
    if late:
        return ngettext("{said}, dont {n} en retard.", "{said}, dont {n} en retard.", late).format(
            said=said, n=_word(late)
        )
    assert nearest is not None  # none is late, so all lie ahead
    soon = sum(task.day == nearest for task in found)
    return _("{said}, dont {n} {day}.").format(said=said, n=_word(soon), day=_for(nearest, today))


def _word(count: int) -> str:
    """A small number in letters, as a title has it."""
    words = (
        *(_("zéro"), _("un"), _("deux"), _("trois"), _("quatre"), _("cinq"), _("six")),
        *(_("sept"), _("huit"), _("neuf"), _("dix"), _("onze"), _("douze")),
    )
    return words[count] if count < len(words) else formats.number(count, 0, language())


def _for(day: date, today: date) -> str:
    """For when something is: today, tomorrow, a day of this week, or a date."""
    days = (day - today).days
    if days == 0:
        return _("pour aujourd’hui")
    if days == 1:
        return _("pour demain")
    if days < 7:
        return _("pour {day}").format(day=date_format(day, "l"))
    return _("pour le {day}").format(day=formats.date(day, language()))


def last_visit(since: datetime, today: date) -> str:
    """The day of the previous visit, as one says it."""
    day = timezone.localdate(since)
    if day == today:
        morning = timezone.localtime(since).hour < 12
        return _("de ce matin") if morning else _("de tout à l’heure")
    if day == today - timedelta(days=1):
        return _("d’hier")
    if (today - day).days < 7:
        return _("de {day}").format(day=date_format(day, "l"))
    return _("du {day}").format(day=formats.date(day, language()))


def lead(found: News, today: date) -> str:
    """What changed since the last visit, counted."""
    said = counted(found.counts)
    if found.first_visit:
        return (
            _("Bienvenue. Ces sept derniers jours : {said}.").format(said=said)
            if said
            else _("Bienvenue. Voici par où commencer.")
        )
    when = last_visit(found.since, today)
    if not said:
        return _("Rien n’a changé depuis votre visite {when}.").format(when=when)
    return _("Depuis votre visite {when} : {said}.").format(when=when, said=said)


def news_title(found: News, today: date) -> str:
    """The title of the list of changes."""
    if found.first_visit:
        return _("Ce qui a changé ces sept derniers jours")
    return _("Ce qui a changé depuis votre visite {when}").format(
        when=last_visit(found.since, today)
    )


def moment(at: datetime, today: date) -> str:
    """When something happened: today and yesterday by the hour, then by the day."""
    local = timezone.localtime(at)
    clock = _("{hour} h {minute}").format(hour=local.hour, minute=f"{local.minute:02}")
    days = (today - local.date()).days
    if days == 0:
        return _("aujourd’hui, {clock}").format(clock=clock)
    if days == 1:
        return _("hier, {clock}").format(clock=clock)
    if days < 7:
        return f"{date_format(local, 'l')}, {clock}"
    return formats.date(local.date(), language())
