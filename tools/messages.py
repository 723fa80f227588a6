"""Bring the catalogues up to date with the sentences in the code.

Sentences are French in Python and in templates; this collects them without GNU gettext, keeps every
translation there is, drops what is gone, and says what is left to translate. The pages' sentences
also get a French catalogue, made by rule: the spaces that French puts inside punctuation must not
break a line, and nobody types them.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings

if not settings.configured:
    settings.configure()
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "perron"
KEYWORDS = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Found = tuple[str | None, str, str | None]


def sentences() -> Iterator[tuple[Found, str]]:
    """Every (context, sentence, plural) of the package, with the file it stands in."""
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            singular, plural = (
                (message, None) if isinstance(message, str) else (message[0], message[1])
            )
            if singular:
                yield (context, singular, plural), path.relative_to(ROOT).as_posix()


def catalogue(language: str) -> Path:
    folder = PACKAGE / "site" if language == "fr" else PACKAGE
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def typeset(sentence: str) -> str:
    """The sentence with the no-break spaces and apostrophes of French typography.

    >>> typeset("D'où ? « Liège » : 9 %") == "D’où\u202f? «\u00a0Liège\u00a0»\u00a0: 9\u202f%"
    True
    """
    sentence = re.sub(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ])", "’", sentence)
    sentence = re.sub(r" (?=[;?!](?:\s|$|<))", "\u202f", sentence)
    sentence = re.sub(r"(?<=[\d}]) (?=%(?![\w(]))", "\u202f", sentence)
    sentence = re.sub(r" (?=:(?:\s|$|<))", "\u00a0", sentence)
    return sentence.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def update(language: str) -> polib.POFile:
    """The catalogue of a language with exactly the sentences of the code, in order."""
    path = catalogue(language)
    before = polib.pofile(str(path)) if path.exists() else polib.POFile()
    kept = {(entry.msgctxt, entry.msgid): entry for entry in before if not entry.obsolete}
    after = polib.POFile(wrapwidth=100)
    after.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals=2; plural=(n {'> 1' if language == 'fr' else '!= 1'});",
    }
    places: dict[Found, set[str]] = {}
    for found, where in sentences():
        if language != "fr" or where.startswith("src/perron/site/"):
            places.setdefault(found, set()).add(where)
    for (context, singular, plural), where in sorted(
        places.items(), key=lambda i: (i[0][1], i[0][0] or "")
    ):
        old = kept.get((context, singular))
        entry = polib.POEntry(
            msgctxt=context, msgid=singular, occurrences=[(w, "") for w in sorted(where)]
        )
        if language == "fr":
            entry.msgstr = "" if plural else typeset(singular)
            if plural is not None:
                entry.msgid_plural = plural
                entry.msgstr_plural = {0: typeset(singular), 1: typeset(plural)}
        elif plural is not None:
            entry.msgid_plural = plural
            entry.msgstr_plural = (
                dict(old.msgstr_plural) if old and old.msgstr_plural else {0: "", 1: ""}
            )
        else:
            entry.msgstr = old.msgstr if old else ""
        after.append(entry)
    return after


def main() -> int:
    left = 0
    for language in ("fr", "en"):
        after = update(language)
        catalogue(language).parent.mkdir(parents=True, exist_ok=True)
        after.save(str(catalogue(language)))
        after.save_as_mofile(str(catalogue(language).with_suffix(".mo")))
        empty = [
            e.msgid for e in after if not (e.msgstr or all((e.msgstr_plural or {0: ""}).values()))
        ]
        left += len(empty)
        print(f"{language}: {len(after)} sentences, {len(empty)} to translate")
        for sentence in empty:
            print("  " + sentence.replace("\n", " ")[:110])
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
