"""`perron check` names what is wrong and how to mend it."""

from __future__ import annotations

import pytest


def lines(text: str) -> dict[str, str]:
    """The state of each check by its name."""
    found = {}
    for line in text.splitlines():
        state, _space, rest = line.partition(" ")
        found[rest.strip().split(" : ")[0]] = state
    return found


def test_a_sound_installation_is_ok_line_by_line(installed):
    done = installed.run("check")
    states = set(lines(done.stdout).values())
    assert states <= {"ok", "warning"}
    assert done.stderr == ""


@pytest.mark.slow
def test_a_key_that_others_can_read_is_wrong_and_the_line_says_how_to_mend(installed):
    key = installed.home / "secret-key"
    key.chmod(0o644)
    done = installed.run("check", code=1)
    assert f"chmod 600 {key}" in done.stdout
    key.chmod(0o600)
    installed.run("check")


def test_a_damaged_table_is_named(installed):
    data = next((installed.home / "lake").rglob("data.parquet"))
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    done = installed.run("check", code=1)
    assert lines(done.stdout)["Lac de données"] == "wrong"
    assert "sample/2026-01-02" in done.stdout


def test_what_an_interrupted_load_left_is_a_warning_not_a_fault(installed):
    (installed.home / "lake" / "sample" / "2026-02-02").mkdir()
    done = installed.run("check")
    assert "sample/2026-02-02" in done.stdout


def test_a_table_older_than_the_territory_accepts_is_a_warning(installed, tmp_path):
    place = tmp_path / "strict.toml"
    from pathlib import Path

    given = Path(installed.extra["PERRON_TERRITORY"]).read_text(encoding="utf-8")
    place.write_text(given.replace("limits.sample = 5", "limits.sample = -1"), encoding="utf-8")
    installed.extra = {"PERRON_TERRITORY": str(place)}
    done = installed.run("check")
    assert lines(done.stdout)["Âge des tables"] == "warning"


def test_a_disk_that_fills_up_is_wrong(installed):
    done = installed.run("check", code=1, PERRON_DISK_FREE_MB="999999999")
    assert lines(done.stdout)["Espace disque"] == "wrong"


def test_a_database_that_does_not_answer_is_an_outside_failure(installed):
    away = "postgresql://perron@127.0.0.1:1/perron?connect_timeout=3"
    done = installed.run("check", code=3, PERRON_DATABASE=away)
    assert lines(done.stdout)["Base de données"] == "wrong"
    assert "PERRON_DATABASE" in done.stdout
    assert "ok" in lines(done.stdout).values()
    for verb in (["backup", "x.tar"], ["upgrade"], ["serve", "--port", "0"]):
        failed = installed.run(*verb, code=3, PERRON_DATABASE=away)
        assert len(failed.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("PERRON_DISK_FREE_MB", "beaucoup"), ("PERRON_TERRITORY", "/nowhere.toml")]
)
def test_a_wrong_setting_is_named_in_one_line(installed, name: str, value: str):
    done = installed.run("check", code=1, **{name: value})
    assert value in done.stderr
    assert len(done.stderr.splitlines()) == 1
