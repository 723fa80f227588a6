"""Build the wheel, install it outside the checkout and run it on each Python from 3.11 on.

Prints one line an interpreter: `ok Python 3.12.1 …`, `wrong …`, or `not run Python 3.14: …` where
none is present. 3.11 is the promise: its absence is named as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
MINORS = (11, 12, 13)


def interpreter(minor: int) -> str | None:
    """A Python 3.<minor> that answers: on PATH, or beside the one that runs this."""
    names = [f"python3.{minor}", sys.executable]
    names += [
        str(p) for p in Path("~/.pyenv/versions").expanduser().glob(f"3.{minor}.*/bin/python")
    ]
    names += [str(p) for p in Path("/opt").glob(f"*/bin/python3.{minor}")]
    for name in names:
        path = shutil.which(name)
        if path is None:
            continue
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if said.stdout.startswith(f"Python 3.{minor}."):
            return path
    return None


def build(folder: Path) -> Path:
    subprocess.run(
        ["hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(folder.glob("perron-*.whl"))


def served(python: Path, folder: Path) -> str:
    """Start the installed `perron demo` on a free port and read its pages; says what was seen."""
    perron = python.parent / "perron"
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("PERRON_", "DJANGO_", "PYTHON"))
    }
    environment["PERRON_HOME"] = str(folder / "home")
    if shared := os.environ.get("PERRON_TEST_DERIVED"):
        environment["PERRON_DERIVED"] = shared
    process = subprocess.Popen(
        [perron, "demo", "--port", "0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("http://")).strip()
        seen, texts = [], []
        for page in ("/", "/diversifier/territoire/", "/readyz"):
            with urllib.request.urlopen(address + page, timeout=60) as answer:
                texts.append(answer.read().decode())
                seen.append(f"{page} {answer.status}")
        if "/static/dist/perron-" not in texts[0]:
            raise RuntimeError("the page does not load the bundle that the wheel should carry")
        return ", ".join(seen)
    finally:
        process.terminate()
        process.wait(30)


def main() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="perron-wheel-") as name:
        folder = Path(name)
        wheel = build(folder)
        for minor in MINORS:
            found = interpreter(minor)
            if found is None:
                print(
                    f"not run the wheel on Python 3.{minor}: no such interpreter here", flush=True
                )
                continue
            place = folder / f"py3{minor}"
            python = place / "venv" / "bin" / "python"
            try:
                subprocess.run(
                    ["uv", "venv", "-q", "--python", found, str(place / "venv")], check=True
                )
                subprocess.run(
                    [
                        "uv",
                        "pip",
                        "install",
                        "-q",
                        "--python",
                        str(python),
                        "--require-hashes",
                        "-r",
                        str(ROOT / "requirements/perron.txt"),
                    ],
                    check=True,
                )
                subprocess.run(
                    [
                        "uv",
                        "pip",
                        "install",
                        "-q",
                        "--python",
                        str(python),
                        "--no-deps",
                        str(wheel),
                    ],
                    check=True,
                )
                seen = served(python, place)
            except Exception as error:
                wrong += 1
                print(f"wrong Python 3.{minor}: {error}", flush=True)
            else:
                print(f"ok wheel on Python 3.{minor}: {seen}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
