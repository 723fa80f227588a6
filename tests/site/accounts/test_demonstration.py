"""The public accounts of a demonstration exist there alone, and say that they are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from perron.config import DEMONSTRATION, Config
from perron.errors import InputError
from perron.site.accounts import backends, demonstration, services
from perron.site.accounts.models import Role, User
from perron.site.accounts.templatetags import perron_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Say which home this is: `place(mark=True, public_url="")`."""

    def at(mark: bool, public_url: str = "") -> None:
        home = tmp_path / f"home-{mark}-{bool(public_url)}"
        home.mkdir(exist_ok=True)
        if mark:
            (home / DEMONSTRATION).write_text("x", encoding="utf-8")
        settings = Config(home=home, public_url=public_url)
        for module in (backends, demonstration, services, perron_accounts):
            monkeypatch.setattr(module, "config", lambda: settings)

    return at


def enters(email: str) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": demonstration.PASSWORD})
    return client.get(reverse("account")).status_code == 200


def test_there_is_one_account_a_role_and_each_opens_its_own_pages(place):
    place(mark=True)
    made = demonstration.ensure(organisation=7)
    assert [a.role for a in made] == [r.name for r in Role.objects.all()]
    assert all(a.email.endswith("@exemple.test") for a in made)
    assert all("(exemple fictif)" in a.name for a in made)
    assert User.objects.get(role__code="partner").organisation == 7
    assert demonstration.ensure() == made
    assert User.objects.count() == len(made)
    assert all(enters(account.email) for account in made)


def test_the_page_of_sign_in_says_them_in_a_demonstration_only(place):
    place(mark=True)
    demonstration.ensure()
    page = Client(headers={"accept-language": "fr"}).get(reverse("account_login")).content.decode()
    assert demonstration.PASSWORD in page
    assert "direction@exemple.test" in page
    for mark, address in ((False, ""), (True, "https://perron.example.org")):
        place(mark=mark, public_url=address)
        page = Client().get(reverse("account_login")).content.decode()
        assert "exemple.test" not in page
        assert demonstration.PASSWORD not in page


@pytest.mark.parametrize(
    ("mark", "address"),
    [(False, ""), (True, "https://perron.example.org"), (False, "https://x.be")],
)
def test_elsewhere_they_are_not_made_do_not_enter_and_their_sessions_end(place, mark, address):
    place(mark=True)
    demonstration.ensure()
    inside = Client()
    inside.post(
        reverse("account_login"),
        {"login": "direction@exemple.test", "password": demonstration.PASSWORD},
    )
    assert inside.get(reverse("people")).status_code == 200
    place(mark=mark, public_url=address)
    assert inside.get(reverse("people")).status_code == 302
    assert not enters("direction@exemple.test")
    assert not enters("DIRECTION@exemple.test")
    with pytest.raises(InputError):
        demonstration.ensure()
    assert demonstration.accounts() == []
