"""The organisations of external partners, named by the directory, which lies above this app.

The directory registers its two questions when it starts; without it, no organisation is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from perron.errors import RefusedError


@dataclass(slots=True)
class _Doors:
    named: Callable[[Iterable[int]], dict[int, str]]
    matching: Callable[[str], list[tuple[int, str]]]


_doors = _Doors(named=lambda _keys: {}, matching=lambda _text: [])


def register(
    named: Callable[[Iterable[int]], dict[int, str]],
    matching: Callable[[str], list[tuple[int, str]]],
) -> None:
    """Say who answers: `named` gives names by key, `matching` a few (key, name) for what was typed."""
    _doors.named, _doors.matching = named, matching


def names(keys: Iterable[int | None]) -> dict[int, str]:
    """The names of organisations by key, in one query; one that is gone is not in the answer."""
    wanted = {key for key in keys if key is not None}
    return _doors.named(wanted) if wanted else {}


def chosen(typed: str) -> int | None:
    """The organisation that was typed, by its name or its number; None for nothing typed.

    RefusedError on the field `organisation` where none or several answer.
    """
    text = " ".join(typed.split())
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10 and names([int(text)]):
        return int(text)
    found = _doors.matching(text)
    if len(found) == 1:
        return found[0][0]
    if found:
        several = ", ".join(f"{name} ({key})" for key, name in found[:6])
        said = _("Plusieurs organisations répondent. Écrivez le numéro de la bonne : {found}.")
        raise RefusedError({"organisation": said.format(found=several)})
    raise RefusedError(
        {
            "organisation": _(
                "Aucune organisation du répertoire ne porte ce nom. Ajoutez-la d’abord au répertoire."
            )
        }
    )
