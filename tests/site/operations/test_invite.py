"""`perron invite` opens the first account of an installation, and says in a line what is wrong."""

from __future__ import annotations

import re


def test_the_link_of_the_first_account_is_printed_alone_with_the_address_people_use(installed):
    done = installed.run(
        "invite", "anne@exemple.org", PERRON_PUBLIC_URL="https://perron.exemple.be"
    )
    link = r"https://perron\.exemple\.be/compte/invitation/[\w-]{43}/\n"
    assert re.fullmatch(link, done.stdout)
    assert "direction" in done.stderr
    with installed.link() as database:
        (kept,) = database.execute("SELECT token, email FROM accounts_invitation").fetchall()
    assert kept[1] == "anne@exemple.org"
    assert kept[0] not in done.stdout


def test_a_wrong_invitation_is_refused_in_a_line_and_prints_no_link(installed):
    done = installed.run("invite", "anne", "--role", "king", code=1)
    assert not done.stdout
    assert "adresse e-mail complète" in done.stderr
    assert "rôle de la liste" in done.stderr
