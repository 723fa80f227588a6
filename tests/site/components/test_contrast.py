"""The promises of the palette, computed from the style sheet: no browser needed."""

from __future__ import annotations

import pytest

from perron.site.components.contrast import measured, tokens

GROUNDS = ("paper", "surface", "sunken")


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(
    ("name", "least"),
    [("ink", 12.0), ("ink-2", 7.0), ("ink-3", 5.4), ("accent", 4.5), ("accent-hover", 4.5)],
)
def test_text_can_be_read_on_every_ground(name, ground, least):
    assert min(measured(name, ground)) >= least


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_field_and_the_ring_of_focus_are_seen(ground):
    assert min(measured("rule-strong", ground)) >= 3.0
    assert min(measured("focus", ground)) >= 3.0


@pytest.mark.parametrize("name", ["data-1", "data-2", "data-3", "data-4"])
def test_a_mark_of_data_stands_out_from_the_page(name):
    assert min(measured(name, "paper")) >= 3.0


@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("on-accent", "accent"),
        ("on-action", "action"),
        ("alert", "alert-soft"),
        ("alert", "paper"),
        ("ok", "ok-soft"),
        ("ok", "paper"),
        ("accent", "accent-soft"),
    ],
)
def test_words_on_a_coloured_ground_can_be_read(name, ground):
    assert min(measured(name, ground)) >= 4.5


def test_each_class_of_the_map_is_lighter_or_darker_than_the_one_before():
    from perron.site.components.contrast import luminance

    light, dark = zip(*(tokens()[f"seq-{i}"] for i in range(1, 6)), strict=True)
    falls = [luminance(c) for c in light]
    rises = [luminance(c) for c in dark]
    assert falls == sorted(falls, reverse=True)
    assert rises == sorted(rises)


def test_the_parser_reads_every_colour_of_the_style_sheet():
    from perron.site.components.contrast import TOKENS_CSS

    written = TOKENS_CSS.read_text(encoding="utf-8").count("light-dark(#")
    assert len([n for n in tokens() if n != "data-1"]) == written
