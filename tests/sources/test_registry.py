from __future__ import annotations

import pytest

from perron.errors import InputError
from perron.sources.registry import names, source, sources


def test_the_sources_of_the_package_are_registered():
    assert set(names()) >= {"nace", "population", "refnis", "statbel-vat"}


def test_every_source_says_what_a_figure_must_be_able_to_answer():
    tables = []
    for found in sources():
        assert found.name in names()
        for said in (found.title, found.where, found.publisher, found.licence, found.years):
            assert said.strip()
        assert found.url.startswith("https://")
        tables += [t.name for t in found.tables]
        for table in found.tables:
            assert table.doc
            assert all(c.doc for c in table.columns)
            assert not found.yearly or set(found.slices) <= set(table.key)
    assert len(tables) == len(set(tables))


def test_an_unknown_name_is_answered_with_the_nearest_first():
    with pytest.raises(InputError, match="connues : population, "):
        source("Populations")
