"""Errors are sentences for the person who can act: what was found, where, what was expected.

The command line turns each kind into its exit code (docs/commands.md is the contract): wrong input
is 1, an outside system that failed is 3. Nothing else is caught there: an unexpected exception
is a defect, and shows itself as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class PerronError(Exception):
    """A failure that a person can understand and mend. `str()` is the whole sentence."""

    exit_code = 1


class InputError(PerronError):
    """The input is wrong: the sentence names the file, the line or column, found and expected."""

    exit_code = 1


class OutsideError(PerronError):
    """An outside system (network, database, Spark) failed and nothing was changed."""

    exit_code = 3


class RefusedError(InputError):
    """What was given cannot be written; `faults` says why, by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class ChangedMeanwhileError(InputError):
    """Someone else changed the record since it was opened; `entries` say what, the oldest first."""

    def __init__(self, sentence: str, entries: Sequence[str]) -> None:
        self.entries = list(entries)
        super().__init__(sentence)


def demand(faults: Mapping[str, str]) -> None:
    """Raise RefusedError where there is any fault."""
    if faults:
        raise RefusedError(faults)
