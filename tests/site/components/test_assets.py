"""Pages load the bundle where it was made and the sources otherwise; both exist."""

from __future__ import annotations

import json
import os

import pytest

from perron.site.components.assets import SOURCES, STATIC, path_of


def test_every_source_a_page_may_ask_for_is_there():
    assert [name for name, path in SOURCES.items() if not (STATIC / path).is_file()] == []


def test_every_import_of_the_plain_style_sheet_and_module_is_there():
    css = (STATIC / "perron/css/perron.css").read_text(encoding="utf-8")
    js = (STATIC / "perron/js/perron.js").read_text(encoding="utf-8")
    sheets = [line.split('"')[1] for line in css.splitlines() if line.startswith("@import")]
    modules = [line.split('"')[1] for line in js.splitlines() if line.startswith("import")]
    assert len(sheets) >= 8
    assert len(modules) >= 6
    assert all((STATIC / "perron/css" / name).is_file() for name in sheets)
    assert all((STATIC / "perron/js" / name).is_file() for name in modules)


def test_without_a_bundle_the_sources_are_served(tmp_path):
    assert path_of("perron.css", tmp_path / "manifest.json") == "perron/css/perron.css"


def test_a_new_bundle_is_seen_without_a_restart(tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"perron.css": "perron-AAAAAAAA.css"}))
    assert path_of("perron.css", manifest) == "dist/perron-AAAAAAAA.css"
    manifest.write_text(json.dumps({"perron.css": "perron-BBBBBBBB.css"}))
    os.utime(manifest, (1, 1))
    assert path_of("perron.css", manifest) == "dist/perron-BBBBBBBB.css"


def test_debugging_reads_the_sources_even_beside_a_bundle(tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"perron.css": "perron-AAAAAAAA.css"}))
    assert path_of("perron.css", manifest, use_bundle=False) == "perron/css/perron.css"


def test_a_name_that_no_page_should_ask_for_is_a_mistake(tmp_path):
    with pytest.raises(KeyError):
        path_of("jquery.js", tmp_path / "manifest.json")


def test_no_template_carries_style_or_script_inline():
    from pathlib import Path

    import perron.site

    templates = list(Path(perron.site.__file__).parent.rglob("templates/**/*.html"))
    assert len(templates) > 15
    for template in templates:
        text = template.read_text(encoding="utf-8")
        assert " style=" not in text, template
        assert "<style" not in text, template
        assert "onclick=" not in text, template
        assert text.count("<script") == text.count('<script type="module" src='), template
