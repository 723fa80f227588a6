"""Liens."""

from django.urls import path

from perron.site.economy.links import views

urlpatterns = [
    path("liens/", views.links, name="links"),
    path("liens/<slug:table>.<str:suffix>", views.download, name="links-download"),
]
