from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from perron.errors import InputError, OutsideError
from perron.sources.retrieve import Limits, retrieve

BODY = b"CD_REFNIS|MS_NUM_VAT\n62063|1\n" * 100
QUICK = Limits(size=1_000_000, connect=2, read=0.5, total=10, attempts=3, pause=0.01)


class Handler(BaseHTTPRequestHandler):
    """Answers as the last part of the path asks, and counts what it was asked."""

    asked: dict[str, int]
    release: threading.Event

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        count = self.asked[self.path] = self.asked.get(self.path, 0) + 1
        getattr(self, "answer_" + self.path.strip("/").split("/")[0])(count)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def answer_good(self, _count: int) -> None:
        self.send(BODY)

    def answer_third(self, count: int) -> None:
        status = {1: 503, 2: 429}.get(count, 200)
        self.send(BODY if status == 200 else b"later", status)

    def answer_down(self, _count: int) -> None:
        self.send(b"down", 500)

    def answer_gone(self, _count: int) -> None:
        self.send(b"gone", 404)

    def answer_cut(self, _count: int) -> None:
        self.send(BODY, Content_Length=str(len(BODY) * 2))

    def answer_huge(self, _count: int) -> None:
        self.send(BODY, Content_Length="99999999999")

    def answer_endless(self, _count: int) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while not self.release.is_set():
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def answer_hang(self, _count: int) -> None:
        self.release.wait(5)

    def answer_drip(self, _count: int) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while not self.release.is_set():
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass

    def answer_empty(self, _count: int) -> None:
        self.send(b"")

    def answer_loop(self, _count: int) -> None:
        self.send(b"", 302, Location="/loop/x")

    def answer_moved(self, _count: int) -> None:
        self.send(b"", 302, Location="/good/moved.txt")


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, int]]]:
    asked: dict[str, int] = {}
    release = threading.Event()
    handler = type("Bound", (Handler,), {"asked": asked, "release": release})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}", asked
        release.set()
        httpd.shutdown()


def test_a_download_is_known_by_name_checksum_and_time(server, tmp_path):
    told: list[tuple[int, int | None]] = []
    url = server[0] + "/good/TF_VAT%202019.txt?x=1"
    file = retrieve(url, tmp_path, limits=QUICK, progress=lambda *p: told.append(p))
    assert (file.name, file.size, file.url) == ("TF_VAT 2019.txt", len(BODY), url)
    assert file.sha256 == hashlib.sha256(BODY).hexdigest()
    assert file.path.read_bytes() == BODY
    assert file.retrieved.utcoffset().total_seconds() == 0
    assert told[-1] == (len(BODY), len(BODY))


def test_a_server_that_fails_twice_is_asked_a_third_time(server, tmp_path):
    file = retrieve(server[0] + "/third/a.txt", tmp_path, limits=QUICK)
    assert file.path.read_bytes() == BODY
    assert server[1]["/third/a.txt"] == 3


@pytest.mark.parametrize(
    ("path", "attempts", "words"),
    [
        ("/down/a", 3, "répond 500.*Essayé 3 fois"),
        ("/cut/a", 3, "coupée.*Essayé 3 fois"),
        ("/hang/a", 3, "temps admis.*Essayé 3 fois"),
        ("/gone/a", 1, "répond 404.*changé d'adresse"),
        ("/loop/a", 1, "ne peut pas être suivie"),
    ],
)
def test_a_failing_server_is_an_outside_error(server, tmp_path, path, attempts, words):
    with pytest.raises(OutsideError, match=words):
        retrieve(server[0] + path, tmp_path, limits=QUICK)
    assert server[1][path] == attempts


@pytest.mark.parametrize("path", ["/huge/a", "/endless/a"])
def test_too_much_is_refused_before_it_fills_the_disk(server, tmp_path, path):
    with pytest.raises(InputError, match="dépasse la taille admise"):
        retrieve(server[0] + path, tmp_path, limits=QUICK)
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= QUICK.size
    assert server[1][path] == 1


def test_a_drip_does_not_last_for_ever(server, tmp_path):
    limits = Limits(size=1000, read=2, total=0.3, attempts=2, pause=0.01)
    with pytest.raises(OutsideError, match="n'est pas fini"):
        retrieve(server[0] + "/drip/a", tmp_path, limits=limits)


def test_an_empty_answer_is_said_to_be_empty(server, tmp_path):
    with pytest.raises(InputError, match="vide"):
        retrieve(server[0] + "/empty/a", tmp_path, limits=QUICK)


def test_a_redirection_is_followed(server, tmp_path):
    assert retrieve(server[0] + "/moved/a", tmp_path, limits=QUICK).size == len(BODY)


def test_nobody_at_the_address_is_an_outside_error(tmp_path):
    with pytest.raises(OutsideError, match="connexion a échoué"):
        retrieve("http://127.0.0.1:9/a", tmp_path, limits=QUICK)


@pytest.mark.parametrize("url", ["ftp://example.org/a", "file:///etc/passwd"])
def test_other_kinds_of_addresses_are_refused(tmp_path, url):
    with pytest.raises(InputError, match="genre d'adresse"):
        retrieve(url, tmp_path)


@pytest.mark.parametrize("url", ["http://", "http://[::", "http:///x", "https://:99999/"])
def test_an_address_that_is_none_ends_in_a_sentence(tmp_path, url):
    with pytest.raises(InputError, match="n'est pas valable"):
        retrieve(url, tmp_path, limits=QUICK)


@pytest.mark.parametrize(("name", "words"), [("none.csv", "n'existe pas"), (".", "dossier"), ("a\0b", "lu|n'existe"), ("x" * 300, "ne peut pas être lu")])  # fmt: skip
def test_a_path_that_is_no_file_is_said(tmp_path, name, words):
    with pytest.raises(InputError, match=words):
        retrieve(tmp_path / name, tmp_path)


def test_an_empty_or_too_large_file_is_said(tmp_path):
    empty, large = tmp_path / "e.csv", tmp_path / "l.csv"
    empty.touch()
    large.write_bytes(b"x" * 2_000_000)
    with pytest.raises(InputError, match=r"e\.csv est vide"):
        retrieve(empty, tmp_path)
    with pytest.raises(InputError, match=r"l\.csv dépasse la taille admise \(0\.954 Mo\)"):
        retrieve(large, tmp_path, limits=QUICK)
