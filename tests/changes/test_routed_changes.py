"""A change of a grant is no way around a review: one that the rules would send through more is a proposal of its own."""

import pytest
from sqlalchemy.orm import Session

from app.changes.wanted import Wanted
from app.foundation.errors import Invalid
from app.grants.models import Grant
from app.proposals.models import Proposal
from app.rules.vocabulary import Sensitivity
from tests.factories.changes import LONGER, another_dataset, ask
from tests.factories.proposals import Cast


def test_a_dataset_that_needs_a_further_review_is_not_added_to_a_grant(
    session: Session, active: Grant, cast: Cast
) -> None:
    more = another_dataset(session, active)
    more.sensitivity = Sensitivity.CLASS_4
    session.flush()
    with pytest.raises(Invalid, match="would need a further review") as refused:
        ask(session, cast, active, Wanted(add=(more.reference,)))
    assert refused.value.field == "add"


def test_it_is_added_where_the_proposal_went_through_that_review(session: Session, active: Grant, cast: Cast) -> None:
    session.get_one(Proposal, active.proposal_id).pipeline = "ethics@1"
    more = another_dataset(session, active)
    more.sensitivity = Sensitivity.CLASS_4
    session.flush()
    assert ask(session, cast, active, Wanted(add=(more.reference,))).kinds == ["add_datasets"]


def test_a_purpose_about_groups_of_people_is_a_proposal_of_its_own_where_the_data_could_single_them_out(
    session: Session, active: Grant, cast: Cast
) -> None:
    cast.datasets[0].sensitivity = Sensitivity.CLASS_4
    session.flush()
    with pytest.raises(Invalid, match="would need a further review") as refused:
        ask(session, cast, active, Wanted(purposes=("dev.mobility.safety",)))
    assert refused.value.field == "purposes"


def test_what_makes_it_no_other_use_is_not_routed(session: Session, active: Grant, cast: Cast) -> None:
    cast.datasets[0].sensitivity = Sensitivity.CLASS_4
    session.flush()
    assert ask(session, cast, active, LONGER).kinds == ["longer"]
