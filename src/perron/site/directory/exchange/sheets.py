"""The columns of each kind of file. Headings are the same in every language, so that a file made here
is read anywhere; other names, French and English, are recognised whatever their accents and case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from perron.site.accounts.models import Confidentiality
from perron.site.directory.exchange import held as known
from perron.site.directory.exchange import values
from perron.site.directory.exchange.values import Read, key_of
from perron.site.directory.models import Family, LegalBasis, NeedStatus

#: Columns that say which record a row is, and at which revision it left.
ID, REVISION = "id", "revision"
#: The three ways in which a row names an organisation.
NAMED = ("organisation_id", "organisation_number", "organisation")
#: Columns of our own files that an import doesn't need.
IGNORED = ("ligne", "line", "raison du refus", "reason for refusal")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field that it fills, its heading, and how its cells are read.

    `needed` where a new record cannot do without.
    """

    field: str
    heading: str
    names: tuple[str, ...] = ()
    read: Read = values.line
    needed: bool = False
    example: str = ""
    choices: type[TextChoices] | None = None
    place: bool = False

    def written(self, value: Any, held: known.Held) -> str:
        """A value as a cell."""
        if self.place:
            return held.place_text(value)
        return known.written(value, held, self.choices)


def _own(revision: bool = True) -> tuple[Column, ...]:
    found = [Column(ID, "id", ("identifiant", "key", "clé"), values.identifier)]
    if revision:
        found.append(Column(REVISION, "révision", ("version",), values.identifier))
    return tuple(found)


def _term(field: str, heading: str, family: Family, *names: str, **more: Any) -> Column:
    return Column(field, heading, names, known.term(family), **more)


def _choice(
    field: str, heading: str, choices: type[TextChoices], *names: str, **more: Any
) -> Column:
    return Column(field, heading, names, known.choice(choices), choices=choices, **more)


_CONFIDENTIALITY = _choice(
    "confidentiality",
    "confidentialité",
    Confidentiality,
    "confidentiality",
    "qui peut lire",
    "access",
    example="interne",
)
_FICTIONAL = Column(
    "fictional",
    "exemple fictif",
    ("fictif", "fictional", "fictional example", "fictitious"),
    values.yes,
    example="oui",
)
_PLACE = Column(
    "place",
    "commune",
    ("lieu", "place", "municipality", "territoire", "code ins", "nis", "ville", "localité", "town"),
    known.place,
    example="",
    place=True,
)
_ORGANISATION = (
    Column(
        "organisation_id",
        "id de l’organisation",
        ("organisation id", "identifiant de l’organisation", "organisation_key"),
    ),
    Column(
        "organisation_number",
        "numéro d’entreprise",
        ("numéro de l’organisation", "company number", "bce", "organisation number"),
    ),
    Column(
        "organisation",
        "organisation",
        ("nom de l’organisation", "entreprise", "company", "organisation name", "société"),
        example="Exemple à remplacer SA",
    ),
)

ORGANISATION = (
    *_own(),
    Column(
        "name",
        "nom",
        (
            "name",
            "raison sociale",
            "dénomination",
            "organisation",
            "entreprise",
            "company",
            "société",
        ),
        needed=True,
        example="Exemple à remplacer SA",
    ),
    Column("short_name", "nom court", ("short name", "sigle", "acronyme", "acronym")),
    _term(
        "kind",
        "type",
        Family.ORGANISATION,
        "kind",
        "nature",
        "type d’organisation",
        example="entreprise",
    ),
    Column(
        "company_number",
        "numéro d’entreprise",
        (
            "company number",
            "bce",
            "numéro bce",
            "n° d’entreprise",
            "tva",
            "vat",
            "numéro tva",
            "enterprise number",
            "cbe",
        ),
        values.company_number,
        example="",
    ),
    _PLACE,
    Column("address", "adresse", ("address", "rue", "street"), example="Rue de l’Exemple 1"),
    Column(
        "website",
        "site web",
        ("website", "site", "web", "url", "site internet"),
        values.address,
        example="https://exemple.be",
    ),
    Column(
        "makes",
        "ce qu’elle fait",
        ("makes", "activité", "produits", "what it makes"),
        values.area,
        example="Pièces d’acier forgées.",
    ),
    Column(
        "known_for",
        "connue pour",
        ("known for", "réputation", "ce pour quoi elle est connue"),
        values.area,
    ),
    Column(
        "sectors",
        "secteurs",
        ("sectors", "nace", "codes nace", "nace-bel", "secteur", "sector"),
        values.sectors,
        example="24.10 ; 25",
    ),
    Column("notes", "notes", ("note", "remarques", "comments", "commentaires"), values.area),
    Column("source", "source", ("provenance", "origine"), example="Site de l’organisation"),
    Column(
        "source_url",
        "adresse de la source",
        ("source url", "source address", "lien source"),
        values.address,
        example="https://exemple.be/a-propos",
    ),
    Column(
        "source_date",
        "date de la source",
        ("source date", "date source"),
        values.period,
        example="2025-11",
    ),
    _CONFIDENTIALITY,
    _FICTIONAL,
)

