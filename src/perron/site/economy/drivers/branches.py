"""The ten groups of branches in which jobs are compared, in the words of a screen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

#: Groups of sections that regional accounts and labour force survey share; together they are everything.
BRANCHES: Mapping[str, Promise] = MappingProxyType(
    {
        "A": _lazy("Agriculture et pêche"),
        "B-E": _lazy("Industrie, énergie et eau"),
        "F": _lazy("Construction"),
        "G-I": _lazy("Commerce, transport et horeca"),
        "J": _lazy("Information et communication"),
        "K": _lazy("Finance et assurance"),
        "L": _lazy("Immobilier"),
        "M-N": _lazy("Services aux entreprises"),
        "O-Q": _lazy("Administration, enseignement et santé"),
        "R-U": _lazy("Loisirs et autres services"),
    }
)

#: The same in a word or two, at the end of a line.
SHORT: Mapping[str, Promise] = MappingProxyType(
    {
        "A": _lazy("Agriculture"),
        "B-E": _lazy("Industrie"),
        "F": _lazy("Construction"),
        "G-I": _lazy("Commerce"),
        "J": _lazy("Information"),
        "K": _lazy("Finance"),
        "L": _lazy("Immobilier"),
        "M-N": _lazy("Services"),
        "O-Q": _lazy("Public, santé"),
        "R-U": _lazy("Loisirs"),
    }
)


def word(branch: str) -> str:
    """The name of a branch, or of all of them together."""
    return str(BRANCHES.get(branch, _lazy("Toutes branches")))


def short(branch: str) -> str:
    """The name of a branch as a chart writes it beside a line."""
    return str(SHORT.get(branch, _lazy("Ensemble")))
