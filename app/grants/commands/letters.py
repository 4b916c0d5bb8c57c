"""Making the letter of a grant: from its frozen record to sealed bytes. Slow and free of the database; the worker calls it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.grants.letter import manuscript
from app.grants.record import from_json
from app.letters.render import render
from app.letters.seal import Sealed, changed, sealer

# So long a letter waits for the timestamp authority; after that it is sealed without, and its history says so.
WAITS_FOR_TIMESTAMP = timedelta(minutes=15)


@dataclass(frozen=True)
class Press:
    """Where the keys are and what an installation is called outside."""

    keys: Path
    passphrase: str
    timestamp_url: str | None
    public_url: str


def press(settings: Mapping[str, object]) -> Press:
    """The press of an installation, from its settings."""
    return Press(
        Path(str(settings["ONEPACT_HOME"])) / "keys",
        str(settings["SEAL_PASSPHRASE"]),
        str(settings["TIMESTAMP_URL"]) or None,
        str(settings["PUBLIC_URL"]),
    )


def sealed_letter(the_press: Press, record: Mapping[str, object], token: str, now: datetime) -> Sealed:
    """The sealed letter of a grant.

    Raises:
        LetterError: it could not be rendered or sealed; the reason says what to mend.
    """
    frozen = from_json(record)
    rendered = render(manuscript(frozen, token, the_press.public_url))
    seals = sealer(the_press.keys, the_press.passphrase, the_press.timestamp_url, changed(the_press.keys))
    still_waits = now - frozen.issued_at < WAITS_FOR_TIMESTAMP
    return seals.seal(rendered.pdf, now, f"Issue of grant {frozen.number}", timestamp=still_waits)
