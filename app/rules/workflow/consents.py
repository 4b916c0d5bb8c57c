"""The life of a standing consent: written, tried on the past, switched on and off."""

from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row
from app.rules.workflow.states import ConsentState as S

CONSENT = (
    row(A.EDIT_CONSENT, (S.DRAFT, S.OFF), None, E.CONSENT_EDITED),
    row(A.SIMULATE_CONSENT, (S.DRAFT, S.ON, S.OFF), None, E.CONSENT_SIMULATED),
    row(A.SWITCH_ON_CONSENT, (S.DRAFT, S.OFF), S.ON, E.CONSENT_SWITCHED_ON),
    row(A.SWITCH_OFF_CONSENT, (S.ON,), S.OFF, E.CONSENT_SWITCHED_OFF),
    row(A.GIVE_UP_CONSENT, (S.DRAFT, S.OFF), S.GIVEN_UP, E.CONSENT_GIVEN_UP),
)
