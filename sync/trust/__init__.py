"""Whom to believe, as values: metadata and a time in, a verified value or a typed error out. No I/O, no clock."""
