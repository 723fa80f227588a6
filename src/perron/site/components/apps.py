"""The app that gives every template its tags."""

from django.apps import AppConfig


class Components(AppConfig):
    name = "perron.site.components"
    label = "components"
