"""A grant in force with its delivery begun, for tests of how the data reaches the member."""

from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
