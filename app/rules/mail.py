"""Which mail belongs to which group, what may wait, and what nobody can turn off (experience.md, screen 16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_


class Topic(StrEnum):
    """A group of mails that a person chooses about as a whole: a line of the preferences."""

    YOUR_TURN = "your_turn"
    REMINDERS = "reminders"
    CONVERSATION = "conversation"
    DECISIONS = "decisions"
    PROGRESS = "progress"
    GRANTS = "grants"
    LISTINGS = "listings"
    AGREEMENT = "agreement"
    SEARCHES = "searches"
    # The rest goes out always.
    OVERDUE = "overdue"
    STOPPED = "stopped"
    ACCOUNT = "account"


class Cadence(StrEnum):
    """When a person wants the mails of a group."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


@dataclass(frozen=True)
class MailKind:
    """What a template is about. What is not urgent waits some minutes, so that several things become one mail."""

    topic: Topic
    is_urgent: bool = False

    @property
    def is_mandatory(self) -> bool:
        """Whether it goes out whatever a person has chosen."""
        return self.topic in MANDATORY


TOPICS: dict[Topic, tuple[str, str]] = {
    Topic.YOUR_TURN: (N_("It is your turn"), N_("To check, decide, sign, answer or issue, with the day by which.")),
    Topic.REMINDERS: (N_("Reminders before the day"), N_("When half, and when most, of the time has passed.")),
    Topic.CONVERSATION: (
        N_("Messages"),
        N_("What others write in the conversation of a proposal, or answer on a dataset's page."),
    ),
    Topic.DECISIONS: (N_("Decisions on your proposals"), N_("Approved, not approved, or taken back.")),
    Topic.PROGRESS: (
        N_("Where proposals stand"),
        N_("Received, asked for changes, parked, withdrawn; what becomes of teams and of data needs."),
    ),
    Topic.GRANTS: (N_("Grants"), N_("Issued, changed, ended; data to fetch, reports to write.")),
    Topic.LISTINGS: (N_("Your datasets"), N_("Listed, imported, and what the reading of a catalog brought.")),
    Topic.AGREEMENT: (N_("The agreement"), N_("Your accession: in force, declined, ended.")),
    Topic.SEARCHES: (N_("Your saved searches"), N_("New datasets that match; how often, each search says.")),
    Topic.OVERDUE: (
        N_("It is your turn, and urgent"),
        N_("Others wait for you beyond the day, or for an answer within hours, as in a crisis."),
    ),
    Topic.STOPPED: (
        N_("Access is stopped"),
        N_("Suspended or revoked grants, incidents, and a side that leaves the agreement."),
    ),
    Topic.ACCOUNT: (N_("Your account"), N_("Codes, invitations, your roles, your password.")),
}
MANDATORY = frozenset({Topic.OVERDUE, Topic.STOPPED, Topic.ACCOUNT})
# Whose mails ask for something to be done; what was done by the time they leave is asked for no more.
ASKING = frozenset({Topic.YOUR_TURN, Topic.REMINDERS})
OPTIONAL = tuple(topic for topic in Topic if topic not in MANDATORY)

CADENCES: dict[Cadence, str] = {
    Cadence.NOW: N_("Now"),
    Cadence.DAILY: N_("Daily"),
    Cadence.WEEKLY: N_("Weekly"),
    Cadence.OFF: N_("Off"),
}

LANGUAGES = {"en": "English", "es": "Español", "pt": "Português", "fr": "Français"}

