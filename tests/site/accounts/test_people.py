"""Rights change, accounts close, a person is forgotten; somebody always keeps the keys."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from perron.errors import InputError, RefusedError
from perron.site.accounts import journal, roles, selectors, services
from perron.site.accounts.access import ANYONE, MACHINE, person_of, reader_of_user
from perron.site.accounts.models import Entry, Grant, Invitation, Person, Role, User
from perron.site.directory.models import Organisation

pytestmark = pytest.mark.django_db


def refused(do) -> dict[str, str]:
    with pytest.raises(RefusedError) as error:
        do()
    return error.value.faults


def test_the_last_person_who_manages_people_is_neither_demoted_closed_nor_erased(person):
    director = person("director")
    person("director", is_active=False)
    reader = reader_of_user(director)
    assert refused(lambda: services.change_rights(reader, director.pk, "analyst", None))
    assert refused(lambda: services.set_active(reader, director.pk, False))
    assert refused(lambda: services.erase(reader, director.pk))
    role = Role.objects.get(code="director")
    fewer = [c for c in role.capabilities if c != "people"]
    assert "capabilities" in refused(
        lambda: roles.save_role(reader, role.pk, name=role.name, capabilities=fewer)
    )
    director.refresh_from_db()
    assert director.is_active
    assert director.role == role
    assert "people" in Role.objects.get(code="director").capabilities
    assert not Entry.objects.exists()


def test_with_another_keeper_the_first_may_leave(person):
    first, second = person("director"), person("director")
    services.erase(reader_of_user(first), first.pk)
    assert set(User.objects.all()) == {second}


def test_a_public_account_of_a_demonstration_keeps_no_keys(person):
    director = person("director")
    person("director", email="direction@exemple.test")
    assert refused(lambda: services.set_active(MACHINE, director.pk, False))


@pytest.mark.parametrize("what", ["role", "closed"])
def test_changing_the_rights_of_a_person_ends_their_sessions(as_role, what):
    director, other = as_role("director"), as_role("analyst")
    user = User.objects.get(role__code="analyst")
    assert other.get(reverse("account")).status_code == 200
    if what == "role":
        address, given = reverse("person", args=[user.pk]), {"role": "board", "organisation": ""}
    else:
        address, given = reverse("person-active", args=[user.pk]), {"active": "0"}
    assert director.post(address, given).status_code == 302
    assert other.get(reverse("account")).status_code == 302
    # Coming back to the same rights does not bring the old session back.
    services.set_active(MACHINE, user.pk, True)
    services.change_rights(MACHINE, user.pk, "analyst", None)
    assert other.get(reverse("account")).status_code == 302
    assert director.get(reverse("account")).status_code == 200


def test_an_erased_person_is_forgotten_and_what_they_did_stays(person, as_role):
    gone = person("analyst", email="partie@exemple.org", first_name="Zénobie", last_name="Partie")
    identifier, reader = person_of(gone), reader_of_user(gone)
    kept = Organisation.objects.create(name="Maison", plain_name="maison", owner=gone)
    Grant.objects.create(user=gone, kind="need", key="1", at=timezone.now())
    services.rename(reader, "Zénobie", "Partie")
    services.invite(MACHINE, "autre@exemple.org", "reader")
    director = as_role("director")
    address = reverse("person-erase", args=[gone.pk])
    assert "Cela ne se défait pas" in director.get(address).content.decode()
    assert director.post(address, {}).status_code == 422  # the second step is a tick
    assert User.objects.filter(pk=gone.pk).exists()
    assert director.post(address, {"sure": "1"}).status_code == 302
    assert not User.objects.filter(pk=gone.pk).exists()
    assert not Person.objects.filter(pk=identifier).exists()
    assert not Grant.objects.exists()
    assert Invitation.objects.count() == 1
    kept.refresh_from_db()
    assert kept.owner is None
    assert Entry.objects.filter(actor=identifier, action="rename").exists()
    page = director.get(reverse("journal")).content.decode()
    assert "personne effacée" in page
    assert "Zénobie" not in page
    assert director.get(address).status_code == 404


def test_a_manager_with_fewer_rights_cannot_touch_a_director(person):
    Role.objects.filter(code="communication").update(capabilities=["directory.read", "people"])
    person("director")
    target, reader = person("director"), reader_of_user(person("communication"))
    for do in (
        lambda: services.change_rights(reader, target.pk, "board", None),
        lambda: services.set_active(reader, target.pk, False),
        lambda: services.erase(reader, target.pk),
        lambda: services.open_password(reader, target.pk),
        lambda: services.remove_second_factor(reader, target.pk),
    ):
        assert "role" in refused(do)


def test_a_partner_belongs_to_an_organisation_found_by_name_or_number(as_role, person):
    director, user = as_role("director"), person("reader")
    first = Organisation.objects.create(name="Fédération Éclair", plain_name="federation eclair")
    Organisation.objects.create(name="Jumelle", plain_name="jumelle")
    Organisation.objects.create(name="JUMELLE", plain_name="jumelle")
    address = reverse("person", args=[user.pk])
    missing = director.post(address, {"role": "partner", "organisation": ""})
    assert "organisation" in missing.context["form"].errors
    twice = director.post(address, {"role": "partner", "organisation": "jumelle"})
    assert "numéro de la bonne" in str(twice.context["form"].errors["organisation"])
    assert (
        director.post(address, {"role": "partner", "organisation": "federation éclair"}).status_code
        == 302
    )
    user.refresh_from_db()
    assert user.organisation == first.pk
    assert "Fédération Éclair" in director.get(reverse("people")).content.decode()
    # The organisation goes with the role.
    services.change_rights(MACHINE, user.pk, "reader", first.pk)
    user.refresh_from_db()
    assert user.organisation is None


def test_a_link_to_a_new_password_serves_once_and_ends_open_sessions(as_role, person, anyone):
    director, other = as_role("director"), as_role("analyst")
    user = User.objects.get(role__code="analyst")
    page = director.post(reverse("person-password", args=[user.pk])).content.decode()
    link = page.split('id="lien" type="text" value="')[1].split('"')[0]
    form = anyone.get(link, follow=True)
    given = {"password1": "encore un mot long", "password2": "encore un mot long"}
    assert anyone.post(form.redirect_chain[-1][0], given).status_code == 302
    user.refresh_from_db()
    assert user.check_password("encore un mot long")
    assert other.get(reverse("account")).status_code == 302
    assert "ne vaut plus" in anyone.get(link, follow=True).content.decode()


def test_who_never_existed_and_who_is_gone_are_not_found(as_role):
    director = as_role("director")
    for key in (0, 999_999):
        for name in ("person", "person-erase"):
            assert director.get(reverse(name, args=[key])).status_code == 404
        for name in ("person-active", "person-password", "person-unprotect"):
            assert director.post(reverse(name, args=[key])).status_code == 404
    with pytest.raises(InputError, match="effacée"):
        services.erase(MACHINE, 999_999)


@pytest.mark.parametrize("role", ["analyst", "partner", ""])
def test_who_may_not_manage_people_changes_nothing(as_role, person, role):
    user, client = person("reader"), as_role(role)
    for name in ("person", "person-active", "person-password", "person-unprotect", "person-erase"):
        answer = client.post(
            reverse(name, args=[user.pk]), {"role": "director", "active": "0", "sure": "1"}
        )
        assert answer.status_code == (403 if role else 302)
    assert client.post(reverse("invite"), {"email": "x@exemple.org"}).status_code in (302, 403)
    user.refresh_from_db()
    assert (user.role.code, user.is_active) == ("reader", True)
    assert not Invitation.objects.exists()


def test_the_list_asks_as_much_for_thirty_people_as_for_three(person, django_assert_num_queries):
    reader = reader_of_user(person("director"))
    one = Organisation.objects.create(name="Maison", plain_name="maison")
    counts = []
    for more in (3, 27):
        for _n in range(more):
            person("partner", organisation=one.pk)
        with django_assert_num_queries(3):
            rows, _page = selectors.people(reader)
        counts.append(len(rows))
    assert counts == [4, 31]


def test_my_own_name_is_mine_to_change(as_role):
    client = as_role("reader")
    asked = {"first_name": "  Éloïse ", "last_name": "d’Or & Cie"}
    assert client.post(reverse("account"), asked).status_code == 302
    assert str(get_user_model().objects.get()) == "Éloïse d’Or & Cie"
    assert client.post(reverse("account"), {"first_name": "", "last_name": "x"}).status_code == 422


def test_an_account_without_a_role_or_with_a_closed_one_sees_what_the_public_sees(person):
    lost = person("")
    assert reader_of_user(lost).capabilities == frozenset()
    Role.objects.filter(code="board").update(active=False)
    assert reader_of_user(person("board")).capabilities == frozenset()
    assert reader_of_user(None) == ANYONE


def test_the_names_behind_the_log_are_asked_once(person, django_assert_num_queries):
    for n in range(30):
        services.rename(reader_of_user(person("reader")), "Prénom", f"Nom {n}")
    with django_assert_num_queries(2):
        lines, _next = journal.page(journal.Filters())
    assert len({line.who for line in lines}) == 30
