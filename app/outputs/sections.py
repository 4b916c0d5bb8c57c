"""What a grant's page, the register and the verifier say of outputs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.queries import certificate_by_hash, certificate_of_document
from app.grants.around import Place, Published, Recognized, Section
from app.grants.models import Grant
from app.grants.queries.grants import SeenGrant
from app.outputs.models import Output
from app.outputs.queries import cleared_by_hash, grant_for_outputs, outputs_of, published_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.outputs import MAY_SUBMIT
from app.rules.workflow import OUTPUT_STATES, transition
from app.web.words import day


def _outputs(session: Session, viewer: Actor, seen: SeenGrant, _now: datetime) -> Mapping[str, object] | None:
    if seen.grant.state not in MAY_SUBMIT:
        return None
    grant, may_submit = grant_for_outputs(session, viewer, seen.grant.number)
    rows = outputs_of(session, viewer, grant)
    if not rows and not may_submit:
        return None
    return {"outputs": rows, "may_submit": may_submit, "states": OUTPUT_STATES}


def published(session: Session, numbers: Sequence[str]) -> Mapping[str, Sequence[Published]]:
    """What the register shows of the outputs of these grants, by the grants' numbers."""
    found: dict[str, list[Published]] = {}
    for number, row in published_of(session, numbers):
        if row.published_on:
            found.setdefault(number, []).append(Published(row.title, row.address, row.doi, row.published_on))
    return found


def unpublished(session: Session, numbers: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The titles of outputs that are not published and not withdrawn, by the grants' numbers."""
    statement = (
        select(Grant.number, Output.title)
        .join(Output, Output.grant_id == Grant.id)
        .where(Grant.number.in_(numbers), Output.state.in_(transition(Action.WITHDRAW_OUTPUT).sources))
        .order_by(Output.id)
    )
    found: dict[str, list[str]] = {}
    for number, title in session.execute(statement):
        found.setdefault(number, []).append(title)
    return found


def recognize_output(session: Session, sha256: str) -> Recognized | None:
    """The verdict on a file that is the cleared copy of an output; nothing of what is not public yet but that it was cleared."""
    row = cleared_by_hash(session, sha256)
    if row is None or row.cleared_at is None:
        return None
    facts: list[tuple[str, str | Markup]] = [
        (_("Grant"), _register_link(row.grant.number)),
        (_("Cleared"), day(row.cleared_at)),
    ]
    if row.published_on:
        facts += [(_("Title"), row.title), (_("Published"), f"{day(row.published_on)}, {row.address}")]
    return Recognized(
        "cleared_output",
        row.grant.number,
        _("A cleared output of %(number)s", number=row.grant.number),
        _(
            "The data partner cleared exactly this copy for publication on %(day)s. Not one byte differs.",
            day=day(row.cleared_at),
        ),
        tuple(facts),
    )


def recognize_certificate(session: Session, sha256: str) -> Recognized | None:
    """The verdict on the text of a certificate of deletion, or on its sealed document."""
    row, sealed = certificate_by_hash(session, sha256), False
    if row is None:
        row, sealed = certificate_of_document(session, sha256), True
    if row is None:
        return None
    return Recognized(
        "deletion_certificate",
        row.grant.number,
        _("A certificate of deletion, of %(number)s", number=row.grant.number),
        _("Signed here on %(day)s, and sealed by the consortium. Not one byte differs.", day=day(row.signed_at))
        if sealed
        else _("Signed here on %(day)s. Not one byte differs.", day=day(row.signed_at)),
        ((_("Grant"), _register_link(row.grant.number)),),
    )


def _register_link(number: str) -> Markup:
    return Markup('<a href="{}"><span class="op-id">{}</span></a>').format(
        url_for("grants.register_entry", number=number), number
    )


SECTIONS = (Section(Place.MAIN, "outputs/on_grant.html", _outputs),)
RECOGNIZERS = (recognize_output, recognize_certificate)
