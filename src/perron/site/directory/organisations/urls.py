"""Addresses of organisations, contacts and links."""

from django.urls import path

from perron.site.directory.contacts import views as contacts
from perron.site.directory.links import views as links
from perron.site.directory.organisations import views, writing

_ONE = "organisations/<int:organisation>/"
_PERSON = "contacts/<int:contact>/"
_THING = "liens/<slug:kind>/<str:key>/"

urlpatterns = [
    path("", views.directory, name="directory"),
    path("organisations/ajouter/", writing.new_organisation, name="organisation-add"),
    path(_ONE, views.organisation, name="organisation"),
    path(f"{_ONE}corriger/", writing.change_organisation, name="organisation-change"),
    path(f"{_ONE}confirmer/", writing.confirm_organisation, name="organisation-confirm"),
    path(f"{_ONE}acces/", writing.readers, name="organisation-readers"),
    path(
        f"{_ONE}acces/<int:grant>/retirer/",
        writing.remove_reader,
        name="organisation-reader-remove",
    ),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/ajouter/", contacts.new_contact, name="contact-add"),
    path(_PERSON, contacts.contact, name="contact"),
    path(f"{_PERSON}corriger/", contacts.change_contact, name="contact-change"),
    path(f"{_PERSON}echange/", contacts.met, name="contact-met"),
    path(f"{_PERSON}effacer/", contacts.erase_contact, name="contact-erase"),
    path("liens/<int:link>/retirer/", links.withdraw_link, name="link-withdraw"),
    path(_THING, links.thing_links, name="thing-links"),
    path(f"{_THING}ajouter/", links.new_link, name="link-add"),
]
