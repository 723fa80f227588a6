"""The territory is configuration: another agency, other codes and figures, the same code.

A small invented country of two districts and six municipalities is written as packaged tables, and
a second process serves it: its pages name it and nothing of Liège is left.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from perron.lake.schema import Table
from perron.sources.nace import NACE
from perron.sources.outlines import REFNIS_GEOMETRY
from perron.sources.population import POPULATION
from perron.sources.refnis import REFNIS
from perron.sources.statbel_vat import STATBEL_VAT

TERRITORY = """
id = "val-exemple"
agency = "Agence du Val-Exemple"
fictional = true
[name]
fr = "Val-Exemple"
[article]
fr = "le Val-Exemple"
[place]
code = "Q2000"
comparators = ["Q0000"]
labels = ["Q2101"]
"""
DISTRICTS = {"Q2100": ["Q2101", "Q2102", "Q2103"], "Q2200": ["Q2201", "Q2202", "Q2203"]}


def _rows() -> dict[str, tuple[Table, list[dict[str, Any]], str]]:
    named = [
        ("Q0000", "country", None, "Pays d’Exemple"),
        ("Q2000", "province", "Q0000", "Val-Exemple"),
    ]
    towns = []
    for number, (district, inside) in enumerate(DISTRICTS.items()):
        named.append((district, "district", "Q2000", f"Arrondissement de l’Exemple {number + 1}"))
        for town in inside:
            named.append((town, "municipality", district, f"Exempleville {town[-3:]}"))
            towns.append(town)
    places = [
        {
            "code": c,
            "level": level,
            "parent": up,
            "name_fr": name,
            "name_nl": name,
            "name_de": None,
            "name_en": None,
            "vintage": 2024,
        }
        for c, level, up, name in named
    ]
    outlines = [
        {
            "code": town,
            "vintage": 2024,
            "crs": "EPSG:31370",
            "wkb": shapely.to_wkb(shapely.box(x, y, x + 1000, y + 1000)),
        }
        for i, town in enumerate(towns)
        for x, y in [((i % 3) * 1000, (i // 3) * 1000)]
    ]
    people = [
        {
            "territory": town,
            "sex": "total",
            "period": period,
            "population": 1000 * (i + 1) + extra,
            "population_status": "observed",
        }
        for i, town in enumerate(towns)
        for period, extra in (("2022", 0), ("2024", 50))
    ]
    codes = [("A", 1, None), ("01", 2, "A"), ("F", 1, None), ("41", 2, "F")]
    activities = [
        {
            "version": "2008",
            "level": level,
            "code": code,
            "parent": up,
            **{f"label_{k}": f"Activité {code}" for k in ("fr", "nl", "de", "en")},
        }
        for code, level, up in codes
    ]
    register = []
    for i, town in enumerate(towns):
        for activity, n, starts, stops in (
            ("01110", 40 + i, 5, 4),
            ("41201", 60 + 10 * i, 8 + i, 3),
        ):
            row: dict[str, Any] = {
                "territory": town,
                "activity": activity,
                "legal_form": "0",
                "period": "2024",
            }
            for name, value in (("enterprises", n), ("starts", starts), ("stops", stops)):
                row |= {name: value, f"{name}_status": "observed"}
            register.append({k: v for k, v in row.items() if k in STATBEL_VAT.arrow().names})
    return {
        "nace": (NACE, activities, "nace"),
        "refnis": (REFNIS, places, "refnis"),
        "refnis_geometry": (REFNIS_GEOMETRY, outlines, "refnis"),
        "population": (POPULATION, people, "population"),
        "statbel_vat": (STATBEL_VAT, register, "statbel-vat"),
    }


@pytest.fixture
def territory_file(tmp_path: Path) -> Path:
    lines = [TERRITORY]
    for name, (table, rows, source) in _rows().items():
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, table.arrow()), path)
        said = {
            "table": name, "source": source, "title": f"Exemple fictif : {name}", "publisher": "Personne",
            "licence": "CC0", "url": "", "years": ["2024"], "retrieved": "2026-11-23", "note": "exemple fictif",
            "files": [{"name": "exemple", "sha256": "0" * 64, "rows_read": len(rows), "rows_rejected": 0}],
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }  # fmt: skip
        path.with_suffix(".json").write_text(json.dumps(said), encoding="utf-8")
        lines.append(f'[[tables]]\ntable = "{name}"\nfile = "{path.name}"\n')
    file = tmp_path / "val-exemple.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


READ = """
import django, json, sys
django.setup()
from perron.config import config
from perron.demo.publish import publish_shipped
from perron.lake.snapshots import Lake
from perron.territory import territory
from django.test import Client
from django.core.management import call_command
publish_shipped(territory(config().territory), Lake(config().lake))
call_command("migrate", verbosity=0, interactive=False)
reader = Client(HTTP_HOST="localhost", headers={"accept-language": "fr"})
print(json.dumps({page: reader.get(page).content.decode() for page in sys.argv[1:]}))
"""


def test_another_territory_is_a_file_and_not_a_line_of_code(
    territory_file: Path, tmp_path: Path
) -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PERRON_")},
        "PERRON_HOME": str(tmp_path / "home"),
        "PERRON_TERRITORY": str(territory_file),
        "PERRON_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "perron.site.settings",
    }
    pages = ["/", "/diversifier/territoire/", "/diversifier/territoire/Q2101/", "/donnees/"]
    pages += ["/diversifier/moteurs/", "/diversifier/moteurs/registre/"]
    pages += ["/diversifier/options/", "/diversifier/comparer/"]
    pages += ["/diversifier/comparer/?territoires=Q2100,Q2101&secteur=41"]
    pages += ["/diversifier/liens/", "/diversifier/liens/?reseau=emplois"]
    pages += ["/diversifier/liens/?reseau=flux", "/diversifier/liens/?secteur=41&seuil=tous"]
    done = subprocess.run(
        [sys.executable, "-c", READ, *pages],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    # French typography makes some spaces unbreakable.
    plain = str.maketrans("\u00a0\u202f", "  ")
    seen = {page: text.translate(plain) for page, text in json.loads(done.stdout).items()}
    for page, text in seen.items():
        assert "Agence du Val-Exemple" in text, page
        assert "exemple fictif" in text, page
        assert "Liège" not in text, page
    # 6 towns: 40..45 farms and 60..110 builders, 765 enterprises in all.
    assert ">765<" in seen["/diversifier/territoire/"]
    assert "Exempleville 203" in seen["/diversifier/territoire/"]
    assert seen["/diversifier/territoire/"].count('href="#communes-Q2') == 6
    # 48 starts of 51 more enterprises than stops: what is missing is said, with the command that fills it.
    moved = seen["/diversifier/moteurs/"]
    assert "perron data load eurostat FICHIER" in moved
    assert "perron data load statbel-establishments FICHIER" in moved
    assert "Val-Exemple : il naît plus d’entreprises qu’il n’en cesse." in moved
    assert "Aucun moteur de changement n’est inscrit." in seen["/diversifier/moteurs/registre/"]
    # Too few districts to say what is near: the page says so, and shows no quadrant.
    assert "au moins dix autres territoires" in seen["/diversifier/options/"]
    assert "quarters" not in seen["/diversifier/options/"]
    # Ours, its two districts and the country; without tables of income or jobs, no group of them.
    beside = seen["/diversifier/comparer/"]
    assert beside.count('class="away"') == 4
    assert "Quels revenus" in beside
    assert 'id="groupe-revenus"' not in beside
    assert "Activité 41" in seen["/diversifier/comparer/?territoires=Q2100,Q2101&secteur=41"]
    # Two activities known by division: no class to link; the other networks say how they are filled.
    assert "Aucun lien entre activités ne dépasse le hasard." in seen["/diversifier/liens/"]
    assert "perron data load eurostat FICHIER" in seen["/diversifier/liens/?reseau=emplois"]
    assert "perron data load nbb-io FICHIER" in seen["/diversifier/liens/?reseau=flux"]
