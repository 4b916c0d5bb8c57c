"""What a grant's page says of its delivery."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.delivery.queries import access_of
from app.grants.around import Place, Section
from app.grants.queries.grants import SeenGrant
from app.rules.actions import Action
from app.rules.actors import Actor


def _getting_the_data(session: Session, viewer: Actor, seen: SeenGrant, now: datetime) -> Mapping[str, object] | None:
    access = access_of(session, viewer, seen.grant, now)
    return None if access is None else {"access": access, "acts": Action}


SECTIONS = (Section(Place.BESIDE, "delivery/on_grant.html", _getting_the_data),)
