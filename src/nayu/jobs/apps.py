from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "nayu.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Higher apps register their kinds of work in their `tasks`; jobs does not know them.
        autodiscover_modules("tasks")
