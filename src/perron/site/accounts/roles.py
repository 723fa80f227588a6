"""Roles are the agency's own: their names, what each allows, and whether they are still given."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts import log
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.models import Role, User
from perron.site.accounts.services import demand_keeper, locked

#: The longest name and description, as their columns.
_NAME, _DESCRIPTION = 120, 300


@transaction.atomic
def save_role(
    reader: Reader,
    key: int | None,
    *,
    name: str,
    name_en: str = "",
    description: str = "",
    capabilities: Collection[str] = (),
    active: bool = True,
) -> Role:
    """Change a role, or add one where `key` is None. Who holds it works under its new rights at once."""
    locked()
    role = Role() if key is None else Role.objects.filter(pk=key).first()
    if role is None:
        raise InputError(_("Ce rôle n’existe pas."))
    wanted = [c.value for c in Capability if c.value in set(capabilities)]
    texts = {
        "name": " ".join(name.split()),
        "name_en": " ".join(name_en.split()),
        "description": " ".join(description.split()),
    }
    faults = {
        field: _("Au plus {most} caractères.").format(most=most)
        for field, most in (("name", _NAME), ("name_en", _NAME), ("description", _DESCRIPTION))
        if len(texts[field]) > most or "\0" in texts[field]
    }
    if not texts["name"]:
        faults["name"] = _("Donnez un nom au rôle.")
    elif Role.objects.filter(name__iexact=texts["name"]).exclude(pk=role.pk).exists():
        faults["name"] = _("Un autre rôle porte ce nom.")
    if foreign := set(wanted) ^ set(role.capabilities):
        beyond = [c.label for c in Capability if c.value in foreign - reader.capabilities]
        if beyond:
            faults["capabilities"] = _(
                "Vous ne pouvez ni donner ni retirer un droit que vous n’avez pas : {found}."
            ).format(found=", ".join(str(b) for b in beyond))
    held = User.objects.filter(role=role, is_active=True).count() if role.pk else 0
    if not active and held:
        faults["active"] = _(
            "Ce rôle est encore celui de {count} personnes actives. Changez d’abord leur rôle."
        ).format(count=held)
    demand(faults)
    changes = {
        field: [getattr(role, field), value]
        for field, value in {**texts, "capabilities": wanted, "active": active}.items()
        if getattr(role, field) != value
    }
    for field, value in {**texts, "capabilities": wanted, "active": active}.items():
        setattr(role, field, value)
    if key is None:
        role.code = _free_code(texts["name"])
        role.order = 200
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:
        raise RefusedError({"name": _("Un autre rôle porte ce nom.")}) from error
    if key is not None:
        demand_keeper("capabilities")
    said = _("Change le rôle « {role} ».") if key is not None else _("Ajoute le rôle « {role} ».")
    log.record(reader, "role", "role", role.pk, said.format(role=role.name), changes)
    return role


def _free_code(name: str) -> str:
    """A code from the name that no other role has."""
    base = slugify(name)[:26] or "role"
    taken = set(Role.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbers = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in numbers if code not in taken)
