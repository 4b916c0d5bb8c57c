"""Forms of organizations and their people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.foundation.words import N_
from app.organizations.addresses import LONGEST as LONGEST_ADDRESS
from app.rules.roles import APPOINTED, HELD_ROLES, KIND_NAMES, ROLE_NAMES, Kind, Role
from app.rules.vocabulary import ACCESS_MODES, COLLABORATIVE_TYPES, SENSITIVITIES, VISIBILITIES
from app.web.answers import told
from app.web.forms import Form, options_of
from app.web.words import country_choices

Choice = TypeVar("Choice", bound=StrEnum)
_CHOOSE, _ENDS = N_("Choose somebody"), N_("Nobody: it ends")


@dataclass(frozen=True)
class Piece:
    """One piece of open work as a field: key, what it is, and who could take it on as choices."""

    key: str
    title: str
    takers: tuple[tuple[str, str], ...]
    may_end: bool


_ENTER_ADDRESS = _l("Enter an e-mail address, like name@example.org.")
_WHAT_IT_DOES: dict[Role, str] = {
    Role.STEWARD: _l("Lists datasets and decides on proposals for them."),
    Role.DEPUTY: _l("Does the same, and steps in when the steward is away."),
    Role.SIGNATORY: _l("May bind the organization: signs the common agreement."),
    Role.FOCAL_POINT: _l("Manages people and roles of the organization."),
    Role.PROJECT_STAFF: _l("Leads and joins use proposals."),
    Role.OFFICER: _l("Checks proposals and listings, and keeps things moving."),
    Role.DIRECTOR: _l("Countersigns, issues grants, and gives out the secretariat's roles."),
    Role.AUDITOR: _l("Reads everything and changes nothing."),
    Role.REVIEWER: _l("Votes on proposals that go to the data access committee."),
    Role.CHAIR: _l("Votes too, closes each vote, and looks again at what was granted in a crisis."),
    Role.ETHICS_REVIEWER: _l("Reads proposals with data about people for the people in it."),
    Role.LEGAL_REVIEWER: _l("Reads the same proposals for their legal basis."),
}


def role_choices(kind: Kind, *, appoints: bool) -> list[tuple[str, str]]:
    """The roles that can be held in such an organization, in a fixed order; those of `APPOINTED` for a director alone."""
    offered = HELD_ROLES[kind] if appoints else HELD_ROLES[kind] - APPOINTED
    return [(role.value, told(ROLE_NAMES[role])) for role in Role if role in offered]


def role_hints() -> dict[str, str]:
    """What each role does, in a sentence."""
    return {role.value: str(words) for role, words in _WHAT_IT_DOES.items()}


def _names(words: Mapping[Choice, str]) -> list[tuple[str, str]]:
    return [(str(key), told(name)) for key, name in words.items()]


class RolesForm(Form):
    """Which roles a person holds."""

    roles = SelectMultipleField(_l("Roles"), validators=[DataRequired(_l("Choose at least one role."))])

    def __init__(self, kind: Kind, held: Iterable[Role] = (), *, appoints: bool = False) -> None:
        super().__init__(data={"roles": [role.value for role in held]})
        self.roles.choices = options_of(role_choices(kind, appoints=appoints))
        # What the reader may not give is not theirs to take either: it is not offered, and it stays.
        self._stays = () if appoints else tuple(role for role in held if role in APPOINTED)

    def chosen(self) -> list[Role]:
        """The roles ticked, and those that stay."""
        return list(dict.fromkeys([*(Role(value) for value in self.roles.data or []), *self._stays]))


class InviteForm(RolesForm):
    """Whom to invite, and to what."""

    name = StringField(
        _l("Full name"),
        validators=[
            DataRequired(_l("Give the person's full name.")),
            Length(max=120, message=_l("Give the full name in up to 120 characters.")),
        ],
    )
    email = EmailField(
        _l("E-mail address at work"),
        validators=[DataRequired(_ENTER_ADDRESS), Length(max=LONGEST_ADDRESS, message=_ENTER_ADDRESS)],
    )


class RemoveForm(Form):
    """Who takes on each piece of open work; one field for each, by its key."""

    def takers(self) -> dict[str, int]:
        """The person chosen for each piece."""
        chosen = ((field.name, field.data) for field in self if isinstance(field, SelectField))
        return {name: int(value) for name, value in chosen if value and str(value).isdecimal()}


def remove_form(pieces: Sequence[Piece]) -> RemoveForm:
    """The form for this person's open work."""
    fields = {}
    for piece in pieces:
        first = SelectChoice("", told(_ENDS if piece.may_end else _CHOOSE))
        takers = [SelectChoice(value, name) for value, name in piece.takers]
        fields[piece.key] = SelectField(piece.title, choices=[first, *takers])
    form: RemoveForm = type("RemoveForm", (RemoveForm,), fields)()
    return form


