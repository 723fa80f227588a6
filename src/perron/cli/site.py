"""The Django site for a verb: set up once, on a home that is ours, whole and migrated."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from perron.cli import output
from perron.config import Config, config
from perron.errors import InputError
from perron.site.operations import home
from perron.translation import gettext as _


def opened(*, whole: bool = True) -> Config:
    """Set Django up on this home and give its settings; the home is judged before anything is made."""
    settings = config()
    home.demand_ours(settings.home)
    if whole:
        home.demand_whole(settings.home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perron.site.settings")
    import django
    from django.conf import settings as site

    # A verb uses one connection: without the pool, a database that is away says so at once.
    options: Any = site.DATABASES["default"].get("OPTIONS", {})
    options.pop("pool", None)
    django.setup()
    # A verb speaks to a person; the site's own log is for a journal.
    logging.getLogger().setLevel(logging.INFO if output.manner.verbose else logging.CRITICAL)
    return settings


def publish_shipped(settings: Config) -> None:
    """Publish the tables that the territory ships and the lake lacks, the first time one is needed."""
    from perron.lake.snapshots import Lake
    from perron.territory import territory

    lake, place = Lake(settings.lake), territory(settings.territory)
    there = lake.current().tables
    if there and all(shipped.table in there for shipped in place.tables):
        return
    if not place.tables:
        raise InputError(
            _(
                "Le lac de données est vide et le territoire {territory} ne livre aucune table. Taper « perron data load SOURCE FICHIER » ; « perron data sources » dit lesquelles."
            ).format(territory=place.id)
        )
    from perron.demo.publish import publish_shipped as publish

    home.demand_ours(settings.home)
    output.note(
        _("Première utilisation : publication des tables de {territory} dans {lake}.").format(
            territory=place.id, lake=settings.lake
        )
    )
    with home.first_start(settings.home), output.Progress() as bar:
        publish(place, lake, bar.counted(_("Publication")))


def prepared(settings: Config, *, migrate: bool) -> None:
    """Migrate and publish what a first start needs.

    A database that was never used is made. One of an older version is migrated only where
    `migrate`: `perron upgrade` is the way, which saves it first.
    """
    from django.core.management import call_command

    from perron.site.operations import database

    with home.first_start(settings.home):
        new = not database.applied()
        if new or (migrate and database.waiting()):
            output.note(_("Préparation de la base de données."))
            call_command("migrate", verbosity=0, interactive=False)
        database.demand_ready()
    publish_shipped(settings)
    inscribe_drivers(settings)
    inscribe_directory(settings)
    prepare_pages(settings)


def inscribe_drivers(settings: Config) -> None:
    """Write the drivers that the territory ships in a register that never held any."""
    from perron.demo.drivers import inscribe
    from perron.lake.snapshots import Lake
    from perron.territory import territory

    inscribe(territory(settings.territory), Lake(settings.lake).current())


def inscribe_directory(settings: Config) -> None:
    """Write the organisations, links and memories that the territory ships in an empty directory."""
    from perron.demo.records import inscribe
    from perron.territory import territory

    inscribe(territory(settings.territory))


def demonstrate(settings: Config) -> None:
    """Make the invented accounts, then what is invented: needs, contacts, decisions.

    For a demonstration alone: an entry of the ledger is never removed.
    """
    from perron.demo import decisions, records
    from perron.lake.snapshots import Lake
    from perron.site.accounts import demonstration
    from perron.territory import territory

    if not settings.demonstration:  # a public address is set: no invented account may exist
        return
    place = territory(settings.territory)
    demonstration.ensure()
    records.inscribe_examples(place)
    decisions.inscribe(place, Lake(settings.lake).current())
    demonstration.ensure(records.invented_organisation())


def prepare_pages(settings: Config) -> None:
    """Compute what pages show of the lake in service now, so that no reader waits for it."""
    from perron.lake.snapshots import Lake
    from perron.site.economy.services import STEPS, prepare

    number, step, ended = 0, "", threading.Event()
    with output.Progress() as bar:

        def tell() -> None:
            # A step may last half a minute: the bar is moved from beside it.
            while not ended.wait(0.5):
                bar(_("Calcul des pages : {step}").format(step=step), number, len(STEPS))

        speaker = threading.Thread(target=tell, daemon=True)
        speaker.start()
        try:
            steps = prepare(Lake(settings.lake).current())
            # What the speaker says is what this loop is at.
            for number, step in enumerate(steps):  # noqa: B007 # read by `tell`
                pass
        finally:
            ended.set()
            speaker.join()
