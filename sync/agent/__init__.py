"""The agent: process 2 on the kiosk. Brings signed content from the feed, or from a stick, into the state folder."""

VERSION = "0.1.0"
"""Also in pyproject.toml."""
