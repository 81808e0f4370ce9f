from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "nayu.db"
    label = "nayu_db"
