from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "perron.site.directory"
    label = "directory"
