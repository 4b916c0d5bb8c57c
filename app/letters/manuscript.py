"""What a document is made of, before it is rendered."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF; `relationship` as in ISO 32000-2, 7.11.3."""

    name: str
    data: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class SignatureField:
    """An empty, invisible field for a signature; `tooltip` is what a screen reader says."""

    name: str
    tooltip: str


@dataclass(frozen=True)
class Manuscript:
    """All that a document is made of. `identifier` names it inside the file and must be the same each time it is rendered."""

    html: str
    identifier: str
    title: str
    subject: str
    author: str
    made_at: datetime
    attachments: tuple[Attachment, ...] = ()
    signature_fields: tuple[SignatureField, ...] = ()
    language: str = "en"
    stylesheet: str = "letter.css"
