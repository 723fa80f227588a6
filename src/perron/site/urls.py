"""Every address of the site. Each app owns its pages; the frame owns health and preferences."""

from django.urls import include, path

from perron.site import health, preferences

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("diversifier/", include("perron.site.directory.urls")),
    path("diversifier/", include("perron.site.economy.urls")),
    path("diversifier/", include("perron.site.strategy.urls")),
    path("repertoire/", include("perron.site.directory.organisations.urls")),
    path("repertoire/echanges/", include("perron.site.directory.exchange.urls")),
    path("repertoire/confirmer/", include("perron.site.directory.upkeep.public_urls")),
    path("repertoire/entretien/", include("perron.site.directory.upkeep.urls")),
    path("former/besoins/", include("perron.site.directory.needs.urls")),
    path("memoire/", include("perron.site.directory.memory.urls")),
    path("reglages/", include("perron.site.directory.vocabulary.urls")),
    path("compte/", include("perron.site.accounts.urls")),
    path("decider/", include("perron.site.ledger.urls")),
    path("documents/", include("perron.site.documents.urls")),
    path("interne/", include("perron.site.components.urls")),
    path("interne/", include("perron.site.operations.urls")),
    path("", include("perron.site.portal.urls")),
]

handler400 = "perron.site.portal.views.refused"
handler404 = "perron.site.portal.views.not_found"
handler500 = "perron.site.portal.views.failed"
