"""`perron economy` keeps its contract: columns, figures of the literature, four states, one line on error."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from tests.cli.conftest import Command
from tests.conformity.tables import DATA, matrix, table

from perron.cli import main

CELLS = [
    *("region", "sector", "year", "value", "status", "lq", "lq_low", "lq_high", "lq_min", "lq_max"),
    *("specialised", "density", "distance", "opportunity_gain"),
]
REGIONS = [
    *("region", "year", "diversity", "eci", "fitness", "coi", "herfindahl", "krugman", "hachman"),
    *("specialisation", "theil", "entropy", "related_variety", "unrelated_variety"),
]
SECTORS = ["sector", "year", "ubiquity", "pci", "product_fitness", "locational_gini"]
RELATEDNESS = [
    *("sector_a", "sector_b", "year", "cooccurrence", "proximity", "cosine", "jaccard"),
    *("association", "probability", "z", "q_value"),
]
FILES = {"cells": CELLS, "regions": REGIONS, "sectors": SECTORS, "relatedness": RELATEDNESS}
VARIETY = {
    "entropy": "total_variety",
    "related_variety": "related_variety",
    "unrelated_variety": "unrelated_variety",
}
ASK = ("--region", "region", "--sector", "sector", "--value", "value")


@dataclass
class Said:
    """What a run said."""

    stdout: str
    stderr: str


@pytest.fixture
def inside(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The command in this process: the same words and codes, without loading the engines each time."""

    def run(*words: str, code: int = 0) -> Said:
        handler = signal.getsignal(signal.SIGTERM)
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main(words)
        signal.signal(signal.SIGTERM, handler)
        said = Said(*capsys.readouterr())
        assert (stopped.value.code or 0) == code, f"{words}: {stopped.value.code}\n{said}"
        return said

    return run


def long(values: pd.DataFrame, name: str = "value") -> pd.DataFrame:
    rows = values.stack(future_stack=True).rename(name).reset_index()
    rows.columns = ["region", "sector", name]
    return rows


def written(folder: Path, name: str) -> pd.DataFrame:
    texts = {"region": str, "sector": str, "sector_a": str, "sector_b": str, "status": str}
    return pd.read_csv(folder / f"{name}.csv", dtype=texts)


@pytest.fixture
def panel(tmp_path: Path) -> pd.DataFrame:
    """Two years of a small panel with a hidden cell, a zero and an absent one."""
    rng = np.random.default_rng(1)
    rows = [
        (f"BE{r:02}", f"{s:02}", year, str(int(rng.poisson(20 + 5 * ((r + s) % 7)))))
        for year in (2018, 2019)
        for r in range(9)
        for s in range(7)
    ]
    rows[3] = (*rows[3][:3], "c")
    rows[4] = (*rows[4][:3], "0")
    rows[5] = (*rows[5][:3], "")
    del rows[10]
    return pd.DataFrame(rows, columns=["region", "sector", "year", "value"])


# The figures of the literature, end to end


