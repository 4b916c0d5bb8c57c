"""Add duties and access."""

import sqlalchemy as sa
from alembic import op

revision = "0008_add_duties_and_access"
down_revision = "0007_add_grant_changes"
branch_labels = None
depends_on = None

_STATES = ("open", "done", "returned", "accepted", "waived")


def upgrade() -> None:
    """Duties get a life; deliveries, outputs and incidents get their tables."""
    _grow_duties()

    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "provided",
                "arrived",
                name="delivery_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("result_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("provided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("provided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'preparing' OR provided_at IS NOT NULL", name=op.f("ck_delivery_provided_has_its_moment")
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_delivery_grant_id_grant")),
        sa.ForeignKeyConstraint(["provided_by_id"], ["person.id"], name=op.f("fk_delivery_provided_by_id_person")),
        sa.ForeignKeyConstraint(["result_id"], ["stored_file.id"], name=op.f("fk_delivery_result_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_delivery_grant_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_state", ["state", "state_since"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("personal_data", sa.String(length=20), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("is_near_miss", sa.Boolean(), nullable=False),
        sa.Column("reported_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("full_report_by", sa.Date(), nullable=False),
        sa.Column("full_report", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "reported",
                "closed",
                name="incident_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'closed' OR outcome <> ''", name=op.f("ck_incident_closes_with_what_was_done")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_incident_closed_by_id_person")),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_incident_dataset_id_dataset")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_incident_grant_id_grant")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["person.id"], name=op.f("fk_incident_reported_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("reference", name=op.f("uq_incident_reference")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index("ix_incident_grant", ["grant_id"], unique=False)
        batch_op.create_index("ix_incident_state", ["state", "full_report_by"], unique=False)

    op.create_table(
        "output",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "in_reading",
                "changes_asked",
                "with_secretariat",
                "cleared",
                "published",
                "withdrawn",
                name="output_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cleared_sha256", sa.String(length=64), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("doi", sa.String(length=200), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR published_on IS NOT NULL", name=op.f("ck_output_published_has_its_day")
        ),
        sa.CheckConstraint(
            "state NOT IN ('cleared','published') OR cleared_at IS NOT NULL",
            name=op.f("ck_output_cleared_has_its_moment"),
        ),
        sa.ForeignKeyConstraint(["cleared_by_id"], ["person.id"], name=op.f("fk_output_cleared_by_id_person")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_output_grant_id_grant")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["person.id"], name=op.f("fk_output_submitted_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output")),
        sa.UniqueConstraint("reference", name=op.f("uq_output_reference")),
    )
    with op.batch_alter_table("output", schema=None) as batch_op:
        batch_op.create_index("ix_output_cleared_sha256", ["cleared_sha256"], unique=False)
        batch_op.create_index("ix_output_grant", ["grant_id"], unique=False)
        batch_op.create_index("ix_output_state", ["state", "answer_by"], unique=False)

    op.create_table(
        "deletion_certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("duty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_name", sa.String(length=120), nullable=False),
        sa.Column("authentication", sa.String(length=60), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_deletion_certificate_duty_id_duty")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_deletion_certificate_grant_id_grant")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_deletion_certificate_signed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_certificate")),
    )
    with op.batch_alter_table("deletion_certificate", schema=None) as batch_op:
        batch_op.create_index("ix_deletion_certificate_duty", ["duty_id"], unique=False)
        batch_op.create_index("ix_deletion_certificate_grant", ["grant_id"], unique=False)
        batch_op.create_index("ix_deletion_certificate_sha256", ["body_sha256"], unique=False)

    op.create_table(
        "delivery_secret",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ciphertext", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(seen_at IS NULL AND withdrawn_at IS NULL) OR ciphertext IS NULL",
            name=op.f("ck_delivery_secret_kept_only_until_seen"),
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_secret_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_delivery_secret_made_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_secret_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_secret")),
    )
    with op.batch_alter_table("delivery_secret", schema=None) as batch_op:
        batch_op.create_index(
            "uq_delivery_secret_waiting",
            ["delivery_id"],
            unique=True,
            sqlite_where=sa.text("seen_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL AND withdrawn_at IS NULL"),
        )

    op.create_table(
        "duty_evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("duty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_evidence_duty_id_duty")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_duty_evidence_file_id_stored_file")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_duty_evidence_given_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_evidence")),
    )
    with op.batch_alter_table("duty_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_duty_evidence_duty", ["duty_id"], unique=False)

    op.create_table(
        "duty_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("duty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_report_duty_id_duty")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_duty_report_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_report")),
        sa.UniqueConstraint("duty_id", name=op.f("uq_duty_report_duty_id")),
    )
    op.create_table(
        "incident_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_incident_note_author_id_person")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_note_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_note")),
    )
    with op.batch_alter_table("incident_note", schema=None) as batch_op:
        batch_op.create_index("ix_incident_note_incident", ["incident_id"], unique=False)

    op.create_table(
        "incident_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["person.id"], name=op.f("fk_incident_notice_acknowledged_by_id_person")
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_notice_incident_id_incident")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_incident_notice_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_notice")),
        sa.UniqueConstraint("incident_id", "recipient", name=op.f("uq_incident_notice_incident_id_recipient")),
    )
    op.create_table(
        "output_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("output_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("file_id IS NOT NULL OR link <> ''", name=op.f("ck_output_version_something_to_read")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_output_version_file_id_stored_file")),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name=op.f("fk_output_version_output_id_output")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_output_version_submitted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_version")),
        sa.UniqueConstraint("output_id", "number", name=op.f("uq_output_version_output_id_number")),
    )
    op.create_table(
        "output_comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_output_comment_author_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_output_comment_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["output_version.id"], name=op.f("fk_output_comment_version_id_output_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_comment")),
    )
    with op.batch_alter_table("output_comment", schema=None) as batch_op:
        batch_op.create_index("ix_output_comment_version", ["version_id"], unique=False)


def _grow_duties() -> None:
    state = sa.Enum(*_STATES, name="duty_state", native_enum=False, length=40)
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", state, nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("state_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("reminded", sa.Integer(), nullable=True))
    # What was ticked off before there was anybody to answer counts as accepted.
    op.execute("UPDATE duty SET state = 'accepted', state_since = done_at WHERE done_at IS NOT NULL")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        for column in ("state", "words", "round"):
            batch_op.alter_column(column, server_default=None)
        batch_op.drop_index("ix_duty_grant")
        batch_op.create_unique_constraint(op.f("uq_duty_grant_id_kind_round"), ["grant_id", "kind", "round"])
        batch_op.create_check_constraint(
            op.f("ck_duty_duty_state"), "state IN (" + ", ".join(f"'{each}'" for each in _STATES) + ")"
        )
        batch_op.create_check_constraint(
            op.f("ck_duty_answered_with_words"), "state NOT IN ('returned','waived') OR words <> ''"
        )
        batch_op.create_check_constraint(
            op.f("ck_duty_owed_is_not_done"), "state NOT IN ('open','returned') OR done_at IS NULL"
        )


