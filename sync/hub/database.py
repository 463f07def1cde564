"""The hub's database: SQLite in its folder, or PostgreSQL where ``hub.json`` or the environment names one."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import django
from django.conf import settings

from sync.hub import django_settings

DATABASE_FILE: Final = "hub.sqlite3"
DATABASE_VARIABLE: Final = "SIGNAGE_HUB_DATABASE"
_LOCK: Final = "hub.sqlite3.lock"
_BUSY_SECONDS: Final = 3
_POSTGRESQL_NAMES: Final = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def open_database(hub: Path, address: str | None = None) -> None:
    """Set Django up for a hub's database, once in a process, and bring the tables up to date.

    ``address`` is a ``postgresql://`` address; None is SQLite in the folder. The environment goes before both.
    Raises ``django.db.Error`` where the database cannot be reached.
    """
    set_up(hub, address)
    migrate(hub)


def set_up(hub: Path, address: str | None = None) -> None:
    """Set Django up without touching the database; a second time does nothing."""
    if settings.configured:
        return
    fixed = {name: getattr(django_settings, name) for name in dir(django_settings) if name.isupper()}
    chosen = os.environ.get(DATABASE_VARIABLE) or address
    database = _sqlite(hub) if chosen is None else _postgresql(chosen)
    settings.configure(**{**fixed, "DATABASES": {"default": database}})
    django.setup()


def migrate(hub: Path) -> None:
    """Bring the tables up to date; nothing where they are. Raises ``django.db.Error``."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with _alone(hub):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone(hub: Path) -> Iterator[None]:
    """One process changes tables at a time."""
    with (hub / _LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sqlite(hub: Path) -> dict[str, object]:
    # No WAL: SQLite 3.40 of Debian 12 can corrupt one that several processes use.
    pragmas = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"
    options = {"timeout": _BUSY_SECONDS, "transaction_mode": "IMMEDIATE", "init_command": pragmas}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(hub / DATABASE_FILE), "OPTIONS": options}


def _postgresql(address: str) -> dict[str, object]:
    from psycopg.conninfo import conninfo_to_dict

    told: Mapping[str, object] = conninfo_to_dict(address)
    known = {_POSTGRESQL_NAMES[name]: str(value) for name, value in told.items() if name in _POSTGRESQL_NAMES}
    options = {name: value for name, value in told.items() if name not in _POSTGRESQL_NAMES}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **known,
        "OPTIONS": {"connect_timeout": _BUSY_SECONDS, **options},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
