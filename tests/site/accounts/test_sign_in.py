"""Signing in: by address, throttled, with a second factor, leaving nothing behind but a session."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydantic import ValidationError

from perron.config import Config
from perron.site.accounts import services, throttle
from perron.site.accounts.models import User

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "anne@exemple.org"
LOGIN = "/compte/connexion/"


def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def signed_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_the_address_signs_in_whatever_its_case_and_the_session_is_a_new_one(anyone, joined):
    joined(EMAIL)
    anyone.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    before = anyone.session.session_key
    assert sign_in(anyone, email=" Anne@Exemple.ORG ").status_code == 302
    assert signed_in(anyone)
    assert anyone.session.session_key != before


def test_a_wrong_password_and_an_unknown_address_are_told_alike(anyone, joined):
    joined(EMAIL)
    known, unknown = sign_in(anyone, "faux"), sign_in(anyone, "faux", "autre@exemple.org")
    said = "L’adresse ou le mot de passe n’est pas le bon"
    for page in (known, unknown):
        assert page.status_code == 200
        assert said in page.content.decode()
    assert not signed_in(anyone)


def test_five_failures_close_the_door_for_a_quarter_of_an_hour_and_say_until_when(anyone, joined):
    joined(EMAIL)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for _n in range(4):
            assert sign_in(anyone, "secret raté").status_code == 200
            cache.clear()  # as if another process answered the next one
        fifth = sign_in(anyone, "secret raté")
        assert fifth.status_code == 429
        assert int(fifth["Retry-After"]) == 900
        until = timezone.localtime(now + timedelta(minutes=15))
        assert f"revenez à {until:%H:%M}" in fifth.content.decode()
        assert sign_in(anyone).status_code == 429  # even with the right word
        assert sign_in(Client(), email="autre@exemple.org").status_code == 200
        assert sign_in(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302
    with time_machine.travel(now + timedelta(minutes=14), tick=False):
        assert sign_in(anyone).status_code == 429
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        assert sign_in(anyone).status_code == 302
    assert not AccessAttempt.objects.filter(username=EMAIL, ip_address="127.0.0.1").exists()


def test_a_password_that_was_tried_is_kept_nowhere(anyone, joined, caplog):
    joined(EMAIL)
    for _n in range(5):
        sign_in(anyone, "mon secret raté")
    assert AccessAttempt.objects.exists()
    assert "secret raté" not in str(list(AccessAttempt.objects.values()))
    assert "secret raté" not in caplog.text
    assert "127.0.0.1" not in caplog.text


@pytest.mark.parametrize("proxied", [True, False])
def test_the_place_is_that_of_the_proxy_only_where_one_stands_in_front(rf, monkeypatch, proxied):
    monkeypatch.setattr(throttle, "config", lambda: Config(behind_proxy=proxied))
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.4"})
    assert throttle.where_from(request) == ("198.51.100.4" if proxied else "127.0.0.1")
    nonsense = rf.get("/", headers={"X-Forwarded-For": "'; drop table"})
    assert throttle.where_from(nonsense) == (None if proxied else "127.0.0.1")


def test_leaving_takes_a_post(anyone, joined):
    joined(EMAIL)
    sign_in(anyone)
    assert anyone.get(reverse("account_logout")).status_code == 200
    assert signed_in(anyone)
    assert anyone.post(reverse("account_logout")).status_code == 302
    assert not signed_in(anyone)


@pytest.mark.parametrize("away", ["https://mal.exemple/", "//mal.exemple", "javascript:alert(1)"])
def test_after_signing_in_one_stays_on_this_site(anyone, joined, away):
    joined(EMAIL)
    answer = anyone.post(LOGIN, {"login": EMAIL, "password": PASSWORD, "next": away})
    assert answer["Location"] == "/"


def test_after_signing_in_one_comes_back_to_what_was_asked(anyone, joined):
    joined(EMAIL, "director")
    sent = anyone.get(reverse("journal") + "?quoi=role")
    page = anyone.get(sent["Location"]).content.decode()
    assert 'name="next" value="/compte/journal/?quoi=role"' in page
    answer = anyone.post(
        LOGIN, {"login": EMAIL, "password": PASSWORD, "next": "/compte/journal/?quoi=role"}
    )
    assert answer["Location"] == "/compte/journal/?quoi=role"


def test_a_closed_account_does_not_open(anyone, joined):
    joined(EMAIL)
    User.objects.update(is_active=False)
    answer = sign_in(anyone)
    assert answer["Location"] == reverse("account_inactive")
    assert not signed_in(anyone)


@pytest.mark.parametrize("given", ["x" * 10_000, "<script>alert(1)</script>@x.be", "a\0b@x.be", ""])
def test_a_hostile_address_is_an_address_like_any_other(anyone, given):
    page = sign_in(anyone, "x", given)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_a_code_is_asked_beside_the_password_once_the_application_is_active(anyone, joined):
    user = joined(EMAIL)
    sign_in(anyone)
    activate = reverse("mfa_activate_totp")
    again = anyone.get(activate)
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    anyone.post(again["Location"], {"password": PASSWORD, "next": activate})
    secret = anyone.get(activate).context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert anyone.post(activate, {"code": "000000" if code != "000000" else "1"}).status_code == 200
    assert anyone.post(activate, {"code": code})["Location"] == reverse("mfa_view_recovery_codes")
    assert anyone.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert anyone.get(reverse("mfa_download_recovery_codes")).content.decode().split()
    page = anyone.get(reverse("mfa_index")).content.decode()
    assert "plus qu’un mot de passe" in page
    other = Client(headers={"accept-language": "fr"})
    asked = sign_in(other)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert not signed_in(other)
    form = other.get(asked["Location"])
    assert "Encore un code" in form.content.decode()
    wrong = other.post(asked["Location"], {"code": "999999x"})
    assert "Ce code n’est pas le bon" in wrong.content.decode()
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    spare = RecoveryCodes(kept).get_unused_codes()[0]
    assert other.post(asked["Location"], {"code": spare}).status_code == 302
    assert signed_in(other)
    third = Client()
    sign_in(third)
    assert third.post(asked["Location"], {"code": spare}).status_code == 200  # it served once


def test_guessing_codes_ends_too(anyone, joined):
    user = joined(EMAIL)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    sign_in(anyone)
    for _n in range(5):
        anyone.post(reverse("mfa_authenticate"), {"code": "000001"})
    page = anyone.post(reverse("mfa_authenticate"), {"code": "000001"}).content.decode()
    assert "Trop d’essais" in page


def test_taking_the_second_factor_off_is_for_who_manages_people(anyone, joined, as_role):
    user = joined(EMAIL)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    director = as_role("director")
    assert (
        "Retirer la double protection"
        in director.get(reverse("person", args=[user.pk])).content.decode()
    )
    assert director.post(reverse("person-unprotect", args=[user.pk])).status_code == 302
    assert sign_in(anyone)["Location"] == "/"


def test_a_forgotten_password_is_chosen_anew_by_mail(anyone, joined, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    joined(EMAIL)
    for address in (EMAIL, "inconnue@exemple.org"):
        sent = anyone.post(reverse("account_reset_password"), {"email": address})
        assert sent["Location"] == reverse("account_reset_password_done")
    (message,) = mail.outbox  # nothing goes to an address without an account
    assert message.to == [EMAIL]
    link = next(word for word in message.body.split() if word.startswith("http"))
    form = anyone.get(link, follow=True)
    chosen = {"password1": "encore un mot long", "password2": "encore un mot long"}
    anyone.post(form.redirect_chain[-1][0], chosen)
    assert sign_in(anyone, "encore un mot long").status_code == 302


def test_where_no_mail_leaves_the_page_says_whom_to_ask(anyone, settings):
    settings.EMAIL_BACKEND = "perron.site.mail.Unsent"
    page = anyone.get(reverse("account_reset_password")).content.decode()
    assert "n’envoie pas d’e-mail" in page


def test_changing_the_password_keeps_this_session_and_ends_the_others(anyone, joined):
    joined(EMAIL)
    other = Client()
    sign_in(other)
    sign_in(anyone)
    asked = {
        "oldpassword": PASSWORD,
        "password1": "un tout autre mot",
        "password2": "un tout autre mot",
    }
    assert anyone.post(reverse("account_change_password"), asked).status_code == 302
    assert signed_in(anyone)
    assert not signed_in(other)


def test_a_form_without_its_token_signs_nobody_in(joined):
    joined(EMAIL)
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_what_is_over_is_forgotten_and_what_still_counts_is_kept(anyone, joined):
    joined(EMAIL)
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=30), tick=False):
        sign_in(Client())
        sign_in(Client(), "raté", "autre@exemple.org")
    done = services.forget_expired()
    assert (done.sessions, done.attempts) == (1, 1)
    sign_in(anyone)
    sign_in(Client(), "raté")
    done = services.forget_expired()
    assert (done.sessions, done.attempts) == (0, 0)
    assert signed_in(anyone)
    assert AccessAttempt.objects.get().username == EMAIL


def test_a_provider_half_set_is_refused_by_name(monkeypatch):
    with pytest.raises(ValidationError, match="oidc_client_secret"):
        Config(oidc_issuer="https://id.exemple", oidc_client_id="perron")
    assert "secret!" not in repr(
        Config(oidc_issuer="https://x.be", oidc_client_id="p", oidc_client_secret="secret!")
    )
