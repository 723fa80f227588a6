"""A database of the version before accounts comes through `perron upgrade`, whole, on both engines."""

from __future__ import annotations

from pathlib import Path

PREVIOUS = Path(__file__).parent / "previous"

SAID = """
from perron.site.accounts.access import reader_of_user
from perron.site.accounts.log import entries
from perron.site.accounts.models import Role, User
from perron.site.directory.models import Family, Organisation, Term
from perron.site.ledger.models import Entry, Head
from perron.site.ledger.chain import GENESIS
from perron.site.strategy.models import Driver
user = User.objects.get()
driver = Driver.objects.get()
print(user.username, user.first_name, user.role, sorted(reader_of_user(user).capabilities))
print(driver.title, driver.sentence, driver.evidences.get().words, driver.exposures.get().share)
print(entries("driver", driver.pk).get().said)
print(Role.objects.count(), Term.objects.filter(family=Family.CRITERION, social=True).count())
print(Head.objects.get().hash == GENESIS, Entry.objects.count(), Organisation.objects.count())
"""


def load(made) -> None:
    """Put the previous version's database where this installation's is."""
    made.home.mkdir(parents=True, exist_ok=True)
    text = (PREVIOUS / f"{made.engine}.sql").read_text(encoding="utf-8")
    with made.link() as link:
        if made.engine == "sqlite":
            link.executescript(text)
        else:
            link.execute(text)


def test_the_previous_versions_database_is_upgraded_and_nothing_is_lost(bare) -> None:
    load(bare)
    before = bare.rows()
    assert "ledger_entry" not in before
    bare.publish(1)
    bare.run("--quiet", "upgrade")
    said = bare.python(SAID).splitlines()
    assert said[0] == "éloïse Éloïse None []"
    assert said[1].startswith(
        "Fermeture d’un site d’essai Une phrase, « accents » compris. Ce qu’il"
    )
    assert said[1].endswith("0.3")
    assert said[2] == "Moteur inscrit."
    assert said[3] == "10 5"
    assert said[4] == "True 0 0"
    assert bare.run("check").stdout.count("wrong") == 0


def test_the_way_back_from_an_upgrade_is_the_database_as_it_was(bare) -> None:
    load(bare)
    before = bare.rows()
    bare.publish(1)
    bare.run("--quiet", "upgrade")
    (saved,) = (bare.home / "backups").iterdir()
    bare.run("--quiet", "restore", str(saved))
    assert bare.rows() == before
