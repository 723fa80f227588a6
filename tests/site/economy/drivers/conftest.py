"""A small real lake: the arrondissement of Liège with the jobs that REAT was run on, and little else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from perron.lake.manifest import Provenance
from perron.lake.schema import Table
from perron.lake.snapshots import Catalogue, Draft, Lake
from perron.sources.eurostat import REGIONAL_JOBS
from perron.sources.nace import NACE
from perron.sources.refnis import REFNIS
from perron.sources.refnis_nuts import REFNIS_NUTS
from perron.sources.statbel_vat import STATBEL_VAT

DATA = Path(__file__).parents[3] / "conformity" / "data"
LANGUAGES = ("fr", "nl", "de", "en")
PLACES = [
    ("01000", "country", None, "Belgique"),
    ("03000", "region", "01000", "Région wallonne"),
    ("60000", "province", "03000", "Province de Liège"),
    ("62000", "district", "60000", "Arrondissement de Liège"),
    ("62063", "municipality", "62000", "Liège"),
]


def draft(table: Table, rows: list[dict[str, Any]]) -> Draft:
    provenance = Provenance(
        source="tests",
        title=f"Essai : {table.name}",
        publisher="Personne",
        licence="CC0",
        url="",
        periods=("2018",),
        retrieved=datetime(2026, 11, 23, tzinfo=UTC),
        file_name="essai",
        file_sha256="0" * 64,
    )
    return Draft(table, pa.Table.from_pylist(rows, table.arrow()), provenance)


def _jobs() -> list[dict[str, Any]]:
    given = pd.read_csv(DATA / "shift_share_inputs.csv")
    rows = []
    for row in given[given.case == "liege"].itertuples():
        region = "BE332" if row.region == "BE332" else "BE3"
        for period, jobs in (("2008", row.start), ("2018", row.end)):
            rows.append(("nama_10r_3empers", region, row.sector, period, jobs))
    for region in ("BE332", "BE3"):
        for period in ("2008", "2018"):
            total = sum(r[4] for r in rows if r[1] == region and r[3] == period)
            rows.append(("nama_10r_3empers", region, "TOTAL", period, total))
    return [
        {
            "dataset": dataset,
            "territory": region,
            "activity": sector,
            "period": period,
            "flag": "",
            "jobs": int(jobs),
            "jobs_status": "observed",
        }
        for dataset, region, sector, period, jobs in rows
    ]


@pytest.fixture(scope="session")
def small_lake(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Places, two activities, a register of a few rows, and jobs of BE332 and BE3 in 2008 and 2018."""
    names = {f"name_{k}": None for k in LANGUAGES}
    places = [
        {
            "code": c,
            "level": level,
            "parent": up,
            **names,
            "name_fr": name,
            "name_nl": name,
            "vintage": 2019,
        }
        for c, level, up, name in PLACES
    ]
    nuts = [
        {"code": code, "nuts": nuts, "period": "2021"}
        for code, nuts in (("01000", "BE"), ("03000", "BE3"), ("60000", "BE33"), ("62000", "BE332"))
    ]
    codes = [
        ("C", 1, None),
        ("24", 2, "C"),
        ("241", 3, "24"),
        ("2410", 4, "241"),
        ("24100", 5, "2410"),
        ("G", 1, None),
        ("45", 2, "G"),
    ]
    nace = [
        {
            "version": "2008",
            "level": level,
            "code": code,
            "parent": up,
            **{f"label_{k}": f"Activité {code}" for k in LANGUAGES},
        }
        for code, level, up in codes
    ]
    register = []
    for activity, n, starts, stops in (("24100", 40, 3, 2), ("45", 900, 80, 70)):
        row: dict[str, Any] = {
            "territory": "62063",
            "activity": activity if len(activity) == 5 else f"{activity}XXX",
            "legal_form": "0",
            "period": "2019",
        }
        for name, value in (("enterprises", n), ("starts", starts), ("stops", stops)):
            row |= {name: value, f"{name}_status": "observed"}
        register.append({k: v for k, v in row.items() if k in STATBEL_VAT.arrow().names})
    lake = Lake(tmp_path_factory.mktemp("small") / "lake")
    drafts = [
        draft(REFNIS, places),
        draft(REFNIS_NUTS, nuts),
        draft(NACE, nace),
        draft(STATBEL_VAT, register),
        draft(REGIONAL_JOBS, _jobs()),
    ]
    return lake.publish(drafts, day=date(2026, 11, 23))
