"""What is computed once for a state of the lake, so that no reader waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from perron.lake.snapshots import Catalogue
from perron.site.directory import services as directory
from perron.site.directory.business import TABLE as REGISTER
from perron.site.economy.compare import selectors as compare
from perron.site.economy.drivers import selectors as drivers
from perron.site.economy.links import selectors as links
from perron.site.economy.options import selectors as options

#: Each step with its words, in the order in which later ones use earlier ones.
STEPS: tuple[tuple[str | Promise, Callable[[Catalogue], None]], ...] = (
    (_("comptes protégés"), directory.prepare),
    (_("réseaux"), links.prepare),
    (_("options"), options.prepare),
    (_("ruptures"), drivers.prepare),
    (_("comparaisons"), compare.prepare),
)


def prepare(held: Catalogue) -> Iterator[str]:
    """Compute every step that has not been, saying each before it begins."""
    if not {REGISTER, "nace", "refnis"} <= set(held.tables):
        return
    for words, step in STEPS:
        yield str(words)
        step(held)
