"""What a team writes after it has sent its proposal is its own until it sends again."""

from sqlalchemy.orm import Session

from app.proposals.commands.drafting import copy_as_new, save_answers
from app.proposals.commands.intake import Request, request_changes
from tests.factories.review import ANSWERS, MONDAY, scene_in_review


def test_a_colleague_copies_what_was_sent_and_the_team_what_it_has_written_since(session: Session) -> None:
    scene = scene_in_review(session)
    coastal = scene.proposal.organization_id
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("Shorter?")], MONDAY)
    save_answers(session, scene.actor("rosa"), scene.ref, {"problem": "Not sent yet."}, MONDAY)
    for who, problem in (("fenna", ANSWERS["problem"]), ("marta", "Not sent yet.")):
        copy = copy_as_new(session, scene.actor(who), scene.ref, coastal, MONDAY)
        assert copy.answers["problem"] == problem, who
