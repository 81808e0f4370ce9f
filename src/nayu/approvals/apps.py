from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "nayu.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
