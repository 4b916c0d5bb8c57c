"""One's own mail: what one wants when, what was sent, and replies that wait for a word. And the link that turns mail off."""

from flask import Blueprint, current_app, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.correspondence import queries
from app.correspondence.commands import (
    RELEASE,
    TEST,
    Wishes,
    choose,
    discard_held,
    forget_bounce,
    take_preset,
    turn_off,
)
from app.correspondence.forms import PreferencesForm
from app.correspondence.tokens import read_off_token
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.outbox.commands import enqueue
from app.rules.mail import MANDATORY, OPTIONAL, PRESET_NAMES, TOPICS, Preset, Topic, preset_of
from app.web.actor import current_actor
from app.web.answers import commit, finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, public, signed_in

blueprint = Blueprint("correspondence", __name__)


@blueprint.record
def _leave_out_of_csrf(state: BlueprintSetupState) -> None:
    """A mail program turns mail off with a POST of its own (RFC 8058); the signed mark in the address is its right."""
    state.app.extensions["csrf"].exempt("app.correspondence.routes.off")


@blueprint.route("/me/mail", methods=["GET", "POST"])
@signed_in
def preferences() -> Response:
    """Which mail the person wants, and when."""
    actor = current_actor()
    known = queries.preferences(db.session, actor.person_id or 0)
    form = PreferencesForm(data=_shown(known))

    def act() -> None:
        text = {name: form.data[name] or "" for name in ("language", "time_zone", "quiet_from", "quiet_until")}
        choose(db.session, actor, form.cadences(), Wishes(**text), now())

    if form.submitted(act):
        return finish("/me/mail", _("Saved. It holds for every mail from now on."))
    return page(
        "correspondence/preferences.html",
        form.status,
        form=form,
        topics=[topic.value for topic in OPTIONAL],
        always=[TOPICS[topic] for topic in Topic if topic in MANDATORY],
        presets=PRESET_NAMES,
        preset=preset_of(known.choices),
        known=known,
        held=queries.held_replies(db.session, actor),
        can_reply=bool(current_app.config.get("INBOUND_ADDRESS")),
    )


@blueprint.post("/me/mail/preset")
@signed_in
def preset() -> Response:
    """Take one of the ready-made sets."""
    wanted = request.form.get("preset", "")
    if wanted not in set(Preset):
        raise NotFound(NOT_FOUND)
    take_preset(db.session, current_actor(), Preset(wanted))
    return finish("/me/mail", _("Saved: %(name)s.", name=told(PRESET_NAMES[Preset(wanted)][0]).lower()))


@blueprint.post("/me/mail/test")
@signed_in
def test() -> Response:
    """A mail to oneself, to see that it arrives."""
    actor = current_actor()
    enqueue(db.session, TEST, {"person": actor.person_id}, now(), about="mail test")
    return finish("/me/mail", _("A test mail to %(address)s is on its way.", address=actor.email))


@blueprint.post("/me/mail/address-works")
@signed_in
def address_works() -> Response:
    """The person says that their address takes mail again."""
    forget_bounce(db.session, current_actor().person_id or 0)
    return finish("/me/mail", _("Good. Send yourself a test mail to be sure."))


@blueprint.get("/me/mail/sent")
@signed_in
def sent() -> Response:
    """The mails of the last 30 days to one's own address."""
    mails = queries.mails_to(db.session, current_actor(), now())
    return page("correspondence/sent.html", mails=mails, email=current_actor().email)


@blueprint.route("/me/mail/held/<int:inbound_id>", methods=["GET", "POST"])
@signed_in
def held(inbound_id: int) -> Response:
    """A reply that came from another address: read it, then post or discard it."""
    row = queries.held_reply(db.session, current_actor(), inbound_id)
    if request.method == "GET":
        return page("correspondence/held.html", row=row)
    if request.form.get("act") == "post":
        enqueue(db.session, RELEASE, {"inbound": row.id}, now(), about=row.ref)
        return finish("/me/mail", _("It is posted in your name within a minute."))
    discard_held(db.session, current_actor(), inbound_id)
    return finish("/me/mail", _("Discarded. Its text is deleted."))


@blueprint.route("/mail/off/<token>", methods=["GET", "POST"])
@public
def off(token: str) -> Response:
    """Turn one group of mails off, without signing in: by a person on the page, or by a mail program in one step."""
    found = read_off_token(current_app.config, token)
    if found is None:
        raise NotFound(NOT_FOUND)
    person_id, topic = found
    is_done = request.method == "POST"
    if is_done:
        turn_off(db.session, person_id, topic)
        commit()
    address = url_for("correspondence.off", token=token)
    return page("correspondence/off.html", topic=TOPICS[topic], is_done=is_done, address=address)


def _shown(known: queries.Preferences) -> dict[str, str]:
    hours = known.hours
    return {
        **{topic.value: known.cadence(topic).value for topic in OPTIONAL},
        "language": known.language,
        "time_zone": hours.zone,
        "quiet_from": f"{hours.quiet_from:%H:%M}" if hours.quiet_from else "",
        "quiet_until": f"{hours.quiet_until:%H:%M}" if hours.quiet_until else "",
    }
