"""What can go wrong between a text and a sealed file. Each reason is a sentence an operator can act on."""


class LetterError(Exception):
    """A document could not be made. `reason` is kept with the failed message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LimitReached(LetterError):
    """The work took more time, memory or space than it may."""


class RenderFailed(LetterError):
    """The text could not be turned into a PDF."""


class KeysMissing(LetterError):
    """There is no key to seal with, or it cannot be opened."""


class SealFailed(LetterError):
    """The seal could not be set, or did not hold when it was checked."""


class TimestampUnavailable(LetterError):
    """The timestamp authority did not answer with a usable timestamp."""
