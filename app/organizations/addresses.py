"""E-mail addresses as they are stored and compared: one spelling each."""

from email_validator import EmailNotValidError, validate_email

from app.foundation.errors import Invalid
from app.foundation.words import N_

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets


def clean_address(text: str, field: str = "email") -> str:
    """The address in lower case and composed form. Nothing is asked over the network.

    Raises:
        Invalid: it is no address that a mail could reach.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise Invalid(N_("Enter an e-mail address, like name@example.org."), field) from None
    if len(found.normalized) > LONGEST:
        raise Invalid(N_("Enter an e-mail address, like name@example.org."), field)
    return found.normalized.lower()
