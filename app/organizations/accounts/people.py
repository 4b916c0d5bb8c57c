"""Finds people for the library that signs them in."""

from flask_security import FSQLALiteUserDatastore, UserMixin
from sqlalchemy import bindparam, select

from app.organizations.models import Person

_OF_SESSION = select(Person).where(Person.fs_uniquifier == bindparam("fs_uniquifier"))


class People(FSQLALiteUserDatastore):
    """As the library's own; what each request of somebody who is signed in asks is put together once."""

    def find_user(self, case_insensitive: bool = False, **wanted: object) -> UserMixin | None:
        """The person for whom one column has this value."""
        if wanted.keys() == {"fs_uniquifier"}:
            found: Person | None = self.db.session.scalar(_OF_SESSION, wanted)
            return found
        return super().find_user(case_insensitive, **wanted)
