"""Accueil of a person of the demonstration: what waits, and a need noted from its one line."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_accueil_answers_first_and_passes_axe(sign_in, axe, picture, width, theme):
    page = sign_in("projets", "/", width, theme)
    expect(page.locator("main h1")).to_contain_text("vous attend")
    for title in ("Ce qui arrive à échéance", "Les trois champs et le registre"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, f"accueil-{width}")
    page.get_by_label("Noter un besoin").fill("12 techniciens de maintenance, pour avril, Herstal")
    page.get_by_role("button", name="Proposer une fiche").click()
    expect(page.locator("textarea[name=sentence]")).to_have_value(
        "12 techniciens de maintenance, pour avril, Herstal"
    )
