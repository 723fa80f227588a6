"""Opendatasoft portals (ODWB, Liège, Le Forem…): the records of one dataset, whatever its fields.

Each record is kept whole as JSON, its fields in alphabetical order, for the modules that know what a
dataset means. A page of a dataset is not the dataset: an answer that says there are more records than
it holds is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.sources.archives import single
from perron.sources.checks import typed
from perron.sources.report import Report, brief
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.translation import gettext as _
from perron.translation import gettext_noop

OPEN_RECORDS = schema.Table(
    name="open_records",
    version=1,
    doc="Records of datasets of Opendatasoft portals, each whole.",
    columns=(
        schema.Column("dataset", pa.string(), "The portal's identifier of the dataset."),
        schema.Column(
            "record", pa.string(), "The portal's identifier, else a digest of the fields."
        ),
        schema.Column("period", pa.string(), "Day on which the dataset was retrieved."),
        schema.Column("content", pa.string(), "The fields as JSON, sorted by name."),
    ),
    key=("dataset", "record"),
)

_DATASET = re.compile(r"/datasets/([A-Za-z0-9_@-]+)")
_NAMED = re.compile(r"^[a-z0-9][a-z0-9_@-]*$")


class Odwb(Source):
    """Explore v2.1 (`records` or `exports/json`) and the older Search v1 (`records`)."""

    name = "odwb"
    publisher = gettext_noop("Portails Opendatasoft (ODWB et autres)")
    licence = gettext_noop("Celle du jeu de données, à lire sur le portail")
    url = "https://www.odwb.be"
    years = gettext_noop("en continu")
    tables = (OPEN_RECORDS,)
    yearly = True
    slices = ("dataset",)

    @property
    def title(self) -> str:
        return _("Enregistrements d'un jeu de données Opendatasoft")

    @property
    def where(self) -> str:
        return _("l'adresse …/datasets/NOM/exports/json d'un portail, ou le fichier qu'elle donne")

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        part = single(file)
        try:
            answer = json.loads(part.read())
        except (ValueError, RecursionError) as error:
            raise InputError(
                _(
                    "{file} ne se lit pas comme du JSON ({problem}). Téléchargez de nouveau le fichier."
                ).format(file=file.name, problem=brief(error))
            ) from error
        records, total, dataset = _records(answer, file.name)
        dataset = dataset or _dataset(file)
        report.read += len(records)
        if total is not None and total > len(records):
            raise InputError(
                _(
                    "{file} : {found} enregistrements sur {total} ; une page n'est pas le jeu de données. Prenez l'adresse …/exports/json."
                ).format(file=file.name, found=len(records), total=total)
            )
        rows: dict[str, str] = {}
        for number, (identifier, fields) in enumerate(records, start=1):
            if not isinstance(fields, Mapping):
                report.reject(_("enregistrement sans champs"), [(number, brief(fields))])
                continue
            content = json.dumps(fields, ensure_ascii=False, sort_keys=True)
            # Without an identifier two equal records are one.
            key = identifier or hashlib.sha256(content.encode()).hexdigest()[:32]
            if rows.setdefault(key, content) != content:
                raise InputError(
                    _("{file} : l'enregistrement {record} est donné deux fois, et diffère.").format(
                        file=file.name, record=key
                    )
                )
        report.set_aside(
            _("lignes répétées à l'identique"), len(records) - report.rejected - len(rows)
        )
        report.accepted += len(rows)
        report.check()
        day = file.retrieved.date().isoformat()
        frame = pl.DataFrame(
            {
                "dataset": [dataset] * len(rows),
                "record": list(rows),
                "period": [day] * len(rows),
                "content": list(rows.values()),
            }
        )
        return [Reading(OPEN_RECORDS, typed(OPEN_RECORDS, frame), (day,))]


def _records(answer: Any, file: str) -> tuple[Sequence[tuple[str, Any]], int | None, str]:
    """Identifier and fields of each record, how many the portal has, and the dataset if it says it."""
    if isinstance(answer, list) and answer and all(map(_enveloped, answer)):
        # Version 1's download: everything, each record in its envelope.
        names = {str(each["datasetid"]) for each in answer}
        if len(names) != 1:
            raise InputError(
                _("{file} : plusieurs jeux de données ({names}). Attendu : un seul.").format(
                    file=file, names=", ".join(sorted(names)[:5])
                )
            )
        return [(str(e["recordid"]), e["fields"]) for e in answer], None, names.pop()
    if isinstance(answer, list):  # exports/json: everything, and nothing but the fields
        return [("", fields) for fields in answer], None, ""
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        total = answer.get("total_count")
        return (
            [("", fields) for fields in answer["results"]],
            total if isinstance(total, int) else None,
            "",
        )
    if isinstance(answer, dict) and isinstance(answer.get("records"), list):
        total, asked = answer.get("nhits"), answer.get("parameters")
        name = asked.get("dataset", "") if isinstance(asked, dict) else ""
        records = [
            (str(each.get("recordid", "")), each.get("fields"))
            if isinstance(each, dict)
            else ("", None)
            for each in answer["records"]
        ]
        return records, total if isinstance(total, int) else None, str(name)
    said = answer.get("error") or answer.get("message") if isinstance(answer, dict) else None
    raise InputError(
        _(
            "{file} n'est pas une réponse d'Opendatasoft{said}. Attendu : des enregistrements en JSON."
        ).format(file=file, said=f" ({brief(said)})" if said else "")
    )


def _enveloped(record: Any) -> bool:
    return isinstance(record, dict) and {"datasetid", "recordid", "fields"} <= record.keys()


def _dataset(file: Retrieved) -> str:
    """The dataset, from the address or else from the file's name."""
    if found := _DATASET.search(file.url):
        return found.group(1)
    stem = file.name.lower().removesuffix(".gz").removesuffix(".zip").removesuffix(".json")
    if not _NAMED.match(stem):
        raise InputError(
            _(
                "{file} : le nom du fichier ne dit pas de quel jeu de données il s'agit. Donnez-lui celui du portail, comme offres-d-emploi-forem.json."
            ).format(file=file.name)
        )
    return stem