# Every template under templates/email. One that is missing here goes out at once and alone, and a test asks for its line.
MAILS: dict[str, MailKind] = {
    # Asked to act.
    "agreement_to_sign": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "agreement_to_countersign": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "listing_sent": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "listing_returned": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "listing_question": MailKind(Topic.YOUR_TURN),
    "need_posted": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "proposal_answered": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "proposal_changes": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "proposal_to_check": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "proposal_to_read": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "proposal_taken_from": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "proposal_looked_again": MailKind(Topic.PROGRESS),
    "proposal_listing_closed": MailKind(Topic.PROGRESS, is_urgent=True),
    "proposal_to_decide": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "proposal_to_issue": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "grant_to_act": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "team_to_act": MailKind(Topic.YOUR_TURN, is_urgent=True),
    "promise_to_act": MailKind(Topic.YOUR_TURN, is_urgent=True),
    # Told.
    "grant_reminder": MailKind(Topic.REMINDERS, is_urgent=True),
    "promise_reminder": MailKind(Topic.REMINDERS, is_urgent=True),
    "listing_question_reminder": MailKind(Topic.REMINDERS, is_urgent=True),
    "team_reminder": MailKind(Topic.REMINDERS, is_urgent=True),
    "promise_told": MailKind(Topic.GRANTS, is_urgent=True),
    "promise_said": MailKind(Topic.CONVERSATION),
    "proposal_reminder": MailKind(Topic.REMINDERS, is_urgent=True),
    "proposal_comment": MailKind(Topic.CONVERSATION),
    "proposal_item_decided": MailKind(Topic.DECISIONS),
    "proposal_decision_undone": MailKind(Topic.DECISIONS),
    "proposal_decision_revised": MailKind(Topic.DECISIONS, is_urgent=True),
    "listing_answered": MailKind(Topic.CONVERSATION),
    "listing_question_hidden": MailKind(Topic.CONVERSATION),
    "listing_question_shown": MailKind(Topic.CONVERSATION),
    "proposal_suggestion": MailKind(Topic.CONVERSATION),
    "proposal_suggestion_settled": MailKind(Topic.CONVERSATION),
    "proposal_decided": MailKind(Topic.DECISIONS, is_urgent=True),
    "proposal_not_taken_up": MailKind(Topic.DECISIONS, is_urgent=True),
    "proposal_not_offered": MailKind(Topic.DECISIONS),
    "proposal_ended": MailKind(Topic.DECISIONS, is_urgent=True),
    "proposal_received": MailKind(Topic.PROGRESS),
    "proposal_rerouted": MailKind(Topic.PROGRESS, is_urgent=True),
    "proposal_others_ask": MailKind(Topic.PROGRESS),
    "proposal_parked": MailKind(Topic.PROGRESS),
    "proposal_days_passed": MailKind(Topic.PROGRESS, is_urgent=True),
    "proposal_not_to_issue": MailKind(Topic.PROGRESS, is_urgent=True),
    "proposal_reopened": MailKind(Topic.PROGRESS, is_urgent=True),
    "proposal_taken_back": MailKind(Topic.DECISIONS, is_urgent=True),
    "proposal_taken_over": MailKind(Topic.OVERDUE, is_urgent=True),
    "proposal_withdrawn": MailKind(Topic.PROGRESS),
    "team_told": MailKind(Topic.PROGRESS),
    "consent_approved": MailKind(Topic.PROGRESS, is_urgent=True),
    "grant_sealed": MailKind(Topic.GRANTS, is_urgent=True),
    "grant_suspension_lifted": MailKind(Topic.GRANTS, is_urgent=True),
    "grant_expired": MailKind(Topic.GRANTS, is_urgent=True),
    "grant_closed": MailKind(Topic.GRANTS),
    "grant_told": MailKind(Topic.GRANTS),
    "dataset_release": MailKind(Topic.GRANTS),
    "harvest_found": MailKind(Topic.LISTINGS),
    "harvest_failed": MailKind(Topic.LISTINGS),
    "harvest_ended": MailKind(Topic.LISTINGS),
    "listing_published": MailKind(Topic.LISTINGS),
    "listing_trust": MailKind(Topic.LISTINGS),
    "catalog_imported": MailKind(Topic.LISTINGS),
    "catalog_import_stopped": MailKind(Topic.LISTINGS),
    "agreement_in_force": MailKind(Topic.AGREEMENT, is_urgent=True),
    "agreement_declined": MailKind(Topic.AGREEMENT, is_urgent=True),
    "agreement_ended": MailKind(Topic.AGREEMENT, is_urgent=True),
    "need_answered": MailKind(Topic.PROGRESS, is_urgent=True),
    "need_supported": MailKind(Topic.PROGRESS),
    "need_pledged": MailKind(Topic.PROGRESS, is_urgent=True),
    "need_ended": MailKind(Topic.PROGRESS),
    "search_found": MailKind(Topic.SEARCHES),
    # Always.
    "incident_reported": MailKind(Topic.STOPPED, is_urgent=True),
    "grant_suspended": MailKind(Topic.STOPPED, is_urgent=True),
    "grant_ended_with_member": MailKind(Topic.STOPPED, is_urgent=True),
    "grant_runs_on": MailKind(Topic.STOPPED, is_urgent=True),
    "agreement_notice": MailKind(Topic.STOPPED, is_urgent=True),
    "grant_revoked": MailKind(Topic.STOPPED, is_urgent=True),
    "invitation": MailKind(Topic.ACCOUNT, is_urgent=True),
    "team_invitation": MailKind(Topic.ACCOUNT, is_urgent=True),
    "password_changed": MailKind(Topic.ACCOUNT, is_urgent=True),
    "password_reset": MailKind(Topic.ACCOUNT, is_urgent=True),
    "removed": MailKind(Topic.ACCOUNT, is_urgent=True),
    "roles_changed": MailKind(Topic.ACCOUNT, is_urgent=True),
    "second_factor_changed": MailKind(Topic.ACCOUNT, is_urgent=True),
    "signing_code": MailKind(Topic.ACCOUNT, is_urgent=True),
    "mail_test": MailKind(Topic.ACCOUNT, is_urgent=True),
    "reply_held": MailKind(Topic.ACCOUNT, is_urgent=True),
    "reply_refused": MailKind(Topic.ACCOUNT, is_urgent=True),
    "reply_unread": MailKind(Topic.ACCOUNT, is_urgent=True),
    "reply_trimmed": MailKind(Topic.ACCOUNT, is_urgent=True),
}
UNKNOWN = MailKind(Topic.ACCOUNT, is_urgent=True)


