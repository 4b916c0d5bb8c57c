"""Add clocks: closed days, who took a case, open waits, the stretches of a review, and reminders of each organization."""

import sqlalchemy as sa
from alembic import op

revision = "0004_add_clocks"
down_revision = "0003_add_workspace"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    """Three tables, and one column each on proposals and reminders."""
    op.create_table(
        "closed_day",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("organization_id", _KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by_id", _KEY, nullable=True),
        sa.Column("added_at", _MOMENT, nullable=False),
        _to("closed_day", "organization_id", "organization"),
        _to("closed_day", "added_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_day")),
        sa.UniqueConstraint("organization_id", "day", name=op.f("uq_closed_day_organization_id_day")),
    )  # fmt: skip
    op.create_table(
        "assignment",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("thing", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(60), nullable=False),
        sa.Column("organization_id", _KEY, nullable=False),
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("assigned_by_id", _KEY, nullable=False),
        sa.Column("assigned_at", _MOMENT, nullable=False),
        _to("assignment", "organization_id", "organization"),
        _to("assignment", "person_id", "person"),
        _to("assignment", "assigned_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("thing", "ref", "organization_id", name=op.f("uq_assignment_thing_ref_organization_id")),
    )  # fmt: skip
    op.create_index("ix_assignment_person", "assignment", ["person_id"])
    _create_open_wait()
    with op.batch_alter_table("proposal") as batch:
        batch.add_column(sa.Column("review_runs", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("proposal") as batch:
        batch.alter_column("review_runs", server_default=None)
    with op.batch_alter_table("reminder") as batch:
        batch.add_column(sa.Column("organization_id", _KEY, nullable=True))
        batch.create_foreign_key(
            op.f("fk_reminder_organization_id_organization"), "organization", ["organization_id"], ["id"]
        )
        batch.drop_constraint(op.f("uq_reminder_proposal_id_wait_began_at_percent"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_reminder_proposal_id_wait_began_at_organization_id_percent"),
            ["proposal_id", "wait_began_at", "organization_id", "percent"],
        )


def _create_open_wait() -> None:
    people = ("person_id", "deputy_id", "officer_id")
    moments = ("half_at", "most_at", "full_at", "over_at", "late_at")
    op.create_table(
        "open_wait",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("proposal_id", _KEY, nullable=False),
        sa.Column("organization_id", _KEY, nullable=False),
        sa.Column("turn", sa.String(20), nullable=False),
        *(sa.Column(name, _KEY, nullable=True) for name in people),
        sa.Column("is_substitute", sa.Boolean(), nullable=False),
        sa.Column("since", _MOMENT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        *(sa.Column(name, _MOMENT, nullable=True) for name in moments),
        _to("open_wait", "proposal_id", "proposal"),
        _to("open_wait", "organization_id", "organization"),
        *(_to("open_wait", name, "person") for name in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_wait")),
        sa.UniqueConstraint("proposal_id", "organization_id", name=op.f("uq_open_wait_proposal_id_organization_id")),
    )  # fmt: skip
    op.create_index("ix_open_wait_person", "open_wait", ["person_id", "due_on"])
    op.create_index("ix_open_wait_deputy", "open_wait", ["deputy_id", "full_at"])
    op.create_index("ix_open_wait_officer", "open_wait", ["officer_id", "late_at"])
    op.create_index("ix_open_wait_organization", "open_wait", ["organization_id"])
    op.create_index("ix_open_wait_due", "open_wait", ["due_on"])


def downgrade() -> None:
    """Take them back; what one organization was reminded of counts for the whole proposal again, once for each share."""
    op.execute(
        "DELETE FROM reminder WHERE percent IS NOT NULL AND id NOT IN "
        "(SELECT MIN(id) FROM reminder WHERE percent IS NOT NULL GROUP BY proposal_id, wait_began_at, percent)"
    )
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint(op.f("uq_reminder_proposal_id_wait_began_at_organization_id_percent"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_reminder_proposal_id_wait_began_at_percent"), ["proposal_id", "wait_began_at", "percent"]
        )
        batch.drop_constraint(op.f("fk_reminder_organization_id_organization"), type_="foreignkey")
        batch.drop_column("organization_id")
    with op.batch_alter_table("proposal") as batch:
        batch.drop_column("review_runs")
    op.drop_table("open_wait")
    op.drop_table("assignment")
    op.drop_table("closed_day")