def test_indicators_reproduce_econgeo_on_933_metropolitan_areas(
    perron: Command, tmp_path: Path
) -> None:
    jobs = long(matrix("us_cbp_2018_naics4"))
    jobs = jobs[jobs["value"] > 0]
    jobs.to_csv(tmp_path / "us.csv", index=False)
    sectors = sorted(jobs["sector"].unique())
    merged = {"32": "31", "33": "31", "45": "44", "49": "48"}
    parents = pd.DataFrame(
        {"sector": sectors, "parent": [merged.get(s[:2], s[:2]) for s in sectors]}
    )
    parents.to_csv(tmp_path / "parents.csv", index=False, sep=";")
    out = tmp_path / "out"
    perron(
        *("economy", "indicators", str(tmp_path / "us.csv"), *ASK),
        *("--parent", str(tmp_path / "parents.csv"), "--out", str(out)),
    )
    cells = written(out, "cells")
    assert len(cells) == 933 * 288
    assert cells["lq"].sum() == pytest.approx(280427.847210117, rel=1e-9)
    assert cells["specialised"].sum() == 55_437
    regions = written(out, "regions").set_index("region")
    expected = table("econgeo_cbsa_specialisation").set_index("cbsa").reindex(regions.index)
    for ours, theirs in (
        ("diversity", "diversity"),
        ("krugman", "krugman"),
        ("hachman", "hachman"),
        ("specialisation", "spec_coeff"),
        ("herfindahl", "herfindahl"),
    ):
        np.testing.assert_allclose(regions[ours], expected[theirs], rtol=1e-9, err_msg=ours)
    varied = table("econgeo_variety_frenken_log2").set_index("cbsa").reindex(regions.index)
    for ours, theirs in VARIETY.items():
        np.testing.assert_allclose(regions[ours], varied[theirs], rtol=1e-9, atol=1e-12)
    sectors_found = written(out, "sectors").set_index("sector")
    concentrated = table("econgeo_naics_concentration").set_index("naics")
    shared = [column for column in concentrated if column in sectors_found]
    assert "ubiquity" in shared
    for column in shared:
        np.testing.assert_allclose(
            sectors_found[column], concentrated[column].reindex(sectors_found.index), rtol=1e-9
        )
    related = written(out, "relatedness").set_index(["sector_a", "sector_b"])
    pairs = table("econgeo_relatedness_pairs")
    places = [tuple(sorted(pair)) for pair in zip(pairs["i"], pairs["j"], strict=True)]
    found = related.loc[places]
    for ours, theirs in (("cooccurrence", "cooc"), ("probability", "prob"), ("cosine", "cosine")):
        np.testing.assert_allclose(found[ours], pairs[theirs], rtol=1e-9)
    # Each pair is there once: the published sums are over both orders.
    assert 2 * related["probability"].sum() == pytest.approx(96728.283943930524, rel=1e-9)
    assert 2 * related["jaccard"].sum() == pytest.approx(112.521872950964, rel=1e-9)
    assert 2 * related["association"].sum() == pytest.approx(97016.545595420786, rel=1e-9)


def test_no_option_of_liege_rests_on_a_confidential_cell(
    inside: Callable[..., Said], tmp_path: Path
) -> None:
    jobs = long(table("sbs_nuts2_divisions_2015").set_index("region"))
    jobs["value"] = ["c" if np.isnan(v) else str(int(v)) for v in jobs["value"]]
    jobs.to_csv(tmp_path / "sbs.csv", index=False, sep=";")
    out = tmp_path / "out"
    said = inside(
        *("economy", "indicators", str(tmp_path / "sbs.csv"), *ASK, "--suppressed", "c"),
        *("--out", str(out)),
    ).stderr
    assert "cases masquées ou inconnues" in said
    liege = written(out, "cells").set_index("region").loc["BE33"].set_index("sector")
    hidden = ["B08", "B09", "C19", "C31", "H51", "H53"]
    assert liege.index[liege["status"] == "suppressed"].tolist() == hidden
    empty = ["value", "lq", "lq_low", "lq_high", "specialised", "density", "distance"]
    assert liege.loc[hidden, [*empty, "opportunity_gain"]].isna().all().all()
    options = liege[liege["specialised"] == 0].sort_values("density", ascending=False)
    assert "H53" not in options.index
    assert len(options) > 20
    # What the others may hold leaves each quotient within its bounds.
    known = liege.drop(hidden)
    assert (known["lq_min"] <= known["lq"]).all()
    assert (known["lq"] <= known["lq_max"]).all()


def test_shift_share_of_liege_is_that_of_reat(inside: Callable[..., Said], tmp_path: Path) -> None:
    given = pd.read_csv(DATA / "shift_share_inputs.csv")
    given = given[given["case"] == "liege"]
    rows = pd.concat(
        given[["region", "sector", date]].assign(year=year).rename(columns={date: "value"})
        for date, year in (("start", 2008), ("end", 2018))
    )
    rows.to_csv(tmp_path / "liege.csv", index=False)
    expected = pd.read_csv(DATA / "shift_share_expected.csv")
    for method in ("dunn", "esteban"):
        out = tmp_path / f"{method}.csv"
        inside(
            *("economy", "shift-share", str(tmp_path / "liege.csv"), *ASK, "--year", "year"),
            *("--from", "2008", "--to", "2018", "--base", "base", "--method", method),
            *("--out", str(out)),
        )
        found = pd.read_csv(out)
        assert list(found) == ["region", "component", "value"]
        assert set(found["region"]) == {"BE332"}
        seen = found.set_index("component")["value"]
        wanted = expected[(expected["region"] == "BE332") & (expected["method"] == method)]
        assert len(wanted) == 5
        for row in wanted.itertuples():
            assert seen[row.component] == pytest.approx(row.value, rel=1e-9)
    assert seen["growth"] == 14_400


