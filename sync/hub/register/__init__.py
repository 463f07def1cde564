"""The register of screens and of the devices that stand for them: a Django app, in SQLite or PostgreSQL."""
