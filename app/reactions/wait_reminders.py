"""Reminders of what waits beside proposals and grants: a signature, a listing to check, a data need, what a harvest found."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agreements.clocks import SECRETARIAT_ACTS
from app.agreements.clocks import awaited as signing
from app.agreements.commands.reminding import remind_of_accessions
from app.agreements.models import Accession
from app.catalog.commands.reminding_checks import remind_of_checks
from app.catalog.models import Dataset
from app.catalog.queries import checking
from app.exchange.commands.harvest_reminding import remind_of_found
from app.exchange.models import HarvestSource
from app.exchange.queries.harvests import awaited as looking
from app.history.queries import Happening
from app.needs.commands.reminding import remind_of_needs
from app.needs.models import DataNeed
from app.needs.queries import awaited as answering
from app.organizations.models import Person
from app.organizations.naming import Awaited, named_for
from app.organizations.queries import secretariat
from app.reactions.letters import Post, names_of, people_named, reaction, reminder
from app.reactions.work import Job, Reaction
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT
from app.rules.events import Event


def remind_of_signature(post: Post, happened: Happening) -> None:
    """To the signatory, and once the time is long over to the secretariat; a countersignature to the secretariat's own."""
    wanted = select(Accession).where(Accession.reference == happened.ref).options(joinedload(Accession.organization))
    row = post.session.scalars(wanted).one()
    wait, facts = signing(row, secretariat(post.session).id), {"at": row.organization.name}
    acting, seeing = _people(post, wait, happened)
    if row.state in SECRETARIAT_ACTS:
        letter = reminder(
            happened.facts,
            _l("countersign the agreement of %(at)s", **facts),
            _l("%(at)s has signed", **facts),
            _l("The common agreement of %(at)s is in force once the secretariat has countersigned it.", **facts),
            _l("Countersign"),
            _l("Until then nobody there can list or propose."),
        )
        post.send(letter, [*acting, *seeing], f"/desk/agreement/{row.reference}")
        return
    letter = reminder(
        happened.facts,
        _l("sign the common agreement for %(at)s", **facts),
        _l("The common agreement waits for you"),
        _l("%(at)s joins once the agreement is signed; it is signed once, for every data partner.", **facts),
        _l("Read and sign"),
        _l("If somebody else signs for you, hand it on from that page."),
    )
    post.send(letter, acting, f"/sign/{row.reference}")
    see = reminder(
        happened.facts,
        _l("the signature of %(at)s", **facts),
        _l("%(at)s has not signed", **facts),
        _l(
            "%(names)s should have signed the common agreement for %(at)s, or declined. Ask there.",
            names=names_of(acting),
            **facts,
        ),
        _l("See the case"),
        acts=False,
    )
    post.send(see, seeing, f"/desk/agreement/{row.reference}")


def remind_of_check(post: Post, happened: Happening) -> None:
    """To the secretariat's officer who is named; others join when the time is over."""
    wanted = select(Dataset).where(Dataset.reference == happened.ref).options(joinedload(Dataset.organization))
    row = post.session.scalars(wanted).one()
    facts = {"title": row.title, "at": row.organization.name}
    letter = reminder(
        happened.facts,
        _l("check %(title)s", **facts),
        _l("A listing waits to be checked"),
        _l("%(at)s sent “%(title)s”. Nobody finds it before the check.", **facts),
        _l("Check it"),
    )
    acting, seeing = _people(post, checking(row, secretariat(post.session).id), happened)
    post.send(letter, [*acting, *seeing], f"/desk/checks/{row.reference}")


def remind_of_need(post: Post, happened: Happening) -> None:
    """To the secretariat's officer who is named; others join when the time is over."""
    wanted = select(DataNeed).where(DataNeed.reference == happened.ref).options(joinedload(DataNeed.organization))
    row = post.session.scalars(wanted).one()
    facts = {"title": row.question, "at": row.organization.name}
    letter = reminder(
        happened.facts,
        _l("answer %(title)s", **facts),
        _l("A data need waits for its first answer"),
        _l("%(at)s looks for data: “%(title)s”", **facts),
        _l("Read and answer"),
    )
    acting, seeing = _people(post, answering(row, secretariat(post.session).id), happened)
    post.send(letter, [*acting, *seeing], f"/needs/{row.reference}")


def remind_to_look(post: Post, happened: Happening) -> None:
    """To whoever lists there and is named, and their deputy; to the secretariat, once the time is long over."""
    wanted = select(HarvestSource).where(HarvestSource.reference == happened.ref)
    source = post.session.scalars(wanted.options(joinedload(HarvestSource.organization))).one()
    facts = {"title": source.name, "at": source.organization.name}
    acting, seeing = _people(post, looking(source), happened)
    link = f"/desk/harvests/{source.reference}/runs/{happened.facts['run']}"
    letter = reminder(
        happened.facts,
        _l("look at the changes from %(title)s", **facts),
        _l("Changes from “%(title)s” wait for you", **facts),
        _l("What was found there is shown to nobody before somebody of %(at)s has chosen.", **facts),
        _l("Look at them"),
    )
    post.send(letter, acting, link)
    see = reminder(
        happened.facts,
        _l("changes from %(title)s", **facts),
        _l("Nobody looks at the changes from “%(title)s”", **facts),
        _l("%(names)s should have looked at what “%(title)s” brought for %(at)s. Ask there.", names=names_of(acting), **facts),
        _l("See to it"),
        acts=False,
    )  # fmt: skip
    post.send(see, seeing, link)


def _people(post: Post, wait: Awaited, happened: Happening) -> tuple[Sequence[Person], Sequence[Person]]:
    """Those who act, and who has joined them beyond the time."""
    named = named_for(post.session, [wait]).get((wait.thing, wait.ref, wait.organization_id))
    if named is None:
        return (), ()
    percent = int(str(happened.facts["percent"]))
    acting = named.asked(min(percent, DEPUTY_JOINS_AT))
    late = percent >= SECRETARIAT_JOINS_AT and named.last is not None and named.last not in acting
    return people_named(post, acting), people_named(post, [named.last] if late and named.last else [])


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    event: (reaction(tell),)
    for event, tell in {
        Event.ACCESSION_REMINDED: remind_of_signature,
        Event.LISTING_REMINDED: remind_of_check,
        Event.NEED_REMINDED: remind_of_need,
        Event.HARVEST_REMINDED: remind_to_look,
    }.items()
}


def remind(session: Session, now: datetime) -> None:
    """Everybody for whom one of these has waited long enough."""
    remind_of_accessions(session, now)
    remind_of_checks(session, now)
    remind_of_needs(session, now)
    remind_of_found(session, now)


SCHEDULE: tuple[Job, ...] = (remind,)
