from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "perron.site.accounts"
    label = "accounts"
