"""Which passwords are taken: long ones that nobody guesses. No rules about digits or signs (NIST SP 800-63B-4, 3.1.1.2)."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_security import PasswordUtil

from app.organizations.accounts.settings import SHORTEST_ALONE, SHORTEST_PASSWORD
from app.organizations.models import Person
from app.organizations.queries import held_by
from app.rules.roles import NEEDS_SECOND_FACTOR, Role
from app.web.database import db

LONGEST = 256
JUDGED = 72  # zxcvbn looks at no more
EASY_BELOW = 3  # of 4: "safely unguessable" begins here


class Passwords(PasswordUtil):
    """Flask-Security's checks, with the length that the person's second factor asks for, and our words."""

    def validate(self, password: str, is_register: bool, **kwargs: object) -> tuple[list[str] | None, str]:
        """What is wrong with a password, and its normal form."""
        person, normal = kwargs.get("user"), self.normalize(password)
        if not isinstance(person, Person):
            return faults(normal, SHORTEST_ALONE, ()) or None, normal
        return faults(normal, shortest_for(person), (person.name, person.email)) or None, normal


def shortest_for(person: Person) -> int:
    """How long a person's password has to be at least."""
    if person.tf_primary_method is not None:
        return SHORTEST_PASSWORD
    return shortest_with(held.role for held in held_by(db.session, person.id))


def shortest_with(roles: Iterable[Role]) -> int:
    """How long the password of somebody with these roles has to be at least."""
    return SHORTEST_PASSWORD if NEEDS_SECOND_FACTOR & set(roles) else SHORTEST_ALONE


def faults(password: str, shortest: int, known: Iterable[str]) -> list[str]:
    """What is wrong with a password, in words; nothing when it is good.

    Args:
        known: what anyone may know of the person: name, address, organization.
    """
    if len(password) < shortest:
        return [_("Use at least %(num)s characters. Four or five random words are good.", num=shortest)]
    if len(password) > LONGEST:
        return [_("Use at most %(num)s characters.", num=LONGEST)]
    import zxcvbn  # noqa: PLC0415 - lists of frequent words, which a start does not need

    words = [part for text in known for part in (text, *text.replace("@", " ").replace(".", " ").split())]
    if zxcvbn.zxcvbn(password[:JUDGED], [*words, "onepact"])["score"] < EASY_BELOW:
        return [_("This is too easy to guess. Use four or five random words, or let your browser make one.")]
    return []
