"""Data: which sources there are, loading one, and what the lake holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from perron.cli import output
from perron.errors import InputError
from perron.exports import Export, Format
from perron.translation import gettext as _

if TYPE_CHECKING:
    from perron.lake.snapshots import Lake

app = typer.Typer(
    help=_("Les données : sources publiques, chargement, tables du lac."),
    no_args_is_help=True,
    rich_markup_mode=None,
)

Form = Annotated[
    Format | None,
    typer.Option(
        "--format", help=_("Format du résultat ; csv par défaut, ou celui du nom donné à --out.")
    ),
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help=_("Fichier à écrire ; - pour la sortie standard.")),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help=_("Jour, comme 2026-11-23."))
]


def day_of(text: str | None) -> date | None:
    """The day of an option, or a sentence that says how to write one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            _("{found!r} n'est pas un jour. Attendu : AAAA-MM-JJ, comme 2026-11-23.").format(
                found=text
            ),
            param_hint="--as-of",
        ) from error


def _lake(*, filled: bool) -> Lake:
    """The lake of this home; with `filled`, the shipped tables are published in an empty one."""
    from perron.cli.site import publish_shipped
    from perron.config import config
    from perron.lake.snapshots import Lake
    from perron.site.operations import home

    settings = config()
    home.demand_ours(settings.home)
    home.demand_whole(settings.home)
    if filled:
        publish_shipped(settings)
    return Lake(settings.lake)


@app.command(
    "sources",
    help=_("Chaque source publique : ce que c'est, licence, années, dernière récupération."),
)
def sources(form: Form = None, out: Out = None) -> None:
    """List the registered sources with the newest retrieval of each."""
    from perron.sources import registry

    retrieved: dict[str, date] = {}
    for snapshot in _lake(filled=False).current().tables.values():
        name, day = snapshot.manifest.provenance.source, snapshot.origin().retrieved
        retrieved[name] = max(day, retrieved.get(name, day))
    rows = [
        (s.name, s.title, s.publisher, s.licence, s.years, retrieved.get(s.name), s.url)
        for s in registry.sources()
    ]
    columns = ["source", "title", "publisher", "licence", "years", "retrieved", "url"]
    output.deliver(Export(columns, rows, _("Sources")), out, form)


@app.command(
    "load", help=_("Récupérer ou lire une source, la valider, publier un instantané daté.")
)
def load(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help=_("Le nom d'une source, comme statbel-vat."))
    ],
    file: Annotated[
        str | None, typer.Argument(metavar="FILE|URL", help=_("Un fichier, ou une adresse http."))
    ] = None,
    as_of: AsOf = None,
    period: Annotated[
        str,
        typer.Option(
            "--period", metavar="YEAR", help=_("Année des chiffres, si le fichier ne la dit pas.")
        ),
    ] = "",
) -> None:
    """Load one source; the previous snapshot stays in service unless everything succeeds."""
    from perron.config import config
    from perron.site.operations import home
    from perron.sources.load import load as read

    day = day_of(as_of) or datetime.now(UTC).date()
    lake = _lake(filled=False)
    with home.occupied(config().home), output.Progress() as bar:
        catalogue, report = read(
            source, file, lake, day, progress=bar.counted(_("Récupération")), period=period
        )
    output.note(report.summary())
    # The pages show masked sums: made now, so that no reader waits for them.
    from perron.site.directory.services import prepare

    prepare(catalogue)
    for name, snapshot in sorted(catalogue.tables.items()):
        if snapshot.manifest.provenance.source == source:
            output.note(
                _("En service : {table}, version {version}, {rows} lignes.").format(
                    table=name, version=snapshot.manifest.version, rows=snapshot.manifest.rows
                )
            )


@app.command("list", help=_("Les tables en service."))
def tables(form: Form = None, out: Out = None) -> None:
    """List the tables in service."""
    rows = []
    for name, snapshot in sorted(_lake(filled=True).current().tables.items()):
        manifest, origin = snapshot.manifest, snapshot.origin()
        rows.append(
            (name, manifest.version, manifest.rows, " ".join(manifest.provenance.periods),
             origin.source, origin.publisher, origin.licence, origin.retrieved)
        )  # fmt: skip
    columns = ["table", "version", "rows", "periods", "source", "publisher", "licence", "retrieved"]
    output.deliver(Export(columns, rows, _("Tables en service")), out, form)


@app.command(
    "show", help=_("Le contenu d'une table, aujourd'hui ou tel qu'il était un jour donné.")
)
def show(
    table: Annotated[
        str,
        typer.Argument(
            metavar="TABLE", help=_("Le nom d'une table ; « perron data list » les donne.")
        ),
    ],
    as_of: AsOf = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help=_("Nombre de lignes au plus."))
    ] = None,
    form: Form = None,
    out: Out = None,
) -> None:
    """Show a table as it is in service, or as it was on a day."""
    import pyarrow.parquet as pq

    day = day_of(as_of)
    lake = _lake(filled=True)
    catalogue = lake.current() if day is None else lake.at(day)
    snapshot = catalogue.snapshot(table)
    data = pq.read_table(snapshot.path)
    if limit is not None:
        data = data.slice(0, limit)
    title = f"{table} ({snapshot.manifest.version})"
    output.deliver(Export.of(data, title, (snapshot.origin(),)), out, form, limit)


@app.command("verify", help=_("Relire chaque table et la comparer à son empreinte."))
def verify() -> None:
    """Verify checksums, row counts and schemas; exit 1 where something differs."""
    from perron.site.operations.lake import health

    lake = _lake(filled=False)
    found = health(lake)
    for remnant in found.remnants:
        output.note(remnant)
    for problem in found.problems:
        output.result(problem)
    if found.problems:
        raise InputError(
            _(
                "{count} problèmes dans {lake}. Recharger les tables nommées (perron data load), ou restaurer une sauvegarde."
            ).format(count=len(found.problems), lake=lake.root)
        )
    output.note(
        _("{count} tables vérifiées, rien à signaler.").format(count=len(lake.current().tables))
    )
