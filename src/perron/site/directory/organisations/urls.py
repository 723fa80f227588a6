"""Addresses of this part of the directory."""

from django.urls import path

from perron.site.directory.contacts.views import contact
from perron.site.directory.organisations.views import organisation

urlpatterns = [
    path("organisations/<int:organisation>/", organisation, name="organisation"),
    path("contacts/<int:contact>/", contact, name="contact"),
]
