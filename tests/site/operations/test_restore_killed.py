"""A restore killed at any moment leaves the old state, in place or one command away."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

#: Runs `perron` and kills it, as SIGKILL does, just before its n-th change of names on the disk.
KILLED_AT = """
import os, signal, sys
left, events, words = int(sys.argv[1]), sys.argv[2].split(), sys.argv[3].split()

def count(event, arguments):
    global left
    if event in events and any(word in str(arguments[:2]) for word in words):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
sys.argv[1:] = sys.argv[4:]
from perron.cli import main
main()
"""
ANY = ("os.rename os.remove os.mkdir subprocess.Popen", "restore psql pg_")
FIRST_MOVE = ("os.rename", "before-restore")


def killed_at(installed, moment: int, *words: str, counting: tuple[str, str] = ANY) -> int:
    """Run a verb that dies at a given change; its exit code (-9 when it died)."""
    return subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(moment), *counting, *words],
        env=installed.environment(),
        capture_output=True,
        timeout=120,
        check=False,
    ).returncode


def prepare(installed, tmp_path: Path) -> tuple[Path, tuple, tuple]:
    """A backup of one state, an installation in another; both states."""
    saved = tmp_path / "saved.tar"
    new = installed.state()
    installed.run("backup", str(saved))
    installed.write("after")
    installed.publish(200_000)
    (installed.home / "media" / "new.txt").write_text("new")
    return saved, installed.state(), new


def settle(installed, old: tuple, new: tuple) -> str:
    """What an operator finds after the kill, and does; the state it ends in."""
    unfinished = (installed.home / "restore-in-progress.json").exists()
    if unfinished:
        done = installed.run("check", code=1)
        assert "perron restore --back" in done.stdout
        installed.run("serve", "--port", "0", code=1)
        installed.run("restore", "--back")
        assert installed.state() == old
        return "back"
    found = installed.state()
    assert found in (old, new)
    return "old" if found == old else "new"


@pytest.mark.slow
def test_killed_before_any_of_its_changes_a_restore_can_be_undone(installed, tmp_path: Path):
    saved, old, new = prepare(installed, tmp_path)
    ends = []
    for moment in range(60):
        code = killed_at(installed, moment, "restore", str(saved))
        ends.append(settle(installed, old, new))
        if code == 0:
            break
        assert code == -9
        assert ends[-1] != "new" or ends.count("back") > 2
        if ends[-1] == "new":  # killed after the last change that counts: play it again
            installed.write("after")
            installed.publish(200_000)
            (installed.home / "media" / "new.txt").write_text("new")
            old = installed.state()
    assert ends[-1] == "new"
    assert ends.count("back") >= 5


@pytest.mark.slow
def test_going_back_can_itself_be_killed_and_taken_up_again(installed, tmp_path: Path):
    saved, old, _new = prepare(installed, tmp_path)
    assert killed_at(installed, 1, "restore", str(saved), counting=FIRST_MOVE) == -9
    assert installed.files() != old[1]
    kills = 0
    while (installed.home / "restore-in-progress.json").exists():
        code = killed_at(installed, kills, "restore", "--back")
        assert code in (0, -9)
        kills += code == -9
    assert kills >= 3
    assert installed.state() == old
    installed.run("check")


@pytest.mark.slow
def test_a_restore_killed_at_random_times_leaves_one_state_or_the_other(installed, tmp_path: Path):
    saved, old, new = prepare(installed, tmp_path)
    chance = random.Random(20261123)
    for _round in range(8):
        running = installed.start("restore", str(saved))
        time.sleep(chance.uniform(0.3, 3.0))
        running.kill()
        running.communicate()
        if settle(installed, old, new) == "new":
            installed.write("after")
            installed.publish(200_000)
            (installed.home / "media" / "new.txt").write_text("new")
            old = installed.state()
    installed.run("restore", str(saved))
    assert installed.state() == new


def test_a_new_restore_first_undoes_one_that_was_cut_short(installed, tmp_path: Path):
    saved, _old, new = prepare(installed, tmp_path)
    assert killed_at(installed, 0, "restore", str(saved), counting=FIRST_MOVE) == -9
    assert (installed.home / "restore-in-progress.json").exists()
    installed.run("restore", str(saved))
    assert not (installed.home / "restore-in-progress.json").exists()
    assert installed.state() == new
    assert not list(installed.home.glob(".restore-*"))


def test_check_names_an_interrupted_restore_and_nothing_is_served(installed, tmp_path: Path):
    saved, old, new = prepare(installed, tmp_path)
    assert killed_at(installed, 1, "restore", str(saved), counting=FIRST_MOVE) == -9
    assert settle(installed, old, new) == "back"
