"""A person inscribes a driver in the browser: a fault first, then the driver, its evidence, what it touches."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

REGISTER = "/diversifier/moteurs/registre/"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_refused_form_is_accessible_and_keeps_what_was_typed(sign_in, axe, picture, width, theme):
    page = sign_in("analyste", f"{REGISTER}ajouter/", width, theme, later=422)
    page.get_by_label("Titre").fill("Une demande d’essai")
    page.get_by_label("Depuis").fill("l’an passé")
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.get_by_role("button", name="Inscrire le moteur").click()
    assert posted.value.status == 422
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("rien n’est perdu")
    expect(page.get_by_label("Titre")).to_have_value("Une demande d’essai")
    expect(page.locator("#id_since-error")).to_contain_text("n’est pas une période")
    alert.get_by_role("link", name="Depuis").click()
    expect(page.locator("#id_since")).to_be_in_viewport()
    axe(page)
    picture(page, f"moteur-refuse-{width}-{theme}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


def test_a_driver_is_inscribed_with_its_evidence_and_what_it_touches(sign_in, axe, picture):
    page = sign_in("analyste", REGISTER)
    page.get_by_role("link", name="Ajouter un moteur").click()
    page.get_by_label("Titre").fill("Le rail demande plus d’acier")
    page.get_by_label("En une phrase simple").fill(
        "Un plan d’essai commande des rails pour dix ans."
    )
    page.get_by_label("Demande", exact=True).check()
    page.get_by_label("opportunité", exact=True).check()
    page.get_by_label("Depuis").fill("2025")
    page.get_by_role("checkbox", name="Exemple fictif").check()
    page.get_by_role("button", name="Inscrire le moteur").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le rail demande plus d’acier")
    expect(page.locator(".head .tag.fiction")).to_have_text("exemple fictif")
    expect(page.locator("main")).to_contain_text("Un moteur sans preuve n’est qu’une opinion")

    page.get_by_role("link", name="Ajouter une preuve").first.click()
    page.get_by_label("Titre du document").fill("Plan d’essai")
    page.get_by_label("Éditeur").fill("Personne")
    page.get_by_label("Date de publication").fill("2025-01")
    page.get_by_label("Adresse de la page").fill("https://exemple.be/plan")
    page.get_by_label("Ce qu’elle dit, en une phrase").fill("Elle dit combien de rails.")
    page.get_by_label("déclaré").check()
    page.get_by_role("button", name="Inscrire la preuve").click()
    expect(page.get_by_role("link", name="Plan d’essai", exact=True)).to_be_visible()

    page.get_by_role("link", name="Ajouter une activité exposée").first.click()
    page.get_by_label("Activité").fill("24.10")
    page.get_by_label("Part exposée").fill("30 %")
    page.get_by_label("Pourquoi").fill("Les rails sortent du laminoir.")
    page.get_by_role("button", name="Inscrire l’activité").click()
    expect(page.locator("#activites")).to_contain_text("Sidérurgie")
    expect(page.locator("#activites")).to_contain_text("30")
    expect(page.locator(".facts").first).to_contain_text("Part des entreprises")
    expect(page.locator("#journal li")).to_have_count(3)
    axe(page)
    picture(page, "moteur-inscrit-1280-light")

    page.goto(page.url.rsplit("/moteurs/", 1)[0] + "/moteurs/registre/?nature=demand")
    card = page.locator("ul.drivers li").filter(has_text="Le rail demande plus d’acier")
    expect(card.locator(".tag.fiction")).to_be_visible()


def test_the_register_works_without_script(open_page):
    page = open_page(REGISTER, script=False)
    page.get_by_label("Nature").select_option("closure")
    page.get_by_role("button", name="Montrer").click()
    expect(page.locator("ul.drivers li")).to_have_count(1)
    page.locator("ul.drivers li a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("hauts-fourneaux")
    page.locator("details.prov > summary").first.click()
    expect(page.locator("details.prov .panel").first).to_be_visible()


def test_the_base_of_the_comparison_is_changed_by_the_form(open_page, axe):
    page = open_page("/diversifier/moteurs/")
    page.get_by_text("Changer la base, les années ou la méthode").click()
    axe(page)
    page.get_by_role("checkbox", name="Belgique").uncheck()
    page.get_by_role("checkbox", name="Limbourg néerlandais").check()
    page.get_by_role("checkbox", name="Hainaut").check()
    page.get_by_label("Méthode", exact=True).select_option("esteban")
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 régions")
    expect(page.locator("#parts")).to_contain_text("Effet d’allocation")
