"""The drivers of change that a territory ships, inscribed once in an empty register."""

from __future__ import annotations

import tomllib
from typing import Any

from django.db import transaction

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.territory import Territory
from perron.translation import gettext as _


def inscribe(territory: Territory, held: Catalogue) -> int:
    """Write the territory's drivers through the services of the register; how many were written.

    Nothing where the territory ships none, or where the register has ever held any: what people wrote
    or closed is theirs. All or nothing; an InputError names the file and the driver.
    """
    from perron.site.strategy import selectors, services

    if not territory.drivers or selectors.everything():
        return 0
    path = territory.folder / territory.drivers
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))["drivers"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError(
            _("Territoire, {path} : les moteurs ne se lisent pas ({problem}).").format(
                path=path, problem=error
            )
        ) from error
    with transaction.atomic():
        for fields in given:
            try:
                _inscribed(services, held, dict(fields))
            except (InputError, TypeError, KeyError) as error:
                raise InputError(
                    _("Territoire, {path}, moteur « {title} » : {problem}").format(
                        path=path, title=fields.get("title", "?"), problem=error
                    )
                ) from error
    return len(given)


def _inscribed(services: Any, held: Catalogue, fields: dict[str, Any]) -> None:
    evidences, exposures = fields.pop("evidences", []), fields.pop("exposures", [])
    driver = services.add_driver(held=held, **fields)
    for evidence in evidences:
        services.add_evidence(driver=driver.pk, held=held, **evidence)
    for exposure in exposures:
        services.add_exposure(driver=driver.pk, held=held, **exposure)
