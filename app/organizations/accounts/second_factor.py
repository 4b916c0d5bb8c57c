"""One-time codes that work once, and recovery codes of which only keyed hashes are kept."""

import hashlib
import hmac
from base64 import b64encode

from flask import current_app
from flask_security import MfRecoveryCodesUtil, Totp, UserMixin
from flask_security.proxies import _security
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch
from sqlalchemy import or_, update

from app.letters.qr import svg
from app.organizations.accounts.settings import RECOVERY_CODES, derived
from app.organizations.models import Person
from app.web.database import db


class SingleUseCodes(Totp):
    """The library's time-based codes; each is taken once, also by two requests at the same time (safety.md U6)."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The time step of the last code taken."""
        return _person(user).tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Take this code; raises UsedTokenError where another request has taken it meanwhile."""
        taken = db.session.scalar(
            update(Person)
            .where(Person.id == user.id)
            .where(or_(Person.tf_last_counter.is_(None), Person.tf_last_counter < tmatch.counter))
            .values(tf_last_counter=tmatch.counter)
            .returning(Person.id)
        )
        if taken is None:
            raise UsedTokenError

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The image's address: one path instead of the library's thousand squares, a tenth of the weight."""
        image = svg(self.get_totp_uri(username, totp), username)
        return f"data:image/svg+xml;base64,{b64encode(image.encode()).decode('ascii')}"


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Codes for a lost device: shown once, kept as keyed hashes, each good for one sign-in."""

    def create_recovery_codes(self, user: UserMixin) -> list[str]:
        """New codes; the ones before no longer work."""
        codes: list[str] = _security.totp_factory.generate_recovery_codes(RECOVERY_CODES)
        _person(user).mf_recovery_codes = [_hashed(code) for code in codes]
        return codes

    def get_recovery_codes(self, user: UserMixin) -> list[str]:
        """None: they cannot be shown again."""
        return []

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Whether it is one of the person's; locks the person, so that it is used once."""
        db.session.refresh(user, with_for_update=True)
        return _hashed(code) in (user.mf_recovery_codes or [])

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Use it up."""
        kept = user.mf_recovery_codes or []
        user.mf_recovery_codes = [each for each in kept if each != _hashed(code)]
        return len(user.mf_recovery_codes) < len(kept)


def _person(user: UserMixin) -> Person:
    if not isinstance(user, Person):
        raise TypeError("only people sign in")
    return user


def _hashed(code: str) -> str:
    plain = "".join(code.split()).replace("-", "").lower()
    key = derived(current_app.config, "recovery codes").encode()
    return hmac.new(key, plain.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
