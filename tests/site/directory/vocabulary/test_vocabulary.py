"""The agency's own words: added, renamed and put out of use by a form, and offered everywhere at once (R4)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import ANYONE, MACHINE, reader_of_user
from perron.site.accounts.models import Entry, Role, User
from perron.site.directory.exchange import services as exchange
from perron.site.directory.models import Family, Memory, Need, Organisation, Term
from perron.site.directory.vocabulary import selectors, services


def browser(role: str) -> Client:
    client = Client(headers={"accept-language": "fr"})
    user = User.objects.create(username=f"{role}@example.org", role=Role.objects.get(code=role))
    client.force_login(user)
    return client


@pytest.fixture
def director(db: None) -> Client:
    return browser("director")


def text_of(answer: object) -> str:
    """The page with plain spaces and quotes."""
    text: str = answer.content.decode()  # type: ignore[attr-defined]
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


#: A form or list that offers each family, by the name of its address.
OFFERED = {
    Family.ORGANISATION: ("organisation-add", "directory"),
    Family.PURPOSE: ("contact-add",),
    Family.NEED: ("need-add", "needs"),
    Family.MEMORY: ("memory-add", "memories"),
    Family.COMMITMENT: ("ledger-new",),
}


@pytest.mark.parametrize("family", list(OFFERED))
def test_a_new_word_is_offered_at_once_wherever_its_family_is(
    director: Client, family: Family
) -> None:
    added = director.post(
        reverse("term-add", args=[family.value]), {"name": "Mot tout neuf", "name_en": "Brand new"}
    )
    assert added.status_code == 302
    Need.objects.create(sentence="Un besoin", said_on=timezone.localdate())
    kind = Term.objects.filter(family="memory").first()
    Memory.objects.create(kind=kind, title="T", period="2013", source="S")
    for name in OFFERED[family]:
        query = {"phrase": "3 soudeurs"} if name == "need-add" else {}
        page = text_of(director.get(reverse(name), query))
        assert '<option value="mot-tout-neuf">Mot tout neuf</option>' in page, name


def test_a_new_word_is_read_by_an_import_and_written_by_an_export(director: Client) -> None:
    term = services.add_term(MACHINE, "organisation", name="Coopérative d’énergie")
    reader = reader_of_user(User.objects.get(username="director@example.org"))
    file = "Nom;Type\nSoleil du Val;cooperative d’energie\n".encode()
    made = exchange.preview(reader, "organisation", file, "essai.csv")
    exchange.write(reader, made.pk)
    assert Organisation.objects.get(name="Soleil du Val").kind == term
    exported = director.get(reverse("directory-export", args=["csv"])).content.decode()
    assert "Soleil du Val" in exported
    assert "Coopérative d’énergie" in exported


def test_a_word_out_of_use_is_offered_no_more_and_stays_readable(director: Client) -> None:
    term = Term.objects.get(family="need", code="land")
    need = Need.objects.create(
        sentence="Un terrain, vite",
        kind=term,
        said_on=timezone.localdate(),
        confidentiality="agency",
    )
    put = director.post(reverse("term-use", args=["need", term.pk]), {"use": "no"})
    assert put.status_code == 302
    form = text_of(director.get(reverse("need-add"), {"phrase": "3 soudeurs"}))
    assert '<option value="land"' not in form
    change = text_of(director.get(reverse("need-change", args=[need.pk])))
    assert '<option value="land" selected' in change
    assert "terrain ou locaux" in text_of(director.get(reverse("need", args=[need.pk])))
    assert "Ce qui n’est plus proposé" in text_of(
        director.get(reverse("settings-family", args=["need"]))
    )
    director.post(reverse("term-use", args=["need", term.pk]), {"use": "yes"})
    assert "land" in dict(selectors.choices("need"))


def test_a_word_is_recognised_by_its_code_and_both_names_as_a_file_writes_them(db: None) -> None:
    offered = selectors.terms("organisation")
    for words in ("company", "Entreprise", " ENTREPRISE ", "haute ecole", "Université", "start up"):
        assert selectors.recognised(words, offered), words
    for words in ("", "   ", "inconnu", "entre", "<b>"):
        assert selectors.recognised(words, offered) is None


def test_the_last_word_in_use_of_a_family_stays_in_use(db: None) -> None:
    terms = selectors.terms("memory")
    for term in terms[1:]:
        services.put_out_of_use(MACHINE, term.pk)
    with pytest.raises(RefusedError, match="dernier mot"):
        services.put_out_of_use(MACHINE, terms[0].pk)


def test_renaming_keeps_the_code_and_what_uses_it_reads_the_new_name(db: None) -> None:
    term = Term.objects.get(family="need", code="skills")
    services.change_term(MACHINE, term.pk, name="savoir-faire", name_en="know-how")
    term.refresh_from_db()
    assert (term.code, str(term)) == ("skills", "savoir-faire")
    with override("en"):
        assert str(term) == "know-how"
    said = " ".join(Entry.objects.get(kind="term").said.split())
    assert said == "Mot renommé : « compétences » → « savoir-faire »."


@pytest.mark.parametrize(
    ("family", "given", "field"),
    [
        ("need", {"name": ""}, "name"),
        ("need", {"name": "Compétences"}, "name"),
        ("need", {"name": "…"}, "name"),
        ("need", {"name": "!!!"}, "name"),
        ("need", {"name": "x" * 121}, "name"),
        ("need", {"name": "neuf", "order": "dix"}, "order"),
        ("need", {"name": "neuf", "order": "10000"}, "order"),
        ("need", {"name": "neuf", "description": "x" * 301}, "description"),
        ("link", {"name": "touche"}, "inverse"),
    ],
)
def test_what_cannot_be_a_word_is_refused_beside_its_field(
    db: None, family: str, given: dict[str, str], field: str
) -> None:
    before = Term.objects.count()
    with pytest.raises(RefusedError) as refused:
        services.add_term(MACHINE, family, **given)
    assert list(refused.value.faults) == [field]
    assert Term.objects.count() == before


def test_two_words_that_slug_alike_get_codes_of_their_own(db: None) -> None:
    names = ("a b c", "a-b c!", "要件")
    codes = [services.add_term(MACHINE, "need", name=name).code for name in names]
    assert len(set(codes)) == 3


def test_a_field_of_another_family_is_not_kept(db: None) -> None:
    made = services.add_term(MACHINE, "need", name="neuf", social=True, inverse="x", code="zz")
    assert (made.social, made.inverse, made.code) == (False, "", "neuf")
    assert services.add_term(MACHINE, "criterion", name="bruit", social="on").social


def test_the_second_of_two_persons_is_told(director: Client) -> None:
    term = Term.objects.get(family="need", code="skills")
    seen = services.state(term)
    services.change_term(MACHINE, term.pk, name="savoir-faire")
    with pytest.raises(ChangedMeanwhileError):
        services.change_term(MACHINE, term.pk, seen, name="talents")
    address = reverse("term-change", args=["need", term.pk])
    told = director.post(address, {"name": "talents", "order": "10", "seen": seen})
    assert told.status_code == 422
    assert "En français : « savoir-faire »" in text_of(told)
    assert 'value="talents"' in text_of(told)
    term.refresh_from_db()
    assert term.name == "savoir-faire"


@pytest.mark.parametrize("role", ["project-manager", "training", "board", "partner", "reader"])
def test_who_may_not_set_words_neither_sees_nor_changes_them(db: None, role: str) -> None:
    client, term = browser(role), Term.objects.get(family="need", code="skills")
    assert client.get(reverse("settings")).status_code == 403
    assert client.get(reverse("settings-family", args=["need"])).status_code == 403
    for name, args in (
        ("term-add", ["need"]),
        ("term-change", ["need", term.pk]),
        ("term-use", ["need", term.pk]),
    ):
        assert client.post(reverse(name, args=args), {"name": "piraté"}).status_code == 403
    reader = reader_of_user(User.objects.get(username=f"{role}@example.org"))
    for wrong in (reader, ANYONE):
        with pytest.raises(InputError):
            services.add_term(wrong, "need", name="piraté")
        with pytest.raises(InputError):
            services.put_out_of_use(wrong, term.pk)
    assert not Term.objects.filter(name="piraté").exists()


def test_an_unknown_family_or_a_word_of_another_is_not_found(director: Client) -> None:
    term = Term.objects.get(family="link", code="owns")
    for address in (
        reverse("settings-family", args=["zzz"]), reverse("term-add", args=["zzz"]),
        reverse("term-change", args=["need", term.pk]), reverse("term-change", args=["need", 999_999]),
    ):  # fmt: skip
        assert director.get(address).status_code == 404
    assert director.post(reverse("term-use", args=["need", term.pk])).status_code == 404


def test_each_word_says_how_many_records_use_it_whatever_points_at_it(director: Client) -> None:
    kind = Term.objects.get(family="organisation", code="company")
    for n in range(3):
        Organisation.objects.create(name=f"O{n}", plain_name=f"o{n}", kind=kind)
    counted = {u.term.code: u.count for u in selectors.used("organisation")}
    assert (counted["company"], counted["university"]) == (3, 0)
    assert "3 fiches l’emploient" in text_of(
        director.get(reverse("settings-family", args=["organisation"]))
    )


def test_no_number_of_words_changes_the_number_of_queries(director: Client) -> None:
    counted = []
    for n in (3, 27):
        for each in range(n):
            services.add_term(MACHINE, "need", name=f"mot {n} {each}")
        director.get(reverse("settings"))
        with CaptureQueriesContext(connection) as queries:
            director.get(reverse("settings-family", args=["need"]))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_what_is_typed_is_shown_as_words_never_as_markup(director: Client) -> None:
    name = "<script>alert(1)</script>"
    assert director.post(reverse("term-add", args=["need"]), {"name": name}).status_code == 302
    for address in (
        reverse("settings-family", args=["need"]),
        reverse("needs"),
        reverse("settings"),
    ):
        assert "<script>alert" not in text_of(director.get(address))


def test_the_page_of_settings_leads_to_every_family(director: Client) -> None:
    page = text_of(director.get(reverse("settings")))
    for family in Family:
        assert reverse("settings-family", args=[family.value]) in page
