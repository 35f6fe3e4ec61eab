"""Fixtures for every test: the services (PostgreSQL, Valkey) and the application on them."""

pytest_plugins = ("tests.plugins.services", "tests.plugins.application", "tests.plugins.post", "tests.plugins.replies")
