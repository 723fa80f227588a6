"""The command line: parses, calls, prints. The verbs live in the modules beside this one.

Only what reads the command line is imported here: Django, the lake and the engines are imported by
the verbs that need them, so that `perron --help` answers at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from perron import translation
from perron.errors import PerronError

#: In the `skills` verbs, `--lang` is the language of the text: it stays where it was typed.
_OWN_LANG = frozenset({"skills"})


def common_first(words: Sequence[str]) -> list[str]:
    """The words with the options common to all verbs put first: they may be typed anywhere.

    >>> common_first(["data", "list", "--quiet", "--lang", "en"])
    ['--quiet', '--lang', 'en', 'data', 'list']
    >>> common_first(["skills", "link", "terms.csv", "--lang", "nl"])
    ['skills', 'link', 'terms.csv', '--lang', 'nl']
    """
    common: list[str] = []
    rest: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        verb = next((w for w in rest if not w.startswith("-")), "")
        if word == "--":
            rest += [word, *left]
            break
        if word in ("--quiet", "--verbose"):
            common.append(word)
        elif (word == "--lang" or word.startswith("--lang=")) and verb not in _OWN_LANG:
            common.append(word)
            if word == "--lang" and left:
                common.append(left.pop(0))
        else:
            rest.append(word)
    return [*common, *rest]


def _language(words: Sequence[str]) -> str:
    """The language asked for, needed before the verbs are described; typer checks it afterwards."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--lang":
            return following
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return translation.SOURCE_LANGUAGE


def _terminated(signum: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM unwinds the stack like an exit, so that unfinished files are removed."""
    sys.exit(128 + signum)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb and exit: 0 done, 1 wrong input, 2 wrong usage, 3 an outside system failed."""
    words = common_first(sys.argv[1:] if arguments is None else arguments)
    first = words.index("skills") if "skills" in words else len(words)
    translation.use(_language(words[:first]))
    signal.signal(signal.SIGTERM, _terminated)
    try:
        from perron.cli.app import app

        app(args=words, prog_name="perron")
    except PerronError as error:
        # One line, whatever the sentence quotes.
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)  # before or after the verb itself, which typer watches over
    sys.exit(0)
