"""The drivers that Liège ships: real sources, codes that exist, inscribed once and never again."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import perron.demo
from perron.demo.drivers import inscribe
from perron.errors import InputError
from perron.site.directory.activities import activities
from perron.site.directory.selectors import catalogue
from perron.site.strategy import services
from perron.site.strategy.models import Driver, Kind
from perron.territory import territory

FILE = Path(perron.demo.__file__).parent / "drivers.toml"
GIVEN = tomllib.loads(FILE.read_text(encoding="utf-8"))["drivers"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_home")]


def test_they_are_inscribed_once_through_the_services() -> None:
    assert inscribe(territory("liege"), catalogue()) == len(GIVEN)
    assert {driver.kind for driver in Driver.objects.all()} == set(Kind.values)
    assert inscribe(territory("liege"), catalogue()) == 0
    first = Driver.objects.first()
    assert first is not None
    services.close_driver(driver=first.pk, because="Relu et écarté.")
    assert inscribe(territory("liege"), catalogue()) == 0
    first.refresh_from_db()
    assert first.status == "closed"


def test_each_has_a_source_and_no_role_or_share_is_invented() -> None:
    for driver in GIVEN:
        assert driver["evidences"], driver["title"]
        assert driver["exposures"], driver["title"]
        assert not driver.get("owner"), "nobody told us who follows it"
        assert not driver.get("fictional")
        for evidence in driver["evidences"]:
            assert evidence.get("url", "").startswith("https://") or evidence.get("table")
        for exposure in driver["exposures"]:
            assert "share" not in exposure, "no source gives a share"


def test_their_activities_exist_in_nace_bel_2008() -> None:
    tree = activities(catalogue())
    codes = [e["activity"] for driver in GIVEN for e in driver["exposures"]]
    assert [code for code in codes if code.replace(".", "") not in tree] == []


def test_what_they_say_of_the_lake_is_in_the_lake() -> None:
    from perron.site.directory.jobs import ACCOUNTS, regional_jobs

    jobs = regional_jobs(catalogue()).cells
    said = {
        evidence["words"]
        for driver in GIVEN
        for evidence in driver["evidences"]
        if evidence.get("table") == "regional_jobs"
    }
    checked = {
        "l’arrondissement de Liège": ("BE332", "B-E", "2008", "2018"),
        "la province de Liège": ("BE33", "O-Q", "2003", "2018"),
    }
    assert len(said) == len(checked)
    for place, (region, branch, *years) in checked.items():
        [words] = [text for text in said if place in text]
        figures = [
            int(n.replace(" ", ""))
            for n in re.findall(r"(\d{1,3} \d{3}) emplois|à (\d{1,3} \d{3})", words)
            for n in n
            if n
        ]
        assert figures == [jobs[ACCOUNTS, region, branch, year].value for year in years]


def test_a_file_that_does_not_read_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "drivers.toml"
    ours = territory("liege").model_copy(update={"folder": tmp_path})
    with pytest.raises(InputError, match=re.escape(str(path))):
        inscribe(ours, catalogue())
    path.write_text('[[drivers]]\nkind = "autre"\ntitle = "Un moteur"\n', encoding="utf-8")
    with pytest.raises(InputError, match="« Un moteur »"):
        inscribe(ours, catalogue())
    assert not Driver.objects.exists()
