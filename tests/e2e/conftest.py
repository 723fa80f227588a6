"""A real browser on the real server: the demo, served by its own command, opened in Chromium.

Nothing is faked: `perron demo` runs as a process on a free port with a home of its own. A page
fails its test by itself when it logs an error, breaks the content security policy, asks another
host for anything, or scrolls sideways.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

#: Of every account of the demonstration: it is printed, and shown where one signs in.
PASSWORD = "perron-exemple"

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "screenshots"
STRICT = bool(os.environ.get("PERRON_STRICT") or os.environ.get("CI"))

#: Where people read: a desk and a small phone.
WIDTHS = (1280, 360)
THEMES = ("light", "dark")

#: WCAG 2.2 A and AA, and what axe calls good practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder opens a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def not_run(reason: str) -> None:
    """A browser test that can't run is named; where everything must run, it fails."""
    if STRICT:
        pytest.fail(reason)
    pytest.skip(reason)


def chromium() -> str | None:
    """The browser: PERRON_CHROMIUM, the one `make browser` kept, else the machine's."""
    kept = ROOT / ".cache" / "chromium-path"
    named = [
        os.environ.get("PERRON_CHROMIUM", ""),
        kept.read_text().strip() if kept.exists() else "",
    ]
    usual = ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"]
    found = (shutil.which(name) for name in [*named, *usual] if name)
    return next((path for path in found if path), None)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        not_run("no Chromium here: install one or run `make browser`")
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    opened = driver.chromium.launch(executable_path=path, args=arguments)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Server:
    """The demo that runs for this session, and where it writes what went wrong."""

    address: str
    process: subprocess.Popen[str]
    log: Path

    def state(self) -> str:
        """What to know when a page can't be had: a server that died says why."""
        code = self.process.poll()
        alive = "the server is running" if code is None else f"the server ended with {code}"
        return f"{alive}; its log ends with:\n{self.log.read_text()[-3000:]}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`perron demo`, in a home of its own, on a free port."""
    folder = tmp_path_factory.mktemp("demo")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PERRON_", "DJANGO_"))}
    path = os.pathsep.join(p for p in (str(ROOT / "src"), kept.get("PYTHONPATH", "")) if p)
    environment = {
        **kept,
        "PERRON_HOME": str(folder / "home"),
        "PYTHONPATH": path,
        "PERRON_DERIVED": os.environ["PERRON_DERIVED"],
    }
    log = folder / "server.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "perron", "demo", "--port", "0"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        address = next((line.strip() for line in lines if line.startswith("http://")), "")
        try:
            started = Server(address, process, log)
            if not address:
                pytest.fail(f"`perron demo` gave no address: {started.state()}")
            yield started
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """Open a page of the demo; when the test ends, judge what the browser saw of every page."""
    complaints: list[str] = []
    contexts: list[Any] = []
    site = server.address
    host = urlsplit(site).netloc

    def opened(
        path: str,
        width: int = 1280,
        theme: str = "light",
        *,
        script: bool = True,
        touch: bool = False,
        status: int = 200,
        later: int = 0,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            locale="fr-BE",
            reduced_motion="reduce",
            java_script_enabled=script,
            has_touch=touch,
        )
        contexts.append(context)
        page = context.new_page()

        def console(message: Any) -> None:
            # The browser logs the status of the page itself, which the test has asked for; `later` is
            # that of a form that the test means to be refused.
            asked = [code for code in (status, later) if code not in (0, 200)]
            expected = any(f"status of {code}" in message.text for code in asked)
            if message.type in ("error", "warning") and not expected:
                complaints.append(f"{path}: {message.type} in the console: {message.text}")

        def request(asked: Any) -> None:
            parts = urlsplit(asked.url)
            if parts.scheme != "data" and parts.netloc != host:
                complaints.append(f"{path}: a request left for {asked.url}")

        page.on("console", console)
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error}"))
        page.on("request", request)
        page.on(
            "response",
            lambda answer: (
                complaints.append(f"{path}: {answer.status} for {answer.url}")
                if answer.status >= 400 and answer.url != site + path and answer.status != later
                else None
            ),
        )
        try:
            answer = page.goto(site + path)
        except PlaywrightError as error:
            pytest.fail(f"{path}: {error.message.splitlines()[0]}; {server.state()}")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy, f"{path}: no strict policy: {policy!r}"
        if script:
            page.wait_for_function("document.fonts.status === 'loaded'")
            wide = page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            )
            assert wide[0] <= wide[1], f"{path} scrolls sideways at {width}: {wide}"
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def sign_in(open_page: OpenPage) -> OpenPage:
    """Open a page as a person of the demonstration: `sign_in("analyste", "/decider/registre/")`."""

    def signed(box: str, path: str, width: int = 1280, theme: str = "light", **more: Any) -> Page:
        page = open_page(f"/compte/connexion/?{urlencode({'next': path})}", width, theme, **more)
        page.locator("input[name=login]").fill(f"{box}@exemple.test")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(f"**{path}")
        return page

    return signed


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Assert that axe finds nothing on a page, in the state it is in."""
    if not AXE.exists():
        not_run("axe-core is not installed: run `make bundle`, or npm ci")
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        # Evaluated by the driver, so the page's policy stays as strict as it is served.
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags},"
            " resultTypes: ['violations'], preload: false})",
            AXE_TAGS,
        )
        said = [
            f"{broken['id']} ({broken['impact']}): {broken['help']}\n    "
            + "\n    ".join(node["html"][:200] for node in broken["nodes"][:5])
            for broken in found["violations"]
        ]
        assert not said, f"axe on {page.url}:\n" + "\n".join(said)
        assert found["passes"], "axe looked at nothing"

    return check


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a screenshot of the whole page in `screenshots/`, for the eye."""

    def keep(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return keep
