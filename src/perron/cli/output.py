"""How verbs give their results: atomic files, tables on a terminal, CSV in a pipe, progress."""

from __future__ import annotations

import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from perron.errors import InputError, OutsideError
from perron.exports import Export, Format, shown, write
from perron.translation import gettext as _
from perron.translation import ngettext

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

STDOUT = "-"
#: Rows shown on a terminal when no limit is asked.
_SCREEN_ROWS = 20
#: Work shorter than this shows no progress.
_PATIENCE = 2.0


@dataclass
class Manner:
    """How talkative this run is."""

    quiet: bool = False
    verbose: bool = False


manner = Manner()


def result(text: str) -> None:
    """A line of the result, on standard output, even under --quiet."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """What was done, for a person: on standard error, so that a pipe holds the result alone."""
    if not manner.quiet:
        sys.stderr.write(text + "\n")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content becomes the file `path` at the end, or nothing at all.

    Written beside it under a temporary name and renamed, so that neither a crash nor a reader ever
    sees half a file. OutsideError where the disk refuses.
    """
    path = path.expanduser()
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            if path.is_dir():
                raise InputError(
                    _(
                        "--out {path} : c'est un dossier, et ce verbe écrit un fichier. Donner un nom de fichier."
                    ).format(path=path)
                )
            with path.open("wb") as stream:  # a pipe or a device: there is nothing to replace
                yield stream
            return
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            with made.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise OutsideError(
            _("{path} ne peut pas être écrit ({problem}) ; rien n'a été changé.").format(
                path=path, problem=error.strerror or error
            )
        ) from error


def chosen(form: Format | None, out: str | None) -> Format:
    """The format asked for, else that of the file's name, else CSV."""
    if form is None and out and out != STDOUT:
        suffix = Path(out).suffix.lstrip(".").lower()
        form = Format(suffix) if suffix in set(Format) else None
    return form or Format.CSV


def deliver(
    export: Export, out: str | None = None, form: Format | None = None, limit: int | None = None
) -> None:
    """Write a table where it is asked: a file, standard output, or a terminal as a readable table.

    `limit` is the number of rows a terminal shows; the caller cuts the table itself to it.
    """
    if out and out != STDOUT:
        with replacing(Path(out)) as stream:
            write(export, chosen(form, out), stream)
        note(_("Écrit : {path}").format(path=out))
        return
    if sys.stdout.isatty():
        if out is None and form is None:
            _on_screen(export, _SCREEN_ROWS if limit is None else limit)
            return
        if form in (Format.PARQUET, Format.XLSX):
            raise InputError(
                _(
                    "--format {form} : un fichier binaire ne s'affiche pas dans un terminal. Donner --out FICHIER."
                ).format(form=form.value)
            )
    write(export, chosen(form, out), sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _on_screen(export: Export, limit: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=export.title or None, title_justify="left")
    rows = iter(export.rows)
    shown_rows = list(islice(rows, limit))
    for number, column in enumerate(export.columns):
        values = [row[number] for row in shown_rows if row[number] is not None]
        numeric = bool(values) and all(isinstance(v, int | float) for v in values)
        table.add_column(Text(column), justify="right" if numeric else "left", overflow="fold")
    for row in shown_rows:
        table.add_row(*(Text(shown(value)) for value in row))
    Console().print(table)
    if more := sum(1 for _row in rows):
        note(
            ngettext(
                "{count} autre ligne : --limit pour en voir plus, --out pour tout écrire.",
                "{count} autres lignes : --limit pour en voir plus, --out pour tout écrire.",
                more,
            ).format(count=more)
        )


class Progress:
    """A bar on a terminal for work longer than two seconds; nothing in a pipe or under --quiet.

    Called with what is being done, the part done and the whole (0 when unknown).
    """

    def __init__(self) -> None:
        self._live = sys.stderr.isatty() and not manner.quiet
        self._started = time.monotonic()
        self._bar: Bar | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: float = 0, whole: float = 0) -> None:
        if not self._live or time.monotonic() - self._started < _PATIENCE:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
        if what not in self._tasks:
            for task in self._tasks.values():
                self._bar.update(task, visible=False)
            self._tasks[what] = self._bar.add_task(what, total=whole or None)
        self._bar.update(self._tasks[what], completed=done, total=whole or None)

    def counted(self, what: str) -> Callable[[float, float | None], None]:
        """The same for work that only counts: called with the part done and the whole."""

        def told(done: float, whole: float | None = None) -> None:
            self(what, done, whole or 0)

        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
