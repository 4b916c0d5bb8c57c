"""What a grant's page says of what becomes of it: the end that is near, its chain, its changes, its hand-overs."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.changes.models import GrantChange
from app.changes.queries.changes import chain_of, changes_of
from app.changes.queries.drill_lines import deleted_by
from app.changes.queries.held_up import held_up
from app.changes.queries.parties import ended_accessions, notices
from app.changes.queries.subgrants import subgrants_under
from app.changes.queries.waits import close_out_turns, rests, suspension_wait, turn_of
from app.foundation.words import N_
from app.grants.around import Place, Section
from app.grants.models import Grant
from app.grants.queries.grants import SeenGrant
from app.grants.queries.turns import turn_on
from app.grants.record import from_json
from app.grants.routes.words import STATES
from app.grants.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.changes import CHANGES, REMIND_DAYS_BEFORE_END, ChangeKind
from app.rules.roles import CAPACITY_NAMES, Capacity, Role
from app.rules.stopping import runs_on_until
from app.rules.workflow import CHANGE_STATES, OPEN_CHANGES, REST_WORDS, SUBGRANT_STATES, TURN_WORDS, is_possible
from app.web.answers import told
from app.web.words import day

# Whoever answers for the data partner or the secretariat, unless they are of the member too.
_ANSWERING = frozenset({Role.DATASET_STEWARD, Role.OFFICER, Role.DIRECTOR})

# What clause 19 says of a running grant when one of its sides leaves (19.7, 19.8).
_GONE: dict[Capacity, str] = {
    Capacity.MEMBER: N_("The grant ends with that: the data may not be used any more, and is deleted within 30 days."),
    Capacity.DATA_PARTNER: N_("The grant runs on until %(end)s. It cannot be changed or renewed."),
}

# What a notice of leaving means for it.
_LEAVING: dict[Capacity, str] = {
    Capacity.MEMBER: N_("The grant ends on that day, and the data is deleted by %(by)s."),
    Capacity.DATA_PARTNER: N_(
        "The grant runs until %(end)s. It is not renewed, and gets no later last day and no more data."
    ),
}


def _end(session: Session, viewer: Actor, seen: SeenGrant, now: datetime) -> Mapping[str, object] | None:
    """What somebody must do now: a change on its way, an end that is near, a close-out, a side that leaves or has left."""
    grant = seen.grant
    open_one = next((each for each in changes_of(session, grant) if each.state in OPEN_CHANGES), None)
    left = (grant.ends_on - now.astimezone(UTC).date()).days
    is_live = is_possible(Action.REVOKE_GRANT, grant.state)
    gone = _gone(session, grant) if is_live else []
    leaving = _notices(session, grant) if is_live else []
    is_near = (
        left <= max(REMIND_DAYS_BEFORE_END)
        and Action.ASK_FOR_CHANGE in seen.may
        and open_one is None
        and not gone
        and not leaving
    )
    in_close_out = is_possible(Action.CLOSE_GRANT, grant.state)
    suspended = turn_on(session, suspension_wait(grant), now)
    roles = standing(session, viewer, grant)
    is_barred = Role.CONFLICTED in roles and bool(roles & _ANSWERING)
    if not (open_one or is_near or gone or leaving or in_close_out or suspended or is_barred):
        return None
    return {
        "change": open_one,
        "turn": turn_of(session, open_one, grant, now) if open_one else None,
        "words": _words(open_one, grant) if open_one else None,
        "state": told(CHANGE_STATES[open_one.state][0]) if open_one else "",
        "is_near": is_near,
        "held_up": held_up(session, grant) if is_near else None,
        "left": left,
        "gone": gone,
        "leaving": leaving,
        "in_close_out": in_close_out,
        "suspended": suspended,
        "closing": close_out_turns(session, [grant], now).get(grant.number) if in_close_out else None,
        "is_barred": is_barred,
    }


def _words(change: GrantChange, grant: Grant) -> tuple[str, str] | None:
    return REST_WORDS if rests(change, grant) else TURN_WORDS.get(change.state)


def _gone(session: Session, grant: Grant) -> list[tuple[str, str, datetime | None, str]]:
    """Who has left, as what, since when, and what that means for this grant."""
    return [
        (
            organization.name,
            told(CAPACITY_NAMES[capacity]).lower(),
            since,
            told(_GONE[capacity]) % {"end": day(grant.ends_on)},
        )
        for organization, capacity, since in ended_accessions(session, grant)
    ]


def _notices(session: Session, grant: Grant) -> list[tuple[str, date, str]]:
    """Who leaves, when, and what that means for this grant."""
    found = []
    for organization, capacity, leaves_on in notices(session, grant):
        is_member = capacity is Capacity.MEMBER
        last = min(leaves_on, grant.ends_on) if is_member else runs_on_until(leaves_on, grant.ends_on)
        words = told(_LEAVING[capacity]) % {
            "end": day(last),
            "by": day(deleted_by(from_json(grant.record).datasets, last)),
        }
        found.append((organization.name, leaves_on, words))
    return found


def _story(session: Session, _viewer: Actor, seen: SeenGrant, _now: datetime) -> Mapping[str, object] | None:
    chain = chain_of(session, seen.grant)
    changes = changes_of(session, seen.grant)
    handed = subgrants_under(session, seen.grant)
    if len(chain) < 2 and not changes and not handed:
        return None
    return {
        "chain": [(each, STATES[each.state]) for each in chain] if len(chain) > 1 else [],
        "changes": [
            (each, ", ".join(told(CHANGES[ChangeKind(kind)].name) for kind in each.kinds), CHANGE_STATES[each.state])
            for each in changes
        ],
        "handed": [(each, SUBGRANT_STATES[each.state]) for each in handed],
    }


def links(session: Session, viewer: Actor, seen: SeenGrant, _now: datetime) -> list[tuple[str, str]]:
    """The acts that this person may do now.

    Nothing is changed or renewed once a side has left the agreement, and nothing is renewed while the member is held up.
    """
    number = seen.grant.number
    may = seen.may
    if Action.ASK_FOR_CHANGE in may and ended_accessions(session, seen.grant):
        may -= {Action.ASK_FOR_CHANGE}
    is_renewed = (
        Action.ASK_FOR_CHANGE in may
        and held_up(session, seen.grant) is None
        and not any(side is Capacity.DATA_PARTNER for _who, side, _on in notices(session, seen.grant))
    )
    offered = (
        (Action.ASK_FOR_CHANGE, _("Ask for a change"), "changes.ask"),
        *([(Action.ASK_FOR_CHANGE, _("Renew"), "changes.renew")] if is_renewed else []),
        (Action.HAND_OVER_DATA, _("Hand over"), "changes.hand_over"),
        (Action.ASK_TO_CLOSE, _("We are done: close"), "changes.closing"),
        (Action.CLOSE_GRANT, _("Close"), "changes.closing"),
    )
    found = [(words, url_for(endpoint, number=number)) for action, words, endpoint in offered if action in may]
    is_steward = seen.grant.data_partner_id in viewer.organizations_with(Role.STEWARD, Role.DEPUTY)
    if is_steward or viewer.is_secretariat:
        first = from_json(seen.grant.record).datasets[0].reference
        found.append((_("What if the data were withdrawn?"), url_for("changes.drill_page", dataset=first)))
    if is_steward:
        own = url_for("changes.settings", slug=seen.grant.data_partner.slug)
        found.append((_("Which changes you decide on"), own))
    return found


SECTIONS = (
    Section(Place.TOP, "changes/on_grant_top.html", _end),
    Section(Place.MAIN, "changes/on_grant.html", _story),
)
