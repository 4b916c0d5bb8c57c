"""Add what a listing gathers in its life: the profile of its sample, where answers came from, releases and questions."""

import sqlalchemy as sa
from alembic import op

revision = "0012_add_listing_life"
down_revision = "0011_add_saved_searches"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("open", "answered", "hidden")


def upgrade() -> None:
    """Two columns of a dataset, and two tables beside it."""
    with op.batch_alter_table("dataset") as table:
        table.add_column(sa.Column("profile", sa.JSON(), nullable=True))
        table.add_column(sa.Column("prefilled", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("dataset") as table:
        table.alter_column("prefilled", server_default=None)
    _add_releases()
    _add_questions()


def _add_releases() -> None:
    op.create_table(
        "dataset_release",
        sa.Column("id", ID, nullable=False),
        sa.Column("dataset_id", ID, nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=True),
        sa.Column("covers_to", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_release_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_release")),
        sa.UniqueConstraint("dataset_id", "label", name=op.f("uq_dataset_release_dataset_id_label")),
    )
    op.create_index(op.f("ix_dataset_release_dataset_id"), "dataset_release", ["dataset_id"])


def _add_questions() -> None:
    op.create_table(
        "dataset_question",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("dataset_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="listing_question_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("hidden_at", MOMENT, nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state <> 'answered' OR answer <> ''", name=op.f("ck_dataset_question_answered_has_answer")),
        sa.CheckConstraint(
            "state <> 'hidden' OR hidden_reason <> ''", name=op.f("ck_dataset_question_hidden_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_question_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dataset_question_person_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_dataset_question_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_dataset_question_answered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_question")),
        sa.UniqueConstraint("reference", name=op.f("uq_dataset_question_reference")),
    )
    op.create_index("ix_dataset_question_dataset", "dataset_question", ["dataset_id", "state"])
    op.create_index(op.f("ix_dataset_question_person_id"), "dataset_question", ["person_id"])


def downgrade() -> None:
    """Take them away; the listings stay as they are."""
    op.drop_index(op.f("ix_dataset_question_person_id"), "dataset_question")
    op.drop_index("ix_dataset_question_dataset", "dataset_question")
    op.drop_table("dataset_question")
    op.drop_index(op.f("ix_dataset_release_dataset_id"), "dataset_release")
    op.drop_table("dataset_release")
    with op.batch_alter_table("dataset") as table:
        table.drop_column("prefilled")
        table.drop_column("profile")
