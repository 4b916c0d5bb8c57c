"""What follows from events of organizations and accounts: mails to the person concerned."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consents.queries.consents import answered_for_by
from app.foundation.base import JSONObject
from app.foundation.hashing import sha256_hex
from app.history.queries import Happening
from app.inbox.passing import waits_of
from app.organizations.models import Invitation, Organization, Person
from app.organizations.queries import deputies_of, directors, holders, officers, person_by_email, stewards_of
from app.reactions.letters import Letter, Post, organization_of, reaction
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Apply, Handler, Reaction, Work
from app.rules.events import Event
from app.rules.roles import ROLE_NAMES, Role
from app.web.answers import told


def write_invitation(work: Work, payload: JSONObject) -> Apply | None:
    """The mail with an invitation's link; none when it was accepted, withdrawn or renewed meanwhile."""

    def apply(session: Session) -> None:
        invitation = session.get(Invitation, int(str(payload["invitation"])))
        if invitation is None or invitation.accepted_at is not None or invitation.withdrawn_at is not None:
            return
        if invitation.token_hash != sha256_hex(str(payload["token"]).encode()):
            return
        organization = session.get_one(Organization, invitation.organization_id)
        context = {
            "organization": organization.name,
            "inviter": str(payload["inviter"]),
            "roles": _names(invitation.roles),
            "expires": invitation.expires_at,
        }
        to = Recipient(invitation.name, invitation.email)
        write_mail(session, work, "invitation", to, context, organization.slug, f"/invitation/{payload['token']}")

    return apply


def write_account_mail(work: Work, payload: JSONObject) -> Apply | None:
    """A mail about somebody's account; none where nobody has the address, which the one who asked does not learn."""
    template, email = str(payload["template"]), str(payload["email"])

    def apply(session: Session) -> None:
        person = person_by_email(session, email)
        if person is None or not person.active:
            return
        link = LINKS[template]
        if template in WITH_TOKEN:
            link += "/" + str(generate_reset_password_token(person))  # type: ignore[no-untyped-call]
        write_mail(session, work, template, Recipient(person.name, person.email), {}, f"account {person.pid}", link)

    return apply


LINKS = {
    "password_reset": "/password/reset",
    "password_changed": "/password/forgot",
    "second_factor_changed": "/password/forgot",
}
WITH_TOKEN = frozenset({"password_reset"})


def tell_of_roles(session: Session, happening: Happening, work: Work) -> None:
    """To the person whose roles were changed."""
    context = {"now_held": _names(happening.facts["roles"]), "before": _names(happening.facts["before"])}
    _tell(session, happening, work, "roles_changed", context, "/me")


def tell_of_removal(session: Session, happening: Happening, work: Work) -> None:
    """To the person who was removed."""
    _tell(session, happening, work, "removed", {}, "/")


def tell_who_takes_over(post: Post, happened: Happening) -> None:
    """To each who is named now for what had waited for the one who left, and to those who decide there of rules that rest: one
    mail with all of it.
    """
    row, waited = organization_of(post, happened.ref), set(_listed(happened.facts.get("waits")))
    gone = int(str(happened.facts["person_id"]))
    deciding = [*stewards_of(post.session, row.id), *deputies_of(post.session, row.id)]
    rules = answered_for_by(post.session, row.id, gone)
    facts = {"who": str(happened.facts["person"]), "at": row.name}
    rests = [
        _l("Rests until one of you switches it on anew: %(rule)s “%(name)s”.", rule=r.reference, name=r.name)
        for r in rules
    ]
    if not waited and not rules:
        return
    held = [Role(role) for role in _listed(happened.facts.get("before"))]
    next_ones = holders(post.session, row.id, held)  # focal points, signatories, those who vote and review
    everyone = [*deciding, *next_ones, *officers(post.session), *directors(post.session)]
    for person in {each.id: each for each in everyone}.values():
        now_theirs = [each for each in waits_of(post.session, person, post.work.now) if each.key in waited]
        lines = [_l("Waits for you now: %(what)s.", what=each.words) for each in now_theirs]
        lines += rests if person in deciding else []
        if lines:
            letter = Letter(
                _l("%(who)s has left: see what is with you", **facts),
                _l("%(who)s no longer acts for %(at)s", **facts),
                lines,
                _l("See what waits for you"),
            )
            post.send(letter, [person], "/inbox")


def _listed(kept: object) -> list[str]:
    return [str(each) for each in kept] if isinstance(kept, list) else []


def _tell(
    session: Session, happening: Happening, work: Work, template: str, context: Mapping[str, object], link: str
) -> None:
    person = session.get(Person, int(str(happening.facts["person_id"])))
    organization = session.scalar(select(Organization).where(Organization.slug == happening.ref))
    if person is None or organization is None:
        return
    values = {**context, "actor": happening.actor, "organization": organization.name}
    write_mail(session, work, template, Recipient(person.name, person.email), values, organization.slug, link)


def _names(roles: object) -> list[str]:
    return [told(ROLE_NAMES[Role(role)]) for role in roles] if isinstance(roles, Iterable) else []


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.ROLES_CHANGED: (tell_of_roles,),
    Event.PERSON_REMOVED: (tell_of_removal, reaction(tell_who_takes_over)),
}

HANDLERS: dict[str, Handler] = {
    "invitation.write": write_invitation,
    "account.mail": write_account_mail,
}
