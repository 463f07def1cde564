"""Django's settings as far as they are the same for every hub; ``sync/hub/database.py`` adds a hub's own database."""

from typing import Final

INSTALLED_APPS: Final = ["sync.hub.register"]
# Gives answers their length; without one they would be sent in chunks.
MIDDLEWARE: Final = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF: Final = "sync.hub.serving.urls"
# Nothing is made of the Host header: no links, no mail.
ALLOWED_HOSTS: Final = ["*"]
USE_TZ: Final = True
TIME_ZONE: Final = "UTC"
LANGUAGE_CODE: Final = "vi"
APPEND_SLASH: Final = False
# The program's own logging stands; Django's would write mails and colours.
LOGGING_CONFIG: Final = None
DATABASES: Final[dict[str, dict[str, object]]] = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
}
