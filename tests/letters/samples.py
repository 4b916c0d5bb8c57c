"""A letter as the demo would write it, and what is made from it. Every name is invented."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from markupsafe import Markup

from app.grants.layout import Letter, Part, Promise, Row, Signature, to_html
from app.letters import qr
from app.letters.manuscript import Attachment, Manuscript, SignatureField

NUMBER = "GR-2026-0031"
ADDRESS = qr.verify_address("https://data.meridian.example", NUMBER, "7be211f8c3d602aa")
MADE_AT = datetime(2026, 10, 1, 8, 40, tzinfo=UTC)


def letter() -> Letter:
    return Letter(
        language="en",
        number=NUMBER,
        title=f"Grant letter {NUMBER}",
        consortium="Meridian Data Consortium",
        issued_on="1 October 2026",
        lead=(
            "Paloma Pay grants the Institute for Coastal Cities the use of the dataset below, for the purpose and time "
            "stated, under the Common Agreement, version 2, which both have signed."
        ),
        rows=(
            Row("Dataset", "Small-shop card payments, DS-0038, release of 7 September 2026 and its updates"),
            Row("Purpose", "Service design and delivery: to decide where storm aid for small shops opens first"),
            Row("Finest unit", "Municipality, week, trade group; no cell under 25 shops"),
            Row("Access", "Secure transfer into the Institute’s enclave in Rotterdam"),
            Row("People", "Rosa Lindqvist (lead), Marta Ibáñez, Pieter Adler, Noor Haddad"),
            Row("In force", "1 October 2026 to 30 September 2027", is_strong=True),
        ),
        promises_heading="What the Institute promises",
        promises=(
            Promise("Reports what the data changed", "1 March 2027, then yearly", "audit"),
            Promise(
                "Shows each output to Paloma Pay before publication", "10 working days ahead", "publication-review"
            ),
            Promise("Names Paloma Pay as the source", "in every output", "attribution"),
            Promise("Identifies no person, trains no AI model", "always", "prohibited-uses"),
            Promise("Deletes the data and certifies it", "by 14 October 2027", "deletion-survival"),
        ),
        signatures=(
            Signature("Ines Calderón", "Data steward, Paloma Pay", "30 Sep 2026, 16:02 UTC, one-time code"),
            Signature("Amara Nwosu", "Director, secretariat", "1 Oct 2026, 08:40 UTC, passkey"),
        ),
        qr_code=Markup(qr.svg(ADDRESS, f"QR code: {ADDRESS}")),  # noqa: S704 - ours
        code="7be2 11f8 c3d6 02aa",
        record_mark="5d1c9a40 7be211f8 c3d602aa 94e7b85f",
        evidence_note="Who agreed to this grant, when, and how it was made sure that it was they. All times are UTC.",
        evidence=(
            Part(
                "Approval of the data partner",
                (
                    Row("Approved by", "Ines Calderón, data steward, for Paloma Pay"),
                    Row("When", "30 September 2026, 16:02:11 UTC"),
                    Row("How", "Signed in with password and one-time code"),
                    Row("Proposal version", "9b" * 32, is_digest=True),
                ),
            ),
            Part("Issue", (Row("Issued by", "Amara Nwosu, director"), Row("Record", "5d" * 32, is_digest=True))),
        ),
        annex=(),
        verify_page="https://data.meridian.example/verify",
    )


def manuscript(the_letter: Letter | None = None) -> Manuscript:
    shown = the_letter or letter()
    policy = json.dumps({"@type": "Agreement", "number": shown.number}).encode()
    return Manuscript(
        html=to_html(shown),
        identifier=shown.number,
        title=shown.title,
        subject="Permission to use data",
        author=shown.consortium,
        made_at=MADE_AT,
        attachments=(Attachment("policy.jsonld", policy, "The terms of this grant as ODRL"),),
        signature_fields=(SignatureField("Seal", "Seal of the consortium"),),
    )


def longer(factor: int) -> Letter:
    """A letter with many datasets, which does not fit on one page."""
    return replace(letter(), rows=letter().rows * factor)
