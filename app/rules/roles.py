"""Every role: the ones a person holds in an organization, and the ones a person has towards one case."""

from enum import StrEnum

from app.foundation.words import N_


class Role(StrEnum):
    """One enum for both kinds, so that a permission row can name either."""

    # Held in an organization, until it ends.
    STEWARD = "steward"
    DEPUTY = "deputy"
    SIGNATORY = "signatory"
    FOCAL_POINT = "focal_point"
    PROJECT_STAFF = "project_staff"
    OFFICER = "officer"
    DIRECTOR = "director"
    AUDITOR = "auditor"
    REVIEWER = "reviewer"
    CHAIR = "chair"
    ETHICS_REVIEWER = "ethics_reviewer"
    LEGAL_REVIEWER = "legal_reviewer"
    # Standing towards one case, derived each time and never stored.
    PROJECT_LEAD = "project_lead"
    TEAM_MEMBER = "team_member"
    COLLEAGUE = "colleague"
    DATASET_STEWARD = "dataset_steward"
    TRUSTED_STEWARD = "trusted_steward"
    OWN_SIGNATORY = "own_signatory"
    OWN_FOCAL_POINT = "own_focal_point"
    OTHER_MEMBER = "other_member"
    RECIPIENT = "recipient"
    PUBLIC = "public"
    REPORTER = "reporter"
    # Bars: towards one case, and stronger than any permission.
    CONFLICTED = "conflicted"
    APPROVER = "approver"
    # Not people.
    OPERATOR = "operator"
    SYSTEM = "system"


class Kind(StrEnum):
    """What an organization is in the consortium. It accedes in a capacity; BOTH may list and propose."""

    PARTNER = "partner"
    MEMBER = "member"
    BOTH = "both"
    SECRETARIAT = "secretariat"


class Capacity(StrEnum):
    """As what an organization signs the common agreement."""

    DATA_PARTNER = "data_partner"
    MEMBER = "member"


CAPACITIES: dict[Kind, frozenset[Capacity]] = {
    Kind.PARTNER: frozenset({Capacity.DATA_PARTNER}),
    Kind.MEMBER: frozenset({Capacity.MEMBER}),
    Kind.BOTH: frozenset({Capacity.DATA_PARTNER, Capacity.MEMBER}),
    Kind.SECRETARIAT: frozenset(),
}

# What is held in an organization, and what it makes of the holder towards it.
TOWARDS_OWN = {Role.FOCAL_POINT: Role.OWN_FOCAL_POINT, Role.SIGNATORY: Role.OWN_SIGNATORY}

# The data access committee: its people come from members and data partners, and from the secretariat.
_OF_THE_COMMITTEE = frozenset({Role.REVIEWER, Role.CHAIR})
_OF_PARTNERS = frozenset({Role.STEWARD, Role.DEPUTY, Role.SIGNATORY, Role.FOCAL_POINT}) | _OF_THE_COMMITTEE
_OF_MEMBERS = frozenset({Role.PROJECT_STAFF, Role.SIGNATORY, Role.FOCAL_POINT}) | _OF_THE_COMMITTEE
_OF_THE_SECRETARIAT = frozenset({Role.OFFICER, Role.DIRECTOR, Role.AUDITOR, Role.ETHICS_REVIEWER, Role.LEGAL_REVIEWER})

HELD_ROLES: dict[Kind, frozenset[Role]] = {
    Kind.PARTNER: _OF_PARTNERS,
    Kind.MEMBER: _OF_MEMBERS,
    Kind.BOTH: _OF_PARTNERS | _OF_MEMBERS,
    Kind.SECRETARIAT: _OF_THE_SECRETARIAT | _OF_THE_COMMITTEE,
}

# Given and taken by a director alone, wherever they are held: nobody else makes those who review, issue or audit.
APPOINTED = _OF_THE_SECRETARIAT | _OF_THE_COMMITTEE

# Who signs, decides, votes, issues or revokes shows two things at sign-in: a password and a device.
NEEDS_SECOND_FACTOR = (APPOINTED - {Role.AUDITOR}) | {Role.STEWARD, Role.DEPUTY, Role.SIGNATORY}

# The roles whose last holder can neither leave nor give them up before somebody else has them: work would stop.
_NEEDED_BY_PARTNERS = frozenset({Role.FOCAL_POINT, Role.STEWARD, Role.SIGNATORY})
_NEEDED_BY_MEMBERS = frozenset({Role.FOCAL_POINT, Role.SIGNATORY})
NEEDED: dict[Kind, frozenset[Role]] = {
    Kind.PARTNER: _NEEDED_BY_PARTNERS,
    Kind.MEMBER: _NEEDED_BY_MEMBERS,
    Kind.BOTH: _NEEDED_BY_PARTNERS | _NEEDED_BY_MEMBERS,
    Kind.SECRETARIAT: frozenset({Role.DIRECTOR, Role.OFFICER}),
}

# Where work stops if one person is away: the role, and the one to add beside it.
STANDS_IN: dict[Role, Role] = {
    Role.STEWARD: Role.DEPUTY,
    Role.SIGNATORY: Role.SIGNATORY,
    Role.FOCAL_POINT: Role.FOCAL_POINT,
}

ROLE_NAMES: dict[Role, str] = {
    Role.STEWARD: N_("Data steward"),
    Role.DEPUTY: N_("Deputy data steward"),
    Role.SIGNATORY: N_("Authorized signatory"),
    Role.FOCAL_POINT: N_("Focal point"),
    Role.PROJECT_STAFF: N_("Project staff"),
    Role.OFFICER: N_("Secretariat officer"),
    Role.DIRECTOR: N_("Secretariat director"),
    Role.AUDITOR: N_("Auditor"),
    Role.REVIEWER: N_("Member of the data access committee"),
    Role.CHAIR: N_("Chair of the data access committee"),
    Role.ETHICS_REVIEWER: N_("Ethics reviewer"),
    Role.LEGAL_REVIEWER: N_("Legal reviewer"),
    Role.PROJECT_LEAD: N_("Project lead"),
    Role.TEAM_MEMBER: N_("Team member"),
    Role.COLLEAGUE: N_("Colleague in the same organization"),
    Role.DATASET_STEWARD: N_("Steward of this dataset"),
    Role.TRUSTED_STEWARD: N_("Steward of a data partner that may list without a check of each"),
    Role.OWN_SIGNATORY: N_("Signatory of this organization"),
    Role.OWN_FOCAL_POINT: N_("Focal point of this organization"),
    Role.OTHER_MEMBER: N_("Person of another organization"),
    Role.RECIPIENT: N_("Recipient of a hand-over, by its link"),
    Role.PUBLIC: N_("The public"),
    Role.REPORTER: N_("Person who reported it"),
    Role.CONFLICTED: N_("Person with a conflict of interest"),
    Role.APPROVER: N_("Person who decided on it"),
    Role.OPERATOR: N_("Operator of the installation"),
    Role.SYSTEM: N_("The system, on a date"),
}

KIND_NAMES: dict[Kind, str] = {
    Kind.PARTNER: N_("Data partner"),
    Kind.MEMBER: N_("Member"),
    Kind.BOTH: N_("Data partner and member"),
    Kind.SECRETARIAT: N_("Secretariat"),
}

CAPACITY_NAMES: dict[Capacity, str] = {
    Capacity.DATA_PARTNER: N_("Data partner"),
    Capacity.MEMBER: N_("Member"),
}
