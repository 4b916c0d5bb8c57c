"""Add saved searches: what people keep, which listings they were told of, and a group of mails about them."""

import sqlalchemy as sa
from alembic import op

revision = "0011_add_saved_searches"
down_revision = "0010_index_decisions"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CADENCES = ("now", "daily", "weekly", "off")
BEFORE = (
    "your_turn", "reminders", "conversation", "decisions", "progress", "grants", "listings", "agreement", "overdue",
    "stopped", "account",
)  # fmt: skip


def upgrade() -> None:
    """Two tables, and one more topic."""
    op.create_table(
        "saved_search",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("question_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "cadence",
            sa.Enum(*CADENCES, name="search_cadence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("look_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("person_id", "question_hash", name=op.f("uq_saved_search_person_id_question_hash")),
    )
    op.create_index("ix_saved_search_look", "saved_search", ["cadence", "look_at"])
    op.create_table(
        "found_listing",
        sa.Column("saved_search_id", ID, nullable=False),
        sa.Column("dataset_id", ID, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_search_id"],
            ["saved_search.id"],
            name=op.f("fk_found_listing_saved_search_id_saved_search"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_found_listing_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "dataset_id", name=op.f("pk_found_listing")),
    )
    _allow((*BEFORE[:8], "searches", *BEFORE[8:]))


def downgrade() -> None:
    """Take them away, with what people chose about these mails."""
    op.drop_table("found_listing")
    op.drop_index("ix_saved_search_look", table_name="saved_search")
    op.drop_table("saved_search")
    op.execute("DELETE FROM mail_choice WHERE topic = 'searches'")
    _allow(BEFORE)


def _allow(topics: tuple[str, ...]) -> None:
    words = ", ".join(repr(topic) for topic in topics)
    with op.batch_alter_table("mail_choice", schema=None) as batch:
        batch.drop_constraint(op.f("ck_mail_choice_mail_topic"), type_="check")
        batch.create_check_constraint(op.f("ck_mail_choice_mail_topic"), f"topic IN ({words})")
