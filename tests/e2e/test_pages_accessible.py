"""Every page, at both widths and in both themes: no axe violation, no error, no sideways scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

#: Each page of the site, with the status it answers.
PAGES = {
    "accueil": ("/", 200),
    "territoire": ("/diversifier/territoire/", 200),
    "secteurs": ("/diversifier/secteurs/?q=metaal", 200),
    "secteurs-branche": ("/diversifier/secteurs/?dans=C&niveau=classes&territoire=62000", 200),
    "secteur": ("/diversifier/secteurs/24/", 200),
    "secteur-fin": ("/diversifier/secteurs/2410/?territoire=62000", 200),
    "secteur-commune": ("/diversifier/secteurs/56/?territoire=62063", 200),
    "liens": ("/diversifier/liens/", 200),
    "liens-flux": ("/diversifier/liens/?reseau=flux", 200),
    "liens-activite": ("/diversifier/liens/?secteur=62", 200),
    "liens-vide": ("/diversifier/liens/?secteur=zzzz", 200),
    "moteurs": ("/diversifier/moteurs/", 200),
    "moteurs-gerfin": ("/diversifier/moteurs/?methode=gerfin&base=NL42,DEA2", 200),
    "moteurs-commune": ("/diversifier/moteurs/?territoire=62051", 200),
    "registre": ("/diversifier/moteurs/registre/", 200),
    "registre-rien": (
        "/diversifier/moteurs/registre/?nature=closure&sens=opportunity&etat=closed",
        200,
    ),
    "moteur": ("/diversifier/moteurs/registre/1/", 200),
    "connexion": ("/compte/connexion/", 200),
    "mot-de-passe": ("/compte/mot-de-passe/oublie/", 200),
    "invitation-inconnue": (f"/compte/invitation/{'x' * 43}/", 410),
    "confirmation-inconnue": (f"/repertoire/confirmer/{'x' * 43}/", 404),
    "options": ("/diversifier/options/", 200),
    "options-entreprises": ("/diversifier/options/?base=entreprises&secteur=254", 200),
    "options-commune": ("/diversifier/options/?territoire=62063", 200),
    "options-reference": ("/diversifier/options/?territoire=01000", 200),
    "comparer": ("/diversifier/comparer/", 200),
    "comparer-secteur": ("/diversifier/comparer/?territoires=62000,63000,52000&secteur=25", 200),
    "comparer-chercher": ("/diversifier/comparer/?territoires=62063,03000&q=zzzz", 200),
    "donnees": ("/donnees/", 200),
    "recherche": ("/recherche/?q=herstal", 200),
    "recherche-vide": ("/recherche/?q=zzzz", 200),
    "accessibilite": ("/accessibilite/", 200),
    "composants": ("/interne/composants/", 200),
    "introuvable": ("/cette-page-n-existe-pas/", 404),
}


#: Light on a desk at each run, for one page of each kind; all others in the slow part.
LOOKS = [
    pytest.param(
        name,
        width,
        theme,
        marks=[] if (width, theme) == (1280, "light") and "-" not in name else pytest.mark.slow,
    )
    for name in PAGES
    for width in (1280, 360)
    for theme in ("light", "dark")
]


@pytest.mark.parametrize(("name", "width", "theme"), LOOKS)
def test_a_page_is_accessible_quiet_and_never_scrolls_sideways(
    open_page, axe, picture, name, width, theme
):
    path, status = PAGES[name]
    page = open_page(path, width, theme, status=status)
    picture(page, f"{name}-{width}-{theme}")
    axe(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_an_open_panel_is_accessible_and_inside_the_window(open_page, axe, picture, width):
    page = open_page("/interne/composants/", width)
    for summary in page.locator("dl.facts details.prov > summary").all():
        summary.click()
        panel = page.locator("details.prov[open] .panel")
        expect(panel).to_have_count(1)
        box = panel.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    axe(page)
    picture(page, f"composants-panneau-{width}-light")


def test_the_open_menu_of_a_phone_is_accessible(open_page, axe, picture):
    page = open_page("/interne/composants/", 360)
    page.locator("details.menu > summary").click()
    expect(page.locator(".menu nav")).to_be_visible()
    axe(page)
    picture(page, "menu-360-light")
    page.keyboard.press("Escape")
    expect(page.locator(".menu nav")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 360])
def test_targets_are_at_least_24_pixels(open_page, width):
    page = open_page("/interne/composants/", width)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input, select')]
          .filter(e => e.checkVisibility() && !e.closest('svg') && !e.matches('.skip'))
          .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
          .filter(([, b]) => b.width && (b.height < 23.5 || b.width < 18))
          .filter(([html]) => !html.includes('type="radio"'))
          .map(([html, b]) => `${html} ${b.width}x${b.height}`)"""
    )
    assert small == []


def test_the_dark_theme_can_be_chosen_and_stays(open_page):
    page = open_page("/interne/composants/")
    button = page.locator(".top .wrap > .prefs button.theme")
    with page.expect_response(lambda answer: "preferences" in answer.url):
        button.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    with page.expect_response(lambda answer: "preferences" in answer.url):
        button.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(23, 20, 18)"


def test_every_page_works_without_script(open_page, picture):
    page = open_page("/interne/composants/", 1280, script=False)
    page.locator("details.prov > summary").first.click()
    expect(page.locator("details.prov .panel").first).to_be_visible()
    page.locator(".top .wrap > .prefs button.theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.locator("table.sortable tbody tr")).to_have_count(12)
    expect(page.locator(".tools")).to_be_hidden()
