from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "perron.site.portal"
    label = "portal"
