"""What a driver, an evidence and an exposure must be: each fault is a sentence beside its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from perron.errors import RefusedError as RefusedError
from perron.errors import demand as demand
from perron.lake.snapshots import Catalogue
from perron.site.components.faults import period_fault
from perron.site.directory.activities import REVISION, Activities, activities
from perron.site.directory.places import OUTSIDE, places
from perron.site.strategy.models import Direction, Driver, Evidence, Exposure, Grade, Kind, Status

#: What a role never holds.
_PERSONAL = re.compile(r"@|\+?\d[\d ./-]{7,}")
Fields = Mapping[str, Any]
Faults = dict[str, str]


def driver_faults(held: Catalogue, given: Fields) -> Faults:
    """The faults of a driver's own fields."""
    found = _texts(given, {"title": Driver, "sentence": Driver})
    found |= _choices(given, {"kind": Kind, "direction": Direction, "status": Status})
    if too_long := _length(given, "owner", Driver):
        found["owner"] = too_long
    elif _PERSONAL.search(given["owner"]):
        found["owner"] = _(
            "Une fonction, pas une personne : ni adresse, ni numéro. Par exemple « cellule industrie »."
        )
    for name in ("since", "until"):
        if fault := period_fault(given[name], required=False):
            found[name] = fault
    backwards = given["since"] and given["until"] and given["until"][:4] < given["since"][:4]
    if backwards and not {"since", "until"} & set(found):
        found["until"] = _("La fin ({until}) précède le début ({since}).").format(
            until=given["until"], since=given["since"]
        )
    known = places(held)
    if given["territory"] not in known or known[given["territory"]].level == OUTSIDE:
        found["territory"] = _(
            "Le territoire {code} n’est pas dans la référence. Choisissez-en un de la liste."
        ).format(code=given["territory"] or "?")
    closed = given["status"] == Status.CLOSED
    if closed and not given["closed_because"].strip():
        found["closed_because"] = _("Dites en une phrase pourquoi ce moteur est clos.")
    elif closed and (too_long := _length(given, "closed_because", Driver)):
        found["closed_because"] = too_long
    return found


def evidence_faults(held: Catalogue, given: Fields) -> Faults:
    """The faults of an evidence."""
    found = _texts(given, {"title": Evidence, "publisher": Evidence, "words": Evidence})
    found |= _choices(given, {"grade": Grade})
    if "words" not in found and len(re.findall(r"[.!?…](?:\s|$)", given["words"].strip())) > 1:
        found["words"] = _("Une seule phrase, avec vos mots : le reste se lit à la source.")
    if fault := period_fault(given["date"]):
        found["date"] = fault
    if not given["url"] and not given["table"]:
        found["url"] = _("Donnez l’adresse d’une page publique, ou une table du lac.")
    if given["url"]:
        parts = urlsplit(given["url"])
        if parts.scheme not in ("http", "https") or "." not in parts.netloc:
            found["url"] = _(
                "Ceci n’est pas une adresse publique : {found}. Attendu : https://…"
            ).format(found=given["url"][:80])
        elif too_long := _length(given, "url", Evidence):
            found["url"] = too_long
    if given["table"] and given["table"] not in held.tables:
        found["table"] = _("La table {table} n’est pas dans le lac. Il contient : {known}.").format(
            table=given["table"][:64], known=", ".join(sorted(held.tables))
        )
    return found


def exposure_faults(held: Catalogue, given: Fields) -> Faults:
    """The faults of an exposed activity, whose code is already without its dot."""
    found = _texts(given, {"reason": Exposure})
    tree = activities(held)
    if given["activity"] not in tree:
        found["activity"] = unknown_activity(tree, given["activity"])
    share = given["share"]
    if isinstance(share, str):
        found["share"] = _(
            "La part {found} ne se lit pas. Un nombre de 0 à 1, comme 0,3, ou rien si elle est inconnue."
        ).format(found=share[:40])
    elif share is not None and not 0 <= share <= 1:
        found["share"] = _("La part {found} n’est pas entre 0 et 1 : 30 % s’écrit 0,3.").format(
            found=share
        )
    return found


def reason_faults(because: str) -> Faults:
    """The faults of a reason to close or withdraw."""
    if not because.strip():
        return {"because": _("Dites en une phrase pourquoi : elle reste dans le journal.")}
    if len(because) > 400:
        return {"because": _too_long(len(because), 400)}
    return {}


def code_of(text: str) -> str:
    """An activity's code as the lake writes it.

    >>> code_of(" 24.10 "), code_of("c")
    ('2410', 'C')
    """
    return text.replace(".", "").replace(" ", "").upper()


def share_of(text: str) -> float | str | None:
    """A share as a number; None where it is said not to be known; the text itself if it is neither.

    >>> share_of("0,3"), share_of("30 %"), share_of("inconnue"), share_of(""), share_of("un peu")
    (0.3, 0.3, None, None, 'un peu')
    """
    plain = text.strip().replace("\u202f", "").replace("\u00a0", "").casefold()
    if plain in ("", "?", "inconnu", "inconnue", "unknown"):
        return None
    number = plain.rstrip("% ").replace(",", ".")
    try:
        value = float(number)
    except ValueError:
        return text.strip()
    if value != value or value in (float("inf"), float("-inf")):
        return text.strip()
    return value / 100 if plain.endswith("%") else value


def unknown_activity(tree: Activities, code: str) -> str:
    """What to do about a code that NACE-BEL does not have."""
    above = code
    while above and above not in tree:
        above = above[:-1]
    if not above:
        return _(
            "Le code {code} n’existe pas en NACE-BEL {revision}. Attendu : une lettre de A à U, ou 2 à 5 chiffres."
        ).format(code=code[:10] or "?", revision=REVISION)
    inside = [tree[child].written for child in tree[above].children]
    return _("Le code {code} n’existe pas en NACE-BEL {revision}. Sous {above} : {inside}.").format(
        code=code[:10],
        revision=REVISION,
        above=tree[above].written,
        inside=", ".join(inside[:12]) or _("rien de plus fin"),
    )


def _texts(given: Fields, wanted: Mapping[str, Any]) -> Faults:
    found = {}
    for name, model in wanted.items():
        if len(given[name].strip()) < 3:
            found[name] = _("Ce champ est vide, ou presque : il faut au moins quelques mots.")
        elif too_long := _length(given, name, model):
            found[name] = too_long
    return found


def _length(given: Fields, name: str, model: Any) -> str:
    most = model._meta.get_field(name).max_length
    return _too_long(len(given[name]), most) if len(given[name]) > most else ""


def _too_long(count: int, most: int) -> str:
    return _("{count} signes, {most} au plus : raccourcissez.").format(count=count, most=most)


def _choices(given: Fields, wanted: Mapping[str, Any]) -> Faults:
    return {
        name: _("Choisissez une des réponses : {known}.").format(
            known=", ".join(str(label) for label in choices.labels)
        )
        for name, choices in wanted.items()
        if given[name] not in choices.values
    }