def test_every_form_of_shift_share_of_the_german_laender(
    inside: Callable[..., Said], tmp_path: Path
) -> None:
    given = pd.read_csv(DATA / "shift_share_laender.csv")
    given.rename(columns={"persons": "value"}).to_parquet(tmp_path / "laender.parquet")
    sums = {}
    for method in ("dunn", "esteban", "arcelus", "gerfin", "dynamic"):
        found = inside(
            *("economy", "shift-share", str(tmp_path / "laender.parquet"), *ASK, "--year", "year"),
            *("--from", "2008", "--to", "2014", "--base", "base", "--method", method),
            *("--out", "-"),
        ).stdout
        rows = pd.DataFrame([line.split(",") for line in found.splitlines()[1:]])
        rows[2] = rows[2].astype(float)
        wide = rows.pivot_table(index=0, columns=1, values=2)
        assert len(wide) == 16
        if method != "gerfin":
            parts = wide.drop(columns=["growth", "net_total_shift"], errors="ignore")
            np.testing.assert_allclose(parts.sum(axis=1), wide["growth"], rtol=1e-9)
            sums[method] = wide["growth"].sum()
    assert max(sums.values()) == pytest.approx(min(sums.values()))


def test_the_back_test_of_european_regions(inside: Callable[..., Said], tmp_path: Path) -> None:
    jobs = table("lfst_employment")
    marks = {"suppressed": "c", "unknown": ""}
    jobs["value"] = [
        marks.get(s) if s in marks else repr(float(v))
        for v, s in zip(jobs["value"], jobs["status"], strict=True)
    ]
    jobs["year"] = jobs["year"].astype(int)
    jobs.drop(columns="status").to_csv(tmp_path / "lfst.csv", index=False)
    out = tmp_path / "out"
    done = inside(
        *("economy", "backtest", str(tmp_path / "lfst.csv"), *ASK, "--year", "year"),
        *("--suppressed", "c", "--train", "2008:2011", "--test", "2015", "--out", str(out)),
    )
    assert "Verdict : mieux que les marges seules" in done.stdout
    assert "taux de base 11,5" in done.stdout
    scores = pd.read_csv(out / "scores.csv")
    assert list(scores) == ["measure", "value", "low", "high"]
    assert scores["measure"].tolist() == [
        *("auc", "auc_margins", "auc_gain", "brier", "brier_skill"),
        *("base_rate", "candidates", "entries"),
    ]
    calibration = pd.read_csv(out / "calibration.csv")
    assert list(calibration) == [
        *("predicted", "observed", "low", "high", "candidates", "entries"),
    ]
    by_name = scores.set_index("measure")["value"]
    assert calibration["entries"].sum() == by_name["entries"] == 204
    assert calibration["candidates"].sum() == by_name["candidates"] == 1_772


# The contract


