"""An account comes by a link only, which serves once, for one address, and is kept nowhere."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from perron.errors import InputError, RefusedError
from perron.site.accounts import links, services
from perron.site.accounts.access import MACHINE, reader_of_user
from perron.site.accounts.models import Entry, Invitation, Role, User

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
GIVEN = {"first_name": "Anne", "last_name": "Dupont", "password": PASSWORD, "again": PASSWORD}


def shown_link(page) -> str:
    return re.search(r'id="lien" type="text" value="([^"]+)"', page.content.decode()).group(1)


def test_a_director_invites_a_colleague_who_opens_the_account_and_is_signed_in(as_role, anyone):
    asked = {"email": "Anne.Dupont@Exemple.ORG", "role": "analyst", "days": "7", "organisation": ""}
    page = as_role("director").post(reverse("invite"), asked)
    link = shown_link(page)
    token = link.rstrip("/").rsplit("/", 1)[-1]
    assert token not in str(list(Invitation.objects.values()))
    opened = anyone.get(link)
    assert opened.status_code == 200
    assert "analyste" in opened.content.decode()
    done = anyone.post(link, GIVEN)
    assert done.status_code == 302
    user = User.objects.get(username="anne.dupont@exemple.org")
    assert (user.role.code, user.first_name) == ("analyst", "Anne")
    assert user.check_password(PASSWORD)
    assert "Anne Dupont" in anyone.get(reverse("account")).content.decode()
    acts = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["invite", "join"]
    assert "anne" not in str(list(Entry.objects.values("said", "changes"))).lower()


@pytest.mark.parametrize("how", ["used", "revoked", "expired", "forged", "long", "replaced"])
def test_a_link_that_does_not_serve_any_more_says_why_and_makes_nothing(anyone, how):
    made, token = services.invite(MACHINE, "anne@exemple.org", "analyst")
    if how == "used":
        services.accept(token, **GIVEN)
    elif how == "revoked":
        services.revoke(MACHINE, made.pk)
    elif how == "expired":
        Invitation.objects.update(expires=timezone.now())
    elif how == "forged":
        token = made.token  # what is in the database opens nothing
    elif how == "long":
        token = "é" * 5000
    else:
        services.invite(MACHINE, "anne@exemple.org", "board")
    count = User.objects.count()
    address = reverse("invitation", args=[token])
    for answer in (anyone.get(address), anyone.post(address, GIVEN)):
        assert answer.status_code == 410
        assert "nouveau lien" in answer.content.decode()
    assert User.objects.count() == count


def test_an_invitation_expires_at_its_day():
    _made, token = services.invite(MACHINE, "anne@exemple.org", "analyst", days=2)
    with (
        time_machine.travel(timezone.now() + timedelta(days=2, seconds=1), tick=False),
        pytest.raises(InputError, match="expiré"),
    ):
        services.accept(token, **GIVEN)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", {"email": "anne"}),
        ("email", {"email": "a" * 10_000 + "@exemple.org"}),
        ("email", {"email": "anne@exemple.org\nBcc: x@y.be"}),
        ("email", {"email": "moi@exemple.test"}),
        ("role", {"role": "king"}),
        ("days", {"days": "0"}),
        ("days", {"days": "31"}),
        ("days", {"days": "²"}),
        ("organisation", {"role": "partner"}),
        ("organisation", {"organisation": "Une maison inconnue <script>"}),
    ],
)
def test_a_wrong_invitation_is_refused_beside_its_field_and_kept_as_typed(as_role, field, given):
    asked = {"email": "anne@exemple.org", "role": "analyst", "days": "7", "organisation": ""}
    page = as_role("director").post(reverse("invite"), asked | given)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "<script>" not in page.content.decode().split("<main")[1]
    assert not Invitation.objects.exists()


def test_an_address_that_has_an_account_is_not_invited_again(joined):
    joined("anne@exemple.org")
    with pytest.raises(RefusedError, match="déjà un compte"):
        services.invite(MACHINE, " ANNE@exemple.org ", "reader")


def test_nobody_gives_a_role_with_rights_that_they_lack(person, as_role):
    Role.objects.filter(code="communication").update(
        capabilities=["directory.read", "ledger.read", "people"]
    )
    reader = reader_of_user(person("communication"))
    with pytest.raises(RefusedError) as refused:
        services.invite(reader, "anne@exemple.org", "director")
    assert set(refused.value.faults) == {"role"}
    services.invite(reader, "anne@exemple.org", "board")
    page = as_role("communication").get(reverse("invite")).content.decode()
    assert 'value="director"' not in page


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("first_name", {"first_name": " "}),
        ("last_name", {"last_name": "x" * 151}),
        ("last_name", {"last_name": "a\0b"}),
        ("password", {"password": "1234567890", "again": "1234567890"}),
        ("password", {"password": "court", "again": "court"}),
        ("password", {"password": "anne@exemple.org", "again": "anne@exemple.org"}),
        ("again", {"again": "autre chose encore"}),
    ],
)
def test_names_and_a_password_are_asked_in_plain_words(anyone, field, given):
    _made, token = services.invite(MACHINE, "anne@exemple.org", "analyst")
    page = anyone.post(reverse("invitation", args=[token]), GIVEN | given)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert PASSWORD not in page.content.decode()
    assert not User.objects.exists()


def test_two_people_with_one_link_make_one_account(monkeypatch):
    _made, token = services.invite(MACHINE, "anne@exemple.org", "analyst")

    def taken(self, *given, **more):
        raise IntegrityError("taken meanwhile")

    monkeypatch.setattr(User, "save", taken)
    with pytest.raises(InputError, match="déjà un compte"):
        services.accept(token, **GIVEN)
    monkeypatch.undo()
    services.accept(token, **GIVEN)
    with pytest.raises(InputError, match="déjà servi"):
        services.accept(token, **GIVEN)


def test_somebody_signed_in_is_told_to_leave_first(as_role):
    _made, token = services.invite(MACHINE, "anne@exemple.org", "analyst")
    page = as_role("reader").post(reverse("invitation", args=[token]), GIVEN)
    assert "Déconnectez-vous" in page.content.decode()
    assert User.objects.count() == 1


def test_where_mail_leaves_the_link_is_sent_to_the_invited_address_alone(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    made, token = services.invite(MACHINE, "anne@exemple.org", "analyst")
    link = links.of_invitation(token)
    assert links.sent(made, link)
    (message,) = mail.outbox
    assert message.to == ["anne@exemple.org"]
    assert link in message.body


def test_a_mail_server_that_fails_leaves_the_link_to_copy(as_role, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def fails(*given, **more):
        raise smtplib.SMTPConnectError(421, "away")

    monkeypatch.setattr(links, "send_mail", fails)
    asked = {"email": "anne@exemple.org", "role": "analyst", "days": "7", "organisation": ""}
    page = as_role("director").post(reverse("invite"), asked)
    assert "n’a pas pris le message" in page.content.decode()
    assert "/compte/invitation/" in shown_link(page)


def test_the_command_prints_the_link_of_the_first_account(tmp_path):
    """`perron invite` on a real home is in tests/cli; here: the link is on loopback by default."""
    _made, token = services.invite(MACHINE, "premiere@exemple.org", "director")
    assert links.of_invitation(token) == f"http://127.0.0.1:8000/compte/invitation/{token}/"


def test_a_withdrawn_invitation_leaves_the_list(as_role):
    director = as_role("director")
    made, _token = services.invite(MACHINE, "anne@exemple.org", "analyst")
    assert "anne@exemple.org" in director.get(reverse("people")).content.decode()
    address = reverse("invitation-revoke", args=[made.pk])
    assert director.post(address).status_code == 302
    assert "anne@exemple.org" not in director.get(reverse("people")).content.decode()
    assert director.post(address).status_code == 409
