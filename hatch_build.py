"""Build hook: compile the translations, so that a wheel made without gettext speaks every language.

The front-end bundle is made before the build by `make bundle`; a build without it is whole as
well, its pages then load the plain style sheets and modules (docs/decisions/0004-front-end.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Translations(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for po in Path(self.root, "src").rglob("*.po"):
            polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))
