"""Add what becomes of a grant: successors, changes, people, hand-overs, reminders of the end."""

import sqlalchemy as sa
from alembic import op

revision = "0007_add_grant_changes"
down_revision = "0006_add_team_life"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_GRANT_STATES = ("awaiting_signature", "active", "suspended", "expired", "revoked", "closed")
_MORE_STATES = (*_GRANT_STATES, "closing", "replaced")
_CHANGE_STATES = (
    "asked",
    "in_decision",
    "approved",
    "not_approved",
    "given_back",
    "withdrawn",
    "lapsed",
    "issued",
    "noted",
)
_SUBGRANT_STATES = ("to_sign", "offered", "accepted", "active", "declined", "withdrawn", "ended")


def upgrade() -> None:
    """Let a grant have a successor, and add the tables of changes, people and hand-overs."""
    _widen_grant()
    with op.batch_alter_table("grant_dataset", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_grant_dataset_item_id"), type_="unique")
        batch_op.alter_column("item_id", existing_type=_KEY, nullable=True)
        batch_op.create_index(batch_op.f("ix_grant_dataset_item_id"), ["item_id"], unique=False)
    _people()
    _changes()
    _subgrants()


def downgrade() -> None:
    """Take it all back. A grant that was amended or renewed has no place in the older tables, so there must be none."""
    if op.get_bind().scalar(sa.text('SELECT count(*) FROM "grant" WHERE predecessor_id IS NOT NULL')):
        raise RuntimeError(
            "grants were amended or renewed; the older tables cannot hold them, so nothing was taken back"
        )
    for table in ("subgrant_code", "subgrant", "grant_reminder", "change_rule", "grant_change", "grant_person"):
        op.drop_table(table)
    with op.batch_alter_table("grant_dataset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_dataset_item_id"))
        batch_op.alter_column("item_id", existing_type=_KEY, nullable=False)
        batch_op.create_unique_constraint(op.f("uq_grant_dataset_item_id"), ["item_id"])
    _narrow_grant()


def _states(names: tuple[str, ...]) -> str:
    return "state IN (" + ", ".join(f"'{name}'" for name in names) + ")"


