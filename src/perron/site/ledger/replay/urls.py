"""Addresses of the replay."""

from django.urls import path

from perron.site.ledger.replay import views

urlpatterns = [
    path("", views.page, name="ledger-replay"),
    path("<slug:table>.<slug:suffix>", views.download, name="ledger-replay-download"),
]
