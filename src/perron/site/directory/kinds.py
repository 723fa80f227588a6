"""The kinds of thing of the directory; each part declares its own here (`directory.things`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from perron.site.directory.contacts import things as contacts
from perron.site.directory.memory import things as memory
from perron.site.directory.needs import things as needs
from perron.site.directory.organisations import things as organisations
from perron.site.directory.search import indexed
from perron.site.directory.things import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "organisation",
        _("organisation"),
        organisations.organisations,
        index=indexed.organisations,
        beside=indexed.beside_organisation,
    ),
    Kind("contact", _("contact"), contacts.contacts, index=indexed.contacts),
    Kind("need", _("besoin"), needs.needs, field="skills", index=indexed.needs),
    Kind("memory", _("souvenir"), memory.memories, index=indexed.memories),
    Kind("sector", _("secteur"), organisations.sectors, field="economy"),
    Kind("place", _("territoire"), organisations.places, field="economy"),
)
