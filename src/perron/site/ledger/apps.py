from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "perron.site.ledger"
    label = "ledger"
