"""The register as one table, out and in: a row a driver, then a row each evidence and exposed activity.

The columns are the same in every language, so that a file made here is read anywhere. Before anything
is written each row is tried, and its fate said: what the services refuse, the preview refuses.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from perron import exports
from perron.errors import InputError
from perron.site.accounts.access import MACHINE, Reader
from perron.site.directory.selectors import catalogue
from perron.site.strategy import rules, selectors, services
from perron.site.strategy.models import Driver
from perron.sources import tabular

#: What a row is about, then the fields of each kind of row under the heading of its column.
LINE, TITLE = "ligne", "moteur"
DRIVER_COLUMNS = {
    "kind": "nature",
    "sentence": "phrase",
    "direction": "sens",
    "since": "depuis",
    "until": "jusqu'à",
    "status": "état",
    "closed_because": "raison de clôture",
    "owner": "responsable",
    "territory": "territoire",
    "fictional": "exemple fictif",
}
EVIDENCE_COLUMNS = {
    "title": "preuve",
    "publisher": "éditeur",
    "date": "date",
    "url": "adresse",
    "table": "table du lac",
    "words": "ce qu'elle dit",
    "grade": "degré",
}
EXPOSURE_COLUMNS = {"activity": "activité", "share": "part", "reason": "raison d'exposition"}
ROWS = ("moteur", "preuve", "activité")
COLUMNS = (
    *(LINE, TITLE),
    *DRIVER_COLUMNS.values(),
    *EVIDENCE_COLUMNS.values(),
    *EXPOSURE_COLUMNS.values(),
)
#: Bytes and rows that one import may hold.
LARGEST, MOST_ROWS = 1_000_000, 2_000
_YES = ("oui", "yes", "1", "vrai", "true")
ADDED, SAME, REFUSED = "added", "same", "refused"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a row of the file: added, there already, or refused with the reason."""

    line: int
    about: str
    name: str
    fate: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The fate of every row, and the rows themselves for the confirmation."""

    fates: tuple[Fate, ...]
    rows: tuple[dict[str, str], ...]

    def count(self, fate: str) -> int:
        return sum(found.fate == fate for found in self.fates)


def export() -> exports.Export:
    """The whole register, closed drivers and withdrawn rows left out of what would be read back."""
    return exports.Export(COLUMNS, _lines(selectors.everything()), title=_("Registre des moteurs"))


def _lines(drivers: Sequence[Driver]) -> Iterator[list[exports.Cell]]:
    for driver in drivers:
        own = {column: _cell(getattr(driver, name)) for name, column in DRIVER_COLUMNS.items()}
        yield _row({LINE: ROWS[0], TITLE: driver.title, **own})
        for evidence in driver.evidences.all():
            if not evidence.withdrawn_because:
                fields = {c: getattr(evidence, n) for n, c in EVIDENCE_COLUMNS.items()}
                yield _row({LINE: ROWS[1], TITLE: driver.title, **fields})
        for exposure in driver.exposures.all():
            if not exposure.withdrawn_because:
                fields = {c: _cell(getattr(exposure, n)) for n, c in EXPOSURE_COLUMNS.items()}
                yield _row({LINE: ROWS[2], TITLE: driver.title, **fields})


def _cell(value: Any) -> exports.Cell:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "inconnue" if value is None else value


def _row(cells: Mapping[str, Any]) -> list[exports.Cell]:
    return [cells.get(column) or None if cells.get(column) != 0 else 0 for column in COLUMNS]


def read(data: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a file, each with its place in it under "". InputError where it can't be read."""
    if len(data) > LARGEST:
        raise InputError(
            _("{file} : {size} octets, {most} au plus. Coupez le fichier en deux.").format(
                file=name, size=len(data), most=LARGEST
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "registre.csv")
        path.write_bytes(data)
        table = tabular.read(path, COLUMNS)
    if table.frame.height > MOST_ROWS:
        raise InputError(
            _("{file} : {count} lignes, {most} au plus. Coupez le fichier en deux.").format(
                file=name, count=table.frame.height, most=MOST_ROWS
            )
        )
    return [
        {"": str(table.place(i)), **{c: (row[c] or "").strip() for c in COLUMNS}}
        for i, row in enumerate(table.frame.to_dicts())
    ]


def preview(rows: Sequence[dict[str, str]], reader: Reader = MACHINE) -> Preview:
    """Try every row and undo it all: nothing is written."""
    with transaction.atomic():
        found = tuple(_tried(rows, reader))
        transaction.set_rollback(True)
    return Preview(found, tuple(rows))


@transaction.atomic
def write(rows: Sequence[dict[str, str]], reader: Reader = MACHINE) -> Preview:
    """Write the rows that are right; the others are left out and told again."""
    return Preview(tuple(_tried(rows, reader)), tuple(rows))


def _tried(rows: Sequence[dict[str, str]], reader: Reader) -> Iterator[Fate]:
    for row in rows:
        about, title = row[LINE].casefold(), row[TITLE]
        name = row[EVIDENCE_COLUMNS["title"]] or row[EXPOSURE_COLUMNS["activity"]] or title
        line = int(row[""]) if row.get("", "").isdigit() else 0
        try:
            with transaction.atomic():
                fate = _written(about, title, row, reader)
            yield Fate(line, about, name, fate)
        except InputError as error:
            yield Fate(line, about, name, REFUSED, str(error))


def _written(about: str, title: str, row: Mapping[str, str], reader: Reader) -> str:
    held = catalogue()
    known = Driver.objects.filter(title=title).first()
    if about == ROWS[0]:
        given: dict[str, Any] = {n: row[c] for n, c in DRIVER_COLUMNS.items() if n != "fictional"}
        given |= {"title": title, "fictional": row[DRIVER_COLUMNS["fictional"]].casefold() in _YES}
        if not given["territory"]:
            del given["territory"]
        if known is None:
            services.add_driver(reader=reader, held=held, **given)
            return ADDED
        if any(getattr(known, field) != value for field, value in given.items()):
            raise InputError(
                _("Ce moteur est déjà au registre avec d’autres mots : corrigez-le sur sa fiche.")
            )
        return SAME
    if about not in ROWS:
        raise InputError(
            _("« {found} » n’est pas une sorte de ligne. Attendu : {known}.").format(
                found=about[:40], known=", ".join(ROWS)
            )
        )
    if known is None:
        raise InputError(
            _("Le moteur « {title} » n’est ni au registre ni plus haut dans le fichier.").format(
                title=title[:120]
            )
        )
    if about == ROWS[1]:
        fields = {n: row[c] for n, c in EVIDENCE_COLUMNS.items()}
        there = known.evidences.filter(
            title=fields["title"], url=fields["url"], withdrawn_because=""
        )
        if there.exists():
            return SAME
        services.add_evidence(reader=reader, driver=known.pk, held=held, **fields)
        return ADDED
    exposed = {n: row[c] for n, c in EXPOSURE_COLUMNS.items()}
    code = rules.code_of(exposed["activity"])
    if known.exposures.filter(activity=code, withdrawn_because="").exists():
        return SAME
    share = rules.share_of(exposed["share"])
    services.add_exposure(
        reader=reader,
        driver=known.pk,
        held=held,
        activity=code,
        share=share,
        reason=exposed["reason"],
    )
    return ADDED
