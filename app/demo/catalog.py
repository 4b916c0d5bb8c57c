"""Loading what listings gather in their life: releases, a changed page, questions with their answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from app.catalog.answers import Release
from app.catalog.commands import save_page
from app.catalog.commands.questions import answer, ask, hide
from app.catalog.commands.releases import add_release
from app.catalog.models import Dataset, DatasetQuestion
from app.catalog.queries.listings import whole
from app.catalog.reading_back import what_of
from app.demo import world
from app.demo.stage import Stage
from app.organizations.queries import stewards_of
from app.rules.actors import Actor

HIDDEN_BY = "Jonas Oyelaran"


def plan_catalog(stage: Stage) -> None:
    """Plan it for late in the day, after what proposals do."""
    content = world.catalog()
    for each in content["release"]:
        stage.plan(stage.at(each["days_ago"], 16), _releasing(stage, each))
    for each in content["change"]:
        stage.plan(stage.at(each["days_ago"], 16, 10), _changing(stage, each))
    for minute, each in enumerate(content["question"]):
        stage.plan(stage.at(each["days_ago"], 16, 20 + minute), _asking(stage, each))
        if "answer" in each:
            stage.plan(stage.at(each["answered_days_ago"], 9, minute), _answering(stage, each))
        if "hidden" in each:
            stage.plan(stage.at(each["hidden_days_ago"], 9, minute), _hiding(stage, each))


def _releasing(stage: Stage, each: world.Text) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        row = _dataset(stage, each)
        release = Release(each["label"], now.date(), each["notes"], each.get("covers_from"), each.get("covers_to"))
        add_release(stage.session, _steward(stage, row, now), row.reference, release, now)

    return act


def _changing(stage: Stage, each: world.Text) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        row = _dataset(stage, each)
        page = replace(what_of(row), not_good_for=tuple(each["not_good_for"]))
        save_page(stage.session, _steward(stage, row, now), row.reference, page, now)

    return act


def _asking(stage: Stage, each: world.Text) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        ask(stage.session, stage.acting(each["person"], now), _dataset(stage, each).reference, each["text"], now)

    return act


def _answering(stage: Stage, each: world.Text) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        steward = _steward(stage, _dataset(stage, each), now)
        answer(stage.session, steward, _question(stage, each).reference, each["answer"], now)

    return act


def _hiding(stage: Stage, each: world.Text) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        hide(stage.session, stage.acting(HIDDEN_BY, now), _question(stage, each).reference, each["hidden"], now)

    return act


def _dataset(stage: Stage, each: world.Text) -> Dataset:
    return stage.session.scalars(whole().where(Dataset.identifier == each["dataset"])).one()


def _question(stage: Stage, each: world.Text) -> DatasetQuestion:
    return stage.session.scalars(select(DatasetQuestion).where(DatasetQuestion.text == each["text"])).one()


def _steward(stage: Stage, row: Dataset, now: datetime) -> Actor:
    return stage.acting(stewards_of(stage.session, row.organization_id)[0].name, now)
