"""Each page that asks for an account, as the director sees it: axe at zero, no sideways scroll."""

from __future__ import annotations

import pytest

PAGES = {
    "accueil-dedans": "/",
    "repertoire": "/repertoire/",
    "organisation": "/repertoire/organisations/1/",
    "organisation-ajouter": "/repertoire/organisations/ajouter/",
    "contacts": "/repertoire/contacts/",
    "contact": "/repertoire/contacts/1/",
    "lien-ajouter": "/repertoire/liens/organisation/1/ajouter/",
    "importer": "/repertoire/echanges/importer/",
    "entretien": "/repertoire/entretien/",
    "doublons": "/repertoire/entretien/doublons/",
    "besoins": "/former/besoins/",
    "besoin-noter": "/former/besoins/noter/?phrase=12+soudeurs+pour+avril%2C+Herstal",
    "besoin": "/former/besoins/1/",
    "souvenirs": "/memoire/",
    "souvenir": "/memoire/1/",
    "defis": "/diversifier/defis/",
    "defi-ajouter": "/diversifier/defis/ajouter/",
    "moteur-ajouter-dedans": "/diversifier/moteurs/registre/ajouter/",
    "decisions": "/decider/registre/",
    "decision": "/decider/registre/2008-01/",
    "decision-inscrire": "/decider/registre/inscrire/",
    "decision-attente": "/decider/registre/2024-01/attente/",
    "echeances": "/decider/echeances/",
    "rejeu": "/decider/rejeu/",
    "indicateurs": "/decider/indicateurs/",
    "indicateur-ajouter": "/decider/indicateurs/ajouter/",
    "reglages": "/reglages/",
    "mots": "/reglages/mots/need/",
    "compte": "/compte/",
    "personnes": "/compte/personnes/",
    "inviter": "/compte/personnes/inviter/",
    "roles": "/compte/roles/",
    "role": "/compte/roles/1/",
    "journal": "/compte/journal/",
    "protection": "/compte/protection/",
    "exploitation": "/interne/exploitation/",
}

LOOKS = [
    (1280, "light"),
    pytest.param(360, "dark", marks=pytest.mark.slow),
    pytest.param(360, "light", marks=pytest.mark.slow),
    pytest.param(1280, "dark", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_inside_is_accessible_and_never_scrolls_sideways(
    sign_in, axe, picture, width, theme
):
    page = sign_in("direction", "/", width, theme)
    site = page.url.rstrip("/")
    faults = []
    for name, path in PAGES.items():
        answer = page.goto(site + path)
        if answer.status != 200:
            faults.append(f"{path}: {answer.status}")
            continue
        page.evaluate("document.fonts.ready")
        picture(page, f"{name}-{width}-{theme}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{path}: {wide} px wide in a window of {width}")
        try:
            axe(page)
        except AssertionError as fault:
            faults.append(str(fault).split("assert ")[0])
    assert faults == [], "\n".join(faults)
