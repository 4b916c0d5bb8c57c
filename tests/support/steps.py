"""The page of a review step as a person has it before them: signed in, opened, noted on."""

from werkzeug.test import TestResponse

from tests.factories.pipelines import Board
from tests.support.application import Client


def signed_in(client: Client, board: Board, who: str) -> Client:
    """The client, as this person."""
    board.session.commit()
    client.sign_in_as(board.people[who])
    return client


def step_page(client: Client, board: Board) -> str:
    """The page of the step."""
    answer = client.get(f"/proposals/{board.ref}/verdict")
    assert answer.status_code == 200
    return answer.text


def note(client: Client, board: Board, act: str, **fields: str) -> TestResponse:
    """Press a button at an answer, with everything that stands in the form."""
    return client.post(f"/proposals/{board.ref}/review/notes", data={"act": act, "page": "verdict", **fields})
