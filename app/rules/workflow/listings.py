"""The life of a listing."""

from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row
from app.rules.workflow.states import ListingState as L

LISTING = (
    row(A.EDIT_LISTING, (L.DRAFT, L.IN_CHECK, L.LISTED, L.PAUSED), None, E.LISTING_EDITED),
    row(A.SEND_LISTING, (L.DRAFT,), L.IN_CHECK, E.LISTING_SENT),
    row(A.RETURN_LISTING, (L.IN_CHECK,), L.DRAFT, E.LISTING_RETURNED),
    row(A.PUBLISH_LISTING, (L.IN_CHECK,), L.LISTED, E.LISTING_PUBLISHED),
    row(A.PUBLISH_IMPORTED, (L.DRAFT,), L.LISTED, E.LISTING_PUBLISHED),
    row(A.PAUSE_LISTING, (L.LISTED,), L.PAUSED, E.LISTING_PAUSED),
    row(A.RESUME_LISTING, (L.PAUSED,), L.LISTED, E.LISTING_RESUMED),
    row(A.ADD_RELEASE, (L.DRAFT, L.IN_CHECK, L.LISTED, L.PAUSED), None, E.RELEASE_ADDED),
    row(A.ASK_QUESTION, (L.LISTED, L.PAUSED), None, E.QUESTION_ASKED),
    row(A.WITHDRAW_LISTING, (L.DRAFT, L.IN_CHECK, L.LISTED, L.PAUSED), L.WITHDRAWN, E.LISTING_WITHDRAWN),
    # Its data partner takes back the notice with which it was withdrawn: a data steward opens it to proposals again.
    row(A.RESTORE_LISTING, (L.WITHDRAWN,), L.PAUSED, E.LISTING_RESTORED),
    row(A.REMIND_OF_CHECK, (L.IN_CHECK,), None, E.LISTING_REMINDED),
)
