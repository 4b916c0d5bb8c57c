"""Finding a dataset and writing a proposal in five steps."""

import re
from datetime import date, timedelta

from tests.pages.somebody import Somebody

TODAY = date.today()  # noqa: DTZ011 - any day near now will do
STARTS, ENDS = TODAY, TODAY + timedelta(days=300)


def start(lead: Somebody, words: str, dataset: str) -> str:
    """Search, judge a listing, and start writing; returns the proposal's reference."""
    lead.open("/datasets")
    lead.page.locator('main [name="q"]').first.fill(words)
    lead.press("Search")
    lead.page.locator(f'main a[href*="{dataset}"]').first.click()
    lead.sees("Not good for")
    lead.page.locator("main").get_by_role("link", name="Propose a use").first.click()
    lead.press("Start writing")
    found = re.search(r"PR-\d+-\d+", lead.page.url)
    assert found, lead.page.url
    return found.group()


def add_dataset(lead: Somebody, case: str, dataset: str) -> None:
    """Add a dataset of another data partner."""
    lead.open(f"/proposals/{case}/edit/supply")
    lead.press("Add a dataset")
    lead.page.locator(f'form:has([value="{dataset}"])').get_by_role("button", name="Add").click()
    lead.sees(dataset)


def answer_everything(lead: Somebody, case: str) -> None:
    """The 23 answers. One step is saved incomplete first: saving never fails."""
    lead.open(f"/proposals/{case}/edit/need")
    lead.fill("title", "Safer walks to school in Quito")
    lead.press("Save and continue")
    lead.open(f"/proposals/{case}/edit/need")
    assert lead.page.locator('[name="title"]').input_value() == "Safer walks to school in Quito"
    for step in (_need, _supply, _value, _match, _measure):
        step(lead, case)


def send(lead: Somebody, case: str) -> None:
    """Read it once more, declare, send."""
    lead.open(f"/proposals/{case}/edit/check")
    lead.page.locator('[name="declares"]').check()
    lead.press("Send proposal")
    lead.sees(case)
    lead.sees("Olu Officer")


def answer_request(lead: Somebody, case: str, key: str, text: str) -> None:
    """Answer a request for changes and send it back. On the page it stands at once; its mail waits while it can be undone."""
    lead.open(f"/proposals/{case}")
    lead.press("Answer the changes")
    lead.open(f"/proposals/{case}/edit/supply")
    lead.fill(key, text)
    lead.press("Save and continue")
    lead.open(f"/proposals/{case}/edit/check")
    lead.page.locator('[name="declares"]').check()
    lead.press("Send the changes")


def _step(lead: Somebody, case: str, key: str) -> None:
    lead.open(f"/proposals/{case}/edit/{key}")
    lead.unfold()


def _need(lead: Somebody, case: str) -> None:
    _step(lead, case, "need")
    lead.fill(
        "problem", "Half of the children walk along roads without sidewalks, and the city can rebuild twelve crossings."
    )
    lead.fill("question", "Which crossings do most children use before eight?")
    lead.choose("countries", "EC")
    lead.choose("theme", "mobility")
    lead.fill("decision", "Which twelve crossings are rebuilt first.")
    lead.fill("decision_owner", "Transport department, city of Quito")
    lead.fill_day("decision_by", ENDS)
    lead.press("Save and continue")


def _supply(lead: Somebody, case: str) -> None:
    _step(lead, case, "supply")
    lead.fill("variables", "Trips by hour.")
    lead.fill("granularity", "Block, by hour")
    lead.fill("period_from", "2024")
    lead.fill("period_to", str(TODAY.year))
    lead.fill("why_not_open", "The travel survey holds 310 children and no walks under ten minutes.")
    lead.press("Save and continue")


def _value(lead: Somebody, case: str) -> None:
    _step(lead, case, "value")
    lead.fill("benefit", "About 40,000 children get a safer way to school.")
    lead.choose("benefit_kinds", "service")
    lead.fill("beneficiaries", "Children of 120 schools.")
    lead.choose("beneficiary_types", "community")
    lead.choose("outputs", "map")
    lead.fill("value_back", "A note on gaps that we find in the data.")
    lead.press("Save and continue")


def _match(lead: Somebody, case: str) -> None:
    _step(lead, case, "match")
    lead.choose("access_mode", "secure_transfer")
    lead.choose("ai_use", "none")
    lead.fill("storage_place", "Our servers in Quito")
    lead.choose("storage_country", "EC")
    lead.fill_day("starts_on", STARTS)
    lead.fill_day("ends_on", ENDS)
    lead.choose("personal_data", "deidentified")
    lead.choose("risks", "bias")
    lead.fill("risks_words", "Phones miss the poorest children; we say so beside every figure.")
    lead.press("Save and continue")


def _measure(lead: Somebody, case: str) -> None:
    _step(lead, case, "measure")
    for name, text in (("name", "Children on rebuilt crossings"), ("baseline", "0"), ("target", "9,000")):
        lead.fill(f"indicators_0_{name}", text)
    lead.fill_day("indicators_0_by", ENDS)
    lead.fill("how_measured", "Counts by the schools, twice a year.")
    lead.fill_day("first_report_on", STARTS + timedelta(days=90))
    lead.choose("publication", "public")
    lead.press("Save and continue")
