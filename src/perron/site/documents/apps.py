from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "perron.site.documents"
    label = "documents"
