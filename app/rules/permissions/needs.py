"""Who may act on a data need. It belongs to the organization for which it was posted."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

ROWS: dict[A, Permission] = {
    A.POST_NEED: who(R.COLLEAGUE),
    # the secretariat says who could help, a data partner says "I have this data"
    A.ANSWER_NEED: who(R.OFFICER, R.DIRECTOR, R.DATASET_STEWARD),
    A.MEET_NEED: who(R.COLLEAGUE, R.OFFICER, R.DIRECTOR),
    A.CLOSE_NEED: who(R.COLLEAGUE, R.OFFICER, R.DIRECTOR, R.SYSTEM),
    # another member needs it too; a data partner says what it would give
    A.SUPPORT_NEED: who(R.OTHER_MEMBER, bar=(R.COLLEAGUE,)),
    A.LEAVE_NEED: who(R.OTHER_MEMBER, bar=(R.COLLEAGUE,)),
    A.PLEDGE_TO_NEED: who(R.DATASET_STEWARD, bar=(R.COLLEAGUE,)),
    A.TAKE_BACK_PLEDGE: who(R.DATASET_STEWARD, R.SYSTEM, bar=(R.COLLEAGUE,)),
    A.REMIND_OF_NEED: who(R.SYSTEM),
}
