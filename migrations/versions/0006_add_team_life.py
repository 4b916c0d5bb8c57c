"""Add team life."""

import sqlalchemy as sa
from alembic import op

revision = "0006_add_team_life"
down_revision = "0005_add_mail_preferences"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """What an organization may not do for a time."""
    op.create_table(
        "restriction",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "send_proposals",
                "renew_grants",
                "receive_data",
                name="restriction_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_restriction_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index(
        "uq_restriction_open",
        "restriction",
        ["organization_id", "kind", "cause"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Take it all back."""
    op.drop_index(
        "uq_restriction_open",
        table_name="restriction",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("restriction")
