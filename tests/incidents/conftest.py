"""A grant in force, for tests of what goes wrong with its data."""

from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
