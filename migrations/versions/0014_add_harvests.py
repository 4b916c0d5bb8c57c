"""Add harvest sources, each reading of one, what it found, and which datasets came from where."""

import sqlalchemy as sa
from alembic import op

revision = "0014_add_harvests"
down_revision = "0013_add_delay_and_reporter"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORKS = sa.text("state IN ('open','taking')")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Four tables."""
    op.create_table(
        "harvest_source",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("schedule", _choice("harvest_schedule", "daily", "weekly", "monthly", "by_hand"), nullable=False),
        sa.Column("new_ones", _choice("harvest_new_ones", "draft", "check", "publish"), nullable=False),
        sa.Column("trusted_by_id", ID, nullable=True),
        sa.Column("asked_id", ID, nullable=True),
        sa.Column("state", _choice("harvest_state", "on", "paused", "failing", "ended"), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("etag", sa.String(length=300), nullable=False),
        sa.Column("modified", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'ended' OR planned_at IS NULL", name=op.f("ck_harvest_source_ended_is_not_planned")
        ),
        sa.ForeignKeyConstraint(["asked_id"], ["person.id"], name=op.f("fk_harvest_source_asked_id_person")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_harvest_source_created_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_harvest_source_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["trusted_by_id"], ["person.id"], name=op.f("fk_harvest_source_trusted_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_source")),
        sa.UniqueConstraint("reference", name=op.f("uq_harvest_source_reference")),
    )
    op.create_index("ix_harvest_source_organization", "harvest_source", ["organization_id", "state"])
    op.create_index("ix_harvest_source_planned", "harvest_source", ["planned_at"])

    op.create_table(
        "harvest_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column(
            "state",
            _choice("harvest_run_state", "open", "failed", "nothing", "found", "taking", "settled", "replaced"),
            nullable=False,
        ),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("state <> 'failed' OR problem <> ''", name=op.f("ck_harvest_run_failed_says_why")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_harvest_run_asked_by_id_person")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_harvest_run_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["harvest_source.id"], name=op.f("fk_harvest_run_source_id_harvest_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_run")),
    )
    op.create_index("ix_harvest_run_source", "harvest_run", ["source_id", "id"])
    op.create_index("ix_harvest_run_state", "harvest_run", ["state"])
    op.create_index(
        "uq_harvest_run_at_work", "harvest_run", ["source_id"], unique=True, sqlite_where=WORKS, postgresql_where=WORKS
    )

    op.create_table(
        "harvested_dataset",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("dataset_id", ID, nullable=False),
        sa.Column("is_there", sa.Boolean(), nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_harvested_dataset_dataset_id_dataset")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["harvest_source.id"], name=op.f("fk_harvested_dataset_source_id_harvest_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "dataset_id", name=op.f("pk_harvested_dataset")),
        sa.UniqueConstraint("dataset_id", "source_id", name=op.f("uq_harvested_dataset_dataset_id_source_id")),
    )
    op.create_table(
        "harvest_finding",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column(
            "kind", _choice("harvest_finding_kind", "created", "changed", "vanished", "back", "refused"), nullable=False
        ),
        sa.Column(
            "answer", _choice("harvest_finding_answer", "waiting", "chosen", "taken", "left", "refused"), nullable=False
        ),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=500), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("dataset_id", ID, nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_harvest_finding_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_harvest_finding_dataset_id_dataset")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["harvest_run.id"], name=op.f("fk_harvest_finding_run_id_harvest_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_finding")),
    )
    op.create_index("ix_harvest_finding_identifier", "harvest_finding", ["identifier", "answer"])
    op.create_index("ix_harvest_finding_run", "harvest_finding", ["run_id", "answer", "kind"])


def downgrade() -> None:
    """Take them away; the datasets stay."""
    op.drop_index("ix_harvest_finding_run", "harvest_finding")
    op.drop_index("ix_harvest_finding_identifier", "harvest_finding")

    op.drop_table("harvest_finding")
    op.drop_table("harvested_dataset")
    op.drop_index("uq_harvest_run_at_work", "harvest_run")
    op.drop_index("ix_harvest_run_state", "harvest_run")
    op.drop_index("ix_harvest_run_source", "harvest_run")

    op.drop_table("harvest_run")
    op.drop_index("ix_harvest_source_planned", "harvest_source")
    op.drop_index("ix_harvest_source_organization", "harvest_source")

    op.drop_table("harvest_source")
