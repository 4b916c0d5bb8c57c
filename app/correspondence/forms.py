"""The page of preferences: one answer for each group of mails, and when and in which language they come."""

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField

from app.rules.mail import CADENCES, LANGUAGES, TOPICS, Cadence, Topic
from app.web.forms import Form, options_of

_OTHER_NAMES = ("Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "posix", "right")
# Places that people know, as Region/City; the other names of the same zones are left out of the list, though taken.
ZONES = ["UTC", *sorted(z for z in available_timezones() if "/" in z and z.split("/")[0] not in _OTHER_NAMES)]


def _choice(topic: Topic) -> RadioField:
    name, hint = TOPICS[topic]
    choices = [(cadence.value, _l(words)) for cadence, words in CADENCES.items()]
    return RadioField(_l(name), description=_l(hint), choices=options_of(choices))


class PreferencesForm(Form):
    """When somebody wants which mail."""

    your_turn = _choice(Topic.YOUR_TURN)
    reminders = _choice(Topic.REMINDERS)
    conversation = _choice(Topic.CONVERSATION)
    decisions = _choice(Topic.DECISIONS)
    progress = _choice(Topic.PROGRESS)
    grants = _choice(Topic.GRANTS)
    listings = _choice(Topic.LISTINGS)
    agreement = _choice(Topic.AGREEMENT)
    searches = _choice(Topic.SEARCHES)
    time_zone = SelectField(
        _l("Your time zone"),
        description=_l("Your morning and your quiet hours are by its clock."),
        choices=options_of([(zone, zone.replace("_", " ")) for zone in ZONES]),
        validate_choice=False,
    )
    quiet_from = StringField(_l("Quiet from"), description=_l("Like 22:00. Leave both empty for none."))
    quiet_until = StringField(_l("Quiet until"), description=_l("Like 07:00. What came in between leaves then."))
    language = SelectField(
        _l("Language of your mail"),
        description=_l("What is not translated yet comes in English."),
        choices=options_of(LANGUAGES.items()),
    )

    def cadences(self) -> dict[Topic, Cadence]:
        """The answers that were given, by group."""
        given = {topic: self._fields[topic.value].data for topic in Topic if topic.value in self._fields}
        return {topic: Cadence(value) for topic, value in given.items()}
