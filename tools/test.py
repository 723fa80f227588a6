"""Run the checks and tests by stages, and name in the last line whatever could not run.

`python tools/test.py quick|slow|lint`. With CI or PERRON_STRICT set, something that did not run is
a failure: never a silent skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
REPORTS = ROOT / "build" / "reports"
#: What first starts compute, shared by the homes of all stages of one run.
DERIVED = ROOT / "build" / "derived"
STRICT = bool(os.environ.get("PERRON_STRICT") or os.environ.get("CI"))


@dataclass
class Outcome:
    """What the stages counted so far."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)


def run(*command: str, **environment: str) -> int:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


def check(outcome: Outcome, name: str, *command: str) -> None:
    """A tool that answers yes or no: ruff, mypy, import-linter."""
    print(f"\n== {name}", flush=True)
    if run(*command) == 0:
        outcome.passed += 1
    else:
        outcome.failed.append(name)


def tests(outcome: Outcome, name: str, *arguments: str, **environment: str) -> None:
    """One pytest run, counted from its report; a skipped test is a test that did not run."""
    print(f"\n== {name}", flush=True)
    report = REPORTS / f"{name.replace(' ', '-').replace(',', '')}.xml"
    report.unlink(missing_ok=True)
    code = run("pytest", "-q", f"--junitxml={report}", *arguments, **environment)
    if not report.exists():
        outcome.failed.append(f"{name} (no report, exit {code})")
        return
    ran = 0
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        title = f"{name}: {case.get('classname', '')}.{case.get('name', '')}"
        skipped = case.find("skipped")
        if skipped is not None:
            outcome.not_run.append(f"{title} ({skipped.get('message', '')})")
        elif case.find("failure") is not None or case.find("error") is not None:
            outcome.failed.append(title)
        else:
            ran += 1
    outcome.passed += ran
    if code not in (0, 1) or (code and not outcome.failed):
        outcome.failed.append(f"{name} (pytest exit {code})")
    elif not ran and not outcome.failed:
        outcome.not_run.append(f"{name} (no test was selected)")


def lint(outcome: Outcome) -> None:
    check(outcome, "ruff lint", "ruff", "check", ".")
    check(outcome, "ruff format", "ruff", "format", "--check", ".")
    check(outcome, "types", "mypy")
    check(outcome, "architecture", "lint-imports")


#: What speaks to a database; the rest of the suite meets PostgreSQL in `make test-all`.
DATABASE = (
    "tests/site",
    "tests/cli",
    "--ignore=tests/cli/test_economy.py",
    # Pages that read the lake alone.
    *(f"--ignore=tests/site/{name}" for name in ("components", "documents", "economy")),
    "--ignore-glob=tests/site/directory/test_*.py",
    # Homes and servers of their own, each with its database: minutes.
    "--ignore-glob=tests/site/operations/test_[!m]*.py",
)


def quick(outcome: Outcome) -> None:
    lint(outcome)
    marks = "not slow and not e2e"
    tests(outcome, "SQLite", "-n", "2", "-m", marks, PERRON_TEST_DATABASE="sqlite")
    tests(
        outcome, "PostgreSQL", "-n", "2", "-m", marks, *DATABASE, PERRON_TEST_DATABASE="postgresql"
    )
    tests(
        outcome,
        "browser",
        "tests/e2e",
        "-n",
        "2",
        "-m",
        "e2e and not slow and not timed",
        PERRON_TEST_DATABASE="sqlite",
    )
    tests(outcome, "browser, timed", "tests/e2e", "-m", "timed", PERRON_TEST_DATABASE="sqlite")


def slow(outcome: Outcome) -> None:
    tests(
        outcome, "slow, SQLite", "-n", "2", "-m", "slow and not e2e", PERRON_TEST_DATABASE="sqlite"
    )
    tests(outcome, "browser, the rest", "tests/e2e", "-n", "2", "-m", "e2e and slow and not timed")
    tests(
        outcome,
        "whole suite, PostgreSQL",
        "-n",
        "2",
        "-m",
        "not e2e",
        PERRON_TEST_DATABASE="postgresql",
    )
    print("\n== wheel", flush=True)
    code = subprocess.run(
        [sys.executable, "tools/wheel.py"], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True
    )
    print(code.stdout, end="", flush=True)
    for line in code.stdout.splitlines():
        if line.startswith("ok "):
            outcome.passed += 1
        elif line.startswith("not run "):
            outcome.not_run.append(line.removeprefix("not run "))
    if code.returncode:
        outcome.failed.append("wheel")


def main() -> int:
    stages = {"quick": quick, "slow": slow, "lint": lint}
    if len(sys.argv) != 2 or sys.argv[1] not in stages:
        print(f"usage: python tools/test.py {'|'.join(stages)}", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    # Made by this very code: results of an earlier run may be of another.
    shutil.rmtree(DERIVED, ignore_errors=True)
    os.environ["PERRON_TEST_DERIVED"] = str(DERIVED)
    started = time.monotonic()
    outcome = Outcome()
    stages[sys.argv[1]](outcome)
    print(f"\n{sys.argv[1]}: {time.monotonic() - started:.0f} s")
    for name in outcome.failed:
        print(f"failed: {name}")
    print(f"{outcome.passed} passed, {len(outcome.failed)} failed, {len(outcome.not_run)} skipped")
    print("Not run: " + ("; ".join(outcome.not_run) if outcome.not_run else "nothing."))
    return 1 if outcome.failed or (STRICT and outcome.not_run) else 0


if __name__ == "__main__":
    sys.exit(main())
