"""What follows from events of hand-overs: the signatory signs, the recipient gets a link and codes, the letter is sealed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.changes.commands.accepting import CODE, SEAL, one_time_code
from app.changes.commands.carrying import activate_subgrant, sealed_handover
from app.changes.commands.handing import OFFER, locked
from app.changes.models import SubGrantCode
from app.foundation.base import JSONObject
from app.foundation.hashing import sha256_hex
from app.grants.commands.letters import press
from app.grants.models import Grant, SubGrant
from app.grants.queries.answering import of_member, of_partner
from app.history.queries import Happening
from app.organizations.models import Person
from app.outbox.commands import enqueue
from app.reactions.change_turns import ask_to_sign
from app.reactions.letters import INVITATION, Letter, Post, reaction, reminder
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Apply, Handler, Reaction, Work
from app.rules.actions import Action
from app.rules.calendar import SECRETARIAT_JOINS_AT
from app.rules.events import Event
from app.rules.handover import CODE_MINUTES
from app.rules.workflow import SubGrantState, is_possible
from app.web.words import day

TOLD, TO_ACT = "grant_told", "grant_to_act"
_ALONE = _l("If you do nothing, you get no data. The link is for you alone; do not pass it on.")


def write_offer(work: Work, payload: JSONObject) -> Apply | None:
    """The mail with the link; none where the offer was withdrawn meanwhile, or a newer link went out."""

    def apply(session: Session) -> None:
        row, token = _row(session, str(payload["number"])), str(payload["token"])
        is_open = is_possible(Action.ACCEPT_SUBGRANT, row.state)
        if not is_open or row.token_hash != sha256_hex(token.encode()):
            return
        facts = {"member": row.grant.member.name, "title": row.grant.title, "organization": row.organization_name}
        what = _l(
            "%(organization)s may use data of “%(title)s”, within the limits of a grant, once you accept.", **facts
        )
        if "before" in payload:
            letter = _offer_shortened(payload, facts, what)
        else:
            letter = _offer_again(payload, facts, what) if "due" in payload else _offer(facts, what)
        to, link = Recipient(row.person_name, row.email), f"/hand-over/{token}"
        Post(session, work, row.number, "").to(letter, to, link)

    return apply


def _offer(facts: dict[str, str], what: str) -> Letter:
    return Letter(
        _l("Accept by your link: %(title)s", **facts),
        _l("%(member)s hands data over to you", **facts),
        (what, _l("Reading takes about 5 minutes. You need no account: a code comes to this address.")),
        _l("Read and answer"),
        otherwise=_ALONE,
        template=INVITATION,
    )


def _offer_shortened(payload: JSONObject, facts: dict[str, str], what: str) -> Letter:
    """The grant above ends earlier, so that the offer says another day; the link before this one opens nothing."""
    before, last = (day(date.fromisoformat(str(payload[name]))) for name in ("before", "ends_on"))
    return Letter(
        _l("Ends %(day)s now, new link: %(title)s", day=last, **facts),
        _l("What %(member)s hands over to you ends earlier", **facts),
        (
            what,
            _l(
                "Its last day is %(day)s now, not %(before)s: the grant above it ends earlier.", day=last, before=before
            ),
            _l("This link replaces the one before it, which opens nothing any more."),
        ),
        _l("Read and answer"),
        otherwise=_ALONE,
        template=INVITATION,
    )


def _offer_again(payload: JSONObject, facts: dict[str, str], what: str) -> Letter:
    """Like the first one it cannot be put off: it holds the only link that works."""
    again = reminder(
        payload,
        _l("accept by your link: %(title)s", **facts),
        _l("%(member)s waits for your answer", **facts),
        what,
        _l("Read and answer"),
        _ALONE,
    )
    return replace(again, template=INVITATION)


def write_code(work: Work, payload: JSONObject) -> Apply | None:
    """The mail with a one-time code; none when the code has expired while the mail waited."""

    def apply(session: Session) -> None:
        code = session.get(SubGrantCode, int(str(payload["code"])))
        if code is None or code.expires_at <= work.now:
            return
        row = session.get_one(SubGrant, code.subgrant_id)
        digits = one_time_code(str(work.settings["SECRET_KEY"]), code)
        context = {
            "code": f"{digits[:3]} {digits[3:]}",
            "organization": row.organization_name,
            "minutes": CODE_MINUTES,
            "until": code.expires_at,
        }
        to, link = Recipient(row.person_name, row.email), f"/hand-over/{payload['token']}"
        write_mail(session, work, "signing_code", to, context, row.number, link)

    return apply


def seal_handover(work: Work, payload: JSONObject) -> Apply | None:
    """Render and seal one letter; nothing where it was sealed or ended meanwhile."""
    number = str(payload["number"])
    with work.reading() as session:
        row = session.scalar(select(SubGrant).where(SubGrant.number == number))
        if row is None or not is_possible(Action.SEAL_SUBGRANT, row.state):
            return None
        stored, token = row.record, row.verify_token
    sealed = sealed_handover(press(work.settings), stored, token, work.now)

    def apply(session: Session) -> None:
        _grant, now_there = locked(session, number)
        if now_there.record == stored:
            activate_subgrant(session, work.files, number, sealed, work.now)
        else:  # it was shortened while its letter was made: that letter says a day which does not hold
            enqueue(session, SEAL, payload, work.now, about=number)

    return apply


def remind_of_handover(post: Post, happened: Happening) -> None:
    """To whoever signs it. Once it is offered, the recipient gets a new link, and in the end the lead takes it back or asks."""
    row = _row(post.session, happened.ref)
    if row.state is SubGrantState.TO_SIGN:
        ask_to_sign(post, happened)
    elif row.state is SubGrantState.OFFERED and int(str(happened.facts["percent"])) >= SECRETARIAT_JOINS_AT:
        facts = {"name": row.person_name, "organization": row.organization_name, "number": row.number}
        letter = reminder(
            happened.facts,
            _l("the hand-over %(number)s", **facts),
            _l("%(name)s has not answered", **facts),
            _l("%(name)s of %(organization)s was asked and reminded. Ask there, or take the offer back.", **facts),
            _l("See the hand-over"),
            acts=False,
        )
        post.send(letter, of_member(post.session, row.grant), f"/hand-overs/{row.number}")


def tell_of_handover(post: Post, happened: Happening) -> None:
    """To the lead and the data partner: what became of it. To the recipient, where it concerns them, also where they were offered
    it and have not answered: their link opens nothing any more.
    """
    row = _row(post.session, happened.ref)
    facts = {
        "what": happened.name,
        "number": row.number,
        "organization": row.organization_name,
        "day": day(row.ends_on),
    }
    letter = Letter(
        _l("%(what)s: %(number)s", **facts),
        _l("%(what)s", **facts),
        (_what_it_was(row, facts), *_other_day(row, happened), *_to_delete(row, happened)),
        _l("See the hand-over"),
        words=str(happened.facts.get("reason") or ""),
        who=happened.actor,
        template=TOLD,
    )
    people = [*of_member(post.session, row.grant), *of_partner(post.session, row.grant)]
    post.send(letter, people, f"/hand-overs/{row.number}")
    is_offered = row.state is SubGrantState.ENDED and row.signed_at is not None
    if is_offered or (row.accepted_at is not None and happened.type != Event.SUBGRANT_ACCEPTED.value):
        to = Recipient(row.person_name, row.email)
        asked = (_what_it_was(row, facts), *_other_day(row, happened), *_delete_it(happened, people))
        letter = replace(letter, sentences=asked)
        if row.sealed_at is None:  # there is no letter that could be verified
            post.to(replace(letter, act=_l("Who runs this")), to, "/")
        else:
            post.to(letter, to, f"/v/{row.number}?t={row.verify_token}")


def tell_of_withdrawal(post: Post, happened: Happening) -> None:
    """To the recipient whose link opens nothing any more; nobody else waited for anything."""
    row = _row(post.session, happened.ref)
    if row.signed_at is None:
        return  # nothing was offered yet
    facts = {"member": row.grant.member.name, "title": row.grant.title, "organization": row.organization_name}
    letter = Letter(
        _l("Taken back: %(title)s", **facts),
        _l("%(member)s has taken its offer back", **facts),
        (
            _l("%(organization)s was to get data of “%(title)s”. That does not happen.", **facts),
            _l("The link that you got opens nothing any more, and nothing is to be done."),
        ),
        _l("Who runs this"),
        template=INVITATION,
    )
    post.to(letter, Recipient(row.person_name, row.email), "/")


def _what_it_was(row: SubGrant, facts: dict[str, str]) -> str:
    if row.state is SubGrantState.DECLINED or (row.state is SubGrantState.ENDED and row.sealed_at is None):
        return _l("%(number)s was to hand data over to %(organization)s. That does not happen.", **facts)
    if row.state is SubGrantState.ENDED:
        return _l("%(number)s handed data over to %(organization)s. It gives no right any more.", **facts)
    return _l("%(number)s hands data over to %(organization)s, until %(day)s.", **facts)


def _to_delete(row: SubGrant, happened: Happening) -> list[str]:
    """To the member and the data partner: by when what was handed over is gone, and that the member certifies it."""
    if "delete_by" not in happened.facts:
        return []
    facts = {"organization": row.organization_name, "member": row.grant.member.name, "day": _delete_by(happened)}
    return [_l("%(organization)s deletes the data by %(day)s, and %(member)s certifies it.", **facts)]


def _delete_it(happened: Happening, to: Sequence[Person]) -> list[str]:
    """To the recipient: by when the data is gone, and to whom they confirm it."""
    if "delete_by" not in happened.facts:
        return []
    facts = {"name": to[0].name, "address": to[0].email, "day": _delete_by(happened)}
    return [
        _l("Delete the data and every copy by %(day)s.", **facts),
        _l("Then write to %(name)s, %(address)s, who certifies it: who deleted what, how, where and when.", **facts),
    ]


def _delete_by(happened: Happening) -> str:
    return day(date.fromisoformat(str(happened.facts["delete_by"])))


def _other_day(row: SubGrant, happened: Happening) -> list[str]:
    """That a sealed letter says another day than the one that holds."""
    if "before" not in happened.facts or row.sealed_at is None:
        return []
    before = day(date.fromisoformat(str(happened.facts["before"])))
    return [_l("Its letter says %(day)s. Whoever verifies it reads the day that holds.", day=before)]


def _row(session: Session, number: str) -> SubGrant:
    above = joinedload(SubGrant.grant)
    wanted = select(SubGrant).where(SubGrant.number == number)
    return session.scalars(wanted.options(above.joinedload(Grant.member), above.joinedload(Grant.data_partner))).one()


_TOLD = (
    Event.SUBGRANT_SEALED,
    Event.SUBGRANT_DECLINED,
    Event.SUBGRANT_ENDED,
    Event.SUBGRANT_CARRIED,
    Event.SUBGRANT_SHORTENED,
)
REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.SUBGRANT_PREPARED: (reaction(ask_to_sign),),
    Event.SUBGRANT_REMINDED: (reaction(remind_of_handover),),
    Event.SUBGRANT_WITHDRAWN: (reaction(tell_of_withdrawal),),
    **dict.fromkeys(_TOLD, (reaction(tell_of_handover),)),
}
HANDLERS: dict[str, Handler] = {OFFER: write_offer, CODE: write_code, SEAL: seal_handover}
