"""From an invitation to a graded result: a real installation, two people, a moved clock.

The clock stands in January 2019 when the decision is taken, and in January 2021 when it is due: the
register of enterprises of 2019, which the lake holds, is then what really happened.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "src" / "perron" / "demo"
DECIDED, DUE = "2019-01-15T09:00:00+01:00", "2021-01-04T09:00:00+01:00"
PASSWORD = "une phrase assez longue 4"


class Home:
    """A PERRON_HOME driven by its commands, at an hour of our choice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        territory = (DEMO / "liege.toml").read_text(encoding="utf-8")
        assert 'directory = "directory"' in territory
        # A territory like ours whose directory is empty: its people fill it.
        (folder / "tables").symlink_to(DEMO / "tables")
        (folder / "drivers.toml").symlink_to(DEMO / "drivers.toml")
        (folder / "place.toml").write_text(
            territory.replace('directory = "directory"\n', ""), encoding="utf-8"
        )

    def environment(self, clock: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PERRON_", "DJANGO_"))}
        paths = (str(ROOT / "tests" / "e2e" / "clock"), str(ROOT / "src"))
        return kept | {
            "PERRON_HOME": str(self.folder / "home"),
            "PERRON_TERRITORY": str(self.folder / "place.toml"),
            "PERRON_DERIVED": os.environ["PERRON_DERIVED"],
            "PYTHONPATH": os.pathsep.join(paths),
            **({"PERRON_TEST_CLOCK": clock} if clock else {}),
        }

    def run(self, *words: str, clock: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "perron", *words],
            env=self.environment(clock),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def served(self, clock: str) -> Iterator[str]:
        """The address of the site while it is served."""
        log = (self.folder / "server.log").open("a")
        process = subprocess.Popen(
            [sys.executable, "-m", "perron", "serve", "--port", "0"],
            env=self.environment(clock),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        try:
            lines = iter(process.stdout.readline, "")
            address = next((line.strip() for line in lines if line.startswith("http://")), "")
            assert address, (self.folder / "server.log").read_text()[-3000:]
            yield address
        finally:
            process.terminate()
            process.wait(30)
            log.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.run("--quiet", "upgrade")
    return made


def accept(page: Page, site: str, link: str, first: str, last: str) -> None:
    """Open an invitation and make the account."""
    page.goto(site + link[link.index("/compte/invitation/") :])
    page.get_by_label("Prénom").fill(first)
    page.get_by_label("Nom", exact=True).fill(last)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir mon compte").click()
    expect(page.get_by_role("navigation", name="Principale")).to_be_visible()


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(site + "/compte/connexion/")
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Mot de passe", exact=True).press("Enter")
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.slow
def test_a_decision_is_taken_by_invited_people_and_read_again_on_its_day(
    browser: Browser, home: Home, picture: Any, axe: Callable[[Page], None]
) -> None:
    contexts = [browser.new_context(locale="fr-BE", reduced_motion="reduce") for _ in range(3)]
    try:
        with home.served(DECIDED) as site:
            director, colleague = contexts[0].new_page(), contexts[1].new_page()
            link = home.run("invite", "zoe@exemple.be", "--role", "director", clock=DECIDED)
            accept(director, site, link.strip().splitlines()[-1].strip(), "Zoé", "D’Exemple")
            link = invited(director, site, "rené@exemple.be".replace("é", "e"))
            accept(colleague, site, link, "René", "L’Exemple")
            imported(colleague, site, picture)
            decided(colleague, site, axe)
        assert "review" not in home.run("worker", "--once", clock=DECIDED)
        home.run("worker", "--once", clock=DUE)
        with home.served(DUE) as site:
            page = contexts[2].new_page()
            sign_in(page, site, "rene@exemple.be")
            page.goto(site + "/decider/registre/")
            expect(page.locator("h1")).to_contain_text("attestée")
            page.get_by_role("link", name="Tenir le tissu d’entreprises").first.click()
            said = " ".join(page.locator("main").inner_text().split())
            assert "77 555" in said
            assert "attesté" in said and "attente tenue" in said.lower()
            assert "Statbel" in said
            picture(page, "decision-relue")
            axe(page)
        checked = home.run("check")
        assert "wrong" not in checked
    finally:
        for context in contexts:
            context.close()


def invited(page: Page, site: str, email: str) -> str:
    """Invite a project manager from the page of persons; the link that is shown once."""
    page.goto(site + "/compte/personnes/")
    page.get_by_role("link", name="Inviter").first.click()
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Rôle").select_option(label="chef·fe de projet")
    page.get_by_role("button", name="Faire le lien").click()
    return page.get_by_label("Le lien à copier").input_value()


def imported(page: Page, site: str, picture: Any) -> None:
    """Import the demonstration directory: nothing is there before the person says yes."""
    file = DEMO / "directory" / "organisations.csv"
    with file.open(encoding="utf-8") as lines:
        rows = sum(1 for _row in csv.DictReader(line for line in lines if line[:1] != "#"))
    page.goto(site + "/repertoire/echanges/importer/")
    page.get_by_label("Fichier", exact=True).set_input_files(file)
    page.get_by_role("button", name="Voir le sort de chaque ligne").click()
    write = page.get_by_role("button", name=f"Écrire {rows} fiches")
    expect(write).to_be_visible()
    picture(page, "import-apercu")
    other = page.context.new_page()
    other.goto(site + "/repertoire/")
    expect(other.get_by_role("link", name="Université de Liège")).to_have_count(0)
    write.click()
    other.goto(site + "/repertoire/?q=université de liège")
    expect(other.get_by_role("link", name="Université de Liège").first).to_be_visible()
    other.goto(site + "/repertoire/")
    expect(other.locator(".tag.fiction").first).to_have_text("exemple fictif")
    other.close()


def decided(page: Page, site: str, axe: Callable[[Page], None]) -> None:
    """Inscribe a decision and what is expected of it."""
    page.goto(site + "/decider/registre/inscrire/")
    page.get_by_label("Titre").fill("Tenir le tissu d’entreprises")
    page.get_by_label("Ce qui est décidé").fill(
        "Accompagner les reprises pour que la province garde ses entreprises."
    )
    page.get_by_label("Organe qui décide").fill("Conseil d’administration")
    page.get_by_label("Date de la décision").fill("2019-01-10")
    page.get_by_label("Type", exact=True).select_option(label="autre décision")
    page.get_by_role("button", name="Inscrire la décision").click()
    expect(page.locator("h1")).to_contain_text("Tenir le tissu d’entreprises")
    page.get_by_role("link", name="Ajouter une attente").first.click()
    axe(page)
    page.get_by_label("Indicateur").select_option(label="Entreprises (entreprises)")
    page.locator("#id_territory").select_option(label="Province de Liège")
    page.get_by_label("Ce qu’on attend, en une phrase").fill(
        "La province compte au moins 77 000 entreprises."
    )
    page.get_by_label("Au moins").fill("77 000")
    page.get_by_label("Période à relire").fill("2019")
    page.get_by_label("Échéance").fill("2020-12-31")
    page.get_by_role("button", name="Inscrire l’attente").click()
    expect(page.locator("main")).to_contain_text("77 000")
