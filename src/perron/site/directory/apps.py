from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "perron.site.directory"
    label = "directory"

    def ready(self) -> None:
        from perron.site.accounts import partners
        from perron.site.directory import partner_names

        partners.register(partner_names.named, partner_names.matching)
