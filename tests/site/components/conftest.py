"""Figures made for these tests, and a template rendered as a page renders it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.template import engines
from django.utils import translation

from perron.lake.provenance import Figure, Origin, state_of

ORIGIN = Origin(
    table="statbel_vat",
    version="2026-11-23",
    source="entreprises assujetties à la TVA",
    publisher="Statbel",
    licence="Statbel open data",
    retrieved=date(2026, 11, 23),
)


@pytest.fixture
def make() -> Callable[..., Figure]:
    """A figure on Huy in 2019; any field may be given."""

    def figure(value: float | None = 12.0, **given: Any) -> Figure:
        fields: dict[str, Any] = {
            "name": "Entreprises",
            "state": state_of(value),
            "territory": "Huy",
            "period": "2019",
            "origin": ORIGIN,
        }
        return Figure(value=value, **(fields | given))

    return figure


@pytest.fixture
def draw() -> Callable[..., str]:
    """A template's text, on 23 November 2026."""

    def drawn(template: str, language: str = "fr", **context: Any) -> str:
        with translation.override(language):
            page = engines["django"].from_string(template)
            return page.render({"today": date(2026, 11, 23), **context})

    return drawn
