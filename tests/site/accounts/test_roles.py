"""Roles are the agency's own, by a form; what one changes holds at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from perron.errors import RefusedError
from perron.site.accounts import roles, selectors
from perron.site.accounts.access import MACHINE, reader_of_user
from perron.site.accounts.models import Entry, Role, User

pytestmark = pytest.mark.django_db


def given(role: Role, **more):
    return {
        "name": role.name,
        "name_en": role.name_en,
        "description": role.description,
        "active": "on",
        "capabilities": role.capabilities,
        **more,
    }


def test_a_right_taken_from_a_role_is_gone_at_the_next_page(as_role):
    director, analyst = as_role("director"), as_role("analyst")
    assert analyst.get(reverse("operations")).status_code == 200
    role = Role.objects.get(code="analyst")
    fewer = [c for c in role.capabilities if c != "settings"]
    address = reverse("role", args=[role.pk])
    assert director.get(address).status_code == 200
    assert director.post(address, given(role, capabilities=fewer)).status_code == 302
    assert analyst.get(reverse("operations")).status_code == 403
    entry = Entry.objects.get(action="role")
    assert entry.changes["capabilities"] == [role.capabilities, fewer]


def test_a_role_is_added_with_a_code_of_its_own(as_role):
    director = as_role("director")
    for _n in range(2):
        asked = {
            "name": "Chargée d’Étude <b>",
            "capabilities": ["ledger.read", "nonsense"],
            "active": "on",
        }
        answer = director.post(reverse("role-add"), asked)
    assert answer.status_code == 422  # the same name twice
    role = Role.objects.get(name="Chargée d’Étude <b>")
    assert role.capabilities == ["ledger.read"]
    page = director.get(reverse("roles")).content.decode()
    assert "Chargée d’Étude &lt;b&gt;" in page


def test_two_names_that_look_alike_get_two_codes():
    first = roles.save_role(MACHINE, None, name="Étude")
    second = roles.save_role(MACHINE, None, name="Etude")
    assert (first.code, second.code) == ("etude", "etude-2")
    nothing = roles.save_role(MACHINE, None, name="日本")
    assert nothing.code == "role"


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 121}),
        ("name", {"name": "DIRECTION"}),
        ("description", {"description": "x" * 10_000}),
        ("name_en", {"name_en": "a\0b"}),
        ("active", {"active": ""}),
    ],
)
def test_a_wrong_role_is_refused_beside_its_field(as_role, person, field, more):
    person("board")
    role = Role.objects.get(code="board")
    page = as_role("director").post(reverse("role", args=[role.pk]), given(role, **more))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    kept = Role.objects.get(code="board")
    assert (kept.name, kept.active) == (role.name, True)


def test_nobody_gives_or_takes_a_right_that_they_lack(person, as_role):
    Role.objects.filter(code="communication").update(capabilities=["directory.read", "people"])
    reader = reader_of_user(person("communication"))
    board, director = Role.objects.get(code="board"), Role.objects.get(code="director")
    person("director")
    for role, wanted in ((board, ["ledger.read", "audit"]), (director, ["people"])):
        with pytest.raises(RefusedError) as refused:
            roles.save_role(reader, role.pk, name=role.name, capabilities=wanted)
        assert "capabilities" in refused.value.faults
    # A box that is locked stays as it was.
    client = as_role("communication")
    page = client.get(reverse("role", args=[director.pk])).content.decode()
    assert page.count("disabled") >= 13
    assert client.post(reverse("role", args=[director.pk]), given(director)).status_code == 302
    director.refresh_from_db()
    assert len(director.capabilities) == 15


def test_an_unknown_role_is_not_found(as_role):
    assert as_role("director").get(reverse("role", args=[99_999])).status_code == 404


def test_the_list_of_roles_asks_once(person, django_assert_num_queries):
    for n in range(30):
        roles.save_role(MACHINE, None, name=f"Rôle {n}")
    for _n in range(3):
        person("reader")
    with django_assert_num_queries(1):
        rows = selectors.roles()
    assert len(rows) == 40
    assert next(row.held for row in rows if row.role.code == "reader") == User.objects.count()
