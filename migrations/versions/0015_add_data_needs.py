"""Add data needs: what somebody looks for and did not find, and what the secretariat and data partners answer."""

import sqlalchemy as sa
from alembic import op

revision = "0015_add_data_needs"
down_revision = "0014_add_harvests"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("open", "met", "closed")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "data_need",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="need_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("question <> '' AND wanted <> ''", name=op.f("ck_data_need_need_says_what_for")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_data_need_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_data_need_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_need")),
        sa.UniqueConstraint("reference", name=op.f("uq_data_need_reference")),
    )
    op.create_index("ix_data_need_state", "data_need", ["state", "created_at"])
    op.create_table(
        "need_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("need_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["data_need.id"], name=op.f("fk_need_answer_need_id_data_need")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_need_answer_person_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_need_answer_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_answer")),
    )
    op.create_index(op.f("ix_need_answer_need_id"), "need_answer", ["need_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_need_answer_need_id"), table_name="need_answer")
    op.drop_table("need_answer")
    op.drop_index("ix_data_need_state", table_name="data_need")
    op.drop_table("data_need")