def downgrade() -> None:
    """Take it all back."""
    with op.batch_alter_table("output_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_output_comment_version")

    op.drop_table("output_comment")
    op.drop_table("output_version")
    op.drop_table("incident_notice")
    with op.batch_alter_table("incident_note", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_note_incident")

    op.drop_table("incident_note")
    op.drop_table("duty_report")
    with op.batch_alter_table("duty_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_evidence_duty")

    op.drop_table("duty_evidence")
    with op.batch_alter_table("delivery_secret", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_delivery_secret_waiting",
            sqlite_where=sa.text("seen_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL AND withdrawn_at IS NULL"),
        )

    op.drop_table("delivery_secret")
    with op.batch_alter_table("deletion_certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_deletion_certificate_sha256")
        batch_op.drop_index("ix_deletion_certificate_grant")
        batch_op.drop_index("ix_deletion_certificate_duty")

    op.drop_table("deletion_certificate")
    with op.batch_alter_table("output", schema=None) as batch_op:
        batch_op.drop_index("ix_output_state")
        batch_op.drop_index("ix_output_grant")
        batch_op.drop_index("ix_output_cleared_sha256")

    op.drop_table("output")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_state")
        batch_op.drop_index("ix_incident_grant")

    op.drop_table("incident")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state")

    op.drop_table("delivery")
    _shrink_duties()


def _shrink_duties() -> None:
    with op.batch_alter_table("duty", schema=None) as batch_op:
        for name in ("owed_is_not_done", "answered_with_words", "duty_state"):
            batch_op.drop_constraint(op.f(f"ck_duty_{name}"), type_="check")
        batch_op.drop_constraint(op.f("uq_duty_grant_id_kind_round"), type_="unique")
        batch_op.create_index("ix_duty_grant", ["grant_id"], unique=False)
        for column in ("reminded", "round", "words", "state_since", "state"):
            batch_op.drop_column(column)
