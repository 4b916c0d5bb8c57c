"""Keeps a secret unreadable until it is shown: AES-256-GCM under a key of the installation, bound to the one it is for."""

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12  # bytes, as NIST SP 800-38D section 5.2.1.1 recommends for GCM


@dataclass(frozen=True)
class Safe:
    """Encrypts and opens texts. The key is 32 bytes; it never shows in a log or an error."""

    key: bytes = field(repr=False)

    def lock(self, text: str, bound_to: str) -> str:
        """The text as it may stand in the database; it opens only together with `bound_to`."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.key).encrypt(nonce, text.encode(), bound_to.encode())
        return b64encode(nonce + sealed).decode("ascii")

    def open(self, locked: str, bound_to: str) -> str:
        """The text again.

        Raises:
            ValueError: it was locked by another key or for somebody else, or was changed.
        """
        raw = b64decode(locked)
        try:
            return AESGCM(self.key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode()).decode()
        except InvalidTag:
            raise ValueError("the safe does not open: SECRET_KEY is not the one it was locked with") from None
