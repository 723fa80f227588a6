"""Why jobs grew or shrank: parts that add up, values of REAT, bases that can stand and those that can't."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from django.test import Client

from perron.lake.provenance import State
from perron.lake.snapshots import Catalogue
from perron.methods.economy.shift_share import Method
from perron.site.directory import selectors
from perron.site.directory.jobs import ACCOUNTS, SURVEY, regional_jobs
from perron.site.economy.drivers.selectors import Asked, DriversPage, drivers_page

DATA = Path(__file__).parents[3] / "conformity" / "data"


def page(**asked: object) -> DriversPage:
    return drivers_page(selectors.catalogue(), "fr", Asked(**asked))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", [Method.DUNN, Method.ESTEBAN])
def test_the_parts_of_liege_against_wallonia_are_those_of_reat(
    small_lake: Catalogue, method: Method
) -> None:
    asked = Asked(territory="62000", base=("03000",), method=method.value)
    found = drivers_page(small_lake, "fr", asked).growth
    assert found is not None
    assert (found.comparison.start, found.comparison.end) == ("2008", "2018")
    expected = pd.read_csv(DATA / "shift_share_expected.csv")
    rows = expected[
        (expected.region == "BE332") & (expected.method == method.value) & expected.sector.isna()
    ].set_index("component")["value"]
    assert len(rows) == 5
    assert found.total.change.value == rows["growth"]
    for name, figure in found.total.parts.items():
        assert figure.value == pytest.approx(rows[name], rel=1e-9), name


@pytest.mark.usefixtures("shipped_home")
@pytest.mark.parametrize("method", [m for m in Method if m is not Method.GERFIN])
@pytest.mark.parametrize("territory", ["60000", "62000", "61000"])
def test_parts_add_up_to_the_change_in_every_branch_and_in_all(
    method: Method, territory: str
) -> None:
    found = page(territory=territory, method=method.value).growth
    assert found is not None
    if territory == "61000" and method is Method.DYNAMIC:
        assert found.method is Method.DUNN  # Huy has four years only: said beside, never invented
    for line in (*found.lines, found.total):
        parts = sum(line.parts[name].value or 0.0 for name in found.components)
        assert parts == pytest.approx(line.change.value, abs=1e-6), line.label
    for name in found.components:
        branches = sum(line.parts[name].value or 0.0 for line in found.lines)
        assert branches == pytest.approx(found.total.parts[name].value, abs=1e-6)
    gaps = sum(line.difference.value or 0.0 for line in found.lines)
    assert gaps == pytest.approx(found.total.difference.value, abs=1e-6)


@pytest.mark.usefixtures("shipped_home")
def test_the_classical_parts_are_those_of_a_loop_over_the_published_figures() -> None:
    jobs = regional_jobs(selectors.catalogue()).cells
    found = page(territory="62000", since="2008", until="2018").growth
    assert found is not None

    def at(region: str, branch: str, year: str) -> float:
        return jobs[ACCOUNTS, region, branch, year].value or 0.0

    branches = [line.branch for line in found.lines]
    base = [sum(at("BE", b, y) for b in branches) for y in ("2008", "2018")]
    pace = base[1] / base[0] - 1
    national = mix = own = 0.0
    for b in branches:
        x, y = at("BE332", b, "2008"), at("BE332", b, "2018")
        rate = at("BE", b, "2018") / at("BE", b, "2008") - 1
        national += x * pace
        mix += x * (rate - pace)
        own += y - x * (1 + rate)
    assert found.total.parts["national_share"].value == pytest.approx(national)
    assert found.total.parts["industrial_mix"].value == pytest.approx(mix)
    assert found.total.parts["regional_share"].value == pytest.approx(own)
    assert found.total.change.value == 14_400  # Eurostat: 227,100 jobs in 2008, 241,500 in 2018


@pytest.mark.usefixtures("shipped_home")
def test_contributions_add_up_to_the_growth_and_are_those_of_the_guide() -> None:
    found = page(territory="62000", since="2008", until="2018").growth
    assert found is not None
    points = {line.branch: line.points.value or 0.0 for line in found.lines}
    assert sum(points.values()) == pytest.approx(found.total.rate.value)
    # docs/methods/economy/drivers.md, computed by hand from Eurostat's figures
    assert round(points["M-N"], 2) == 4.01
    assert round(points["B-E"], 2) == -1.81


@pytest.mark.usefixtures("shipped_home")
def test_the_dataset_follows_from_the_base_and_the_page_says_which(reader: Client) -> None:
    accounts, survey = page().growth, page(base=("03000",)).growth
    assert accounts is not None
    assert survey is not None
    assert accounts.comparison.dataset == ACCOUNTS
    assert (accounts.comparison.start, accounts.comparison.end) == ("2001", "2018")
    assert survey.comparison.dataset == SURVEY
    assert survey.comparison.years == tuple(str(year) for year in range(2008, 2016))
    text = reader.get("/diversifier/moteurs/?base=03000").content.decode().replace("\u00a0", " ")
    assert "lfst_r_lfe2en2" in text
    assert "là où elles habitent" in text
    # Eurostat hides real estate of the province in 2008: left out on both sides, and named.
    assert [name for name, _why in survey.left_out] == ["Immobilier"]
    assert "Immobilier (non publiée ici" in text
    # and says that its series broke in 2011
    assert survey.broken == ("2011",)
    assert "rupture de série" in text


@pytest.mark.usefixtures("shipped_home")
def test_peers_add_up_and_overlapping_bases_are_refused() -> None:
    jobs = regional_jobs(selectors.catalogue())
    found = page(base=("NL42", "DEA2")).growth
    assert found is not None
    one, two = (
        sum(jobs.cells[SURVEY, region, line.branch, "2008"].value or 0.0 for line in found.lines)
        for region in ("NL42", "DEA2")
    )
    start = one + two
    end = sum(
        jobs.cells[SURVEY, region, line.branch, "2015"].value or 0.0
        for region in ("NL42", "DEA2")
        for line in found.lines
    )
    assert found.total.base_rate.value == pytest.approx(100 * (end / start - 1))
    refused = page(base=("01000", "03000"))
    assert refused.growth is None
    assert "deux fois" in refused.problem


@pytest.mark.usefixtures("shipped_home")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"base": ("60000",)}, "lui-même"),
        ({"base": ("ZZ99",)}, "Aucun emploi n’est publié pour ZZ99"),
        ({"territory": "62000", "base": ("03000",)}, "ne descend pas sous les régions NUTS 2"),
        ({"territory": "61000", "method": "dynamic"}, "chaque année de 2003 à 2018"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(asked: dict[str, object], said: str) -> None:
    assert said in page(**asked).problem.replace("\u00a0", " ")


@pytest.mark.usefixtures("shipped_home")
def test_years_outside_the_common_ones_are_brought_back() -> None:
    found = page(base=("03000",), since="2001", until="2018").growth
    assert found is not None
    assert (found.comparison.start, found.comparison.end) == ("2008", "2015")
    backwards = page(since="2015", until="2005").growth
    assert backwards is not None
    assert backwards.comparison.start < backwards.comparison.end


@pytest.mark.usefixtures("shipped_home")
def test_a_commune_is_not_measured_and_shows_the_smallest_territory_around(reader: Client) -> None:
    found = page(territory="62051")
    assert found.carrier is not None
    assert found.carrier.code == "62000"
    text = (
        reader.get("/diversifier/moteurs/?territoire=62051").content.decode().replace("\u00a0", " ")
    )
    assert "L’emploi par branche n’est pas publié pour Herstal" in text


@pytest.mark.usefixtures("shipped_home")
def test_gerfin_gives_factors_and_no_sum(reader: Client) -> None:
    found = page(method="gerfin").growth
    assert found is not None
    mix, own = (found.total.parts[n].value or 0.0 for n in ("industrial_mix", "regional_share"))
    assert mix * own == pytest.approx(found.total.difference.value)
    text = (
        reader.get("/diversifier/moteurs/?methode=gerfin").content.decode().replace("\u00a0", " ")
    )
    assert 'id="parts"' not in text


@pytest.mark.usefixtures("shipped_home")
@pytest.mark.parametrize(
    "address",
    [
        "/diversifier/moteurs/?territoire=62000",
        "/diversifier/moteurs/?territoire=63000",
        "/diversifier/moteurs/?territoire=EFE-LIEGE",
        "/diversifier/moteurs/?territoire=01000",
        "/diversifier/moteurs/?base=NL42&base=DEA2",
        "/diversifier/moteurs/?base=NL42,DEA2&methode=esteban",
        "/diversifier/moteurs/?methode=arcelus&de=2008",
        "/diversifier/moteurs/?methode=nimporte&base=&de=x&a=",
    ],
)
def test_any_question_is_answered(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 200


@pytest.mark.usefixtures("shipped_home")
def test_an_unknown_territory_is_a_page_not_found(reader: Client) -> None:
    assert reader.get("/diversifier/moteurs/?territoire=99999").status_code == 404


@pytest.mark.usefixtures("shipped_home")
def test_no_branch_is_computed_on_a_hidden_cell() -> None:
    jobs = regional_jobs(selectors.catalogue())
    found = page(base=("DEC0",)).growth  # Eurostat hides much of Saarland's agriculture
    assert found is not None
    for line in found.lines:
        for region in ("BE33", "DEC0"):
            for year in (found.comparison.start, found.comparison.end):
                cell = jobs.cells[SURVEY, region, line.branch, year]
                assert cell.state in (State.OBSERVED, State.ZERO)
    assert "Agriculture et pêche" in [name for name, _why in found.left_out]
