"""The pages and docstrings of the methods say what the code does: each example in them is run."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import perron.methods

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted((DOCS / "methods").rglob("*.md"))
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(perron.methods.__path__, "perron.methods.")
    if not module.ispkg
)
#: What a page of a method must say, by its headings.
SECTIONS = ("## Limits", "## Do not use it for", "## Sources")


def ran(test: doctest.DocTest) -> int:
    runner = doctest.DocTestRunner(verbose=False)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)
    return runner.tries


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_examples_of_a_page_give_what_it_prints(page: Path) -> None:
    test = doctest.DocTestParser().get_doctest(
        page.read_text(encoding="utf-8"), {}, page.name, str(page), 0
    )
    tries = ran(test)
    if page.parent.name == "economy":
        assert tries, "a page of a method has a worked example"


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_print(name: str) -> None:
    for test in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name)):
        ran(test)


@pytest.mark.parametrize("name", [name for name in MODULES if ".economy." in name])
def test_each_public_method_of_the_economy_has_an_example_and_a_source(name: str) -> None:
    """Functions that other modules call with arrays already checked say so by their name."""
    module = importlib.import_module(name)
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        said = ast.get_docstring(node) or ""
        assert said, f"{name}.{node.name} has no docstring"
        if ".. math::" in said and "Parameters" in said:
            assert "Source" in said, f"{name}.{node.name} names no source"
            assert ">>>" in said, f"{name}.{node.name} has no example"


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.parent.name == "economy"],
    ids=lambda page: page.stem,
)
def test_a_page_says_its_limits_and_what_it_is_not_for(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [section for section in SECTIONS if section not in text]
    assert not missing, f"{page.name} lacks {', '.join(missing)}"


def test_every_page_of_the_methods_is_in_the_index() -> None:
    index = (DOCS / "methods/index.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([^)]+\.md)\)", index))
    pages = {str(page.relative_to(DOCS / "methods")) for page in PAGES} - {"index.md"}
    assert linked == pages


@pytest.mark.parametrize(
    "page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS))
)
def test_the_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
