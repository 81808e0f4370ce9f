from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "nayu.strategy"
    label = "strategy"
    default_auto_field = "django.db.models.BigAutoField"
