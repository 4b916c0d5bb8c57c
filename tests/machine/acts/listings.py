"""A listing from its first page to its withdrawal."""

from collections.abc import Sequence

from app.catalog.answers import Answers, Terms, What
from app.catalog.commands import create, pause, publish, resume, return_with_message, save_page, send_to_check, withdraw
from app.exchange.commands.importing import allow_import, import_rows
from app.exchange.foreign import Described
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.roles import Role
from app.rules.vocabulary import Frequency
from app.rules.workflow import ListingState, Machine
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.consortium import DATASETS, pages
from tests.machine.view import View
from tests.machine.world import World

MOST = 8


def _stewards(view: View, thing: Thing) -> Sequence[str]:
    at = thing.row.id if thing.machine is Machine.ORGANIZATION else thing.row.organization_id
    return view.holding(at, Role.STEWARD, Role.DEPUTY)


def _officers(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER)


def _pausers(view: View, thing: Thing) -> Sequence[str]:
    return [*_stewards(view, thing), *_officers(view, thing)]


def _has_room(view: View, thing: Thing) -> bool:
    return bool(list(_stewards(view, thing))) and len(view.rows.all("dataset")) < MOST


def _organization(world: World, slug: str) -> Organization:
    key = next(row.id for row in world.rows.all("organization") if row.slug == slug)
    return world.session.get_one(Organization, key)


def _create(world: World, do: Do) -> object:
    """Begun, and as far as `more` says: empty or complete."""
    actor = world.actor(do.who)
    row = create(world.session, actor, _organization(world, do.ref), world.now, "Counts of something else")
    if do.more == "complete":
        for page in pages(DATASETS[0]):
            save_page(world.session, actor, row.reference, page, world.now)
    return row


def _import(world: World, do: Do) -> object:
    organization = _organization(world, do.ref)
    actor = world.actor(do.who)
    allow_import(world.session, actor, organization, world.now, publish=True)
    number = len(world.rows.all("dataset"))
    row = Described(
        row=1,
        identifier=f"feed-{number}",
        title=f"Feed {number}",
        description="Counts of vehicles at two hundred places, each quarter of an hour.",
        summary="Vehicles at two hundred places.",
        publisher="",
        keywords=("vehicles",),
        themes=("mobility",),
        countries=("CO",),
        coverage_start=None,
        coverage_end=None,
        frequency=Frequency.DAILY,
        languages=("en",),
        contact="data@example.org",
        license_text="",
        landing_page="",
        release="",
        spatial_resolution="",
        dictionary=(),
        foreign={},
        content_hash="b" * 64,
    )
    return import_rows(world.session, actor, organization, [row], world.now, publish=True)


def _edit(world: World, do: Do) -> object:
    page_of: dict[str, Answers] = {
        "what": pages(DATASETS[0])[0],
        "terms": Terms({"k_min": 25}),
        "beyond the agreement": Terms({"permitted_purposes": ["nothing.that.exists"]}),
        "a required answer taken away": What(title=""),
    }
    return save_page(world.session, world.actor(do.who), do.ref, page_of[str(do.more)], world.now)


def _send(world: World, do: Do) -> object:
    return send_to_check(world.session, world.actor(do.who), do.ref, world.now)


def _return(world: World, do: Do) -> object:
    said = "" if do.more == "no words" else "Say what one row stands for."
    return return_with_message(world.session, world.actor(do.who), do.ref, said, world.now)


def _publish(world: World, do: Do) -> object:
    return publish(world.session, world.actor(do.who), do.ref, world.now)


def _pause(world: World, do: Do) -> object:
    return pause(world.session, world.actor(do.who), do.ref, "" if do.more else "We renew the feed.", world.now)


def _resume(world: World, do: Do) -> object:
    return resume(world.session, world.actor(do.who), do.ref, world.now)


def _withdraw(world: World, do: Do) -> object:
    return withdraw(world.session, world.actor(do.who), do.ref, "" if do.more else "The product ended.", world.now)


def _enough_listed(view: View, _thing: Thing) -> bool:
    return sum(t.state is ListingState.LISTED for t in view.things(Machine.LISTING)) > 2


def _wrong_edit(_view: View, thing: Thing) -> Sequence[object]:
    more = () if thing.state is ListingState.DRAFT else ("a required answer taken away",)
    return ("beyond the agreement", *more)


LISTINGS, ORGANIZATIONS = of(Machine.LISTING), of(Machine.ORGANIZATION)
NO_WORDS, FILLED = words("no words"), words("empty", "complete", "complete")
ACTS = (
    Act("begin listing", None, ORGANIZATIONS, _stewards, _create, _has_room, FILLED, in_parts=True),
    Act("import", Action.PUBLISH_IMPORTED, ORGANIZATIONS, _stewards, _import, _has_room, weight=1, in_parts=True),
    Act("edit listing", Action.EDIT_LISTING, LISTINGS, _stewards, _edit, more=words("what", "terms"), wrong=_wrong_edit),
    Act("send to check", Action.SEND_LISTING, LISTINGS, _stewards, _send, weight=4),
    Act("return listing", Action.RETURN_LISTING, LISTINGS, _officers, _return, wrong=NO_WORDS),
    Act("publish", Action.PUBLISH_LISTING, LISTINGS, _officers, _publish, weight=3),
    Act("pause", Action.PAUSE_LISTING, LISTINGS, _pausers, _pause, _enough_listed, weight=1, wrong=NO_WORDS),
    Act("resume", Action.RESUME_LISTING, LISTINGS, _stewards, _resume, weight=3),
    Act("withdraw listing", Action.WITHDRAW_LISTING, LISTINGS, _stewards, _withdraw, _enough_listed, weight=1, wrong=NO_WORDS),
)  # fmt: skip
