"""How Django finds the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Screens, devices, their reports."""

    name = "sync.hub.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
