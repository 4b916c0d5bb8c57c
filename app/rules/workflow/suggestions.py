"""The life of a suggested edit: open until the team takes it or not, its author takes it back, or the answer has changed."""

from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row
from app.rules.workflow.states import SuggestionState as S

SUGGESTION = (
    row(A.ACCEPT_SUGGESTION, (S.OPEN,), S.ACCEPTED, E.SUGGESTION_ACCEPTED),
    row(A.DECLINE_SUGGESTION, (S.OPEN,), S.DECLINED, E.SUGGESTION_DECLINED),
    row(A.WITHDRAW_SUGGESTION, (S.OPEN,), S.WITHDRAWN, E.SUGGESTION_WITHDRAWN),
    row(A.OUTDATE_SUGGESTION, (S.OPEN,), S.OUTDATED, E.SUGGESTION_OUTDATED),
)
