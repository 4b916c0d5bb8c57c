"""How far an import by a program has come."""

from enum import StrEnum


class ImportState(StrEnum):
    """Waiting for the worker or under way, everything in, or stopped."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