class NameForm(Form):
    """The name that somebody in charge gives."""

    name = StringField(_l("Full name"), validators=[DataRequired(_l("Give the person's full name."))])


class WordsForm(Form):
    """A reason in words."""

    words = TextAreaField(_l("Why?"), validators=[Length(max=500, message=_l("Say it in up to 500 characters."))])


class OrganizationForm(Form):
    """What is told about an organization."""

    name = StringField(
        _l("Name"),
        validators=[
            DataRequired(_l("Give the organization's name.")),
            Length(max=160, message=_l("Give the name in up to 160 characters.")),
        ],
    )
    country = SelectField(_l("Country of its seat"))
    website = StringField(_l("Website"), validators=[Length(max=300, message=_l("Use up to 300 characters."))])
    about = TextAreaField(
        _l("What it does"), validators=[Length(max=2000, message=_l("Say it in up to 2,000 characters."))]
    )

    def __init__(self, **values: object) -> None:
        super().__init__(data=values)
        self.country.choices = options_of([("", str(_l("International, or not given"))), *country_choices()])


class AddOrganizationForm(OrganizationForm):
    """A new organization."""

    kind = RadioField(_l("It takes part as"), validators=[DataRequired(_l("Choose what it takes part as."))])
    slug = StringField(_l("Its address here"), validators=[Length(max=60, message=_l("Use up to 60 characters."))])
    contact_name = StringField(
        _l("Contact for the public"), validators=[Length(max=160, message=_l("Use up to 160 characters."))]
    )
    contact_email = EmailField(
        _l("Its e-mail address"), validators=[Length(max=LONGEST_ADDRESS, message=_ENTER_ADDRESS)]
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.kind.choices = options_of([(k.value, told(KIND_NAMES[k])) for k in (Kind.PARTNER, Kind.MEMBER, Kind.BOTH)])


class DefaultsForm(Form):
    """Answers that forms start from."""

    contact_name = StringField(_l("Contact"), validators=[Length(max=160, message=_l("Use up to 160 characters."))])
    contact_email = EmailField(
        _l("Contact's e-mail address"), validators=[Length(max=LONGEST_ADDRESS, message=_ENTER_ADDRESS)]
    )
    storage_place = StringField(
        _l("Where you keep data"), validators=[Length(max=200, message=_l("Use up to 200 characters."))]
    )
    access_mode = SelectField(_l("Usual access mode"))
    collaborative_type = SelectField(_l("Usual collaborative type"))
    sensitivity = SelectField(_l("Usual sensitivity class"))
    visibility = SelectField(_l("Who sees your listings"))

    def __init__(self, **values: object) -> None:
        super().__init__(data=values)
        self.access_mode.choices = options_of(_names(ACCESS_MODES))
        self.collaborative_type.choices = options_of(_names(COLLABORATIVE_TYPES))
        self.sensitivity.choices = options_of(_names(SENSITIVITIES))
        self.visibility.choices = options_of(_names(VISIBILITIES))
