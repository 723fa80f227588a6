"""What is done once for the pages of this app, before anyone asks for them."""

from __future__ import annotations

from perron.site.directory import business, selectors


def prepare() -> None:
    """Compute the published counts of the lake in service, if no process has done it yet."""
    held = selectors.catalogue()
    if {business.TABLE, "nace", "refnis"} <= set(held.tables):
        business.counts(held)
