"""Add team life: what an organization may not do for a time, cards, terms that each accepts, co-applicants, hand-overs.

Whoever leads a running proposal on the day of migration gets a card for a year from that day, so that no case stops
(docs/decisions/0017-cards-begin.md). Nobody's acceptance of terms is made up: who was on a team is asked once.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0006_add_team_life"
down_revision = "0005_add_mail_preferences"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN_RESTRICTION = sa.text("ended_at IS NULL")
OPEN_CARD = sa.text("state IN ('asked','valid')")
OPEN_HANDOVER = sa.text("state = 'offered'")
RUNNING = ("draft", "in_intake", "in_review", "changes_requested", "decided", "issued", "parked")
A_YEAR = timedelta(days=365)


def upgrade() -> None:
    """Create the tables, and let running proposals go on."""
    _create_restriction()
    _create_card()
    _create_address_change()
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("answered_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("agreement_version", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("agreement_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("words", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("token_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("token_expires_at", MOMENT, nullable=True))
    op.execute("UPDATE team_member SET state = 'invited', words = ''")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column("words", existing_type=sa.Text(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_team_member_token_hash"), ["token_hash"])
        batch_op.create_check_constraint(
            op.f("ck_team_member_team_member_state"), sa.text("state IN ('invited', 'accepted', 'declined')")
        )
    _create_co_applicant()
    _create_handover()
    _give_cards()


def _state(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column("state", kind, nullable=False)


def _key(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=op.f(f"fk_{table}_{column}_{referred}"))


def _create_restriction() -> None:
    kind = sa.Enum(
        "send_proposals",
        "renew_grants",
        "receive_data",
        name="restriction_kind",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "restriction",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        _key("restriction", "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    columns = ["organization_id", "kind", "cause"]
    op.create_index(
        "uq_restriction_open",
        "restriction",
        columns,
        unique=True,
        sqlite_where=OPEN_RESTRICTION,
        postgresql_where=OPEN_RESTRICTION,
    )


def _create_card() -> None:
    op.create_table(
        "card",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        _state("card_state", "asked", "valid", "expired", "ended", "declined"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("vouched_by_id", KEY, nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("agreement_version", sa.String(length=40), nullable=True),
        sa.Column("agreement_hash", sa.String(length=64), nullable=True),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("end_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state = 'asked' OR state = 'declined' OR until IS NOT NULL", name=op.f("ck_card_valid_has_an_end")
        ),
        _key("card", "organization_id", "organization"),
        _key("card", "person_id", "person"),
        _key("card", "vouched_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
    )
    op.create_index(
        "uq_card_open",
        "card",
        ["organization_id", "person_id"],
        unique=True,
        sqlite_where=OPEN_CARD,
        postgresql_where=OPEN_CARD,
    )
    op.create_index("ix_card_until", "card", ["state", "until"], unique=False)


def _create_address_change() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        _key("address_change", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_address_change_token_hash")),
    )
    op.create_index("ix_address_change_person", "address_change", ["person_id"], unique=False)


def _create_co_applicant() -> None:
    op.create_table(
        "co_applicant",
        sa.Column("id", KEY, nullable=False),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        _state("co_applicant_state", "named", "confirmed", "withdrawn"),
        sa.Column("named_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _key("co_applicant", "answered_by_id", "person"),
        _key("co_applicant", "organization_id", "organization"),
        _key("co_applicant", "proposal_id", "proposal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_applicant")),
        sa.UniqueConstraint("proposal_id", "organization_id", name=op.f("uq_co_applicant_proposal_id_organization_id")),
    )
    op.create_index("ix_co_applicant_organization", "co_applicant", ["organization_id", "state"], unique=False)


def _create_handover() -> None:
    op.create_table(
        "lead_handover",
        sa.Column("id", KEY, nullable=False),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("from_id", KEY, nullable=False),
        sa.Column("to_id", KEY, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        _state("lead_handover_state", "offered", "accepted", "declined", "taken_back"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _key("lead_handover", "asked_by_id", "person"),
        _key("lead_handover", "from_id", "person"),
        _key("lead_handover", "to_id", "person"),
        _key("lead_handover", "proposal_id", "proposal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_handover")),
    )
    op.create_index(
        "uq_lead_handover_open",
        "lead_handover",
        ["proposal_id"],
        unique=True,
        sqlite_where=OPEN_HANDOVER,
        postgresql_where=OPEN_HANDOVER,
    )
    op.create_index("ix_lead_handover_to", "lead_handover", ["to_id", "state"], unique=False)


def _give_cards() -> None:
    """A year from today to whoever leads a running proposal and is still of its organization."""
    now = datetime.now(UTC)
    proposal = sa.table("proposal", sa.column("organization_id"), sa.column("lead_id"), sa.column("state"))
    held = sa.table("membership", sa.column("organization_id"), sa.column("person_id"), sa.column("ended_at", MOMENT))
    card = sa.table(
        "card",
        sa.column("organization_id"),
        sa.column("person_id"),
        sa.column("state"),
        sa.column("asked_at", MOMENT),
        sa.column("since", MOMENT),
        sa.column("until", MOMENT),
        sa.column("end_words"),
    )
    is_there = sa.exists().where(
        held.c.organization_id == proposal.c.organization_id,
        held.c.person_id == proposal.c.lead_id,
        held.c.ended_at.is_(None),
    )
    leads = sa.select(proposal.c.organization_id, proposal.c.lead_id).where(proposal.c.state.in_(RUNNING), is_there)
    rows = [
        {
            "organization_id": organization_id,
            "person_id": person_id,
            "state": "valid",
            "asked_at": now,
            "since": now,
            "until": now + A_YEAR,
            "end_words": "",
        }
        for organization_id, person_id in op.get_bind().execute(leads.distinct()).all()
    ]
    if rows:
        op.bulk_insert(card, rows)


def downgrade() -> None:
    """Take it all back."""
    op.drop_table("lead_handover")
    op.drop_table("co_applicant")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_team_member_team_member_state"), type_="check")
        batch_op.drop_constraint(op.f("uq_team_member_token_hash"), type_="unique")
        for column in ("token_expires_at", "token_hash", "words", "agreement_hash", "agreement_version"):
            batch_op.drop_column(column)
        batch_op.drop_column("answered_at")
        batch_op.drop_column("state")
    op.drop_table("address_change")
    op.drop_table("card")
    op.drop_table("restriction")
