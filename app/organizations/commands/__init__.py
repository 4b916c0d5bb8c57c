"""Everything that changes organizations, their people and the roles held in them."""

from app.organizations.commands.accounts import change_name, edit_person
from app.organizations.commands.invitations import (
    Invited,
    accept_invitation,
    invite,
    resend_invitation,
    withdraw_invitation,
)
from app.organizations.commands.organizations import add_organization, edit_defaults, edit_organization
from app.organizations.commands.people import (
    change_roles,
    end_sessions,
    remove_person,
    reset_second_factor,
)
from app.organizations.commands.restricting import lift_restriction, restrict
from app.organizations.commands.trusting import trust_to_list

__all__ = [
    "Invited",
    "accept_invitation",
    "add_organization",
    "change_name",
    "change_roles",
    "edit_defaults",
    "edit_organization",
    "edit_person",
    "end_sessions",
    "invite",
    "lift_restriction",
    "remove_person",
    "resend_invitation",
    "reset_second_factor",
    "restrict",
    "trust_to_list",
    "withdraw_invitation",
]
