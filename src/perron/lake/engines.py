"""The engines that read the lake: DuckDB in process, or Spark beyond one machine.

Both answer the same Ibis expressions. What they do differently is written out in the expressions
themselves: `nullif` before a division, `try_cast`, no approximate function.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from perron.errors import OutsideError
from perron.lake.snapshots import Catalogue
from perron.translation import gettext as _

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

#: The engine of each thread, by its identifier, the last used at the end. Not a `threading.local`:
#: a server's own threads come and go, and CPython 3.11 frees the state of such a thread twice when
#: what it clears there takes the interpreter's lock again, as closing DuckDB does: the process dies.
_held: OrderedDict[int, tuple[tuple[Catalogue, str], BaseBackend]] = OrderedDict()
_lock = threading.Lock()
#: Engines kept at most. One that is let go in the middle of a query lives until its end.
_MOST = 32


def connect(catalogue: Catalogue, engine: str = "") -> BaseBackend:
    """An engine on which each table of `catalogue` answers to its name.

    Kept for the thread until it asks for another catalogue, since the pointer moved; the old one
    is then let go. `engine` is that of the settings unless given: "duckdb", or a Spark address such
    as "spark://host:7077" or "local[2]".
    """
    if not engine:
        from perron.config import config

        engine = config().engine
    key, thread = (catalogue, engine), threading.get_ident()
    with _lock:
        kept = _held.get(thread)
        if kept is not None and kept[0] == key:
            _held.move_to_end(thread)
            return kept[1]
    backend = _duckdb() if engine == "duckdb" else _spark(engine)
    for name, snapshot in catalogue.tables.items():
        backend.read_parquet(str(snapshot.path), table_name=name)
    dropped = []  # closed after the lock is released
    with _lock:
        dropped.append(_held.pop(thread, None))
        _held[thread] = key, backend
        while len(_held) > _MOST:
            dropped.append(_held.popitem(last=False)[1])
    return backend


def _duckdb() -> BaseBackend:
    import ibis

    backend = ibis.duckdb.connect(
        ":memory:",
        # Extensions are downloads, and nothing is ever downloaded behind the user's back.
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        memory_limit="2GB",
    )
    backend.raw_sql("SET TimeZone = 'UTC'")
    return backend


def _spark(address: str) -> BaseBackend:
    try:
        import ibis
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise OutsideError(
            _(
                "PERRON_ENGINE demande Spark ({address}), qui n’est pas installé. Installer « perron[spark] », ou revenir à PERRON_ENGINE=duckdb."
            ).format(address=address)
        ) from error
    # The workers must run the same Python as this process.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder
    try:
        session = (
            builder.master(address)
            .appName("perron")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )
    except Exception as error:  # pyspark raises whatever its JVM says
        raise OutsideError(
            _("Spark ne répond pas à {address} : {problem}").format(address=address, problem=error)
        ) from error
    # Sessions share the cluster but not their views, so each catalogue keeps its own tables.
    return ibis.pyspark.connect(session.newSession())
