"""Issues the same proposals again and again, as one process of several: python -m tests.grants.racer URL PERSON REFERENCE…"""

import json
import sys
from collections import Counter

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.foundation.database import begin_writing, make_engine
from app.foundation.errors import WrongState
from app.grants.commands import issue
from app.organizations.models import Person
from tests.factories.grants import CONSORTIUM, NOW
from tests.factories.organizations import acting


def main(url: str, person_id: int, references: list[str]) -> None:
    """Try each proposal once and print how it went."""
    engine = make_engine(url)
    outcomes: Counter[str] = Counter()
    for reference in references:
        with Session(engine) as session:
            begin_writing(session)
            try:
                grants = issue(session, acting(session, session.get_one(Person, person_id)), reference, CONSORTIUM, NOW)
                session.commit()
                outcomes["issued"] += len(grants)
            except WrongState:
                session.rollback()
                outcomes["found it issued"] += 1
            except SQLAlchemyError as error:
                session.rollback()
                outcomes[type(error).__name__] += 1
    print(json.dumps(outcomes))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
