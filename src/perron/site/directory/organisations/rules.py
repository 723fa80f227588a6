"""What an organisation must be: how its fields are read, and each fault as a sentence beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from perron.site.accounts.models import Confidentiality
from perron.site.directory import typed
from perron.site.directory.models import Family, Organisation, Term
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.vocabulary import selectors as vocabulary

#: Fields of one line and of several, as they are typed.
LINES = (
    *("name", "short_name", "company_number", "place", "address", "website"),
    *("source", "source_url", "source_date"),
)
AREAS = ("makes", "known_for", "notes")
LONGEST_NOTES = 5000
MOST_SECTORS = 20
#: Legal forms of Belgium and of its neighbours, dots left out.
LEGAL_FORMS = frozenset(
    [
        *("sa", "srl", "sprl", "sprlu", "scrl", "scrlfs", "sc", "scs", "sca", "snc", "se"),
        *("asbl", "aisbl", "asblu", "fup", "eurl", "sas", "sasu", "sarl", "gie", "geie"),
        *("nv", "bv", "bvba", "ebvba", "cv", "cvba", "cvoa", "vof", "commv", "vzw", "ivzw"),
        *("ag", "gmbh", "kg", "ohg", "ev", "ug", "ltd", "plc", "inc", "llc", "corp"),
    ]
)
_SHAPE = re.compile(r"[A-U]|\d{2,5}", re.ASCII)

Fields = dict[str, Any]
Faults = dict[str, str]


def plain(name: str) -> str:
    """A name as it is compared and sorted: without accents, case, signs and legal form.

    >>> plain("Société des Œuvres du Val, S.A."), plain("ASBL Les Amis"), plain("NV")
    ('societe des oeuvres du val', 'les amis', 'nv')
    """
    text = re.sub(r"\b(?:[a-z]\.){2,}", lambda m: m[0].replace(".", "") + " ", typed.bare(name))
    words = "".join(c if c.isalnum() else " " for c in text).split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    while len(kept) > 1 and kept[0] in LEGAL_FORMS:
        kept.pop(0)
    return (" ".join(kept) or typed.bare(name).strip())[:200]


def company_number(text: str) -> str:
    """The digits of a number as people write it; what cannot be read stays, for its fault to quote.

    >>> company_number("BE 0123.456.749"), company_number("123 456 749"), company_number("n° ?")
    ('0123456749', '0123456749', 'n° ?')
    """
    digits = re.sub(r"^BE|[\s.\-/]", "", text.strip().upper())
    if not (digits.isascii() and digits.isdigit()):
        return text.strip()
    return digits.zfill(10) if len(digits) == 9 else digits


def number_fault(number: str) -> str:
    """Why this is not a number of the Belgian register; "" where it is one, or nothing."""
    if not number:
        return ""
    if not (number.isascii() and number.isdigit() and len(number) == 10 and number[0] in "01"):
        return _(
            "Un numéro d’entreprise a dix chiffres, dont le premier est 0 ou 1, comme 0123.456.749. Ici : {found}."
        ).format(found=number[:30])
    if 97 - int(number[:8]) % 97 != int(number[8:]):
        return _(
            "Un chiffre de {found} est faux : les deux derniers ne répondent pas aux huit premiers. Comparez avec la Banque-Carrefour des entreprises."
        ).format(found=written(number))
    return ""


def written(number: str) -> str:
    """A number as it is printed.

    >>> written("0123456749")
    '0123.456.749'
    """
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if len(number) == 10 else number


def code_of(text: str) -> str:
    """An activity's code as it is kept, without its dot.

    >>> code_of(" 24.10 "), code_of("c")
    ('2410', 'C')
    """
    return re.sub(r"[\s.]", "", text).upper()


def sectors_of(given: str | Iterable[str]) -> list[str]:
    """Codes as they are kept, from a list or from a text with commas, each once and in order.

    >>> sectors_of("24.10, 25 ; c")
    ['2410', '25', 'C']
    """
    parts = re.split(r"[,;\n]", given) if isinstance(given, str) else given
    return list(dict.fromkeys(code for part in parts if (code := code_of(str(part)))))


def read(given: Mapping[str, Any]) -> Fields:
    """The fields as they are kept, of those that are given. A name that there is not is a TypeError."""
    found: Fields = {}
    for name, value in given.items():
        if name in LINES:
            found[name] = typed.line(value)
        elif name in AREAS:
            found[name] = typed.area(value)
        elif name == "sectors":
            found[name] = sectors_of(value)
        elif name in ("kind", "confidentiality", "fictional"):
            found[name] = value
        else:
            raise TypeError(f"an organisation has no {name}")
    if "company_number" in found:
        found["company_number"] = company_number(found["company_number"])
    if "kind" in found and not isinstance(found["kind"], Term):
        code = typed.line(found["kind"])
        found["kind"] = (vocabulary.term(Family.ORGANISATION, code) or code) if code else None
    if "fictional" in found:
        found["fictional"] = bool(found["fictional"])
    return found


def blank() -> Fields:
    """The fields of an organisation of which nothing is known."""
    return {
        **dict.fromkeys((*LINES, *AREAS), ""),
        "kind": None,
        "sectors": [],
        "confidentiality": Confidentiality.AGENCY.value,
        "fictional": False,
    }


def faults(fields: Mapping[str, Any], known: Reference | None = None) -> Faults:
    """The faults of fields that `read` gave; those left out are blank.

    `known` is the reference of the lake, for who asks of many rows: it is read here where not given.
    """
    given = {**blank(), **fields}
    known = known or reference()
    found = typed.too_long(Organisation, given, (*LINES, "makes", "known_for"))
    if len(given["notes"]) > LONGEST_NOTES:
        found["notes"] = typed.longer_than(given["notes"], LONGEST_NOTES)
    if len(given["name"]) < 2:
        found["name"] = _("Donnez le nom de l’organisation : deux signes au moins.")
    checked = {
        "company_number": number_fault(given["company_number"]),
        "website": typed.address_fault(given["website"]),
        "source_url": typed.address_fault(given["source_url"]),
        "source_date": typed.period_fault(given["source_date"]),
        "place": _place_fault(given["place"], known),
        "sectors": _sectors_fault(given["sectors"], known),
    }
    found |= {name: said for name, said in checked.items() if said}
    if isinstance(given["kind"], str):
        found["kind"] = _(
            "« {found} » n’est pas un type en usage : choisissez dans la liste."
        ).format(found=given["kind"][:40])
    if given["confidentiality"] not in Confidentiality.values:
        found["confidentiality"] = confidentiality_fault()
    return found


def named(field: str) -> str:
    """A field as the log calls it."""
    return {
        "name": _("nom"),
        "short_name": _("nom court"),
        "kind": _("type"),
        "company_number": _("numéro d’entreprise"),
        "place": _("commune"),
        "address": _("adresse"),
        "website": _("site web"),
        "makes": _("ce qu’elle fait"),
        "known_for": _("ce qui la fait connaître"),
        "notes": _("notes"),
        "source": _("source"),
        "source_url": _("adresse de la source"),
        "source_date": _("date de la source"),
        "sectors": _("secteurs"),
        "confidentiality": _("confidentialité"),
        "owner": _("responsable"),
        "fictional": _("exemple fictif"),
    }.get(field, field)


def confidentiality_fault() -> str:
    return _("Choisissez une des réponses : {known}.").format(
        known=", ".join(str(label) for label in Confidentiality.labels)
    )


def _place_fault(code: str, known: Reference) -> str:
    if not code or known.places is None or known.place(code):
        return ""
    return _(
        "Le territoire « {code} » n’est pas dans la référence. Attendu : le code INS d’une commune, comme dans la liste."
    ).format(code=code[:20])


def _sectors_fault(codes: list[str], known: Reference) -> str:
    if len(codes) > MOST_SECTORS:
        return _("{count} secteurs, {most} au plus : gardez ceux qui disent l’essentiel.").format(
            count=len(codes), most=MOST_SECTORS
        )
    tree = known.activities
    wrong = [c for c in codes if not (_SHAPE.fullmatch(c) and (tree is None or c in tree))]
    if not wrong:
        return ""
    return _(
        "« {found} » n’est pas un code NACE-BEL. Attendu : une lettre de A à U, ou de deux à cinq chiffres, séparés par des virgules."
    ).format(found=", ".join(c[:10] for c in wrong[:5]))