CONTACT = (
    *_own(),
    Column("first_name", "prénom", ("first name", "given name"), example="Camille"),
    Column("last_name", "nom", ("last name", "name", "family name", "surname", "nom de famille"),
           needed=True, example="Exemple-à-Remplacer"),
    *_ORGANISATION,
    Column("function", "fonction", ("function", "titre", "job title", "position", "poste"),
           example="Responsable de production"),
    Column("email", "e-mail", ("email", "courriel", "mail", "adresse e-mail", "e-mail address"),
           example="camille@exemple.be"),
    Column("phone", "téléphone", ("phone", "tel", "gsm", "mobile", "telephone number"),
           example="+32 4 000 00 00"),
    _term("purpose", "finalité", Family.PURPOSE, "purpose", needed=True,
          example="suivi de projets"),
    _choice("legal_basis", "base légale", LegalBasis, "legal basis", "base juridique",
            needed=True, example="intérêt légitime"),
    Column("source", "source", ("provenance", "origine"), needed=True,
           example="Carte de visite, 12 mars 2026"),
    Column("last_interaction", "dernier échange",
           ("last interaction", "dernier contact", "last contact", "date du dernier échange"),
           values.day, example="12/03/2026"),
    Column("mailing", "accepte les envois", ("mailing", "newsletter", "opt-in", "envois"),
           values.yes, example="non"),
    _CONFIDENTIALITY,
    _FICTIONAL,
)  # fmt: skip

NEED = (
    *_own(),
    Column("sentence", "phrase", ("sentence", "besoin", "need", "demande"), needed=True,
           example="Exemple à remplacer : il nous faut deux soudeurs pour mars."),
    *_ORGANISATION,
    Column("said_by", "dit par", ("said by", "source", "qui"), example="visite du 12 mars"),
    Column("said_on", "dit le", ("said on", "date"), values.day, needed=True, example="12/03/2026"),
    _term("kind", "type", Family.NEED, "kind", "type de besoin", "nature", example="compétences"),
    Column("quantity", "quantité", ("quantity", "nombre", "number"), values.count, example="2"),
    Column("unit", "unité", ("unit", "unités")),
    Column("object", "objet", ("object", "quoi", "what"), example="soudeurs"),
    Column("needed_by", "pour le", ("needed by", "échéance", "due", "due date", "deadline"),
           values.day, example="31/03/2026"),
    _PLACE,
    _choice("status", "état", NeedStatus, "status", "statut", "state", example="ouvert"),
    Column("outcome", "suite", ("outcome", "réponse", "answer", "result")),
    _CONFIDENTIALITY,
    _FICTIONAL,
)  # fmt: skip

MEMORY = (
    *_own(),
    _term("kind", "type", Family.MEMORY, "kind", "type de souvenir", "nature", needed=True,
          example="projet"),
    Column("title", "titre", ("title", "intitulé", "nom", "name"), needed=True,
           example="Exemple à remplacer"),
    Column("period", "date", ("period", "période", "quand", "when", "année", "year", "mois"),
           values.period, needed=True, example="10/2013"),
    Column("summary", "résumé", ("summary", "description"), values.area,
           example="En deux phrases, ce qui fut fait et ce qui en resta."),
    *_ORGANISATION,
    _PLACE,
    Column("source", "source", ("provenance", "origine"), needed=True,
           example="Rapport annuel 2013, p. 12"),
    Column("source_url", "adresse de la source", ("source url", "source address", "lien", "url"),
           values.address),
    _CONFIDENTIALITY,
    _FICTIONAL,
)  # fmt: skip

LINK = (
    *_own(revision=False),
    Column("from_kind", "de : sorte", ("from kind", "sorte de départ"), known.kind, needed=True,
           example="organisation"),
    Column("from_key", "de : id", ("from key", "from id", "id de départ")),
    Column("from_name", "de : nom", ("from", "from name", "de", "départ"),
           example="Exemple à remplacer SA"),
    _term("kind", "lien", Family.LINK, "link", "type", "kind", "type de lien", needed=True,
          example="est partenaire de"),
    Column("to_kind", "vers : sorte", ("to kind", "sorte d’arrivée"), known.kind, needed=True,
           example="organisation"),
    Column("to_key", "vers : id", ("to key", "to id", "id d’arrivée")),
    Column("to_name", "vers : nom", ("to", "to name", "vers", "arrivée"),
           example="Autre exemple SA"),
    Column("reason", "raison", ("reason", "pourquoi", "why"), needed=True,
           example="Projet commun de four électrique"),
    Column("source", "source", ("provenance", "origine")),
    Column("since", "depuis", ("since", "début", "start"), values.period, example="2019"),
    Column("until", "jusqu’à", ("until", "fin", "end"), values.period),
    _FICTIONAL,
)  # fmt: skip


def headings(columns: tuple[Column, ...]) -> dict[str, str]:
    """The field of each heading that is recognised; a column's own heading wins over another's."""
    found: dict[str, str] = {}
    for column in columns:
        found.setdefault(key_of(column.heading), column.field)
        found.setdefault(key_of(column.field), column.field)
    for column in columns:
        for name in column.names:
            found.setdefault(key_of(name), column.field)
    return found


Named = Callable[[dict[str, Any]], str]
