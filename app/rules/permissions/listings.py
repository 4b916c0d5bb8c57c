"""Who may act on listings."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

ROWS: dict[A, Permission] = {
    # listing: the data partner's own stewards write; the secretariat checks
    A.EDIT_LISTING: who(R.DATASET_STEWARD, R.OPERATOR),
    A.SEND_LISTING: who(R.DATASET_STEWARD),
    A.RETURN_LISTING: who(R.OFFICER),
    A.PUBLISH_LISTING: who(R.OFFICER, bar=(R.DATASET_STEWARD, R.COLLEAGUE)),
    # without a check of each, where the secretariat has said so (TRUST_TO_LIST)
    A.PUBLISH_IMPORTED: who(R.OPERATOR, R.TRUSTED_STEWARD),
    A.PAUSE_LISTING: who(R.DATASET_STEWARD, R.OFFICER),
    A.RESUME_LISTING: who(R.DATASET_STEWARD),
    A.WITHDRAW_LISTING: who(R.DATASET_STEWARD, R.SYSTEM),
    A.RESTORE_LISTING: who(R.SYSTEM),
    A.ADD_RELEASE: who(R.DATASET_STEWARD),
    A.REMIND_OF_CHECK: who(R.SYSTEM),
    # a question is for people outside: the partner's own know whom to ask
    A.ASK_QUESTION: who(R.OTHER_MEMBER, bar=(R.COLLEAGUE, R.DATASET_STEWARD)),
    A.ANSWER_QUESTION: who(R.DATASET_STEWARD),
    A.HIDE_QUESTION: who(R.OFFICER, R.SYSTEM, bar=(R.COLLEAGUE, R.DATASET_STEWARD)),
    A.SHOW_QUESTION: who(R.OFFICER, bar=(R.COLLEAGUE, R.DATASET_STEWARD)),
    A.SHOW_ANSWERED_QUESTION: who(R.OFFICER, bar=(R.COLLEAGUE, R.DATASET_STEWARD)),
    A.REMIND_OF_QUESTION: who(R.SYSTEM),
}
