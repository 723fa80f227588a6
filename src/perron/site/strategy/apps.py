from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "perron.site.strategy"
    label = "strategy"
