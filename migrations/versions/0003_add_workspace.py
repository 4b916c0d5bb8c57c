"""Add the review workspace: suggested edits, readings, begun reviews; decisions keep the listing's terms and can be replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0003_add_workspace"
down_revision = "0002_add_review_steps"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTS = "undone_at IS NULL AND voided_at IS NULL"
_COUNTS_NOW = f"{_COUNTS} AND superseded_at IS NULL"
_STATES = ("open", "accepted", "declined", "withdrawn", "outdated")


def upgrade() -> None:
    """New columns of decisions, and three tables."""
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("uq_decision_effective")
        batch_op.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("supersedes_id", _KEY, nullable=True))
        batch_op.add_column(sa.Column("terms", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("terms_hash", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_decision_supersedes_id"), ["supersedes_id"])
        batch_op.create_foreign_key(op.f("fk_decision_supersedes_id_decision"), "decision", ["supersedes_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_decision_terms_have_a_hash"), "(terms IS NULL) = (terms_hash IS NULL)"
        )
    _effective(_COUNTS_NOW)
    # Whose proposals these are, and which of them ask for a dataset: found without reading them all.
    op.create_index("ix_proposal_lead", "proposal", ["lead_id"], unique=False)
    op.create_index("ix_proposal_current_version", "proposal", ["current_version_id"], unique=False)
    op.create_index(
        "ix_proposal_overview",
        "proposal",
        ["state", "sent_at", "ended_at", "step", "waiting_since", "id"],
        unique=False,
    )
    op.create_index("ix_team_member_email", "team_member", ["email"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("proposal_id", _KEY, nullable=False),
        sa.Column("version_id", _KEY, nullable=False),
        sa.Column("answer_key", sa.String(length=40), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="suggestion_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("author_id", _KEY, nullable=False),
        sa.Column("organization_id", _KEY, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", _KEY, nullable=True),
        sa.Column("answer_words", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_suggestion_settled_has_a_moment")),
        sa.CheckConstraint("old_text <> new_text", name=op.f("ck_suggestion_changes_something")),
        sa.CheckConstraint("state <> 'declined' OR answer_words <> ''", name=op.f("ck_suggestion_declined_with_words")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_suggestion_author_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_suggestion_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_suggestion_proposal_id_proposal")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_suggestion_settled_by_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["proposal_version.id"], name=op.f("fk_suggestion_version_id_proposal_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index("ix_suggestion_proposal", "suggestion", ["proposal_id", "state"], unique=False)
    op.create_table(
        "reading",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("proposal_id", _KEY, nullable=False),
        sa.Column("version_id", _KEY, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reading_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_reading_proposal_id_proposal")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["proposal_version.id"], name=op.f("fk_reading_version_id_proposal_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint(
            "person_id", "proposal_id", "version_id", name=op.f("uq_reading_person_id_proposal_id_version_id")
        ),
    )
    op.create_table(
        "review_draft",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("proposal_id", _KEY, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_draft_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_review_draft_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_draft")),
        sa.UniqueConstraint("person_id", "proposal_id", name=op.f("uq_review_draft_person_id_proposal_id")),
    )


def downgrade() -> None:
    """Take them away. A decision that was replaced becomes one that was voided, so that one alone counts."""
    op.drop_index("ix_team_member_email", table_name="team_member")
    op.drop_index("ix_proposal_overview", table_name="proposal")
    op.drop_index("ix_proposal_current_version", table_name="proposal")
    op.drop_index("ix_proposal_lead", table_name="proposal")
    op.drop_table("review_draft")
    op.drop_table("reading")
    op.drop_index("ix_suggestion_proposal", table_name="suggestion")
    op.drop_table("suggestion")
    op.drop_index("uq_decision_effective", table_name="decision")
    op.execute(
        "UPDATE decision SET voided_at = superseded_at "
        "WHERE superseded_at IS NOT NULL AND voided_at IS NULL AND undone_at IS NULL"
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_decision_terms_have_a_hash"), type_="check")
        batch_op.drop_constraint(op.f("fk_decision_supersedes_id_decision"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_decision_supersedes_id"), type_="unique")
        batch_op.drop_column("terms_hash")
        batch_op.drop_column("terms")
        batch_op.drop_column("supersedes_id")
        batch_op.drop_column("superseded_at")
    _effective(_COUNTS)


def _effective(condition: str) -> None:
    """One decision that counts for each item."""
    op.create_index(
        "uq_decision_effective",
        "decision",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
