"""NUTS codes of a place: an exact union, or none."""

from __future__ import annotations

import polars as pl
import pytest
from django.test import Client

from perron.errors import InputError
from perron.site.directory import selectors
from perron.site.directory.nuts import nuts_of


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ("01000", ("BE",)),
        ("03000", ("BE3",)),
        ("60000", ("BE33",)),
        ("62000", ("BE332",)),
        ("63000", ("BE335", "BE336")),
        ("EFE-LIEGE", ("BE332",)),
        ("62063", ()),
        ("82039", ()),
    ],
)
def test_a_place_has_the_codes_that_make_it_up_exactly(
    reader: Client, place: str, codes: tuple[str, ...]
) -> None:
    assert nuts_of(selectors.catalogue(), place) == codes


def test_an_unknown_place_is_said(reader: Client) -> None:
    with pytest.raises(InputError, match="99999"):
        nuts_of(selectors.catalogue(), "99999")


def test_jobs_read_through_nuts_codes_are_those_of_the_regional_accounts(reader: Client) -> None:
    held = selectors.catalogue()
    jobs = pl.read_parquet(held.snapshot("regional_jobs").path).filter(
        dataset="nama_10r_3empers", period="2018", activity="TOTAL"
    )
    by_code = dict(jobs.select("territory", "jobs").iter_rows())

    def of(place: str) -> int:
        return sum(by_code[code] for code in nuts_of(held, place))

    districts = sum(of(code) for code in ("61000", "62000", "63000", "64000"))
    # Eurostat rounds to hundreds.
    assert of("60000") == pytest.approx(districts, abs=300)
    assert of("EFE-LIEGE") == of("62000") == 241_500
