"""What follows from events of cards, restrictions, trust, names and addresses: a mail to each person whom it concerns."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.history.queries import Happening
from app.organizations.cards import who_vouches
from app.organizations.commands.vouching import cards_by_date
from app.organizations.models import AddressChange, Organization, Person
from app.organizations.queries import focal_points_of, officers, person_by_email, stewards_of
from app.proposals.queries.leading import led_by
from app.reactions.letters import INVITATION, TO_ACT, TRUST, Letter, Post, organization_of, person_of, reaction
from app.reactions.mail import Recipient
from app.reactions.work import Apply, Handler, Job, Reaction, Work
from app.rules.events import Event
from app.rules.restrictions import RESTRICTION_NAMES, RestrictionKind
from app.web.words import day


def ask_to_vouch(post: Post, happened: Happening) -> None:
    """To the focal points, or the officers where there is no other: somebody asks."""
    organization = organization_of(post, happened.ref)
    person_id, name = int(str(happened.facts["person_id"])), str(happened.facts["person"])
    letter = Letter(
        _l("Vouch for %(name)s", name=name),
        _l("%(name)s asks you to vouch", name=name),
        (_l("You would say for a year that %(name)s may lead and send proposals of %(at)s.", name=name, at=organization.name),),
        _l("Answer"),
        otherwise=_l("Until somebody vouches, %(name)s can write proposals but not send them.", name=name),
        template=TO_ACT,
    )  # fmt: skip
    post.send(letter, who_vouches(post.session, organization.id, person_id), _cards(organization))


def tell_of_card(post: Post, happened: Happening) -> None:
    """To the person: vouched for, or not."""
    organization = organization_of(post, happened.ref)
    until, by = _until(happened), happened.actor
    letter = Letter(
        _l("You can send proposals until %(until)s", until=until) if until else _l("Nobody vouched for you yet"),
        _l("%(by)s vouches for you", by=by) if until else _l("%(by)s did not vouch for you", by=by),
        (_l("It counts for proposals that you lead for %(name)s.", name=organization.name),),
        _l("See the people"),
        words="" if until else str(happened.facts.get("words") or ""),
        who=by,
    )
    post.send(letter, person_of(post, happened.facts["person_id"]), _cards(organization))


def remind_of_card(post: Post, happened: Happening) -> None:
    """To the person and to those who can renew it."""
    organization = organization_of(post, happened.ref)
    person_id, name = int(str(happened.facts["person_id"])), str(happened.facts["person"])
    facts = {"name": name, "until": _until(happened), "at": organization.name}
    letter = Letter(
        _l("Vouching for %(name)s ends %(until)s", **facts),
        _l("Renew it before %(until)s", **facts),
        (_l("After that day %(name)s cannot send proposals of %(at)s until a focal point vouches again.", **facts),),
        _l("Renew it"),
        template=TO_ACT,
    )
    post.send(letter, who_vouches(post.session, organization.id, person_id), _cards(organization))
    post.send(letter, person_of(post, person_id), _cards(organization))


def _until(happened: Happening) -> str:
    """The last day for which somebody vouched; empty where nobody did."""
    last = str(happened.facts.get("until") or "")
    return day(date.fromisoformat(last)) if last else ""


def tell_of_lost_card(post: Post, happened: Happening) -> None:
    """To the person and the focal points; and where proposals are under way, to the officers: the cases go on."""
    organization = organization_of(post, happened.ref)
    person_id, name = int(str(happened.facts["person_id"])), str(happened.facts["person"])
    running = [row for row in led_by(post.session, organization.id, person_id) if row.sent_at is not None]
    facts = {"name": name, "at": organization.name, "refs": ", ".join(row.reference for row in running)}
    sentences = [_l("%(name)s cannot send proposals of %(at)s until a focal point vouches again.", **facts)]
    if running:
        sentences.append(_l("Still under way, and going on: %(refs)s.", **facts))
    letter = Letter(
        _l("No longer vouched for: %(name)s", **facts),
        _l("Nobody vouches for %(name)s any more", **facts),
        sentences,
        _l("See the people"),
        words=str(happened.facts.get("words") or ""),
        who=happened.actor,
    )
    concerned = [*person_of(post, person_id), *focal_points_of(post.session, organization.id)]
    post.send(letter, [*concerned, *(officers(post.session) if running else [])], _cards(organization))


def tell_of_restriction(post: Post, happened: Happening) -> None:
    """To the focal points: what the organization cannot do until something is mended."""
    organization = organization_of(post, happened.ref)
    what = _l(RESTRICTION_NAMES[RestrictionKind(str(happened.facts["kind"]))])
    letter = Letter(
        _l("Held up: %(name)s cannot %(what)s", name=organization.name, what=what),
        _l("Something that %(name)s owes is overdue", name=organization.name),
        (_l("Until it is mended, %(name)s cannot %(what)s.", name=organization.name, what=what),),
        _l("See what mends it"),
        words=str(happened.facts.get("words") or ""),
        template=TO_ACT,
    )
    post.send(letter, focal_points_of(post.session, organization.id), f"/orgs/{organization.slug}")


def tell_of_lifting(post: Post, happened: Happening) -> None:
    """To the focal points: it is mended."""
    organization = organization_of(post, happened.ref)
    what = _l(RESTRICTION_NAMES[RestrictionKind(str(happened.facts["kind"]))])
    letter = Letter(
        _l("%(name)s can %(what)s again", name=organization.name, what=what),
        _l("What was overdue is done"),
        (_l("%(name)s can %(what)s again.", name=organization.name, what=what),),
        _l("Open the organization"),
    )
    post.send(letter, focal_points_of(post.session, organization.id), f"/orgs/{organization.slug}")


def tell_of_trust(post: Post, happened: Happening) -> None:
    """To the stewards: whether what they import and harvest may be listed without a check of each dataset."""
    organization = organization_of(post, happened.ref)
    letter = Letter(
        _l("%(name)s may list whole catalogs at once", name=organization.name),
        _l("Imports and harvests may be listed without a check of each"),
        (
            _l("The secretariat trusts %(name)s with that.", name=organization.name),
            _l(
                "When you import a catalog, or say what becomes of what a source brings, you choose. Nothing is listed by itself."
            ),
        ),
        _l("Import a catalog"),
        template=TRUST,
    )
    post.send(letter, stewards_of(post.session, organization.id), "/catalog/import")


def tell_of_checks(post: Post, happened: Happening) -> None:
    """To the stewards: each dataset is checked again, imported and harvested ones too."""
    organization = organization_of(post, happened.ref)
    letter = Letter(
        _l("%(name)s: each dataset is checked before it is listed", name=organization.name),
        _l("Imports and harvests are listed after a check of each"),
        (
            _l("New datasets that you import become drafts, and you send each to the check."),
            _l("Sources whose new datasets were to be listed at once send them to the check where nothing is missing."),
            _l("What is listed stays listed."),
        ),
        _l("Open your sources"),
        template=TRUST,
    )
    post.send(letter, stewards_of(post.session, organization.id), "/desk/harvests")


def tell_of_name(post: Post, happened: Happening) -> None:
    """To the person: somebody in charge changed the name."""
    facts = {"by": happened.actor, "before": str(happened.facts["before"]), "name": str(happened.facts["name"])}
    letter = Letter(
        _l("Your name here is now %(name)s", **facts),
        _l("%(by)s changed your name", **facts),
        (
            _l("It was %(before)s and is %(name)s now.", **facts),
            _l("What you signed before keeps the name it was signed with."),
        ),
        _l("Open your account"),
        otherwise=_l("If this is wrong, ask %(by)s or the secretariat.", **facts),
        template=INVITATION,
    )
    post.send(letter, person_of(post, happened.facts["person_id"]), "/me")


def write_address_link(work: Work, payload: JSONObject) -> Apply | None:
    """The link to a new address; none where a newer one was asked for, and other words where the address has an account."""

    def apply(session: Session) -> None:
        row = session.get(AddressChange, int(str(payload["change"])))
        token = str(payload["token"])
        if row is None or row.done_at is not None or row.expires_at <= work.now:
            return
        person = session.get_one(Person, row.person_id)
        is_taken = person_by_email(session, row.email) is not None
        letter = Letter(
            _l("Your address at Onepact"),
            _l("An account is there already") if is_taken else _l("Confirm your new address"),
            (
                _l("%(name)s wanted to sign in with this address, which has an account already.", name=person.name)
                if is_taken
                else _l("%(name)s wants to sign in with this address from now on.", name=person.name),
            ),
            _l("Sign in") if is_taken else _l("Confirm it"),
            otherwise=_l("If this was not you, do nothing: nothing changes."),
            template=INVITATION,
        )
        link = "/sign-in" if is_taken else f"/me/address/{token}"
        Post(session, work, f"account {person.pid}", "").to(letter, Recipient(person.name, row.email), link)

    return apply


def write_address_changed(work: Work, payload: JSONObject) -> Apply | None:
    """To the address that was left: it does not sign in any more."""

    def apply(session: Session) -> None:
        person = session.get_one(Person, int(str(payload["person"])))
        letter = Letter(
            _l("Your address was changed"),
            _l("You sign in with another address now"),
            (_l("%(name)s, you sign in with another e-mail address now. This one no longer works.", name=person.name),),
            _l("Get help"),
            otherwise=_l("If this was not you, tell your focal point and the secretariat at once."),
            template=INVITATION,
        )  # fmt: skip
        to = Recipient(person.name, str(payload["before"]))
        Post(session, work, f"account {person.pid}", "").to(letter, to, "/password/forgot")

    return apply


def _cards(organization: Organization) -> str:
    return f"/orgs/{organization.slug}#cards"


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    event: (reaction(tell),)
    for event, tell in {
        Event.CARD_ASKED: ask_to_vouch,
        Event.PERSON_VOUCHED: tell_of_card,
        Event.CARD_RENEWED: tell_of_card,
        Event.CARD_DECLINED: tell_of_card,
        Event.CARD_ENDS_SOON: remind_of_card,
        Event.CARD_EXPIRED: tell_of_lost_card,
        Event.CARD_ENDED: tell_of_lost_card,
        Event.ORGANIZATION_RESTRICTED: tell_of_restriction,
        Event.RESTRICTION_LIFTED: tell_of_lifting,
        Event.TRUSTED_TO_LIST: tell_of_trust,
        Event.LISTS_BY_CHECK: tell_of_checks,
        Event.PERSON_RENAMED: tell_of_name,
    }.items()
}
HANDLERS: dict[str, Handler] = {
    "account.address": write_address_link,
    "account.address_changed": write_address_changed,
}
SCHEDULE: tuple[Job, ...] = (cards_by_date,)