def test_the_tables_have_their_columns_and_the_four_states(
    inside: Callable[..., Said], tmp_path: Path, panel: pd.DataFrame
) -> None:
    panel.to_csv(tmp_path / "p.csv", index=False)
    out = tmp_path / "deep" / "out"
    done = inside(
        *("economy", "indicators", str(tmp_path / "p.csv"), *ASK, "--year", "year"),
        *("--suppressed", "c", "--parent", "1", "--out", str(out)),
    )
    assert done.stdout == ""
    assert sorted(path.name for path in out.iterdir()) == sorted(f"{name}.csv" for name in FILES)
    for name, columns in FILES.items():
        assert list(written(out, name)) == columns, name
    cells = written(out, "cells")
    assert len(cells) == 2 * 9 * 7
    states = cells[cells["year"] == 2018].set_index(["region", "sector"])["status"]
    assert states["BE00", "03"] == "suppressed"
    assert states["BE00", "04"] == "zero"
    assert states["BE00", "05"] == "unknown"
    assert states["BE01", "03"] == "zero"  # no row: zero unless told otherwise
    assert (states == "observed").sum() == 9 * 7 - 4
    masked = cells["status"].isin(["suppressed", "unknown"])
    assert cells.loc[masked, ["value", "lq", "density", "opportunity_gain"]].isna().all().all()
    assert cells.loc[~masked, ["lq", "density", "distance", "opportunity_gain"]].notna().all().all()
    inside(
        *("economy", "indicators", str(tmp_path / "p.csv"), *ASK, "--year", "year"),
        *("--suppressed", "c", "--absent", "unknown", "--out", str(out)),
    )
    cells = written(out, "cells")
    states = cells[cells["year"] == 2018].set_index(["region", "sector"])["status"]
    assert states["BE01", "03"] == "unknown"


def test_csv_parquet_and_xlsx_in_and_out_hold_the_same_figures(
    inside: Callable[..., Said], tmp_path: Path, panel: pd.DataFrame
) -> None:
    panel.to_csv(tmp_path / "p.csv", index=False, sep=";", encoding="utf-8-sig")
    panel.sample(frac=1, random_state=0).to_excel(tmp_path / "p.xlsx", index=False)
    panel.to_parquet(tmp_path / "p.parquet")
    read = {}
    for given, form in (("p.csv", "parquet"), ("p.xlsx", "csv"), ("p.parquet", "xlsx")):
        out = tmp_path / form
        inside(
            *("economy", "indicators", str(tmp_path / given), *ASK, "--year", "year"),
            *("--suppressed", "c", "--format", form, "--out", str(out)),
        )
        if form == "parquet":
            made = pd.read_parquet(out / "cells.parquet")
        elif form == "csv":
            made = written(out, "cells")
        else:
            rows = list(load_workbook(out / "cells.xlsx").active.values)
            made = pd.DataFrame(rows[1:], columns=rows[0])
        keys = ["region", "sector", "year"]
        made = made.astype({"region": str, "sector": str, "status": str})
        read[form] = made.sort_values(keys).reset_index(drop=True)
    for form in ("csv", "xlsx"):
        for column in CELLS:
            one, other = read["parquet"][column], read[form][column]
            if column in ("region", "sector", "status"):
                assert one.tolist() == other.tolist()
            else:  # rows in another order are summed in another order
                np.testing.assert_allclose(
                    one.astype(float), other.astype(float), rtol=1e-9, atol=1e-9, err_msg=column
                )


def test_a_decimal_comma_a_threshold_and_a_diagonal(
    inside: Callable[..., Said], tmp_path: Path
) -> None:
    rng = np.random.default_rng(2)
    values = pd.DataFrame(rng.integers(1, 50, (8, 6)) + 0.5).rename_axis("r")
    rows = long(values)
    rows["value"] = rows["value"].map(lambda v: f"{v}".replace(".", ","))
    rows.to_csv(tmp_path / "p.csv", index=False, sep=";")
    for name, options in (
        ("plain", ()),
        ("high", ("--threshold", "1.3")),
        ("zero", ("--diagonal", "zero")),
    ):
        inside(
            *("economy", "indicators", str(tmp_path / "p.csv"), *ASK, "--decimal", ","),
            *(*options, "--out", str(tmp_path / name)),
        )
    plain, high, zero = (written(tmp_path / name, "cells") for name in ("plain", "high", "zero"))
    assert plain["value"].tolist() == values.to_numpy().ravel().tolist()
    assert high["specialised"].sum() < plain["specialised"].sum()
    assert (zero["density"] - plain["density"]).abs().max() > 0.01
    np.testing.assert_array_equal(zero["lq"], plain["lq"])


