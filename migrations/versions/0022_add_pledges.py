"""Add who else needs the data of a data need, and what data partners pledge to it."""

import sqlalchemy as sa
from alembic import op

revision = "0022_add_pledges"
down_revision = "0021_widen_imports"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KINDS = ("data", "insight", "staff_time")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "need_support",
        *_of_a_need("need_support"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_support")),
        sa.UniqueConstraint("need_id", "organization_id", name=op.f("uq_need_support_need_id_organization_id")),
    )
    op.create_table(
        "need_pledge",
        *_of_a_need("need_pledge"),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="pledge_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("dataset_id", ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_need_pledge_dataset_id_dataset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_pledge")),
        sa.UniqueConstraint(
            "need_id", "organization_id", "kind", name=op.f("uq_need_pledge_need_id_organization_id_kind")
        ),
    )


def downgrade() -> None:
    """Both go; the history keeps what was said."""
    op.drop_table("need_pledge")
    op.drop_table("need_support")


def _of_a_need(table: str) -> list[sa.schema.SchemaItem]:
    """Which need, which organization, and who said so for it."""
    names = {"need_id": "data_need", "organization_id": "organization", "person_id": "person"}
    columns = [sa.Column("id", ID, nullable=False), *(sa.Column(name, ID, nullable=False) for name in names)]
    keys = [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
        for name, other in names.items()
    ]
    return [*columns, *keys]
