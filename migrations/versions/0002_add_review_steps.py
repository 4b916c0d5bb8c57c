"""Add review steps: what each version asks for, verdicts, votes, conflicts of interest, crises; the committee's roles.

The datasets of versions that were sent before are read out of their frozen content, and a proposal that had passed the intake
check had reached its data partners.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002_add_review_steps"
down_revision = "0001_create_tables"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STEPS = ("intake", "committee", "ethics", "legal", "data_partners", "issue", "afterwards")
_HELD = "'steward','deputy','signatory','focal_point','project_staff','officer','director','auditor'"
_NEW_ROLES = "'reviewer','chair','ethics_reviewer','legal_reviewer'"
_ROLES_BEFORE = (
    "steward", "deputy", "signatory", "focal_point", "project_staff", "officer", "director", "auditor", "project_lead",
    "team_member", "colleague", "dataset_steward", "own_signatory", "own_focal_point", "other_member", "public",
    "conflicted", "approver", "operator", "system",
)  # fmt: skip


def upgrade() -> None:
    """New columns, tables, and roles that can be held."""
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("routed_because", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_membership_membership_role"), type_="check")
        batch_op.drop_constraint(op.f("ck_membership_held_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_membership_held_role"), f"role IN ({_HELD},{_NEW_ROLES})")
    _version_datasets()
    _verdicts()
    _conflicts()
    _crises()
    _fill()


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _version_datasets() -> None:
    op.create_table(
        "proposal_version_dataset",
        sa.Column("proposal_version_id", _KEY, nullable=False),
        sa.Column("dataset_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_proposal_version_dataset_dataset_id_dataset")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_version_id"],
            ["proposal_version.id"],
            name=op.f("fk_proposal_version_dataset_proposal_version_id_proposal_version"),
        ),
        sa.PrimaryKeyConstraint("proposal_version_id", "dataset_id", name=op.f("pk_proposal_version_dataset")),
    )
    op.create_index("ix_proposal_version_dataset_dataset", "proposal_version_dataset", ["dataset_id"])


def _verdicts() -> None:
    op.create_table(
        "step_verdict",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("proposal_id", _KEY, nullable=False),
        sa.Column("proposal_version_id", _KEY, nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.Column("step", _enum("verdict_step", *_STEPS), nullable=False),
        sa.Column("outcome", _enum("verdict_outcome", "passed", "declined", "looked_at"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("given_by_id", _KEY, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome <> 'declined' OR words <> ''", name=op.f("ck_step_verdict_no_needs_words")),
        sa.CheckConstraint("outcome <> 'looked_at' OR words <> ''", name=op.f("ck_step_verdict_findings_are_words")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_step_verdict_given_by_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_step_verdict_proposal_id_proposal")),
        sa.ForeignKeyConstraint(
            ["proposal_version_id"],
            ["proposal_version.id"],
            name=op.f("fk_step_verdict_proposal_version_id_proposal_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_verdict")),
        sa.UniqueConstraint("proposal_version_id", "step", name=op.f("uq_step_verdict_proposal_version_id_step")),
    )
    op.create_index("ix_step_verdict_proposal", "step_verdict", ["proposal_id"])
    op.create_table(
        "committee_vote",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("proposal_id", _KEY, nullable=False),
        sa.Column("proposal_version_id", _KEY, nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("choice", _enum("vote_choice", "for", "against", "abstain"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("choice <> 'against' OR words <> ''", name=op.f("ck_committee_vote_against_needs_words")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_committee_vote_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_committee_vote_proposal_id_proposal")),
        sa.ForeignKeyConstraint(
            ["proposal_version_id"],
            ["proposal_version.id"],
            name=op.f("fk_committee_vote_proposal_version_id_proposal_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_vote")),
        sa.UniqueConstraint(
            "proposal_version_id", "person_id", name=op.f("uq_committee_vote_proposal_version_id_person_id")
        ),
    )
    op.create_index("ix_committee_vote_proposal", "committee_vote", ["proposal_id"])


def _conflicts() -> None:
    op.create_table(
        "conflict_of_interest",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("proposal_id", _KEY, nullable=False),
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", _KEY, nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)",
            name=op.f("ck_conflict_of_interest_lifted_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["person.id"], name=op.f("fk_conflict_of_interest_lifted_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_of_interest_person_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_conflict_of_interest_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_of_interest")),
    )
    op.create_index(
        "uq_conflict_current",
        "conflict_of_interest",
        ["proposal_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def _crises() -> None:
    op.create_table(
        "crisis",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("declared_by_id", _KEY, nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", _KEY, nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_crisis_starts_before_it_ends")),
        sa.ForeignKeyConstraint(["declared_by_id"], ["person.id"], name=op.f("fk_crisis_declared_by_id_person")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_crisis_ended_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis")),
    )


def _fill() -> None:
    """What was sent before, so that its data partners go on knowing of it."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE proposal SET offered_at = passed_at"))
    known = {reference: key for key, reference in connection.execute(sa.text("SELECT id, reference FROM dataset"))}
    asked = sa.text(
        "INSERT INTO proposal_version_dataset (proposal_version_id, dataset_id) VALUES (:version_id, :dataset_id)"
    )
    for version_id, content in connection.execute(sa.text("SELECT id, content FROM proposal_version")).all():
        frozen = json.loads(content) if isinstance(content, str) else content
        references = {row["reference"] for row in frozen.get("datasets", ())}
        rows = [{"version_id": version_id, "dataset_id": known[each]} for each in sorted(references & set(known))]
        if rows:
            connection.execute(asked, rows)


def downgrade() -> None:
    """Take it all back. Memberships in the new roles go: the release before knows no such role."""
    for table in ("crisis", "conflict_of_interest", "committee_vote", "step_verdict", "proposal_version_dataset"):
        op.drop_table(table)
    op.execute(sa.text(f"DELETE FROM membership WHERE role IN ({_NEW_ROLES})"))  # noqa: S608 - our own words
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_membership_held_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_membership_held_role"), f"role IN ({_HELD})")
        roles = ", ".join(f"'{role}'" for role in _ROLES_BEFORE)
        batch_op.create_check_constraint(op.f("ck_membership_membership_role"), f"role IN ({roles})")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_column("offered_at")
        batch_op.drop_column("routed_because")
