"""Messages, buttons and empty lists say what one needs to go on."""

from __future__ import annotations


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
