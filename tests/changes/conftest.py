"""A grant in force, and what tests of changes do with it."""

from tests.grants.conftest import (  # noqa: F401 - pytest finds them here
    active,
    at_the_time_of_the_story,
    cast,
    granted,
    installed,
    press,
    ready,
    store,
)
