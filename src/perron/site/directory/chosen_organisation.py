"""An organisation as a person types it in a form: its name, or the number of its page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from perron.site.accounts.access import Reader, visible
from perron.site.directory import typed
from perron.site.directory.models import Organisation
from perron.site.directory.organisations.rules import plain
from perron.site.directory.organisations.things import numbers

#: Organisations that a fault names at most.
NAMED = 5


def chosen(text: str, reader: Reader) -> tuple[Organisation | None, str]:
    """The organisation that was typed, and why there is none; (None, "") for nothing typed.

    A name is compared without accents, case and legal form; of several, their numbers tell them apart.
    """
    text = typed.line(text)
    if not text:
        return None, ""
    held = visible(Organisation.objects.filter(merged_into__isnull=True), reader)
    keys = numbers([text.removeprefix("n°").strip()])
    if keys and (found := held.filter(pk=keys[0]).first()):
        return found, ""
    wanted = plain(text)
    same = list(held.filter(plain_name=wanted)[: NAMED + 1])
    if len(same) == 1:
        return same[0], ""
    if same:
        return None, _(
            "Plusieurs organisations portent ce nom : écrivez le numéro, {found}."
        ).format(found=_several(same))
    near = list(held.filter(plain_name__startswith=wanted[:40])[: NAMED + 1]) if wanted else []
    if len(near) == 1:
        return near[0], ""
    if near:
        return None, _("Plusieurs organisations commencent ainsi : {found}.").format(
            found=_several(near)
        )
    return None, _(
        "« {found} » n’est pas au répertoire : vérifiez le nom, ou ajoutez d’abord l’organisation."
    ).format(found=text[:60])


def _several(found: list[Organisation]) -> str:
    said = ", ".join(f"{one.name} ({one.pk})" for one in found[:NAMED])
    return said + (", …" if len(found) > NAMED else "")
