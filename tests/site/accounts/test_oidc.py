"""Signing in with the agency's provider: for who has an account or an invitation, and only if it is true."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from perron.config import Config
from perron.site.accounts import oidc, services
from perron.site.accounts.access import MACHINE
from perron.site.accounts.models import User
from perron.site.accounts.templatetags import perron_accounts

from .provider import CLAIMS, CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.django_db
START = "/compte/externe/agence/"


@pytest.fixture(scope="module")
def _server() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(_server: Provider, settings, monkeypatch) -> Provider:
    """The provider in its first state, and an installation that names it."""
    _server.signing, _server.forged, _server.userinfo = _server.key, {}, None
    _server.claims = dict(CLAIMS)
    known = Config(
        oidc_issuer=_server.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="Agence ID",
    )
    for module in (oidc, perron_accounts):
        monkeypatch.setattr(module, "config", lambda: known)
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "agence",
                    "name": "Agence ID",
                    "client_id": CLIENT,
                    "secret": SECRET,
                    "settings": {"server_url": _server.issuer},
                }
            ],
        }
    }
    return _server


def come_back(client: Client, provider: Provider):
    """Start from the page of sign-in, sign in at the provider, come back."""
    page = client.post(START)
    assert page.status_code == 200
    away = html.unescape(re.search(r'class="btn" href="([^"]+)"', page.content.decode()).group(1))
    assert away.startswith(provider.issuer + "/authorize?")
    back = urlsplit(provider.authorize(urlsplit(away).query))
    return client.get(f"{back.path}?{back.query}")


def inside(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_the_page_of_sign_in_offers_the_provider_only_where_one_is_set(
    anyone, provider, monkeypatch
):
    assert "Se connecter avec Agence ID" in anyone.get(reverse("account_login")).content.decode()
    monkeypatch.setattr(perron_accounts, "config", Config)
    assert START not in anyone.get(reverse("account_login")).content.decode()


def test_who_has_an_account_enters_it_and_the_next_time_too(anyone, provider, joined):
    user = joined("anne@exemple.org")
    assert come_back(anyone, provider).status_code == 302
    assert inside(anyone)
    assert SocialAccount.objects.get().user == user
    provider.claims["email"] = "autre@exemple.org"  # the identity stays, whatever the address
    again = Client()
    come_back(again, provider)
    assert inside(again)
    assert User.objects.count() == 1
    assert not SocialToken.objects.exists()


def test_who_is_invited_gets_the_account_of_the_invitation(anyone, provider):
    services.invite(MACHINE, "anne@exemple.org", "board")
    assert come_back(anyone, provider).status_code == 302
    assert inside(anyone)
    user = User.objects.get()
    assert (user.role.code, str(user)) == ("board", "Anne Dupont")
    assert not user.has_usable_password()


def test_who_is_neither_makes_no_account(anyone, provider):
    page = come_back(anyone, provider)
    assert page.status_code == 403
    assert "ni compte ni invitation" in page.content.decode()
    assert not User.objects.exists()
    assert not inside(anyone)


@pytest.mark.parametrize("verified", [False, "true", None])
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(
    anyone, provider, joined, verified
):
    joined("anne@exemple.org", "director")
    provider.claims["email_verified"] = verified
    page = come_back(anyone, provider)
    assert page.status_code == 403
    assert "ne garantit pas" in page.content.decode()
    assert not inside(anyone)


@pytest.mark.parametrize("how", ["key", "audience", "issuer", "expired", "other", "state", "code"])
def test_what_the_provider_did_not_say_opens_nothing(anyone, provider, joined, how):
    joined("anne@exemple.org", "director")
    if how == "key":
        provider.signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    elif how == "audience":
        provider.forged = {"aud": "another"}
    elif how == "issuer":
        provider.forged = {"iss": "https://mal.exemple"}
    elif how == "expired":
        provider.forged = {"exp": 1_000_000_000}
    elif how == "other":
        provider.userinfo = {**provider.claims, "sub": "someone else"}
    if how in ("state", "code"):
        anyone.post(START)
        query = {"state": "x", "code": "y"} if how == "state" else {"code": "y"}
        page = anyone.get(START + "retour/", query)
    else:
        page = come_back(anyone, provider)
    assert page.status_code in (403, 200)
    assert "n’a pas abouti" in page.content.decode()
    assert not inside(anyone)
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(anyone, provider, joined):
    joined("anne@exemple.org")
    User.objects.update(is_active=False)
    assert come_back(anyone, provider)["Location"] == reverse("account_inactive")
    assert not inside(anyone)


def test_an_identity_is_not_joined_to_whoever_is_signed_in(provider, as_role):
    client = as_role("director")
    page = come_back(client, provider)
    assert page.status_code == 403
    assert not SocialAccount.objects.exists()


def test_without_a_provider_there_is_no_such_page(anyone):
    assert anyone.post(START).status_code == 404
    assert anyone.get("/compte/externe/autre/retour/").status_code == 404
