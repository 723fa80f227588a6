from django.apps import AppConfig


class EconomyConfig(AppConfig):
    name = "perron.site.economy"
    label = "economy"
