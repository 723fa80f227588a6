"""What a restored installation shows is what the saved one showed, page by page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

PAGES = ["/", "/diversifier/territoire/", "/diversifier/territoire/61010/", "/donnees/"]
READ = f"""
import json
from django.test import Client
reader = Client(HTTP_HOST="localhost", headers={{"accept-language": "fr"}})
print(json.dumps({{page: reader.get(page).content.decode() for page in {PAGES!r}}}))
"""
#: What differs from one answer to the next by design.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def _pages(installation) -> dict[str, str]:
    text = installation.python(READ).splitlines()[-1]
    return {page: TOKEN.sub("", html) for page, html in json.loads(text).items()}


@pytest.mark.slow
def test_a_restored_installation_shows_the_same_pages(bare, tmp_path: Path) -> None:
    bare.extra = {"PERRON_LOG_LEVEL": "ERROR"}  # the shipped territory, its real figures
    bare.run("--quiet", "upgrade")
    bare.run("--quiet", "data", "list", "--format", "csv")
    before = _pages(bare)
    assert "77\u202f555" in before["/diversifier/territoire/"]
    saved = tmp_path / "saved.tar"
    bare.run("backup", str(saved))

    # Another edition of the population comes in, and the pages change.
    other = tmp_path / "population_2021.csv"
    lines = ["NIS code,Woonplaats,Mannen,Vrouwen,Totaal", "62063,Luik,10,10,20"]
    other.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bare.run("--quiet", "data", "load", "population", str(other), "--period", "2021")
    assert _pages(bare) != before

    bare.run("restore", str(saved))
    assert _pages(bare) == before
