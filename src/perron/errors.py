"""Errors are sentences for the person who can act: what was found, where, what was expected.

The command line turns each kind into its exit code (docs/commands.md is the contract): wrong input
is 1, an outside system that failed is 3. Nothing else is caught there: an unexpected exception
is a defect, and shows itself as one.
"""

from __future__ import annotations


class PerronError(Exception):
    """A failure that a person can understand and mend. `str()` is the whole sentence."""

    exit_code = 1


class InputError(PerronError):
    """The input is wrong: the sentence names the file, the line or column, found and expected."""

    exit_code = 1


class OutsideError(PerronError):
    """An outside system (network, database, Spark) failed and nothing was changed."""

    exit_code = 3
