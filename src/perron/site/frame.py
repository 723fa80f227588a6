"""What the frame of every page shows: the agency, the menu with its current entry, the theme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from perron.config import config
from perron.site.accounts.access import ANYONE, Capability, Reader, reader_of
from perron.territory import territory

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "perron_theme"


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the menu, named by its URL; `current` where the reader stands.

    `also` names the pages inside it, such as the sheet of one sector.
    """

    label: str | Promise
    url: str
    also: tuple[str, ...] = ()
    current: bool = False
    #: The capability without which the page is not offered.
    right: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A field of the strategy and its pages. A page that isn't built isn't in the menu."""

    label: str | Promise
    url: str
    items: tuple[Item, ...] = ()
    current: bool = False


#: The pages of the register of drivers.
DRIVERS = (
    *("driver-register", "driver-sheet", "driver-add", "driver-import", "driver-change"),
    *("driver-close", "driver-withdraw", "evidence-add", "evidence-change"),
    *("exposure-add", "exposure-change"),
)

#: The pages of the directory.
DIRECTORY = (
    *("organisation", "organisation-add", "organisation-change", "organisation-readers"),
    *("contacts", "contact", "contact-add", "contact-change", "contact-erase"),
    *("thing-links", "link-add", "link-withdraw"),
    *("directory-import", "import-new", "import-preview", "directory-upkeep", "directory-doubles"),
    *("organisation-merge", "merge-undo", "confirmation-ask"),
)

#: The pages of needs, of the agency's memory and of its settings.
NEEDS = (
    *("need", "need-add", "need-change", "need-answer", "need-close", "need-reopen"),
    "need-readers",
)
MEMORY = ("memory", "memory-add", "memory-change")
SETTINGS = ("settings-family", "term-add", "term-change")

#: The pages of the register of decisions.
LEDGER = (
    *("ledger-new", "commitment", "commitment-settings", "commitment-signal", "commitment-action"),
    *("commitment-document", "commitment-figure", "commitment-expect", "commitment-close"),
    *("expectation-review", "entry-correct", "entry-withdraw", "entry-erase"),
)

#: The pages of the register of challenges.
CHALLENGES = (
    *("challenge", "challenge-add", "challenge-change", "challenge-close"),
    *("challenge-evidence-add", "challenge-evidence-withdraw"),
)

MENU = (
    Section(
        _("Accueil"),
        "home",
        (
            Item(_("Accueil"), "home"),
            Item(_("Répertoire"), "directory", DIRECTORY),
            Item(_("Mémoire"), "memories", MEMORY),
        ),
    ),
    Section(
        _("Diversifier"),
        "territory",
        (
            Item(_("Territoire"), "territory", ("place",)),
            Item(_("Secteurs"), "sectors", ("sector",)),
            Item(_("Liens"), "links"),
            Item(_("Moteurs de changement"), "drivers", DRIVERS),
            Item(_("Défis"), "challenges", CHALLENGES),
            Item(_("Options"), "options"),
            Item(_("Comparer"), "compare"),
        ),
    ),
    Section(_("Former"), "needs", (Item(_("Besoins"), "needs", NEEDS),)),
    Section(
        _("Décider"),
        "ledger",
        (
            Item(_("Registre des décisions"), "ledger", LEDGER),
            Item(_("Échéances"), "due"),
            Item(_("Rejeu"), "ledger-replay"),
            Item(_("Indicateurs"), "indicators", ("indicator-add", "indicator-change")),
            Item(_("Données et sources"), "sources"),
            Item(_("Réglages"), "settings", SETTINGS, right=Capability.SETTINGS),
        ),
    ),
)


def menu(url_name: str, reader: Reader = ANYONE) -> tuple[Section, ...]:
    """The menu seen from the page `url_name`, with what the reader may open."""
    sections = []
    for section in MENU:
        items = tuple(
            replace(item, current=url_name in (item.url, *item.also))
            for item in section.items
            if not item.right or reader.can(item.right)
        )
        current = section.url == url_name or any(item.current for item in items)
        sections.append(replace(section, items=items, current=current))
    return tuple(sections)


def _reader(request: HttpRequest) -> Reader:
    """Who asks; nobody in particular where the database is what failed: that page is shown too."""
    try:
        return reader_of(request)
    except DatabaseError:
        return ANYONE


def _account(request: HttpRequest, reader: Reader) -> dict[str, Any] | None:
    """The menu of the person signed in: name, role, and the pages that the role opens."""
    if not reader.signed_in:
        return None
    user: Any = request.user
    return {
        "name": str(user),
        "initials": "".join(part[:1] for part in (user.first_name, user.last_name)).upper(),
        "role": str(user.role or ""),
        "people": reader.can(Capability.PEOPLE),
        "settings": reader.can(Capability.SETTINGS),
        "audit": reader.can(Capability.AUDIT),
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the same names on every page, errors included."""
    match = request.resolver_match
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    reader = _reader(request)
    return {
        "territory": territory(config().territory),
        "menu": menu(match.url_name or "" if match else "", reader),
        "theme": theme if theme in THEMES else "auto",
        "language": (get_language() or "fr")[:2],
        "today": timezone.localdate(),
        "reader": reader,
        "account": _account(request, reader),
    }
