"""The few errors of the domain. Each message says what happened and what to do next."""


class DomainError(Exception):
    """An act that was refused. `message` is a sentence for the person who tried."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(DomainError):
    """The person may see the thing, but not do this to it."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or none that this person may know of."""

    status = 404


class TooLarge(DomainError):
    """What was given is larger than what is taken."""

    status = 413


class WrongState(DomainError):
    """The act is not possible now; something else happened first."""

    status = 409


class Invalid(DomainError):
    """What was given cannot be taken. `field` names the answer to mend, where there is one."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
