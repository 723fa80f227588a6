"""Addresses of this part of the directory."""

from django.urls import path

from perron.site.directory.upkeep import views

urlpatterns = [
    path("", views.upkeep, name="directory-upkeep"),
    path("doublons/", views.pairs, name="directory-doubles"),
    path("reunir/<int:organisation>/", views.merge, name="organisation-merge"),
    path("defaire/<int:merge>/", views.undo, name="merge-undo"),
    path("demander/<int:organisation>/", views.ask, name="confirmation-ask"),
]