# What is wrong is one line, and leaves what was there


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("region,sector,value\na,x,1\na,y,-2\n", "p.csv, ligne 3, colonne value : -2 est négatif"),
        (
            "region,sector,value\na,x,1\nb,x,1\na,x,2\n",
            "p.csv, lignes 2 et 4 : a, x est là deux fois",
        ),
        ("region,sector,value\na,x,1\na,y,beaucoup\n", "ligne 3, colonne value : « beaucoup »"),
        ("region,sector,value\n", "aucune ligne de données"),
        ("", "est vide"),
        ("region,secteur,value\na,x,1\n", "pas de colonne « sector »"),
        ("region,sector,value\na,,1\n", "ligne 2 : la colonne sector est vide"),
    ],
)
def test_a_wrong_panel_is_one_line_and_the_tables_of_before_stay(
    inside: Callable[..., Said], tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "cells.csv").write_text("before")
    done = inside(
        *("economy", "indicators", str(tmp_path / "p.csv"), *ASK, "--out", str(out)), code=1
    )
    (line,) = done.stderr.splitlines()
    assert said in line
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("cells.csv", "before")]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("region,sector,value\na,x,1\na,y,2\n", 2),
        ("region,sector,value\na,x,1\nb,x,2\n", 2),
        ("region,sector,value\na,x,c\na,y,c\nb,x,c\n", 4),
    ],
    ids=["a single region", "a single sector", "all suppressed"],
)
def test_too_small_a_panel_gives_what_can_be_said(
    inside: Callable[..., Said], tmp_path: Path, text: str, cells: int
) -> None:
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    done = inside(
        *("economy", "indicators", str(tmp_path / "p.csv"), *ASK, "--suppressed", "c"),
        *("--out", str(out)),
    )
    assert "ECI et PCI ne sont pas calculés" in done.stderr
    made = written(out, "cells")
    assert len(made) == cells
    if "c" in text.split("value\n")[1]:
        assert made["lq"].isna().all()
    else:
        assert (made["lq"] == 1).all()


