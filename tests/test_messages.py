"""Every sentence a person reads is translated, and no catalogue is behind the code."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_catalogue_holds_exactly_the_sentences_of_the_code(
    messages: ModuleType, language: str
) -> None:
    kept = polib.pofile(str(messages.catalogue(language)))
    now = messages.update(language)
    assert {(e.msgctxt, e.msgid) for e in kept} == {(e.msgctxt, e.msgid) for e in now}, (
        "run make messages"
    )
    assert [e.msgid for e in kept if not e.translated()] == []


def _placeholders(text: str) -> list[str]:
    return sorted(
        re.findall(
            r"\{[^{}]*\}|%\(\w+\)[sd]|</?(?:a|abbr|b|br|code|em|i|small|span|strong)\b[^>]*>", text
        )
    )


def test_a_translation_keeps_every_placeholder(messages: ModuleType) -> None:
    for entry in polib.pofile(str(messages.catalogue("en"))):
        if entry.msgid_plural:
            allowed = {tuple(_placeholders(t)) for t in (entry.msgid, entry.msgid_plural)}
            assert {tuple(_placeholders(t)) for t in entry.msgstr_plural.values()} <= allowed, (
                entry.msgid
            )
        else:
            assert _placeholders(entry.msgid) == _placeholders(entry.msgstr), entry.msgid


def test_french_punctuation_never_begins_a_line(messages: ModuleType) -> None:
    said = [
        s
        for e in polib.pofile(str(messages.catalogue("fr")))
        for s in (e.msgstr, *e.msgstr_plural.values())
    ]
    assert len(said) > 100
    assert [s for s in said if re.search(r" [;:?!»](\s|$)|« ", s)] == []
