"""Addresses of needs."""

from django.urls import path

from perron.site.directory.needs import views, writing

_ONE = "<int:need>/"

urlpatterns = [
    path("", views.needs, name="needs"),
    path("noter/", writing.new_need, name="need-add"),
    path(_ONE, views.need, name="need"),
    path(f"{_ONE}corriger/", writing.change_need, name="need-change"),
    path(f"{_ONE}repondre/", writing.move_need, {"status": "answered"}, name="need-answer"),
    path(f"{_ONE}clore/", writing.move_need, {"status": "closed"}, name="need-close"),
    path(f"{_ONE}rouvrir/", writing.move_need, {"status": "open"}, name="need-reopen"),
    path(f"{_ONE}lecteurs/", writing.readers, name="need-readers"),
    path(f"{_ONE}lecteurs/<int:grant>/retirer/", writing.remove_reader, name="need-reader-remove"),
]
