"""Addresses of this part of the directory."""

from django.urls import path

from perron.site.directory.exchange import views

urlpatterns = [
    path("", views.importing, name="directory-import"),
    path("importer/", views.importing, name="import-new"),
    path("importer/<int:key>/", views.preview, name="import-preview"),
    path("importer/<int:key>/choix/", views.choose, name="import-choose"),
    path("importer/<int:key>/ecrire/", views.write, name="import-write"),
    path("importer/<int:key>/abandonner/", views.drop, name="import-drop"),
    path("importer/<int:key>/refus.<str:suffix>", views.faults, name="import-faults"),
    path("modele/<slug:kind>.<str:suffix>", views.template, name="import-template"),
    path("exporter/<slug:kind>.<str:suffix>", views.export, name="directory-export"),
    path("exporter.<str:suffix>", views.export, name="directory-export"),
]
