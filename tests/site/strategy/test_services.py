"""The register keeps everything: one readable entry an action, nothing deleted, nothing half written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from perron.errors import InputError
from perron.site.accounts.models import Entry
from perron.site.directory.selectors import catalogue
from perron.site.strategy import rules, services
from perron.site.strategy.models import Driver, Evidence, Exposure

EVIDENCE = {
    "title": "Une page",
    "publisher": "Un office",
    "date": "2024",
    "url": "https://exemple.be/page",
    "words": "Elle dit une chose.",
    "grade": "probable",
}


def plain(text: str) -> str:
    """With plain spaces: French typography makes some of them unbreakable."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def said(driver: Driver) -> list[str]:
    return [
        plain(text)
        for text in Entry.objects.filter(kind="driver", key=str(driver.pk))
        .order_by("at", "id")
        .values_list("said", flat=True)
    ]


def test_every_action_leaves_one_entry_that_a_person_can_read(
    add: Callable[..., Driver],
) -> None:
    driver = add()
    evidence = services.add_evidence(driver=driver.pk, **EVIDENCE)
    exposure = services.add_exposure(driver=driver.pk, activity="24.10", share=0.5, reason="Acier.")
    driver.refresh_from_db()
    services.change_driver(driver=driver.pk, revision=driver.revision, title="Un autre titre")
    services.change_exposure(exposure=exposure.pk, activity="24.10", share=None, reason="Acier.")
    services.withdraw_evidence(evidence=evidence.pk, because="La page a été corrigée.")
    services.close_driver(driver=driver.pk, because="La règle est abrogée.")
    services.reopen_driver(driver=driver.pk, because="Elle revient.")
    assert said(driver) == [
        "Moteur inscrit : « Une règle d’essai ».",
        "Preuve ajoutée : « Une page » (Un office).",
        "Activité exposée : 24.10.",
        "Moteur corrigé : titre.",
        "Exposition corrigée : 24.10 (part).",
        "Preuve retirée : « Une page ». La page a été corrigée.",
        "Moteur clos : La règle est abrogée.",
        "Moteur rouvert : Elle revient.",
    ]
    changed = Entry.objects.get(kind="driver", key=str(driver.pk), action="driver-changed")
    assert changed.changes == {"title": ["Une règle d’essai", "Un autre titre"]}


def test_a_driver_that_holds_anything_cannot_be_deleted(driver: Driver) -> None:
    with pytest.raises(ProtectedError):
        driver.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.filter(pk=driver.pk)._raw_delete("default")
        connection.check_constraints()  # some engines look only at the end of the transaction
    assert Driver.objects.filter(pk=driver.pk).exists()


def test_a_correction_without_a_change_writes_nothing(driver: Driver) -> None:
    before = len(said(driver))
    services.change_driver(driver=driver.pk, revision=driver.revision, title=driver.title)
    assert len(said(driver)) == before


def test_the_second_of_two_people_is_told_what_changed_and_loses_nothing(driver: Driver) -> None:
    seen = driver.revision
    services.change_driver(driver=driver.pk, revision=seen, sentence="Le premier a écrit ceci ici.")
    with pytest.raises(services.ChangedMeanwhileError) as refused:
        services.change_driver(driver=driver.pk, revision=seen, sentence="Le second écrit cela là.")
    assert "Moteur corrigé : phrase." in plain(str(refused.value))
    driver.refresh_from_db()
    assert driver.sentence == "Le premier a écrit ceci ici."


