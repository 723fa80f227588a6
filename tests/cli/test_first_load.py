"""A first load that fails leaves a home in which every verb still works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def _perron(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PERRON_")}
    return subprocess.run(
        [sys.executable, "-m", "perron", *arguments],
        env={
            **environment,
            "PERRON_HOME": str(home),
            "PERRON_DERIVED": os.environ["PERRON_DERIVED"],
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_failed_first_load_leaves_a_home_that_perron_still_calls_its_own(tmp_path: Path) -> None:
    empty = tmp_path / "vide.csv"
    empty.write_bytes(b"")
    home = tmp_path / "home"
    failed = _perron(home, "data", "load", "nace", str(empty))
    assert failed.returncode == 1
    assert "vide.csv" in failed.stderr
    then = _perron(home, "data", "list", "--format", "csv")
    assert then.returncode == 0, then.stderr
    assert "statbel_vat" in then.stdout
