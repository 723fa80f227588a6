"""French punctuation stays with its word on a page, and nothing that a person typed is changed."""

from __future__ import annotations

NBSP = "\u00a0"


def _drawn(draw, html, language="fr"):
    return draw("{% filter unbroken %}{{ html|safe }}{% endfilter %}", language, html=html)


def test_no_line_can_begin_with_a_mark_or_end_with_an_opening_quote(draw):
    html = _drawn(draw, "<p>Source : la « table » ; où ?</p>")
    assert html == f"<p>Source{NBSP}: la «{NBSP}table{NBSP}»{NBSP}; où{NBSP}?</p>"


def test_attributes_and_typed_text_are_left_as_they_are(draw):
    for html in (
        '<input value="a : b ?">',
        "<textarea>quoi ?</textarea>",
        "<code>x ? y : z</code>",
        "<a href='/?q=a ;b' title='c : d'></a>",
    ):
        assert _drawn(draw, html) == html


def test_other_languages_are_left_as_they_are(draw):
    assert _drawn(draw, "<p>a : b</p>", "en") == "<p>a : b</p>"


def test_what_was_escaped_stays_escaped(draw):
    html = draw("{% filter unbroken %}{{ text }}{% endfilter %}", text="<b> : & ?")
    assert html == f"&lt;b&gt;{NBSP}: &amp;{NBSP}?"


def test_an_error_message_is_announced_at_once_and_an_ordinary_one_politely(draw):
    assert 'role="alert"' in draw('{% toast "Rien n’a changé." bad=True %}')
    assert 'role="status"' in draw('{% toast "Table publiée." %}')


def test_a_disabled_button_says_why(draw):
    html = draw('{% button "Signer" why_not="Il manque la date." %}')
    assert "disabled" in html
    assert "Il manque la date." in html


def test_an_empty_list_says_how_to_fill_it(draw):
    html = draw('{% empty "Aucune table" "Chargez-en une." "Charger" "/donnees/" %}')
    assert '<a class="btn" href="/donnees/">Charger</a>' in html
