"""A grant in force, for tests of what goes wrong with its data."""

from tests.grants.conftest import active, at_the_time_of_the_story, cast, granted, installed, press, ready, store

__all__ = ["active", "at_the_time_of_the_story", "cast", "granted", "installed", "press", "ready", "store"]
