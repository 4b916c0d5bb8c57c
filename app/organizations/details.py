"""What is told about an organization, and the answers that its forms start from: values that travel."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from app.foundation.base import JSONObject
from app.rules.roles import Kind
from app.rules.vocabulary import AccessMode, CollaborativeType, Sensitivity, Visibility


@dataclass(frozen=True)
class Defaults:
    """Answers that an organization gives once: listings and imports start from the first six, proposals from the rest."""

    access_mode: AccessMode = AccessMode.SECURE_TRANSFER
    collaborative_type: CollaborativeType = CollaborativeType.RESEARCH_PARTNERSHIP
    sensitivity: Sensitivity = Sensitivity.CLASS_2
    visibility: Visibility = Visibility.PUBLIC
    contact_name: str = ""
    contact_email: str = ""
    storage_place: str = ""
    # The zone in which its days begin and end, by its name in the tz database; the clocks' part alone reads it.
    time_zone: str = "UTC"

    def to_json(self) -> JSONObject:
        """As the column keeps them."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "Defaults":
        """As the column has them; what is missing there is as `organization add` would set it."""
        known = cls().to_json() | {name: str(value) for name, value in stored.items() if value}
        return cls(
            AccessMode(str(known["access_mode"])),
            CollaborativeType(str(known["collaborative_type"])),
            Sensitivity(str(known["sensitivity"])),
            Visibility(str(known["visibility"])),
            str(known["contact_name"]),
            str(known["contact_email"]),
            str(known["storage_place"]),
            str(known["time_zone"]),
        )


@dataclass(frozen=True)
class Details:
    """What the public reads of an organization. `slug` is its address and stays as it is."""

    name: str
    slug: str
    kind: Kind
    country: str | None = None
    website: str = ""
    about: str = ""
    defaults: Defaults = field(default_factory=Defaults)
