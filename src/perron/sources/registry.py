"""The sources known to this installation, found by entry point.

An agency adds one from its own package by declaring a class under `perron.sources`.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points

from perron.errors import InputError
from perron.sources.source import Source
from perron.translation import gettext as _

GROUP = "perron.sources"


@cache
def names() -> tuple[str, ...]:
    """The names of all registered sources, sorted."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


@cache
def source(name: str) -> Source:
    """The source registered under a name; an unknown name is answered with the nearest ones first."""
    for point in entry_points(group=GROUP):
        if point.name == name:
            made = point.load()()
            if not isinstance(made, Source):
                raise TypeError(f"{point.value} is registered as a source and is not one")
            return made
    known = names()
    near = get_close_matches(name.strip().lower(), known, n=len(known), cutoff=0.5)
    ordered = [*near, *(n for n in known if n not in near)]
    raise InputError(
        _("La source « {name} » n'existe pas. Sources connues : {known}.").format(
            name=name, known=", ".join(ordered)
        )
    )


def sources() -> tuple[Source, ...]:
    """Every registered source, by name."""
    return tuple(source(name) for name in names())
