"""The `ui` app: templates, tags and vendored browser files; no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "nayu.ui"
    label = "ui"
