"""Links: seen by who sees both ends, once, with a reason; read from either end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from perron.errors import InputError, RefusedError
from perron.site.accounts.access import ANYONE, MACHINE, reader_of_user
from perron.site.accounts.models import Entry
from perron.site.directory.links.selectors import links_of
from perron.site.directory.links.services import add_link, withdraw_link
from perron.site.directory.models import Link, Organisation, Term

Make = Callable[..., Any]
WHY = "Dit lors de la visite du 12 mars"


def name(thing: Organisation) -> tuple[str, str]:
    return "organisation", str(thing.pk)


@pytest.fixture
def two(organisation: Make) -> tuple[Organisation, Organisation]:
    return (
        organisation("Ateliers du Val", confidentiality="public"),
        organisation("Projet Discret", confidentiality="restricted"),
    )


def test_a_link_reads_from_its_other_end_in_its_own_words(two: Any) -> None:
    one, other = two
    add_link(MACHINE, "supplies", name(one), name(other), WHY)
    (there,) = links_of(*name(one), MACHINE).every
    (back,) = links_of(*name(other), MACHINE).every
    assert (there.words, there.other.title) == ("fournit", "Projet Discret")
    assert (back.words, back.other.title) == ("est fourni par", "Ateliers du Val")


def test_a_link_is_seen_by_who_sees_both_ends(two: Any, person: Make, as_role: Make) -> None:
    one, other = two
    link = add_link(MACHINE, "supplies", name(one), name(other), WHY)
    analyst = reader_of_user(person("analyst"))
    assert not links_of(*name(one), analyst) and not links_of(*name(one), ANYONE)
    with pytest.raises(InputError):
        withdraw_link(analyst, link.pk, "Pas vrai")
    client = as_role("analyst")
    page = client.get(reverse("organisation", args=[one.pk])).content.decode()
    assert "Discret" not in page and WHY not in page and "1 autre" not in page
    for url in (
        reverse("link-withdraw", args=[link.pk]),
        reverse("thing-links", args=name(other)),
        reverse("link-add", args=name(one)) + f"?vers=organisation:{other.pk}",
    ):
        assert client.get(url).status_code == 404


def test_the_log_of_one_end_does_not_name_the_other(two: Any) -> None:
    one, other = two
    add_link(MACHINE, "supplies", name(one), name(other), WHY)
    said = Entry.objects.filter(action="link-added", key=str(one.pk)).get().said
    assert "Discret" not in said and "fournit" in said
    back = Entry.objects.filter(action="link-added", key=str(other.pk)).get().said
    assert "est fourni par" in back


def test_the_same_link_twice_is_refused_in_words(two: Any) -> None:
    one, other = two
    add_link(MACHINE, "partner-of", name(one), name(other), WHY)
    for ends in ((one, other), (other, one)):  # partners are partners from both ends
        with pytest.raises(RefusedError) as refused:
            add_link(MACHINE, "partner-of", *map(name, ends), WHY)
        assert set(refused.value.faults) == {"to"}
    add_link(MACHINE, "supplies", name(one), name(other), WHY)
    add_link(MACHINE, "supplies", name(other), name(one), WHY)
    assert Link.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "loves"),
        ("kind", "company"),
        ("reason", ""),
        ("reason", "x" * 10_000),
        ("since", "jadis"),
        ("until", "2023-99"),
        ("to", ("organisation", "999999")),
        ("to", ("organisation", "1' OR 1=1")),
        ("to", ("unknown", "1")),
    ],
)
def test_each_wrong_field_is_refused_beside_itself(field: str, value: Any, two: Any) -> None:
    given = {"kind": "supplies", "reason": WHY, "from_": name(two[0]), "to": name(two[1])}
    with pytest.raises(RefusedError) as refused:
        add_link(MACHINE, **{**given, field: value})
    assert set(refused.value.faults) == {field}
    assert not Link.objects.exists()


def test_a_thing_is_not_linked_to_itself(two: Any) -> None:
    with pytest.raises(RefusedError) as refused:
        add_link(MACHINE, "supplies", name(two[0]), name(two[0]), WHY)
    assert set(refused.value.faults) == {"to"}


def test_a_link_withdrawn_is_nowhere_but_in_the_log_and_may_be_made_again(two: Any) -> None:
    one, other = two
    link = add_link(MACHINE, "supplies", name(one), name(other), WHY)
    with pytest.raises(RefusedError):
        withdraw_link(MACHINE, link.pk, " ")
    withdraw_link(MACHINE, link.pk, "La visite parlait d’une autre")
    assert not links_of(*name(one), MACHINE)
    assert Link.objects.get().withdrawn_because == "La visite parlait d’une autre"
    assert Entry.objects.filter(action="link-withdrawn").count() == 2
    with pytest.raises(InputError):
        withdraw_link(MACHINE, link.pk, "Encore")
    add_link(MACHINE, "supplies", name(one), name(other), WHY)


def test_sectors_and_places_are_ends_like_others(shipped_home: object, organisation: Make) -> None:
    one = organisation()
    add_link(MACHINE, "active-in", name(one), ("sector", "24"), WHY)
    add_link(MACHINE, "located-in", name(one), ("place", "62063"), WHY)
    titles = [linked.other.title for linked in links_of(*name(one), MACHINE).every]
    assert titles[0] == "Liège" and "Métallurgie" in titles[1]
    (back,) = links_of("sector", "24", MACHINE).every
    assert (back.words, back.other.title) == ("compte", one.name)


def test_a_link_is_made_from_the_page_of_a_thing_without_script(two: Any, as_role: Make) -> None:
    one, other = two
    client = as_role("director")
    url = reverse("link-add", args=name(one))
    assert "Projet Discret" in client.get(f"{url}?avec=organisation&q=discret").content.decode()
    to = f"{url}?vers=organisation:{other.pk}"
    refused = client.post(to, {"kind": "", "reason": ""})
    assert refused.status_code == 422 and "un lien sans raison" in refused.content.decode()
    made = client.post(to, {"kind": "supplies:inverse", "reason": WHY})
    assert made.status_code == 302
    link = Link.objects.get()
    assert (link.from_key, link.to_key) == (str(other.pk), str(one.pk))
    assert (
        client.post(reverse("link-withdraw", args=[link.pk]), {"because": "Faux"}).status_code
        == 302
    )


@pytest.mark.parametrize("count", [3, 30])
def test_links_take_the_same_queries_however_many(
    count: int, organisation: Make, django_assert_num_queries: Any
) -> None:
    one = organisation()
    kind = Term.objects.get(family="link", code="supplies")
    others = Organisation.objects.bulk_create(
        Organisation(name=f"Exemple {i}", plain_name=f"exemple {i}") for i in range(count)
    )
    Link.objects.bulk_create(
        Link(
            kind=kind,
            from_kind="organisation",
            from_key=str(one.pk),
            to_kind="organisation",
            to_key=str(o.pk),
            reason=WHY,
        )
        for o in others
    )
    with django_assert_num_queries(4):
        assert len(links_of("organisation", one.pk, MACHINE)) == count
