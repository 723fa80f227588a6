"""Is Liège strong in metallurgy, since when, where, with what beside it, and how sure are we?

The question is walked as a person would, from Accueil to the file in their hands; then every page is
asked where each of its figures comes from.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect
from tests.e2e.test_pages_accessible import PAGES


def test_the_question_of_metallurgy_is_answered_from_accueil_to_the_downloaded_sheet(
    open_page, axe, picture, tmp_path: Path
) -> None:
    page = open_page("/", 1280)
    page.get_by_role("link", name="Ouvrir les secteurs").click()
    expect(page.locator("h1")).to_contain_text("spécialités nettes")
    page.get_by_role("searchbox", name="Chercher un secteur").fill("metallurgie")
    page.get_by_role("main").get_by_role("button", name="Chercher").click()
    page.locator("#resultats a").first.click()
    page.wait_for_url("**/diversifier/secteurs/24/")

    # Is it strong, and how sure are we?
    expect(page.locator("h1")).to_contain_text("Métallurgie")
    first = page.locator(".fact").first
    expect(first).to_contain_text("Quotient en entreprises")
    first.locator("summary").click()
    panel = first.locator(".panel")
    for said in ("Territoire", "Période", "Source", "Licence", "Méthode", "Intervalle", "Âge", "Statbel", "à 95 %"):  # fmt: skip
        expect(panel).to_contain_text(said)
    picture(page, "metallurgie-provenance")
    first.locator("summary").click()
    # Where?
    assert page.locator("#carte svg path.c").count() == 84
    expect(page.locator("#territoires table")).to_contain_text("Arr. de Liège")
    # Since when? At the finest honest grain, which is named.
    expect(page.locator("#emploi")).to_contain_text("L’emploi depuis 2001")
    expect(page.locator("#emploi .note")).to_contain_text("non mesuré")
    # With what beside it?
    expect(page.locator("#voisins caption").first).to_contain_text("Proximité")
    expect(page.locator("#voisins .src").first).to_contain_text("Eurostat")
    axe(page)

    # The sheet, in hand.
    margin = page.locator("aside.marge .docs li").first
    with page.expect_download() as got:
        margin.get_by_role("link", name="XLSX").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(got.value.path()).read_bytes()))
    values = {row[0].value: row for row in book.worksheets[0].iter_rows()}
    assert "Quotient en entreprises" in values
    assert "Sources" in book.sheetnames
    with page.expect_download() as got:
        page.locator("#territoires .src").get_by_role("link", name="CSV").click()
    lines = list(csv.DictReader(io.StringIO(Path(got.value.path()).read_text("utf-8"))))
    assert any(line["Territoire"] == "Arr. de Liège" for line in lines)
    assert all(line["Source"] and line["Licence"] for line in lines)
    with page.expect_download() as got:
        page.evaluate("document.querySelector('aside.marge a[href$=\".pdf\"]').download = ''")
        margin.get_by_role("link", name="PDF").click()
    assert Path(got.value.path()).read_bytes().startswith(b"%PDF-")


#: What each figure of a page must have, wherever it stands.
ORPHANS = """() => {
  const found = [];
  for (const fact of document.querySelectorAll('main .fact')) {
    const asked = [...fact.querySelectorAll('.panel dt')].map(dt => dt.textContent.trim());
    for (const word of ['Territoire', 'Période', 'Source', 'Licence', 'Extrait le', 'Âge'])
      if (!asked.includes(word)) found.push(`fact without ${word}: ${fact.textContent.slice(0, 60)}`);
  }
  for (const drawn of document.querySelectorAll('main figure.chart')) {
    const src = drawn.querySelector('.src');
    if (!src || src.textContent.replace('Source', '').trim().length < 8)
      found.push(`no source under: ${drawn.textContent.trim().slice(0, 80)}`);
  }
  for (const cell of document.querySelectorAll('main td.r'))
    if (!cell.closest('figure.chart')) found.push(`a number outside any figure: ${cell.textContent}`);
  return found;
}"""


@pytest.mark.slow
def test_every_figure_of_every_page_has_its_source(open_page) -> None:
    walked = facts = charts = 0
    for name, (path, status) in PAGES.items():
        if status != 200 or not (path == "/" or path.startswith("/diversifier/")):
            continue
        page = open_page(path, 1280)
        assert page.evaluate(ORPHANS) == [], name
        facts += page.locator("main .fact").count()
        charts += page.locator("main figure.chart").count()
        walked += 1
    assert walked > 20
    assert facts > 40
    assert charts > 40


#: The load event may come before the first frame is drawn: wait for the entry, never read it early.
FIRST_CONTENT = """() => new Promise(answer => {
    const observer = new PerformanceObserver(list => {
        const entry = list.getEntriesByName('first-contentful-paint')[0];
        if (entry) { observer.disconnect(); answer(entry.startTime); }
    });
    observer.observe({type: 'paint', buffered: true});
    setTimeout(() => answer(Infinity), 5000);
})"""


@pytest.mark.timed
def test_first_content_of_a_sheet_is_there_within_a_second(open_page) -> None:
    for path in ("/diversifier/secteurs/24/", "/diversifier/secteurs/", "/diversifier/options/"):
        painted = [open_page(path, 1280).evaluate(FIRST_CONTENT) for _ in range(3)]
        assert min(painted) < 1000, (path, painted)
