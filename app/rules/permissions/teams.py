"""Who may act on what makes a team: cards, places on it, co-applicants, hand-overs of the lead.

Towards a place on the team, and towards a hand-over, TEAM_MEMBER is the person whom it concerns, and nobody else of the team.
Towards a card, CONFLICTED is the person whom it would vouch for; towards a co-applicant, OWN_FOCAL_POINT is that organization's.
"""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

_VOUCHES = who(R.OWN_FOCAL_POINT, R.OFFICER, bar=(R.CONFLICTED,))

ROWS: dict[A, Permission] = {
    # card: nobody vouches for themselves; the secretariat does where an organization has no other focal point
    A.ASK_FOR_CARD: who(R.COLLEAGUE),
    A.VOUCH: _VOUCHES,
    A.DECLINE_CARD: who(R.OWN_FOCAL_POINT, R.OFFICER, R.SYSTEM),
    A.RENEW_CARD: _VOUCHES,
    A.REMIND_OF_CARD: who(R.SYSTEM),
    A.REMIND_TO_VOUCH: who(R.SYSTEM),
    A.END_CARD: who(R.OWN_FOCAL_POINT, R.OFFICER, R.SYSTEM),
    A.EXPIRE_CARD: who(R.SYSTEM),
    # the lead of a proposal
    A.OFFER_LEAD: who(R.PROJECT_LEAD, R.OWN_FOCAL_POINT, R.OFFICER),
    A.APPOINT_LEAD: who(R.OWN_FOCAL_POINT, R.OFFICER, R.SYSTEM),
    A.ACCEPT_LEAD: who(R.TEAM_MEMBER),
    A.DECLINE_LEAD: who(R.TEAM_MEMBER),
    A.TAKE_BACK_LEAD: who(R.PROJECT_LEAD, R.OWN_FOCAL_POINT, R.OFFICER, R.SYSTEM),
    A.REMIND_OF_LEAD: who(R.SYSTEM),
    A.REMIND_OF_MISSING_LEAD: who(R.SYSTEM),
    # a place on the team: each answers for themselves alone
    A.ACCEPT_TERMS: who(R.TEAM_MEMBER),
    A.DECLINE_TERMS: who(R.TEAM_MEMBER, bar=(R.PROJECT_LEAD,)),
    A.INVITE_MEMBER_AGAIN: who(R.PROJECT_LEAD),
    A.ASK_FOR_TERMS_AGAIN: who(R.SYSTEM),
    A.REMIND_OF_TERMS: who(R.SYSTEM),
    # by rule, when somebody leaves the last organization for which they worked on it
    A.LEAVE_TEAM: who(R.SYSTEM),
    # co-applicant: its own focal point says yes, or takes it and its people out
    A.CONFIRM_CO_APPLICANT: who(R.OWN_FOCAL_POINT),
    A.WITHDRAW_CO_APPLICANT: who(R.OWN_FOCAL_POINT),
    A.NAME_CO_APPLICANT_AGAIN: who(R.PROJECT_LEAD),
    A.REMIND_CO_APPLICANT: who(R.SYSTEM),
}
