"""Addresses of the settings."""

from django.urls import path

from perron.site.directory.vocabulary import views

_FAMILY = "mots/<slug:family>/"

urlpatterns = [
    path("", views.settings, name="settings"),
    path(_FAMILY, views.family, name="settings-family"),
    path(f"{_FAMILY}ajouter/", views.new_term, name="term-add"),
    path(f"{_FAMILY}<int:term>/", views.change_term, name="term-change"),
    path(f"{_FAMILY}<int:term>/usage/", views.use_term, name="term-use"),
]
