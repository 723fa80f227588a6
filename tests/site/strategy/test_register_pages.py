"""The pages of the register: the list and its filters, a sheet, the forms and who may use them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from perron.errors import InputError
from perron.site.accounts.access import ANYONE
from perron.site.accounts.models import Entry
from perron.site.strategy import services
from perron.site.strategy.models import Driver, Evidence, Exposure

REGISTER = "/diversifier/moteurs/registre/"
FORM = {
    "title": "Un moteur de plus",
    "sentence": "Une demande nouvelle arrive d’Allemagne.",
    "kind": "demand",
    "direction": "opportunity",
    "status": "watched",
    "territory": "60000",
    "since": "2024",
}


def text_of(answer: object) -> str:
    """The page with plain spaces: French typography makes some of them unbreakable."""
    text: str = answer.content.decode()  # type: ignore[attr-defined]
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_an_empty_register_says_what_it_is_and_how_to_fill_it(
    reader: Client, writer: Client
) -> None:
    text = text_of(reader.get(REGISTER))
    assert "Aucun moteur de changement n’est inscrit." in text
    assert reverse("driver-add") not in text
    text = text_of(writer.get(REGISTER))
    assert reverse("driver-add") in text
    assert reverse("driver-import") in text


def test_drivers_are_listed_by_kind_with_their_evidence(reader: Client, driver: Driver) -> None:
    text = text_of(reader.get(REGISTER))
    assert "1 moteur de changement : 1 est une menace." in text
    assert "<h2>Réglementation</h2>" in text
    assert driver.sentence in text.replace("&#x27;", "'")
    assert "1 preuve" in text
    assert "attesté" in text


def test_filters_keep_what_they_say_and_a_threat_is_also_what_is_both(
    reader: Client, add: Callable[..., Driver]
) -> None:
    add(title="Une menace pure")
    add(title="Les deux à la fois", direction="both", kind="demand")
    add(title="Une chance pure", direction="opportunity")
    closed = add(title="Une affaire close")
    services.close_driver(driver=closed.pk, because="Finie.")

    def titles(query: str) -> set[str]:
        text = text_of(reader.get(REGISTER + query))
        return {
            t
            for t in (
                "Une menace pure",
                "Les deux à la fois",
                "Une chance pure",
                "Une affaire close",
            )
            if t in text
        }

    assert titles("") == {"Une menace pure", "Les deux à la fois", "Une chance pure"}
    assert titles("?sens=threat") == {"Une menace pure", "Les deux à la fois"}
    assert titles("?sens=both") == {"Les deux à la fois"}
    assert titles("?nature=demand") == {"Les deux à la fois"}
    assert titles("?etat=closed") == {"Une affaire close"}
    assert len(titles("?etat=all")) == 4
    assert titles("?nature=rien&sens=rien") == titles("")
    empty = text_of(reader.get(REGISTER + "?nature=closure"))
    assert "Aucun moteur ne répond à ce choix." in empty


def test_what_is_invented_says_so_wherever_it_shows(
    reader: Client, add: Callable[..., Driver]
) -> None:
    made = add(fictional=True)
    services.add_exposure(driver=made.pk, activity="24", share=None, reason="Pour l’essai.")
    for address in (REGISTER, f"{REGISTER}{made.pk}/"):
        assert "exemple fictif" in text_of(reader.get(address)), address
    file = text_of(reader.get(reverse("driver-exposures", args=["csv"])))
    assert "exemple fictif" in file


def test_a_sheet_shows_evidence_activities_exposure_and_journal(
    reader: Client, driver: Driver
) -> None:
    text = text_of(reader.get(f"{REGISTER}{driver.pk}/"))
    assert 'href="https://eur-lex.europa.eu/eli/reg/2023/956/oj"' in text
    assert "Sidérurgie" in text
    assert "Moteur inscrit" in text
    # 9 enterprises of 77,536, beside 80 in the country (Statbel 2019, NACE 24.10)
    assert "9 entreprises d’ici" in text
    other = text_of(reader.get(f"{REGISTER}{driver.pk}/?territoire=62063"))
    assert "non mesuré" in other


def test_a_withdrawn_evidence_stays_readable_with_its_reason(
    reader: Client, driver: Driver
) -> None:
    services.withdraw_evidence(evidence=driver.evidences.get().pk, because="Page retirée.")
    text = text_of(reader.get(f"{REGISTER}{driver.pk}/"))
    assert "1 preuve retirée" in text
    assert "Page retirée." in text
    assert "Un moteur sans preuve n’est qu’une opinion" in text


@pytest.mark.parametrize("address", [f"{REGISTER}999/", f"{REGISTER}?territoire=99999"])
def test_what_does_not_exist_is_not_found(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_no_query_grows_with_the_register(
    reader: Client, add: Callable[..., Driver], django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        made = add(title=f"Moteur numéro {number}")
        services.add_exposure(driver=made.pk, activity="24", share=None, reason="Pour l’essai.")
    reader.get(REGISTER)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        reader.get(REGISTER)


def test_a_sheet_is_handed_over_as_a_document(reader: Client, driver: Driver) -> None:
    text = text_of(reader.get(f"{REGISTER}{driver.pk}/"))
    assert f"/documents/moteur/{driver.pk}.pdf?territoire=60000" in text
    answer = reader.get(f"/documents/moteur/{driver.pk}.pdf?territoire=60000")
    assert answer["Content-Type"] == "application/pdf"
    said = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("Journal officiel", "Le règlement vise l’acier", "attesté", "Sidérurgie"):
        assert words in said.replace("\n", " ").replace("  ", " "), words
    for key in ("0", "999999", "x", "1" * 40):
        assert reader.get(f"/documents/moteur/{key}.pdf").status_code == 404


# --- forms ------------------------------------------------------------------------------------------


def _token(client: Client, address: str) -> str:
    page = text_of(client.get(address))
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found.group(1)


def test_a_driver_is_added_by_its_form(strict: Client) -> None:
    address = reverse("driver-add")
    token = _token(strict, address)
    answer = strict.post(address, FORM | {"csrfmiddlewaretoken": token})
    made = Driver.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{REGISTER}{made.pk}/")
    assert (made.kind, made.since, made.fictional) == ("demand", "2024", False)


def test_a_form_without_its_token_writes_nothing(strict: Client) -> None:
    answer = strict.post(reverse("driver-add"), FORM)
    assert answer.status_code == 403
    assert "ce que vous aviez écrit y est encore" in text_of(answer)
    assert not Driver.objects.exists()


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept(writer: Client) -> None:
    typed = FORM | {"since": "l’an passé", "owner": "marie@exemple.be", "kind": ""}
    answer = writer.post(reverse("driver-add"), typed)
    text = text_of(answer)
    assert answer.status_code == 422
    assert "3 champs sont à revoir : rien n’est enregistré, rien n’est perdu." in text
    for name in ("since", "owner"):
        assert f'id="id_{name}-error"' in text
        field = re.search(rf'<input[^>]*id="id_{name}"[^>]*>', text)
        assert field
        assert 'aria-invalid="true"' in field.group(0)
        assert f"id_{name}-error" in field.group(0)
    assert "Une demande nouvelle arrive d’Allemagne." in text
    assert "l’an passé" in text
    assert not Driver.objects.exists()


def test_no_script_comes_back_from_a_field(writer: Client, add: Callable[..., Driver]) -> None:
    bad = "<script>alert(1)</script>"
    text = text_of(writer.post(reverse("driver-add"), FORM | {"title": bad, "since": bad}))
    assert bad not in text
    made = add(title=f"Titre {bad}", sentence=f"Phrase {bad}")
    services.add_exposure(driver=made.pk, activity="24", share=None, reason=f"Raison {bad}")
    for address in (REGISTER, f"{REGISTER}{made.pk}/", reverse("driver-change", args=[made.pk])):
        assert bad not in text_of(writer.get(address)), address


def test_a_correction_made_twice_at_once_tells_the_second(writer: Client, driver: Driver) -> None:
    address = reverse("driver-change", args=[driver.pk])
    seen = FORM | {"revision": str(driver.revision)}
    assert writer.post(address, seen).status_code == 302
    second = writer.post(address, seen | {"title": "Le titre du second"})
    text = text_of(second)
    assert second.status_code == 422
    assert "a changé depuis que vous l’avez ouvert" in text
    assert "Le titre du second" in text
    driver.refresh_from_db()
    # once read, the same words can be saved
    assert f'name="revision" value="{driver.revision}"' in text
    again = seen | {"title": "Le titre du second", "revision": str(driver.revision)}
    assert writer.post(address, again).status_code == 302


def test_evidence_and_activities_are_added_corrected_and_withdrawn(
    writer: Client, add: Callable[..., Driver]
) -> None:
    made = add()
    evidence = {
        "title": "Une étude", "publisher": "Un institut", "date": "2024-03", "url": "https://exemple.be/",
        "table": "", "words": "Elle mesure la chose.", "grade": "probable",
    }  # fmt: skip
    assert writer.post(reverse("evidence-add", args=[made.pk]), evidence).status_code == 302
    exposed = {"activity": "24.10", "share": "30 %", "reason": "Fer et acier."}
    assert writer.post(reverse("exposure-add", args=[made.pk]), exposed).status_code == 302
    first, second = Evidence.objects.get(), Exposure.objects.get()
    assert (second.activity, second.share) == ("2410", 0.3)
    change = reverse("exposure-change", args=[made.pk, second.pk])
    assert "0,3" in text_of(writer.get(change))
    assert writer.post(change, exposed | {"share": "beaucoup"}).status_code == 422
    assert writer.post(change, exposed | {"share": ""}).status_code == 302
    second.refresh_from_db()
    assert second.share is None
    change = reverse("evidence-change", args=[made.pk, first.pk])
    assert writer.post(change, evidence | {"grade": "attested"}).status_code == 302
    away = reverse("driver-withdraw", args=[made.pk, "preuve", first.pk])
    assert writer.post(away, {"because": ""}).status_code == 422
    assert writer.post(away, {"because": "Périmée."}).status_code == 302
    assert writer.get(change).status_code == 404
    first.refresh_from_db()
    assert first.withdrawn_because == "Périmée."


def test_a_driver_is_closed_and_opened_again_by_its_form(writer: Client, driver: Driver) -> None:
    address = reverse("driver-close", args=[driver.pk])
    assert writer.post(address, {"because": " "}).status_code == 422
    assert writer.post(address, {"because": "La règle est abrogée."}).status_code == 302
    text = text_of(writer.get(f"{REGISTER}{driver.pk}/"))
    assert "La règle est abrogée." in text
    assert "Rouvrir le moteur" in text
    assert writer.post(address, {"because": "Elle revient."}).status_code == 302
    driver.refresh_from_db()
    assert (driver.status, driver.closed_because) == ("watched", "")


def test_an_evidence_of_another_driver_is_not_found(
    writer: Client, driver: Driver, add: Callable[..., Driver]
) -> None:
    other = add(title="Un autre moteur")
    evidence = driver.evidences.get()
    assert writer.get(reverse("evidence-change", args=[other.pk, evidence.pk])).status_code == 404
    away = reverse("driver-withdraw", args=[other.pk, "preuve", evidence.pk])
    assert writer.post(away, {"because": "Par erreur."}).status_code == 404
    assert writer.get(reverse("driver-withdraw", args=[driver.pk, "rien", 1])).status_code == 404


# --- who may write ------------------------------------------------------------------------------------


def _doors(driver: Driver) -> list[str]:
    one = [driver.pk]
    return [
        reverse("driver-add"),
        reverse("driver-import"),
        *(
            reverse(name, args=one)
            for name in ("driver-change", "driver-close", "evidence-add", "exposure-add")
        ),
        reverse("evidence-change", args=[*one, driver.evidences.get().pk]),
        reverse("exposure-change", args=[*one, driver.exposures.get().pk]),
        reverse("driver-withdraw", args=[*one, "preuve", driver.evidences.get().pk]),
    ]


@pytest.mark.parametrize("role", ["", "reader", "partner", "communication"])
def test_without_the_right_nobody_writes(
    as_role: Callable[..., Client], driver: Driver, role: str
) -> None:
    client = as_role(role)
    before = Entry.objects.count(), driver.revision
    for door in _doors(driver):
        for answer in (
            client.get(door),
            client.post(door, FORM | {"because": "Non.", "activity": "25"}),
        ):
            assert answer.status_code == (403 if role else 302), door
    driver.refresh_from_db()
    assert (Entry.objects.count(), driver.revision) == before
    for address in (REGISTER, f"{REGISTER}{driver.pk}/"):
        text = text_of(client.get(address))
        assert ("demande le droit" if role else "connectez-vous") in text
        for door in _doors(driver):
            assert f'href="{door}"' not in text, door


def test_with_the_right_every_door_is_open_and_the_journal_says_who(
    writer: Client, driver: Driver, reader: Client
) -> None:
    for door in _doors(driver):
        assert writer.get(door).status_code == 200, door
    assert writer.post(reverse("driver-add"), FORM).status_code == 302
    made = Driver.objects.get(title=FORM["title"])
    assert Entry.objects.get(kind="driver", key=str(made.pk)).actor is not None
    assert "Prénom" in text_of(writer.get(f"{REGISTER}{made.pk}/"))
    assert "Prénom" not in text_of(reader.get(f"{REGISTER}{made.pk}/"))


def test_a_verb_called_below_the_pages_asks_for_the_right_too(driver: Driver) -> None:
    with pytest.raises(InputError):
        services.close_driver(reader=ANYONE, driver=driver.pk, because="Non.")
    driver.refresh_from_db()
    assert driver.status == "watched"