def _widen_grant() -> None:
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_grant_grant_state"), type_="check")
        batch_op.drop_constraint(op.f("uq_grant_predecessor_id"), type_="unique")
        batch_op.drop_constraint(op.f("uq_grant_proposal_id_data_partner_id"), type_="unique")
        batch_op.drop_constraint(op.f("uq_grant_proposal_version_id_data_partner_id"), type_="unique")
        batch_op.add_column(sa.Column("state_ground", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("successor_number", sa.String(length=20), nullable=True))
        batch_op.create_check_constraint(op.f("ck_grant_grant_state"), _states(_MORE_STATES))
        batch_op.create_check_constraint(
            op.f("ck_grant_replaced_names_its_successor"), "(state = 'replaced') = (successor_number IS NOT NULL)"
        )
    _unique("uq_grant_first", "grant", ["proposal_id", "data_partner_id"], "predecessor_id IS NULL")
    _unique("uq_grant_in_force", "grant", ["proposal_id", "data_partner_id"], "state IN ('active','suspended')")
    _unique("uq_grant_successor", "grant", ["predecessor_id"], "state <> 'revoked' OR sealed_at IS NOT NULL")


def _narrow_grant() -> None:
    for name in ("uq_grant_first", "uq_grant_in_force", "uq_grant_successor"):
        op.drop_index(name, table_name="grant")
    op.execute("UPDATE \"grant\" SET state = 'active' WHERE state = 'closing'")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_grant_replaced_names_its_successor"), type_="check")
        batch_op.drop_constraint(op.f("ck_grant_grant_state"), type_="check")
        batch_op.drop_column("successor_number")
        batch_op.drop_column("state_ground")
        batch_op.create_check_constraint(op.f("ck_grant_grant_state"), _states(_GRANT_STATES))
        batch_op.create_unique_constraint(op.f("uq_grant_predecessor_id"), ["predecessor_id"])
        batch_op.create_unique_constraint(
            op.f("uq_grant_proposal_id_data_partner_id"), ["proposal_id", "data_partner_id"]
        )
        batch_op.create_unique_constraint(
            op.f("uq_grant_proposal_version_id_data_partner_id"), ["proposal_version_id", "data_partner_id"]
        )


def _unique(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _state(name: str, names: tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*names, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column("state", kind, nullable=False)


def _people() -> None:
    """Everyone whom a grant names, taken over from the teams of the proposals."""
    op.create_table(
        "grant_person",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("grant_id", _KEY, nullable=False),
        sa.Column("person_id", _KEY, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("organization_name", sa.String(length=160), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _reference("grant_person", "grant_id", "grant"),
        _reference("grant_person", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_person")),
    )
    op.create_index("ix_grant_person_person", "grant_person", ["person_id"], unique=False)
    _unique("uq_grant_person_current", "grant_person", ["grant_id", "email"], "ended_at IS NULL")
    op.execute(
        "INSERT INTO grant_person (grant_id, person_id, name, email, organization_name, is_lead, added_at) "
        "SELECT g.id, t.person_id, t.name, t.email, t.organization_name, t.is_lead, g.issued_at "
        'FROM "grant" g JOIN team_member t ON t.proposal_id = g.proposal_id'
    )


def _changes() -> None:
    op.create_table(
        "grant_change",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("grant_id", _KEY, nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        _state("change_state", _CHANGE_STATES),
        sa.Column("state_since", _MOMENT, nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("asked_by_id", _KEY, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("checked_by_id", _KEY, nullable=True),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("decided_by_id", _KEY, nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("authentication", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("successor_id", _KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'issued') = (successor_id IS NOT NULL)", name=op.f("ck_grant_change_issued_has_a_successor")
        ),
        sa.CheckConstraint("state <> 'not_approved' OR words <> ''", name=op.f("ck_grant_change_no_needs_words")),
        _reference("grant_change", "grant_id", "grant"),
        _reference("grant_change", "successor_id", "grant"),
        _reference("grant_change", "asked_by_id", "person"),
        _reference("grant_change", "checked_by_id", "person"),
        _reference("grant_change", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_change")),
        sa.UniqueConstraint("reference", name=op.f("uq_grant_change_reference")),
        sa.UniqueConstraint("successor_id", name=op.f("uq_grant_change_successor_id")),
    )
    op.create_index("ix_grant_change_grant", "grant_change", ["grant_id"], unique=False)
    op.create_index("ix_grant_change_state", "grant_change", ["state", "state_since"], unique=False)
    _unique("uq_grant_change_open", "grant_change", ["grant_id"], "state IN ('asked','in_decision','approved')")
    op.create_table(
        "change_rule",
        sa.Column("organization_id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", _KEY, nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        _reference("change_rule", "organization_id", "organization"),
        _reference("change_rule", "set_by_id", "person"),
        sa.PrimaryKeyConstraint("organization_id", "kind", name=op.f("pk_change_rule")),
    )
    op.create_table(
        "grant_reminder",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("grant_id", _KEY, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        _reference("grant_reminder", "grant_id", "grant"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_reminder")),
        sa.UniqueConstraint("grant_id", "days", name=op.f("uq_grant_reminder_grant_id_days")),
    )


def _subgrants() -> None:
    op.create_table(
        "subgrant",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("grant_id", _KEY, nullable=False),
        _state("subgrant_state", _SUBGRANT_STATES),
        sa.Column("state_since", _MOMENT, nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organization_name", sa.String(length=160), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("datasets", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("verify_token", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("prepared_by_id", _KEY, nullable=False),
        sa.Column("prepared_at", _MOMENT, nullable=False),
        sa.Column("signed_by_id", _KEY, nullable=True),
        sa.Column("signed_at", _MOMENT, nullable=True),
        sa.Column("accepted_at", _MOMENT, nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("sealed_at", _MOMENT, nullable=True),
        sa.Column("letter_id", _KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_subgrant_starts_before_it_ends")),
        sa.CheckConstraint(
            "state <> 'active' OR (letter_id IS NOT NULL AND accepted_at IS NOT NULL)",
            name=op.f("ck_subgrant_in_force_has_a_letter"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('offered','accepted','active') OR signed_at IS NOT NULL",
            name=op.f("ck_subgrant_offered_is_signed"),
        ),
        _reference("subgrant", "grant_id", "grant"),
        _reference("subgrant", "prepared_by_id", "person"),
        _reference("subgrant", "signed_by_id", "person"),
        _reference("subgrant", "letter_id", "stored_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subgrant")),
        sa.UniqueConstraint("number", name=op.f("uq_subgrant_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_subgrant_token_hash")),
    )
    op.create_index("ix_subgrant_grant", "subgrant", ["grant_id", "state"], unique=False)
    op.create_table(
        "subgrant_code",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("subgrant_id", _KEY, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _reference("subgrant_code", "subgrant_id", "subgrant"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subgrant_code")),
    )
    op.create_index("ix_subgrant_code_subgrant", "subgrant_code", ["subgrant_id", "sent_at"], unique=False)
