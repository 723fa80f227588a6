"""Every page of accounts opens for who may ask it, in our own frame and words."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from perron.site.accounts import urls

pytestmark = pytest.mark.django_db

ENTRANCE = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
]
MINE = [
    "account",
    "account_logout",
    "account_set_password",
    "mfa_index",
    "mfa_list_webauthn",
]
KEEPING = ["people", "invite", "roles", "role-add", "journal"]


def test_each_address_declares_its_access():
    for pattern in urls.urlpatterns:
        assert getattr(pattern.callback, "access", ""), pattern.name


@pytest.mark.parametrize("name", ENTRANCE)
def test_a_page_of_entrance_opens_to_anybody_in_our_frame(anyone, name):
    page = anyone.get(reverse(name))
    assert page.status_code == 200
    assert "Aller au contenu" in page.content.decode()


@pytest.mark.parametrize("name", [*MINE, *KEEPING])
def test_a_page_of_ones_own_opens_to_who_is_signed_in_and_sends_others_to_sign_in(
    anyone, as_role, name
):
    director = as_role("director")
    page = director.get(reverse(name))
    assert page.status_code == 200, page
    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    if name != "account_logout":  # somebody who is not signed in has nothing to leave
        sent = anyone.get(reverse(name))
        assert sent.status_code == 302
        assert sent["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", KEEPING)
def test_without_the_right_a_page_says_which_one_is_missing(as_role, name):
    page = as_role("analyst").get(reverse(name))
    assert page.status_code == 403
    assert "Votre rôle ne permet pas de" in page.content.decode()


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "socialaccount_signup", "socialaccount_connections"]
)
def test_nobody_signs_up_by_themselves(anyone, name):
    assert anyone.get(reverse(name)).status_code == 404
    assert anyone.post(reverse(name), {"email": "x@exemple.org"}).status_code == 404


def test_a_signed_in_name_is_in_the_head_with_what_the_role_opens(as_role):
    page = as_role("director", first_name="Zoé", last_name="<script>alert(1)</script>").get(
        reverse("account")
    )
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "Zoé &lt;script&gt;" in text
    assert reverse("people") in text
    assert reverse("journal") in text
    reader = as_role("reader").get(reverse("account")).content.decode()
    assert f'href="{reverse("people")}"' not in reader
    assert f'href="{reverse("journal")}"' not in reader


def test_the_resolver_knows_no_address_of_allauth_beside_ours():
    names = {n for n in get_resolver().reverse_dict if isinstance(n, str)}
    assert "account_request_login_code" not in names
    assert "mfa_signup_webauthn" not in names
