"""Addresses of the ledger."""

from django.urls import include, path

from perron.site.ledger import (
    due_pages,
    entry_pages,
    expecting,
    indicator_pages,
    reading_rights,
    views,
    writing,
)

_ONE = "registre/<slug:reference>/"
_ENTRY = f"{_ONE}entrees/<int:entry>/"

urlpatterns = [
    path("registre/", views.register, name="ledger"),
    path("registre/decisions.<str:suffix>", views.register_download, name="ledger-download"),
    path("registre/inscrire/", writing.new_decision, name="ledger-new"),
    path(_ONE, views.commitment, name="commitment"),
    path(f"{_ONE}attentes.<str:suffix>", views.commitment_download, name="commitment-download"),
    path(f"{_ONE}lecture/", reading_rights.settings, name="commitment-settings"),
    path(
        f"{_ONE}lecture/<int:grant>/retirer/",
        reading_rights.take_back,
        name="commitment-reader-remove",
    ),
    path(f"{_ONE}signal/", writing.note, {"what": "signal"}, name="commitment-signal"),
    path(f"{_ONE}action/", writing.note, {"what": "action"}, name="commitment-action"),
    path(f"{_ONE}document/", writing.document, name="commitment-document"),
    path(f"{_ONE}chiffre/", writing.figure, name="commitment-figure"),
    path(f"{_ONE}attente/", expecting.expect, name="commitment-expect"),
    path(f"{_ONE}clore/", writing.close, name="commitment-close"),
    path(f"{_ENTRY}relire/", entry_pages.review, name="expectation-review"),
    path(f"{_ENTRY}corriger/", entry_pages.correct, name="entry-correct"),
    path(f"{_ENTRY}retirer/", entry_pages.withdraw, name="entry-withdraw"),
    path(f"{_ENTRY}effacer/", entry_pages.erase, name="entry-erase"),
    path("rejeu/", include("perron.site.ledger.replay.urls")),
    path("echeances/", due_pages.due, name="due"),
    path("echeances.ics", due_pages.calendar, name="due-calendar"),
    path("indicateurs/", indicator_pages.listing, name="indicators"),
    path("indicateurs/ajouter/", indicator_pages.add, name="indicator-add"),
    path("indicateurs/<slug:code>/", indicator_pages.change, name="indicator-change"),
]
