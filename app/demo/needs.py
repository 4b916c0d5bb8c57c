"""Data needs of the demo: one that waits for its first answer, one that was answered, one that was met."""

from datetime import datetime, timedelta

from app.demo.stage import Stage
from app.needs.commands import Asked, Pledged, answer, end, pledge, post, support
from app.rules.actions import Action
from app.rules.pledges import PledgeKind
from app.rules.roles import Role
from app.rules.vocabulary import WORLD

_FERRIES = Asked(
    "Which ferry lines carry people to work before seven?",
    "Boardings by landing and quarter of an hour, two years or more.",
    "PH",
    "Which three landings get a shelter first; the port authority decides.",
)
_WAGES = Asked(
    "Are seasonal workers paid on time?",
    "Dates of wage payments on farms, by district and week, without names.",
    "KE",
    "Whether the labor inspection visits before or after the harvest.",
)
_STORMS = Asked("Which ports lose days to storms?", "Vessel calls and waiting times by port and day.", WORLD)


def plan_needs(stage: Stage) -> None:
    """Each at its moment, by the people of the cast."""

    posted: list[str] = []

    def ferries(now: datetime) -> None:
        _post(stage, "Rosa Lindqvist", _FERRIES, now)

    def wages(now: datetime) -> None:
        reference = _post(stage, "Pieter Adler", _WAGES, now)
        _say(stage, "Jonas Oyelaran", reference, "Paloma Pay could hold this; we have asked them.", now)
        posted.append(reference)

    def pledges(now: datetime) -> None:
        support(stage.session, stage.acting("Samuel Tavares", now), posted[0], now)
        insight = Pledged(
            PledgeKind.INSIGHT, "A monthly count of late wage payments by district, if our counsel agrees."
        )
        pledge(stage.session, stage.acting("Renata Ocampo", now), posted[0], insight, now)

    def storms(now: datetime) -> None:
        reference = _post(stage, "Rosa Lindqvist", _STORMS, now)
        _say(stage, "Amara Nwosu", reference, "Harborline lists vessel calls and berth waits.", now)
        end(
            stage.session, stage.acting("Rosa Lindqvist", now), reference, Action.MEET_NEED, "Harborline's has it.", now
        )

    stage.plan(stage.at(40), storms)
    stage.plan(stage.at(12), wages)
    stage.plan(stage.at(9), pledges)
    stage.plan(stage.at(1), ferries)


def _post(stage: Stage, name: str, asked: Asked, now: datetime) -> str:
    actor = stage.acting(name, now)
    at = min(actor.organizations_with(Role.PROJECT_STAFF, Role.FOCAL_POINT))
    day = now.date() + timedelta(days=120)
    asked = Asked(asked.question, asked.wanted, asked.country, asked.decision, day)
    return post(stage.session, actor, at, asked, now).reference


def _say(stage: Stage, name: str, reference: str, words: str, now: datetime) -> None:
    answer(stage.session, stage.acting(name, now), reference, words, now + timedelta(minutes=1))
