from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "perron.site.operations"
    label = "operations"
