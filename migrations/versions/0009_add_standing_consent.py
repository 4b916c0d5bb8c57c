"""Add standing consents: a data partner's rules, and which decision each of them made."""

import sqlalchemy as sa
from alembic import op

revision = "0009_add_standing_consent"
down_revision = "0008_add_duties_and_access"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("draft", "on", "off", "given_up")


def upgrade() -> None:
    """Two tables, and the name of the rule at a decision that a rule made."""
    op.create_table(
        "standing_consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("criteria_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="consent_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("simulated_hash", sa.String(length=64), nullable=True),
        sa.Column("simulated_at", MOMENT, nullable=True),
        sa.Column("simulation", sa.JSON(), nullable=False),
        sa.Column("switched_on_at", MOMENT, nullable=True),
        sa.Column("switched_on_by_id", ID, nullable=True),
        sa.Column("switched_off_at", MOMENT, nullable=True),
        sa.Column("off_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'on' OR (switched_on_by_id IS NOT NULL AND simulated_hash = criteria_hash)",
            name=op.f("ck_standing_consent_on_after_a_trial"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_standing_consent_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["switched_on_by_id"], ["person.id"], name=op.f("fk_standing_consent_switched_on_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_consent")),
        sa.UniqueConstraint("reference", name=op.f("uq_standing_consent_reference")),
    )
    op.create_index("ix_standing_consent_organization", "standing_consent", ["organization_id", "state"])
    op.create_table(
        "consent_use",
        sa.Column("id", ID, nullable=False),
        sa.Column("consent_id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["standing_consent.id"], name=op.f("fk_consent_use_consent_id_standing_consent")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_consent_use_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_use")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_consent_use_decision_id")),
    )
    op.create_index("ix_consent_use_consent", "consent_use", ["consent_id"])
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("by_rule", sa.String(length=20), nullable=True))


def downgrade() -> None:
    """Take them away; decisions stay, without the name of the rule."""
    with op.batch_alter_table("decision") as table:
        table.drop_column("by_rule")
    op.drop_index("ix_consent_use_consent", "consent_use")
    op.drop_table("consent_use")
    op.drop_index("ix_standing_consent_organization", "standing_consent")
    op.drop_table("standing_consent")
