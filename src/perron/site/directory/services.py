"""What is done once for the pages of this app, before anyone asks for them."""

from __future__ import annotations

from perron.lake.snapshots import Catalogue
from perron.site.directory import business


def prepare(held: Catalogue) -> None:
    """Compute the published counts of a state of the lake, if no process has done it yet."""
    if {business.TABLE, "nace", "refnis"} <= set(held.tables):
        business.counts(held)
