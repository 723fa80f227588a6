"""A page in one language never changes the language of what comes after it."""

from __future__ import annotations

from django.test import Client

from perron import translation


def test_a_request_gives_the_language_of_messages_back(reader: Client) -> None:
    reader.get("/", headers={"accept-language": "en"})
    assert translation.language() == "fr"