class Preset(StrEnum):
    """A whole set of choices in one step."""

    EVERYTHING = "everything"
    CALM = "calm"
    MUST = "must"
    WEEKLY = "weekly"


PRESET_NAMES: dict[Preset, tuple[str, str]] = {
    Preset.EVERYTHING: (N_("Everything at once"), N_("Each thing within minutes.")),
    Preset.CALM: (N_("My turn at once, the rest once a day"), N_("One mail in the morning with what else happened.")),
    Preset.MUST: (N_("Only what I must do"), N_("My turn and reminders; nothing that is only news.")),
    Preset.WEEKLY: (N_("Once a week"), N_("My turn once a day, the rest each Monday.")),
}

_N, _D, _W, _O = Cadence.NOW, Cadence.DAILY, Cadence.WEEKLY, Cadence.OFF


def _choices(turn: Cadence, reminders: Cadence, told: Cadence, news: Cadence) -> Mapping[Topic, Cadence]:
    told_topics = dict.fromkeys((Topic.CONVERSATION, Topic.DECISIONS), told)
    return dict.fromkeys(OPTIONAL, news) | {Topic.YOUR_TURN: turn, Topic.REMINDERS: reminders} | told_topics


PRESETS: dict[Preset, Mapping[Topic, Cadence]] = {
    Preset.EVERYTHING: _choices(_N, _N, _N, _N),
    Preset.CALM: _choices(_N, _N, _N, _D),
    Preset.MUST: _choices(_N, _N, _O, _O),
    Preset.WEEKLY: _choices(_D, _D, _W, _W),
}
DEFAULTS = PRESETS[Preset.EVERYTHING]


def kind_of(template: str, *, is_over: bool = False, by_the_hour: bool = False) -> MailKind:
    """What a template is about. A reminder after the day is one that nobody can turn off.

    Where hours count, nobody can turn off or put off being asked either: the next morning may be too late.
    """
    kind = MAILS.get(template, UNKNOWN)
    is_pressing = kind.topic is Topic.REMINDERS and (is_over or by_the_hour)
    is_asked_now = kind.topic is Topic.YOUR_TURN and by_the_hour
    return MailKind(Topic.OVERDUE, is_urgent=True) if is_pressing or is_asked_now else kind


def preset_of(choices: Mapping[Topic, Cadence]) -> Preset | None:
    """The preset that these choices are; None where they are somebody's own mix."""
    return next((preset for preset, wanted in PRESETS.items() if dict(wanted) == dict(choices)), None)
