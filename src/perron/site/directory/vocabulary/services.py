"""Verbs on the agency's own words. A word that was used is put out of use, never deleted."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from perron.errors import ChangedMeanwhileError, InputError, RefusedError, demand
from perron.site.accounts import log
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.models import Entry
from perron.site.directory import records
from perron.site.directory.models import Family, Term
from perron.site.directory.rights import demand_right
from perron.site.directory.vocabulary import rules

KIND = "term"


@transaction.atomic
def add_term(reader: Reader, family: str, **given: Any) -> Term:
    """Add a word to a family: every form, list, import and export offers it at once."""
    demand_right(reader, Capability.SETTINGS)
    if family not in Family.values:
        raise InputError(_("Cette liste de mots n’existe pas."))
    last = Term.objects.filter(family=family).order_by("-order").first()
    fields: dict[str, Any] = {"order": min(9999, last.order + 10) if last else 10}
    fields |= {k: v for k, v in rules.read(family, given).items() if k != "order" or v != ""}
    demand(rules.faults(family, fields))
    term = Term(family=family, code=rules.code_of(family, fields["name"]))
    changes = records.apply(term, fields)
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError:  # another person was first with the same word
        raise RefusedError(
            {"name": _("« {name} » est déjà dans cette liste.").format(name=term.name)}
        ) from None
    said = _("Mot ajouté aux {family} : « {name} ».").format(
        family=Family(family).label, name=term.name
    )
    log.record(reader, "term-added", KIND, term.pk, said, changes)
    return term


@transaction.atomic
def change_term(reader: Reader, term: int, seen: str | None = None, **given: Any) -> Term:
    """Correct a word; its code stays, so that records and files that name it keep their sense.

    ChangedMeanwhileError where `seen` is not the `state` that the term has.
    """
    demand_right(reader, Capability.SETTINGS)
    found = _locked(term)
    if seen is not None and seen != state(found):
        latest = Entry.objects.filter(kind=KIND, key=str(found.pk)).first()
        said = [latest.said] if latest else []
        raise ChangedMeanwhileError(
            _(
                "Ce mot a changé depuis que vous l’avez ouvert : {said} Vos mots sont gardés ci-dessous ; relisez, puis enregistrez à nouveau."
            ).format(said=" ".join(said)),
            said,
        )
    held = {name: getattr(found, name) for name in rules.fields_of(found.family)}
    fields = {**held, **rules.read(found.family, given)}
    demand(rules.faults(found.family, fields, found))
    was = found.name
    changes = records.apply(found, fields)
    if changes:
        found.save()
        said_now = (
            _("Mot renommé : « {was} » → « {now} ».").format(was=was, now=found.name)
            if "name" in changes
            else _("Mot corrigé : « {name} ».").format(name=found.name)
        )
        log.record(reader, "term-changed", KIND, found.pk, said_now, changes)
    return found


@transaction.atomic
def put_out_of_use(reader: Reader, term: int) -> Term:
    """Offer a word no more; what uses it keeps it."""
    demand_right(reader, Capability.SETTINGS)
    found = _locked(term)
    others = Term.objects.filter(family=found.family, active=True).exclude(pk=found.pk)
    if found.active and not others.exists():
        raise RefusedError(
            {
                "name": _(
                    "C’est le dernier mot en usage de cette liste : ajoutez-en un autre d’abord."
                )
            }
        )
    return _used(reader, found, active=False)


@transaction.atomic
def put_back(reader: Reader, term: int) -> Term:
    """Offer a word again."""
    demand_right(reader, Capability.SETTINGS)
    return _used(reader, _locked(term), active=True)


def _used(reader: Reader, term: Term, *, active: bool) -> Term:
    changes = records.apply(term, {"active": active})
    if changes:
        term.save(update_fields=["active"])
        said = (
            _("Mot remis en usage : « {name} ».")
            if active
            else _("Mot mis hors d’usage : « {name} ».")
        )
        action = "term-put-back" if active else "term-out-of-use"
        log.record(reader, action, KIND, term.pk, said.format(name=term.name), changes)
    return term


def state(term: Term) -> str:
    """A sign of what a term now says, for two persons who change it at once."""
    held = [getattr(term, name) for name in rules.fields_of(term.family)]
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]


def _locked(term: int) -> Term:
    found = Term.objects.select_for_update().filter(pk=term).first()
    if found is None:
        raise InputError(_("Ce mot n’existe pas."))
    return found
