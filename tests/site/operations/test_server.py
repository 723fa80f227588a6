"""The real server answers on a free port, stops when told, and never opens itself unprotected."""

from __future__ import annotations

import json
import signal
import socket
from contextlib import closing
from urllib.request import urlopen

import pytest


def started(installed, *words: str):
    """A server that answers, and its address as it prints it."""
    server = installed.start("serve", "--port", "0", *words)
    return server, server.stdout.readline().strip()


def test_it_answers_where_it_says_and_stops_when_told(installed):
    server, address = started(installed)
    try:
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address + "/readyz", timeout=30) as answer:
            assert json.load(answer) == {"status": "ok", "database": "ok", "lake": "ok"}
        taken = installed.run("serve", "--port", address.rsplit(":", 1)[1], code=3)
        assert address.removeprefix("http://") in taken.stderr
        assert "--port" in taken.stderr
        refused = installed.run("restore", "anything.tar", code=1)
        assert "perron serve" in refused.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=30)
    assert server.returncode == 0, err
    assert out == ""
    with closing(socket.socket()) as link, pytest.raises(OSError):
        link.connect(("127.0.0.1", int(address.rsplit(":", 1)[1])))


@pytest.mark.slow
def test_every_line_of_its_log_is_json_without_personal_data(installed):
    server, address = started(installed)
    with urlopen(address + "/healthz?name=Dupont", timeout=30):
        pass
    server.send_signal(signal.SIGTERM)
    _out, err = server.communicate(timeout=30)
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["route"] for line in lines if line["message"] == "request"]
    assert "Dupont" not in err


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "PERRON_PUBLIC_URL"),
        ({"PERRON_PUBLIC_URL": "http://perron.example.org"}, "https"),
        ({"PERRON_PUBLIC_URL": "https://p.example.org", "PERRON_DEBUG": "true"}, "PERRON_DEBUG"),
        ({"PERRON_PUBLIC_URL": "https://p.example.org"}, "démonstration"),
    ],
)
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_outside_loopback_it_refuses_to_start_and_says_what_to_set(
    installed, environment: dict[str, str], said: str, host: str
):
    if said == "démonstration":
        (installed.home / "demonstration").touch()
    done = installed.run("serve", "--host", host, "--port", "0", code=1, **environment)
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_of_something_else_is_not_touched(bare):
    bare.home.mkdir()
    (bare.home / "thesis.odt").write_text("mine")
    for verb in ("demo", "serve", "check", "upgrade", "worker"):
        done = bare.run(verb, code=1)
        assert "thesis.odt" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert [p.name for p in bare.home.iterdir()] == ["thesis.odt"]


def test_a_home_where_people_have_accounts_never_becomes_a_demonstration(installed):
    with installed.link() as link:
        link.execute(
            "INSERT INTO accounts_user (password, is_superuser, username, first_name, last_name,"
            " email, is_staff, is_active, date_joined, rights_revision)"
            " VALUES ('x', false, 'anne', '', '', '', false, true, '2026-01-02 00:00:00+00', 0)"
        )
    done = installed.run("demo", "--port", "0", code=1)
    assert "perron serve" in done.stderr
    assert not (installed.home / "demonstration").exists()


@pytest.mark.slow
def test_the_demonstration_starts_from_nothing_and_again_in_seconds(bare):
    del bare.extra["PERRON_TERRITORY"]
    for _start in range(2):
        server = bare.start("demo", "--port", "0")
        address = server.stdout.readline().strip()
        with urlopen(address + "/readyz", timeout=30) as answer:
            assert json.load(answer)["status"] == "ok"
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
        assert server.returncode == 0
    assert (bare.home / "demonstration").exists()
