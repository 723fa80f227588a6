"""What a person may see is found by its title, with a slip of the finger; the rest neither shows nor counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perron.site.accounts.access import ANYONE, MACHINE, Reader, reader_of_user, visible
from perron.site.accounts.models import Grant, User
from perron.site.directory import records
from perron.site.directory.models import Contact, Need, Organisation, SearchEntry, SearchWord, Term
from perron.site.directory.search import selectors, services
from perron.site.directory.search.rows import told_by
from perron.site.directory.search.selectors import find
from perron.site.directory.search.words import asked, fold

pytestmark = pytest.mark.django_db

NAMES = (
    *("Aciéries d’Ougrée", "Institut Saint-Laurent", "Verrerie du Val", "Brasserie Cœur-de-Lion"),
    *("Laboratoire Hélène Straße", "Imprimerie des Guillemins", "Menuiserie Thiry & fils"),
    *("Centre de formation Étincelle", "Société coopérative des maraîchers", "Atelier 4000"),
)


def organisation(name: str, **more: Any) -> Organisation:
    made = Organisation.objects.create(name=name, plain_name=fold(name)[:200], **more)
    services.index("organisation", [made.pk])
    return made


def titles(query: str, reader: Reader = ANYONE, **more: Any) -> list[str]:
    return [hit.thing.title for hit in find(query, reader, **more)]


@pytest.fixture
def agency() -> Reader:
    """A colleague who reads the directory, by no account in particular."""
    return Reader(capabilities=frozenset({"directory.read"}))


def test_exact_words_come_before_begun_ones_and_titles_before_texts(agency: Reader) -> None:
    for name, makes in (
        ("Aciers et forges", ""),
        ("Acier", ""),
        ("Acierie de Liège", ""),
        ("Fonderie Nord", "acier"),
        ("Acter", ""),
    ):
        organisation(name, makes=makes, confidentiality="public")
    found = titles("acier")
    assert found[0] == "Acier"
    assert found.index("Fonderie Nord") < found.index("Acierie de Liège")
    assert found[-1] == "Acter"


def test_every_word_must_be_there_and_their_order_does_not_count() -> None:
    organisation("Verrerie du Val", confidentiality="public")
    organisation("Verrerie du Nord", confidentiality="public")
    assert titles("val verrerie") == ["Verrerie du Val"]
    assert titles("verrerie sud") == []
    assert titles("") == titles("   ") == titles("&&&") == []


@pytest.mark.parametrize(
    "hostile", ["<script>", "%", "' OR 1=1 --", "a" * 10_000, "\x00", "é" * 999]
)
def test_anything_can_be_typed(hostile: str) -> None:
    organisation("Atelier", confidentiality="public")
    assert titles(hostile) in ([], ["Atelier"])


def test_what_is_internal_is_found_by_who_has_the_right_alone(
    agency: Reader, person: Callable[..., User]
) -> None:
    owner, named = person("reader"), person("reader")
    secret = organisation("Projet Zéphyr", confidentiality="restricted", owner=owner)
    inside = organisation("Zéphyr interne", confidentiality="agency")
    Grant.objects.create(user=named, kind="organisation", key=str(secret.pk), at=timezone.now())
    partner = reader_of_user(person("partner", organisation=inside.pk))
    assert titles("zephyr") == []
    assert titles("zephyr", agency) == ["Zéphyr interne"]
    assert "Projet Zéphyr" in titles("zephyr", reader_of_user(owner))
    assert "Projet Zéphyr" in titles("zephyr", reader_of_user(named))
    assert titles("zephyr", partner) == ["Zéphyr interne"]
    assert set(titles("zephyr", MACHINE)) == {"Projet Zéphyr", "Zéphyr interne"}


def test_a_contact_is_never_public_whatever_the_record_says(agency: Reader) -> None:
    purpose = Term.objects.filter(family="purpose").first()
    made = Contact.objects.create(
        last_name="Inventé", purpose=purpose, legal_basis="consent", source="essai",
        confidentiality="public",
    )  # fmt: skip
    services.index("contact", [made.pk])
    assert titles("invente") == titles("invente", agency) == []
    assert titles("invente", Reader(capabilities=frozenset({"contacts.read"}))) == ["Inventé"]


def test_the_name_of_a_confidential_organisation_is_in_no_other_row() -> None:
    secret = organisation("Projet Zéphyr", confidentiality="restricted")
    need = Need(sentence="Un terrain", said_on=date(2026, 1, 1), organisation=secret)
    for openness in ("public", "agency", "restricted"):
        need.confidentiality = openness
        assert told_by(need, secret, secret.name) == ""
    secret.confidentiality = "agency"
    assert told_by(need, secret, secret.name) == secret.name
    need.confidentiality = "public"
    assert told_by(need, secret, secret.name) == ""


def test_a_change_is_found_at_once_and_its_old_words_no_more(agency: Reader) -> None:
    made = organisation("Ancien nom")
    changes = records.apply(made, {"name": "Raison nouvelle"})
    records.saved(MACHINE, made, "organisation-changed", "Nom corrigé.", changes)
    assert titles("raison", agency) == ["Raison nouvelle"]
    assert titles("ancien", agency) == []
    services.forget("organisation", [made.pk])
    assert titles("raison", agency) == []


def test_many_changes_are_brought_up_to_date_together(
    agency: Reader, django_assert_max_num_queries: Any
) -> None:
    made = Organisation.objects.bulk_create(
        [Organisation(name=f"Atelier numéro {n}", plain_name=f"{n}") for n in range(60)]
    )
    with django_assert_max_num_queries(24), services.together():
        for one in made:
            services.touched("organisation", one.pk)
    assert len(titles("atelier", agency, limit=100)) == 60


def test_an_absorbed_organisation_is_found_no_more(agency: Reader) -> None:
    kept, gone = organisation("Verrerie du Val"), organisation("Verrerie Duval")
    gone.merged_into = kept
    gone.save()
    services.index("organisation", [gone.pk])
    assert titles("verrerie", agency) == ["Verrerie du Val"]


def test_rebuilding_gives_what_each_change_had_given(agency: Reader) -> None:
    for name in NAMES:
        organisation(name)
    before = [titles(name, agency) for name in NAMES]
    assert services.rebuild() == len(NAMES)
    assert [titles(name, agency) for name in NAMES] == before
    assert SearchEntry.objects.count() == len(NAMES)


def test_the_questions_asked_do_not_grow_with_what_is_found(
    agency: Reader, django_assert_num_queries: Any
) -> None:
    for count in (3, 30):
        for n in range(count):
            organisation(f"Atelier {count} {n}")
        selectors._cache.clear()
        with django_assert_num_queries(4):
            find("atelier", agency, 100)


def test_a_kind_never_hides_the_others() -> None:
    for n in range(12):
        organisation(f"Port {n}", confidentiality="public")
    need = Need.objects.create(
        sentence="Un quai au port de Monsin", said_on=date(2026, 1, 1), confidentiality="public"
    )
    services.index("need", [need.pk])
    found = [hit.thing.kind for hit in find("port", ANYONE, 40, per_kind=4)]
    assert found.count("organisation") == 4
    assert {hit.thing.kind for hit in find("port", ANYONE, only="need")} == {"need"}
    assert SearchEntry.objects.filter(kind="need").count() == found.count("need")


@pytest.mark.django_db(transaction=True)
def test_words_of_other_writers_are_read_further_as_they_come() -> None:
    selectors._cache.clear()
    organisation("Premier atelier", confidentiality="public")
    assert titles("premier") == ["Premier atelier"]
    organisation("Deuxième atelier", confidentiality="public")
    assert titles("deuxieme") == ["Deuxième atelier"]
    # A writer that began earlier and finished later leaves a word with a smaller identifier.
    last = SearchWord.objects.latest("pk")
    selectors._cache["default"] = selectors._read(SearchWord.objects.filter(word=last.word))
    assert titles("premier") == ["Premier atelier"]
    selectors._cache.clear()


@given(st.data())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_who_may_see_a_record_finds_it_and_for_nobody_else_does_it_exist(
    person: Callable[..., User], data: st.DataObject
) -> None:
    Organisation.objects.all().delete()
    SearchEntry.objects.all().delete()
    owner = person("reader")
    for name in data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True)):
        openness = data.draw(st.sampled_from(["public", "agency", "restricted"]))
        mine = owner if data.draw(st.booleans()) else None
        organisation(name, confidentiality=openness, owner=mine)
    reader = data.draw(
        st.sampled_from(
            [ANYONE, reader_of_user(owner), Reader(capabilities=frozenset({"directory.read"}))]
        )
    )
    chance = data.draw(st.randoms())
    seen = {o.name for o in visible(Organisation.objects.all(), reader)}
    everything = list(Organisation.objects.values_list("name", flat=True))
    for name in everything:
        words = asked(name)
        long = [word for word in words if len(word) >= 5 and not word.isdigit()]
        slip = chance.choice(long)
        at = chance.randrange(len(slip) - 1)
        typo = slip[:at] + slip[at + 1] + slip[at] + slip[at + 2 :]
        queries = [name, fold(name), " ".join(typo if word == slip else word for word in words)]
        for query in queries:
            found = titles(query, reader)
            assert set(found) <= seen
            assert (name in found) == (name in seen), query
    # What may not be seen changes nothing of what is shown.
    before = [titles(name, reader) for name in everything]
    hidden = [str(o.pk) for o in Organisation.objects.all() if o.name not in seen]
    services.forget("organisation", hidden)
    assert [titles(name, reader) for name in everything] == before
