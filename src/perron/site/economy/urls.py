"""Every page of field 1 that rests on the economy's methods, one package a page."""

from django.urls import include, path

urlpatterns = [
    path("", include("perron.site.economy.sectors.urls")),
    path("", include("perron.site.economy.options.urls")),
    path("", include("perron.site.economy.compare.urls")),
    path("", include("perron.site.economy.links.urls")),
    path("", include("perron.site.economy.drivers.urls")),
]
