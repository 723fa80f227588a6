"""The kinds of thing of the directory; each part declares its own here (`directory.things`)."""

from __future__ import annotations

from perron.site.directory.things import Kind

KINDS: tuple[Kind, ...] = ()