def test_an_action_that_fails_writes_nothing_at_all(driver: Driver) -> None:
    before = said(driver), driver.revision
    with pytest.raises(rules.RefusedError):
        services.add_evidence(driver=driver.pk, **(EVIDENCE | {"url": "", "table": ""}))
    driver.refresh_from_db()
    assert (said(driver), driver.revision) == before
    assert Evidence.objects.filter(driver=driver).count() == 1


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"title": "  "}, "title", "vide"),
        ({"title": "x" * 121}, "title", "121 signes, 120 au plus"),
        ({"sentence": "x" * 401}, "sentence", "401 signes, 400 au plus"),
        ({"kind": "autre"}, "kind", "Technologie"),
        ({"direction": ""}, "direction", "menace"),
        ({"since": "23/10/2023"}, "since", "n’est pas une période"),
        ({"since": "2024", "until": "2023"}, "until", "précède le début"),
        ({"owner": "jean@exemple.be"}, "owner", "Une fonction, pas une personne"),
        ({"owner": "0477 12 34 56"}, "owner", "Une fonction, pas une personne"),
        ({"territory": "99999"}, "territory", "n’est pas dans la référence"),
        ({"status": "closed"}, "closed_because", "pourquoi"),
    ],
)
def test_a_wrong_driver_is_refused_beside_its_field(
    add: Callable[..., Driver], given: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(rules.RefusedError) as refused:
        add(**given)
    assert sentence in plain(refused.value.faults[field])
    assert not Driver.objects.exists()


def test_two_drivers_do_not_share_a_title(add: Callable[..., Driver]) -> None:
    add()
    with pytest.raises(rules.RefusedError) as refused:
        add()
    assert "porte déjà ce titre" in plain(refused.value.faults["title"])


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"url": ""}, "url", "table du lac"),
        ({"url": "javascript:alert(1)"}, "url", "adresse publique"),
        ({"url": "http://"}, "url", "adresse publique"),
        ({"table": "rien", "url": ""}, "table", "n’est pas dans le lac"),
        ({"date": "hier"}, "date", "n’est pas une période"),
        ({"words": "Une phrase. Puis une autre."}, "words", "Une seule phrase"),
        ({"grade": "sûr"}, "grade", "attesté"),
    ],
)
def test_a_wrong_evidence_is_refused_beside_its_field(
    driver: Driver, given: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(rules.RefusedError) as refused:
        services.add_evidence(driver=driver.pk, **(EVIDENCE | given))
    assert sentence in plain(refused.value.faults[field])


def test_a_table_of_the_lake_is_kept_in_the_version_that_was_read(driver: Driver) -> None:
    evidence = services.add_evidence(
        driver=driver.pk, **(EVIDENCE | {"url": "", "table": "regional_jobs"})
    )
    version = catalogue().snapshot("regional_jobs").manifest.version
    assert evidence.version == version
    Evidence.objects.filter(pk=evidence.pk).update(version="2020-01-01")
    changed = services.change_evidence(
        evidence=evidence.pk,
        **(EVIDENCE | {"url": "", "table": "regional_jobs", "words": "Elle dit autre chose."}),
    )
    assert changed.version == "2020-01-01"


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"activity": "24.99"}, "activity", "Sous 24 : 24.1"),
        ({"activity": "Z"}, "activity", "une lettre de A à U"),
        ({"activity": "24.10"}, "activity", "déjà exposée"),
        ({"activity": "25", "share": 1.5}, "share", "30 % s’écrit 0,3"),
        ({"activity": "25", "share": "un peu"}, "share", "ne se lit pas"),
        ({"activity": "25", "reason": ""}, "reason", "vide"),
    ],
)
def test_a_wrong_exposure_is_refused_beside_its_field(
    driver: Driver, given: dict[str, object], field: str, sentence: str
) -> None:
    fields = {"share": None, "reason": "Une raison.", **given}
    with pytest.raises(rules.RefusedError) as refused:
        services.add_exposure(driver=driver.pk, **fields)
    assert sentence in plain(refused.value.faults[field])
    assert Exposure.objects.filter(driver=driver).count() == 1


def test_a_withdrawn_activity_can_be_named_again_and_both_stay(driver: Driver) -> None:
    first = driver.exposures.get()
    services.withdraw_exposure(exposure=first.pk, because="Lue de travers.")
    services.add_exposure(driver=driver.pk, activity="2410", share=1.0, reason="Relue.")
    assert driver.exposures.count() == 2
    with pytest.raises(InputError):
        services.withdraw_exposure(exposure=first.pk, because="Encore.")


def test_a_driver_is_closed_once_with_its_reason(driver: Driver) -> None:
    with pytest.raises(rules.RefusedError):
        services.close_driver(driver=driver.pk, because="  ")
    services.close_driver(driver=driver.pk, because="Fini.")
    with pytest.raises(InputError, match=r"déjà clos.: Fini"):
        services.close_driver(driver=driver.pk, because="Fini.")


def test_the_database_itself_refuses_a_closed_driver_without_reason(driver: Driver) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.filter(pk=driver.pk).update(status="closed")
