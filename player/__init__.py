"""The kiosk screen: shows a playlist without a seam and writes down what was shown. It has no network."""

VERSION = "0.1.0"
"""Also in pyproject.toml; asking the installation for it takes forty milliseconds that no start should pay."""
