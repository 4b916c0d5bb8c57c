"""The life of a grant."""

from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row
from app.rules.workflow.states import GrantState as G

GRANT = (
    row(A.READ_LETTER, tuple(s for s in G if s is not G.AWAITING_SIGNATURE), None, None),
    row(A.SEAL_GRANT, (G.AWAITING_SIGNATURE,), G.ACTIVE, E.GRANT_SEALED),
    row(A.SUSPEND_GRANT, (G.ACTIVE,), G.SUSPENDED, E.GRANT_SUSPENDED),
    row(A.LIFT_SUSPENSION, (G.SUSPENDED,), G.ACTIVE, E.SUSPENSION_LIFTED),
    row(A.REVOKE_GRANT, (G.AWAITING_SIGNATURE, G.ACTIVE, G.SUSPENDED), G.REVOKED, E.GRANT_REVOKED),
    # Where the data partner leaves the agreement, a grant runs on, but not for longer than clause 19.7 lets it.
    row(A.SHORTEN_GRANT, (G.AWAITING_SIGNATURE, G.ACTIVE, G.SUSPENDED), None, E.GRANT_SHORTENED),
    row(A.EXPIRE_GRANT, (G.ACTIVE, G.SUSPENDED), G.EXPIRED, E.GRANT_EXPIRED),
    # An amendment needs a grant in force; a renewal that was decided in time may be sealed a little after the end.
    row(A.REPLACE_GRANT, (G.ACTIVE, G.SUSPENDED, G.EXPIRED), G.REPLACED, E.GRANT_REPLACED),
    row(A.ASK_FOR_CHANGE, (G.ACTIVE,), None, E.CHANGE_ASKED),
    row(A.HAND_OVER_DATA, (G.ACTIVE,), None, E.SUBGRANT_PREPARED),
    # The lead ends the use; when nothing holds it up (rules/closing), somebody else confirms the close-out.
    row(A.ASK_TO_CLOSE, (G.ACTIVE, G.SUSPENDED, G.EXPIRED), G.CLOSING, E.CLOSING_ASKED),
    row(A.CLOSE_GRANT, (G.EXPIRED, G.CLOSING), G.CLOSED, E.GRANT_CLOSED),
    row(A.REMIND_OF_CLOSE_OUT, (G.EXPIRED, G.CLOSING), None, E.CLOSE_OUT_REMINDED),
    # A suspension is lifted when its reason is gone (clause 19.4), or the grant ends: somebody is asked which.
    row(A.REMIND_OF_SUSPENSION, (G.SUSPENDED,), None, E.SUSPENSION_REMINDED),
)
