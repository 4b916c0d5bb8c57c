"""Which of several forms of one thing a request asks for (RFC 9110, section 12)."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _

from app.foundation.errors import DomainError
from app.foundation.words import N_

HTML = "text/html"
# Whoever reads the first kind can read the second: JSON-LD is JSON, and RDF/XML is XML.
_ALSO = {"application/json": "application/ld+json", "application/xml": "application/rdf+xml"}


class NotInThisForm(DomainError):
    """The thing is there, but in none of the forms that were asked for."""

    status = 406


def wanted_form(offers: Sequence[str]) -> str:
    """The media type among the offers that the request likes best. Whoever asks for nothing in particular gets the first.

    A type may carry a profile, such as `application/ld+json; profile="…"`; a profile that nobody offers counts as the bare type.

    Raises:
        NotInThisForm: it takes none of them; the message names them.
    """
    accepted = request.accept_mimetypes
    found = accepted.best_match(offers) if accepted else offers[0]
    if found is None:
        bare = [type_.split(";")[0].strip() for type_, quality in accepted if quality > 0]
        found = next((offer for type_ in bare for offer in offers if offer == _ALSO.get(type_, type_)), None)
    if found is None:
        raise NotInThisForm(_(_THESE, types=", ".join(offers)))
    return found


_THESE = N_("This is not there in the form that was asked for. These are: %(types)s.")
