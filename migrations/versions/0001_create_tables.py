"""Create every table of the first release.

One step, because nothing stood before it. The triggers keep the history append-only (app/history/models.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0001_create_tables"
down_revision = None

APPEND_ONLY = {
    "sqlite": (
        (
            "CREATE TRIGGER history_event_no_update BEFORE UPDATE ON history_event "
            "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
        ),
        (
            "CREATE TRIGGER history_event_no_delete BEFORE DELETE ON history_event "
            "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER history_event_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON history_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only()"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "history_event",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("actor_pid", sa.Uuid(), nullable=True),
        sa.Column("acting_for", sa.String(length=80), nullable=True),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("thing_ref", sa.String(length=80), nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=True),
        sa.Column("agreement_version", sa.String(length=40), nullable=True),
        sa.Column("agreement_hash", sa.String(length=64), nullable=True),
        sa.Column("authentication", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history_event")),
    )
    with op.batch_alter_table("history_event", schema=None) as batch_op:
        batch_op.create_index("ix_history_event_thing", ["thing", "thing_ref", "seq"], unique=False)

    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("edge", sa.JSON(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "partner",
                "member",
                "both",
                "secretariat",
                name="organization_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("defaults", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("slug", name=op.f("uq_organization_slug")),
    )
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.create_index(
            "uq_organization_single_secretariat",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("kind = 'secretariat'"),
            postgresql_where=sa.text("kind = 'secretariat'"),
        )

    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                "held",
                name="message_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_outbox_message_done_has_a_moment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_message_about", ["about"], unique=False)
        batch_op.create_index("ix_outbox_message_due", ["state", "due_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pid", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("tf_last_counter", sa.BigInteger(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_person_fs_uniquifier")),
        sa.UniqueConstraint("pid", name=op.f("uq_person_pid")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("thing_ref", sa.String(length=80), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint(
            "sha256", "thing", "thing_ref", "filename", name=op.f("uq_stored_file_sha256_thing_thing_ref_filename")
        ),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_stored_file_sha256", ["sha256"], unique=False)
        batch_op.create_index("ix_stored_file_thing", ["thing", "thing_ref"], unique=False)

    op.create_table(
        "accession",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "data_partner",
                "member",
                name="accession_capacity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agreement_version", sa.String(length=40), nullable=False),
        sa.Column("agreement_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "signed",
                "in_force",
                "declined",
                "ended",
                name="accession_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signatory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("typed_name", sa.String(length=120), nullable=True),
        sa.Column("statements", sa.JSON(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("countersigned_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'in_force' OR countersigned_at IS NOT NULL", name=op.f("ck_accession_in_force_since")
        ),
        sa.CheckConstraint(
            "state NOT IN ('signed','in_force') OR on_paper OR (signed_at IS NOT NULL AND signatory_id IS NOT NULL)",
            name=op.f("ck_accession_signed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["countersigned_by_id"], ["person.id"], name=op.f("fk_accession_countersigned_by_id_person")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["stored_file.id"], name=op.f("fk_accession_document_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_accession_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["signatory_id"], ["person.id"], name=op.f("fk_accession_signatory_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accession")),
        sa.UniqueConstraint("reference", name=op.f("uq_accession_reference")),
    )
    with op.batch_alter_table("accession", schema=None) as batch_op:
        batch_op.create_index(
            "uq_accession_live",
            ["organization_id", "capacity", "agreement_version"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('ended','declined')"),
            postgresql_where=sa.text("state NOT IN ('ended','declined')"),
        )

    op.create_table(
        "dataset",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("identifier", sa.String(length=500), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_check",
                "listed",
                "paused",
                "withdrawn",
                name="listing_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "public",
                "members",
                "named",
                name="listing_visibility",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("good_for", sa.JSON(), nullable=False),
        sa.Column("not_good_for", sa.JSON(), nullable=False),
        sa.Column("dictionary", sa.JSON(), nullable=False),
        sa.Column("sample", sa.JSON(), nullable=True),
        sa.Column("coverage_start", sa.Date(), nullable=True),
        sa.Column("coverage_end", sa.Date(), nullable=True),
        sa.Column("spatial_resolution", sa.Text(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "continuous",
                "hourly",
                "daily",
                "weekly",
                "monthly",
                "quarterly",
                "annual",
                "irregular",
                "once",
                "unknown",
                name="listing_frequency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("license_text", sa.Text(), nullable=False),
        sa.Column("landing_page", sa.Text(), nullable=False),
        sa.Column(
            "collaborative_type",
            sa.Enum(
                "public_interest",
                "trusted_intermediary",
                "data_pooling",
                "research_partnership",
                "prizes_and_challenges",
                "intelligence_generation",
                name="collaborative_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "access_mode",
            sa.Enum(
                "open_api",
                "dashboard",
                "brokered_copy",
                "query_service",
                "pooled_store",
                "secure_transfer",
                "enclave",
                "fellowship",
                "challenge_extract",
                "report",
                "indicator_or_model",
                "synthetic_data",
                name="access_mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "sensitivity",
            sa.Enum("1", "2", "3", "4", name="sensitivity", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("delivery_steps", sa.Text(), nullable=False),
        sa.Column("extra_questions", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("foreign", sa.JSON(), nullable=False),
        sa.Column("search_title", sa.Text(), nullable=False),
        sa.Column("search_words", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'listed' OR (title <> '' AND description <> '')", name=op.f("ck_dataset_listed_has_text")
        ),
        sa.CheckConstraint("state <> 'listed' OR listed_at IS NOT NULL", name=op.f("ck_dataset_listed_since")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_dataset_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
        sa.UniqueConstraint("organization_id", "identifier", name=op.f("uq_dataset_organization_id_identifier")),
        sa.UniqueConstraint("reference", name=op.f("uq_dataset_reference")),
    )
    with op.batch_alter_table("dataset", schema=None) as batch_op:
        batch_op.create_index("ix_dataset_state_listed", ["state", "listed_at"], unique=False)

    op.create_table(
        "history_detail",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["history_event.seq"], name=op.f("fk_history_detail_seq_history_event")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history_detail")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_idempotency_key_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_invitation_accepted_by_id_person")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_invitation_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index("ix_invitation_organization", ["organization_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "steward",
                "deputy",
                "signatory",
                "focal_point",
                "project_staff",
                "officer",
                "director",
                "auditor",
                "project_lead",
                "team_member",
                "colleague",
                "dataset_steward",
                "own_signatory",
                "own_focal_point",
                "other_member",
                "public",
                "conflicted",
                "approver",
                "operator",
                "system",
                name="membership_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "role IN ('steward','deputy','signatory','focal_point','project_staff','officer','director','auditor')",
            name=op.f("ck_membership_held_role"),
        ),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_membership_granted_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_membership_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_organization", ["organization_id", "role"], unique=False)
        batch_op.create_index(
            "uq_membership_current",
            ["person_id", "organization_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("prefilled", sa.JSON(), nullable=False),
        sa.Column("saves", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_intake",
                "in_review",
                "changes_requested",
                "decided",
                "issued",
                "not_taken_up",
                "parked",
                "withdrawn",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pipeline", sa.String(length=40), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("returns_to", sa.String(length=40), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_days", sa.Integer(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("copied_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("current_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR sent_at IS NOT NULL OR state = 'withdrawn'", name=op.f("ck_proposal_sent_has_a_moment")
        ),
        sa.CheckConstraint(
            "state IN ('draft','withdrawn') OR current_version_id IS NOT NULL",
            name=op.f("ck_proposal_sent_has_a_version"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('decided','issued') OR decided_at IS NOT NULL", name=op.f("ck_proposal_decided_has_a_moment")
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_review','decided','issued') OR passed_at IS NOT NULL",
            name=op.f("ck_proposal_reviewed_after_intake"),
        ),
        sa.ForeignKeyConstraint(["copied_from_id"], ["proposal.id"], name=op.f("fk_proposal_copied_from_id_proposal")),
        sa.ForeignKeyConstraint(
            ["current_version_id"], ["proposal_version.id"], name="fk_proposal_current_version", use_alter=True
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_proposal_lead_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_proposal_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("reference", name=op.f("uq_proposal_reference")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_organization", ["organization_id"], unique=False)
        batch_op.create_index("ix_proposal_state_waiting", ["state", "waiting_since"], unique=False)

    op.create_table(
        "admitted_organization",
        sa.Column("dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_admitted_organization_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_admitted_organization_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("dataset_id", "organization_id", name=op.f("pk_admitted_organization")),
    )
    with op.batch_alter_table("admitted_organization", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admitted_organization_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("about_answer", sa.String(length=40), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_comment_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_comment_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_proposal", ["proposal_id", "posted_at"], unique=False)

    op.create_table(
        "dataset_condition",
        sa.Column("dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parameter", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_condition_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dataset_id", "parameter", name=op.f("pk_dataset_condition")),
    )
    op.create_table(
        "dataset_country",
        sa.Column("dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_country_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dataset_id", "country", name=op.f("pk_dataset_country")),
    )
    with op.batch_alter_table("dataset_country", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dataset_country_country"), ["country"], unique=False)

    op.create_table(
        "dataset_theme",
        sa.Column("dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_theme_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dataset_id", "theme", name=op.f("pk_dataset_theme")),
    )
    with op.batch_alter_table("dataset_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dataset_theme_theme"), ["theme"], unique=False)

    op.create_table(
        "proposal_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "approved",
                "approved_with_conditions",
                "not_approved",
                name="item_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'pending') = (decision_id IS NULL)", name=op.f("ck_proposal_item_decided_has_a_decision")
        ),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_proposal_item_dataset_id_dataset")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_item_decision", use_alter=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_item_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_item")),
        sa.UniqueConstraint("proposal_id", "dataset_id", name=op.f("uq_proposal_item_proposal_id_dataset_id")),
    )
    with op.batch_alter_table("proposal_item", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_item_dataset", ["dataset_id", "state"], unique=False)

    op.create_table(
        "proposal_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("agreement_version", sa.String(length=40), nullable=False),
        sa.Column("agreement_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_version_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_proposal_version_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_version")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_proposal_version_proposal_id_number")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wait_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_reminder_proposal_id_proposal")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_reminder_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "proposal_id", "wait_began_at", "percent", name=op.f("uq_reminder_proposal_id_wait_began_at_percent")
        ),
    )
    op.create_table(
        "signing_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accession_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accession_id"], ["accession.id"], name=op.f("fk_signing_code_accession_id_accession")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signing_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_code")),
    )
    with op.batch_alter_table("signing_code", schema=None) as batch_op:
        batch_op.create_index("ix_signing_code_accession", ["accession_id", "person_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("organization_name", sa.String(length=160), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_team_member_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("proposal_id", "email", name=op.f("uq_team_member_proposal_id_email")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index("ix_team_member_person", ["person_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "pending",
                "approved",
                "approved_with_conditions",
                "not_approved",
                name="decision_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "not_the_right_data",
                "finer_than_needed",
                "purpose_outside_agreement",
                "people_not_covered",
                "place_of_storage",
                "too_long",
                "too_early",
                "other",
                name="decision_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authentication", sa.String(length=40), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome <> 'not_approved' OR (reason IS NOT NULL AND words <> '')",
            name=op.f("ck_decision_no_needs_a_reason"),
        ),
        sa.CheckConstraint("outcome <> 'pending'", name=op.f("ck_decision_is_an_outcome")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_decision_decided_by_id_person")),
        sa.ForeignKeyConstraint(["item_id"], ["proposal_item.id"], name=op.f("fk_decision_item_id_proposal_item")),
        sa.ForeignKeyConstraint(
            ["proposal_version_id"],
            ["proposal_version.id"],
            name=op.f("fk_decision_proposal_version_id_proposal_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            "uq_decision_effective",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL AND voided_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL AND voided_at IS NULL"),
        )

    op.create_table(
        "grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data_partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting_signature",
                "active",
                "suspended",
                "expired",
                "revoked",
                "closed",
                name="grant_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("agreement_version", sa.String(length=40), nullable=False),
        sa.Column("agreement_hash", sa.String(length=64), nullable=False),
        sa.Column("verify_token", sa.String(length=32), nullable=False),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("predecessor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('awaiting_signature','revoked') OR letter_id IS NOT NULL",
            name=op.f("ck_grant_in_force_has_a_letter"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('revoked','suspended') OR state_reason <> ''", name=op.f("ck_grant_stopped_has_a_reason")
        ),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_grant_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["data_partner_id"], ["organization.id"], name=op.f("fk_grant_data_partner_id_organization")
        ),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_grant_issued_by_id_person")),
        sa.ForeignKeyConstraint(["letter_id"], ["stored_file.id"], name=op.f("fk_grant_letter_id_stored_file")),
        sa.ForeignKeyConstraint(["member_id"], ["organization.id"], name=op.f("fk_grant_member_id_organization")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["grant.id"], name=op.f("fk_grant_predecessor_id_grant")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_grant_proposal_id_proposal")),
        sa.ForeignKeyConstraint(
            ["proposal_version_id"], ["proposal_version.id"], name=op.f("fk_grant_proposal_version_id_proposal_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("number", name=op.f("uq_grant_number")),
        sa.UniqueConstraint("predecessor_id", name=op.f("uq_grant_predecessor_id")),
        sa.UniqueConstraint("proposal_id", "data_partner_id", name=op.f("uq_grant_proposal_id_data_partner_id")),
        sa.UniqueConstraint(
            "proposal_version_id", "data_partner_id", name=op.f("uq_grant_proposal_version_id_data_partner_id")
        ),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index("ix_grant_member", ["member_id"], unique=False)
        batch_op.create_index("ix_grant_state_ends", ["state", "ends_on"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("clause", sa.String(length=60), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_duty_grant_id_grant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_due", ["due_on"], unique=False)
        batch_op.create_index("ix_duty_grant", ["grant_id"], unique=False)

    op.create_table(
        "grant_dataset",
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_grant_dataset_dataset_id_dataset")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_grant_dataset_grant_id_grant")),
        sa.ForeignKeyConstraint(["item_id"], ["proposal_item.id"], name=op.f("fk_grant_dataset_item_id_proposal_item")),
        sa.PrimaryKeyConstraint("grant_id", "dataset_id", name=op.f("pk_grant_dataset")),
        sa.UniqueConstraint("item_id", name=op.f("uq_grant_dataset_item_id")),
    )
    with op.batch_alter_table("grant_dataset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_dataset_dataset_id"), ["dataset_id"], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":  # SQLite has them inside CREATE TABLE
        op.create_foreign_key(
            "fk_proposal_current_version", "proposal", "proposal_version", ["current_version_id"], ["id"]
        )
        op.create_foreign_key("fk_item_decision", "proposal_item", "decision", ["decision_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_proposal_current_version", "proposal")
        op.drop_constraint("fk_item_decision", "proposal_item")
    with op.batch_alter_table("grant_dataset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_dataset_dataset_id"))

    op.drop_table("grant_dataset")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_grant")
        batch_op.drop_index("ix_duty_due")

    op.drop_table("duty")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index("ix_grant_state_ends")
        batch_op.drop_index("ix_grant_member")

    op.drop_table("grant")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decision_effective",
            sqlite_where=sa.text("undone_at IS NULL AND voided_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL AND voided_at IS NULL"),
        )

    op.drop_table("decision")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index("ix_team_member_person")

    op.drop_table("team_member")
    with op.batch_alter_table("signing_code", schema=None) as batch_op:
        batch_op.drop_index("ix_signing_code_accession")

    op.drop_table("signing_code")
    op.drop_table("reminder")
    op.drop_table("proposal_version")
    with op.batch_alter_table("proposal_item", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_item_dataset")

    op.drop_table("proposal_item")
    with op.batch_alter_table("dataset_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dataset_theme_theme"))

    op.drop_table("dataset_theme")
    with op.batch_alter_table("dataset_country", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dataset_country_country"))

    op.drop_table("dataset_country")
    op.drop_table("dataset_condition")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_proposal")

    op.drop_table("comment")
    with op.batch_alter_table("admitted_organization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_admitted_organization_organization_id"))

    op.drop_table("admitted_organization")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_state_waiting")
        batch_op.drop_index("ix_proposal_organization")

    op.drop_table("proposal")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_current",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_membership_organization")

    op.drop_table("membership")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index("ix_invitation_organization")

    op.drop_table("invitation")
    op.drop_table("idempotency_key")
    op.drop_table("history_detail")
    with op.batch_alter_table("dataset", schema=None) as batch_op:
        batch_op.drop_index("ix_dataset_state_listed")

    op.drop_table("dataset")
    with op.batch_alter_table("accession", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_accession_live",
            sqlite_where=sa.text("state NOT IN ('ended','declined')"),
            postgresql_where=sa.text("state NOT IN ('ended','declined')"),
        )

    op.drop_table("accession")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_file_thing")
        batch_op.drop_index("ix_stored_file_sha256")

    op.drop_table("stored_file")
    op.drop_table("person")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_due")
        batch_op.drop_index("ix_outbox_message_about")

    op.drop_table("outbox_message")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_organization_single_secretariat",
            sqlite_where=sa.text("kind = 'secretariat'"),
            postgresql_where=sa.text("kind = 'secretariat'"),
        )

    op.drop_table("organization")
    op.drop_table("number_series")
    op.drop_table("log_head")
    op.drop_table("installation")
    with op.batch_alter_table("history_event", schema=None) as batch_op:
        batch_op.drop_index("ix_history_event_thing")

    op.drop_table("history_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION history_is_append_only()")
