"""What every page promises: security headers, no third party, nothing inline, readable errors."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from django.test import Client

PAGES = [
    "/",
    "/diversifier/territoire/",
    "/diversifier/territoire/62000/",
    "/diversifier/territoire/61010/",
    "/diversifier/territoire/01000/",
    "/donnees/",
    "/recherche/?q=liege",
    "/recherche/?q=zzz",
    "/accessibilite/",
    "/interne/composants/",
    "/nulle-part/",
]


@pytest.mark.parametrize("page", PAGES)
def test_pages_ask_nothing_of_a_third_party_and_run_nothing_inline(
    reader: Client, page: str
) -> None:
    response = reader.get(page)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    text = response.content.decode()
    loaded = re.findall(r'<(?:script|link|img|iframe|source)[^>]+(?:src|href)="([^"]+)"', text)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_title_one_main_and_says_its_language(reader: Client, page: str) -> None:
    text = reader.get(page).content.decode()
    assert '<html lang="fr-BE"' in text
    assert text.count("<h1") == 1
    assert text.count("<main") == 1
    assert "{{" not in text
    assert "{%" not in text
    assert "GRE-Liège" in text


def test_home_answers_without_sign_in_and_names_the_territory(reader: Client) -> None:
    response = reader.get("/")
    assert response.status_code == 200
    assert "province de Liège" in response.content.decode()


def test_an_unknown_page_says_where_to_go(reader: Client) -> None:
    response = reader.get("/nulle-part/")
    assert response.status_code == 404
    assert "Revenir à l’accueil" in response.content.decode()


def test_an_unknown_territory_is_named_in_the_sentence(reader: Client) -> None:
    response = reader.get("/diversifier/territoire/99999/")
    assert response.status_code == 404
    assert "99999" in response.content.decode()


def test_abroad_is_no_territory(reader: Client) -> None:
    assert reader.get("/diversifier/territoire/-----/").status_code == 404


def test_theme_and_language_are_kept_and_lead_back_to_the_page(reader: Client) -> None:
    response = reader.post(
        "/preferences/", {"theme": "dark", "language": "en", "next": "/donnees/"}
    )
    assert response.status_code == 302
    assert response["Location"] == "/donnees/"
    text = reader.get("/").content.decode()
    assert 'data-theme="dark"' in text
    assert '<html lang="en"' in text


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""]
)
def test_preferences_never_lead_to_another_site(reader: Client, target: str) -> None:
    assert reader.post("/preferences/", {"theme": "dark", "next": target})["Location"] == "/"


def test_unknown_preferences_are_not_kept(reader: Client) -> None:
    response = reader.post("/preferences/", {"theme": "<b>", "language": "xx", "next": "/"})
    assert not response.cookies


def test_preferences_are_only_posted(reader: Client) -> None:
    assert reader.get("/preferences/").status_code == 405


def test_each_answer_carries_the_identifier_of_its_log_line(
    reader: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="perron.request"):
        response = reader.get(
            "/recherche/", {"q": "Jean Dupont"}, headers={"X-Request-ID": "0123456789abcdef"}
        )
    assert response["X-Request-ID"] == "0123456789abcdef"
    line = next(r for r in caplog.records if r.name == "perron.request")
    assert line.fields["route"] == "recherche/"
    assert line.fields["status"] == 200


def test_logs_hold_no_personal_data(reader: Client) -> None:
    from perron.site.logs import JsonFormatter

    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonFormatter().format(record))

    handler = Kept()
    logger = logging.getLogger("perron.request")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        reader.get(
            "/recherche/", {"q": "Jean Dupont"}, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Nokia"
        )
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert written
    for line in written:
        assert set(json.loads(line)) >= {"time", "level", "message"}
        for private in ("Dupont", "203.0.113.9", "Nokia"):
            assert private not in line


def test_health_pages_answer(reader: Client) -> None:
    assert reader.get("/healthz").json() == {"status": "ok"}
    ready = reader.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "database": "ok", "lake": "ok"}


def test_not_ready_when_the_lake_is_empty(reader: Client, tmp_path, monkeypatch) -> None:
    from perron.config import Config
    from perron.site import health

    monkeypatch.setattr(health, "config", lambda: Config(home=tmp_path))
    answer = reader.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["lake"] == "empty"


def test_an_unknown_host_is_refused_with_what_to_set(reader: Client) -> None:
    answer = reader.get("/", HTTP_HOST="perron.example.org")
    assert answer.status_code == 400
    assert "PERRON_ALLOWED_HOSTS" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_an_english_page_is_english_throughout(shipped_home: Path, db: None, page: str) -> None:
    text = Client(headers={"accept-language": "en"}).get(page).content.decode()
    assert '<html lang="en"' in text
    shown = re.sub(r"<[^>]*>", " ", text)
    for french in ("Données", "Entreprises", "supprimé", "non mesuré", "Enregistr", " à ", "d’où"):
        if page != "/interne/composants/":  # the specimens of that page are French texts
            assert french not in shown, french
