"""The hub's server: feed, wake-ups and the devices' requests in one ASGI application."""