def test_years_missing_in_the_middle_are_said_and_refused_where_each_is_needed(
    inside: Callable[..., Said], tmp_path: Path
) -> None:
    rows = [(r, s, y, 5 + y % 7) for y in (2010, 2011, 2014) for r in "abB" for s in "xy"]
    pd.DataFrame(rows, columns=["region", "sector", "year", "value"]).to_csv(
        tmp_path / "p.csv", index=False
    )
    panel = ("economy", "indicators", str(tmp_path / "p.csv"), *ASK, "--year", "year")
    said = inside(*panel, "--out", str(tmp_path / "out")).stderr
    assert "Années absentes entre la première et la dernière : 2012, 2013." in said
    shift = ("economy", "shift-share", str(tmp_path / "p.csv"), *ASK, "--year", "year")
    asked = (*shift, "--from", "2010", "--to", "2014", "--base", "B", "--out", "-")
    assert inside(*asked).stdout
    refused = inside(*asked, "--method", "dynamic", code=1).stderr
    assert "pas d'année 2012, 2013. Années trouvées : 2010, 2011, 2014." in refused


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "2010", "--to", "2011", "--base", "BE3"), 1, "cette région n'est pas dans"),
        (("--from", "2011", "--to", "2010", "--base", "a"), 1, "doit précéder"),
        (("--from", "2010", "--to", "2012", "--base", "a"), 1, "pas d'année 2012"),
        (("--from", "2010", "--to", "2011", "--base", "c"), 1, "inconnues ou masquées : x (2011)"),
        (("--from", "2010", "--to", "2011"), 2, "--base"),
    ],
)
def test_a_wrong_base_or_year_is_said(
    inside: Callable[..., Said], tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    rows = [(r, "x", y, "" if (r, y) == ("c", 2011) else "4") for r in "abc" for y in (2010, 2011)]
    pd.DataFrame(rows, columns=["region", "sector", "year", "value"]).to_csv(
        tmp_path / "p.csv", index=False
    )
    done = inside(
        *("economy", "shift-share", str(tmp_path / "p.csv"), *ASK, "--year", "year", *words),
        code=code,
    )
    assert said in done.stderr


def test_too_few_entries_is_an_answer(
    inside: Callable[..., Said], tmp_path: Path, panel: pd.DataFrame
) -> None:
    later = panel[panel["year"] == 2019].assign(year=2020)
    pd.concat([panel, later]).to_csv(tmp_path / "p.csv", index=False)
    asked = ("economy", "backtest", str(tmp_path / "p.csv"), *ASK, "--year", "year")
    done = inside(
        *(*asked, "--suppressed", "c", "--train", "2018:2019", "--test", "2020"),
        *("--out", str(tmp_path / "out")),
        code=1,
    )
    assert "c'est trop peu pour mesurer quoi que ce soit" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out").exists()
    wrong = inside(*asked, "--train", "2018", "--test", "2020", "--out", "x", code=2)
    assert "2008:2011" in wrong.stderr


def test_a_total_left_in_the_panel_is_pointed_at(
    inside: Callable[..., Said], tmp_path: Path
) -> None:
    values = pd.DataFrame(np.random.default_rng(3).integers(5, 90, (6, 5)))
    values.loc["Belgique"] = values.sum()
    long(values.rename_axis("r")).to_csv(tmp_path / "p.csv", index=False)
    out = ("--out", str(tmp_path / "out"))
    said = inside("economy", "indicators", str(tmp_path / "p.csv"), *ASK, *out).stderr
    assert "région Belgique semble un total des autres" in said


def test_an_out_that_is_a_file_is_refused(inside: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("region,sector,value\na,x,1\n")
    out = ("--out", str(tmp_path / "p.csv"))
    done = inside("economy", "indicators", str(tmp_path / "p.csv"), *ASK, *out, code=1)
    assert "c'est un fichier" in done.stderr
    assert (tmp_path / "p.csv").read_text().startswith("region")


def test_a_parent_that_is_missing_is_named(inside: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("region,sector,value\na,0111,1\na,x,1\n")
    (tmp_path / "parents.csv").write_text("sector,parent\n0111,01\n")
    asked = ("economy", "indicators", str(tmp_path / "p.csv"), *ASK, "--out", str(tmp_path / "o"))
    assert (
        "pas de parent pour x"
        in inside(*asked, "--parent", str(tmp_path / "parents.csv"), code=1).stderr
    )
    assert "Trop courts : x." in inside(*asked, "--parent", "2", code=1).stderr
    assert "1 ou plus" in inside(*asked, "--parent", "0", code=1).stderr


@pytest.mark.slow
def test_ten_million_rows_are_read_and_a_kill_leaves_the_tables_of_before(
    perron: Command, tmp_path: Path
) -> None:
    """2,500 regions by 400 sectors by ten years."""
    rng = np.random.default_rng(4)
    regions = np.char.add("R", np.arange(2_500).astype(str))
    sectors = np.char.add("S", np.arange(400).astype(str))
    law = np.outer(rng.lognormal(1, 1, 2_500), rng.lognormal(0, 1, 400))
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("region,sector,year,value\n")
        for year in range(2010, 2020):
            frame = pd.DataFrame(
                {
                    "r": np.repeat(regions, 400),
                    "s": np.tile(sectors, 2_500),
                    "y": year,
                    "v": rng.poisson(law).ravel(),
                }
            )
            frame.to_csv(file, header=False, index=False)
    out = tmp_path / "out"
    out.mkdir()
    (out / "cells.csv").write_text("before")
    words = ["economy", "indicators", str(path), *ASK, "--year", "year", "--out", str(out)]
    command = [sys.executable, "-m", "perron", *words]
    killed = subprocess.Popen(command, env=perron.environment())
    deadline = time.monotonic() + 300
    while not [p for p in out.glob(".cells*") if p.stat().st_size] and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.send_signal(signal.SIGTERM)
    assert killed.wait(60) != 0
    assert [path.name for path in out.iterdir()] == ["cells.csv"]
    assert (out / "cells.csv").read_text() == "before"
    measured = (
        "import resource, runpy, sys; sys.argv = ['perron', *sys.argv[1:]]\n"
        "try:\n    runpy.run_module('perron', run_name='__main__')\n"
        "finally:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured, *words, "--format", "parquet"],
        env=perron.environment(),
        capture_output=True,
        text=True,
        timeout=540,
        check=True,
    )
    # The file is 190 MB; what it takes is a few times its size, and no more with more columns.
    assert int(done.stdout.splitlines()[-1]) < 4_000
    import pyarrow.parquet as pq

    assert pq.read_metadata(out / "cells.parquet").num_rows == 10_000_000
