"""Loading the demo's standing consents: one that acts, and one that was tried and would have approved too much."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.consents.commands import Written, simulate, start, switch_on
from app.demo.stage import Stage
from app.organizations.models import Organization
from app.organizations.queries import stewards_of
from app.rules.consents import Criteria
from app.rules.questions import BANK

INDICATORS = "Indicators and models, nothing sensitive"
SHOPS = "Shop turnover for relief work"


def plan_consents(stage: Stage) -> None:
    """Plan the rules in order of time: the first one acts before the proposal that it will approve arrives."""
    stage.plan(stage.at(20, 14), _writer(stage, "acme-maps", Written(INDICATORS, _indicators()), is_on=True))
    stage.plan(stage.at(2, 15), _writer(stage, "paloma-pay", Written(SHOPS, _shops()), is_on=False))


def _writer(stage: Stage, slug: str, written: Written, *, is_on: bool) -> Callable[[datetime], None]:
    return lambda now: _write(stage, slug, written, now, is_on=is_on)


def _write(stage: Stage, slug: str, written: Written, now: datetime, *, is_on: bool) -> None:
    session = stage.session
    partner = session.scalars(select(Organization).where(Organization.slug == slug)).one()
    steward = stage.acting(stewards_of(session, partner.id)[0].name, now)
    rule = start(session, steward, partner, written, now)
    simulate(session, steward, rule.reference, now)
    if is_on:
        switch_on(session, steward, rule.reference, rule.criteria_hash, now)


def _indicators() -> Criteria:
    return Criteria(
        purposes=_purposes(),
        access_modes=frozenset({"indicator_or_model", "dashboard"}),
        most_sensitive="1",
        personal_data=frozenset({"none", "deidentified"}),
        longest_months=18,
    )


def _shops() -> Criteria:
    return Criteria(
        purposes=_purposes(),
        access_modes=frozenset({"secure_transfer", "enclave", "query_service"}),
        most_sensitive="3",
        personal_data=frozenset({"none", "deidentified"}),
        longest_months=24,
    )


def _purposes() -> frozenset[str]:
    found = BANK.part("purposes")
    return frozenset(code for code in found.choices if code.startswith("dev")) if found else frozenset()
