"""A person signs in with the demonstration's account, adds a passkey, and enters with it alone."""

from __future__ import annotations

from playwright.sync_api import expect

WORD = "perron-exemple"


def test_a_passkey_is_added_then_signs_in_by_itself_and_as_a_second_step(browser, server):
    address = server.address.replace("127.0.0.1", "localhost")  # a key belongs to a name
    page = browser.new_context(locale="fr-BE").new_page()
    page.goto(f"{address}/compte/connexion/?next=/compte/protection/cles/ajouter/")
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    key = {"protocol": "ctap2", "transport": "internal", **able}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": key})

    def enter() -> None:
        page.get_by_label("Adresse e-mail").fill("lecture@exemple.test")
        page.get_by_label("Mot de passe", exact=True).fill(WORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()

    def leave() -> None:
        page.locator("details.account > summary").click()
        page.get_by_role("button", name="Se déconnecter").click()

    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_be_visible()
    enter()
    # What protects an account is changed only after proving oneself again.
    page.get_by_label("Mot de passe", exact=True).fill(WORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Nom de la clé").fill("Téléphone")
    page.get_by_label("Se connecter avec cette clé seule").check()
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("codes de secours")
    leave()
    page.goto(f"{address}/compte/connexion/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.locator("details.account")).to_be_visible()
    leave()
    page.goto(f"{address}/compte/connexion/")
    enter()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Encore un code")
    page.get_by_role("button", name="Utiliser une clé").click()
    expect(page.locator("details.account")).to_be_visible()
    # The account is shared by every test of this session: it is left as it was found.
    page.goto(f"{address}/compte/protection/cles/")
    page.get_by_role("link", name="Retirer Téléphone").click()
    page.get_by_label("Mot de passe", exact=True).fill(WORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aucune clé")
    page.context.close()


def test_where_the_site_has_no_name_the_page_of_keys_says_which_address_has_one(open_page):
    page = open_page("/compte/connexion/?next=/compte/protection/cles/ajouter/")
    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_be_hidden()
    page.get_by_label("Adresse e-mail").fill("finances@exemple.test")
    page.get_by_label("Mot de passe", exact=True).fill(WORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_label("Mot de passe", exact=True).fill(WORD)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("link", name="http://localhost")).to_be_visible()


def test_without_script_one_signs_in_with_a_password_and_no_key_is_offered(open_page):
    page = open_page("/compte/connexion/", script=False)
    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_be_hidden()
    page.get_by_label("Adresse e-mail").fill("instances@exemple.test")
    page.get_by_label("Mot de passe", exact=True).fill(WORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.locator("details.account")).to_be_visible()
