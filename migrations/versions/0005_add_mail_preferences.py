"""Add mail preferences: what people want when, mails that go as one, and replies that come in."""

import sqlalchemy as sa
from alembic import op

revision = "0005_add_mail_preferences"
down_revision = "0004_add_clocks"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BEFORE = ("waiting", "done", "failed", "held")
_AFTER = (*_BEFORE, "joined")
_TOPICS = (
    "your_turn", "reminders", "conversation", "decisions", "progress", "grants", "listings", "agreement", "overdue",
    "stopped", "account",
)  # fmt: skip
_CADENCES = ("now", "daily", "weekly", "off")
_INBOUND = ("posted", "held", "refused", "ignored", "discarded")


def upgrade() -> None:
    """Add the three tables, and what lets messages of the outbox go together."""
    _add_settings()
    _add_inbound()
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_key", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("joined_id", _KEY, nullable=True))
        batch_op.add_column(sa.Column("recipient", sa.String(length=254), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_outbox_message_joined_id_outbox_message"), "outbox_message", ["joined_id"], ["id"]
        )
        batch_op.drop_constraint(op.f("ck_outbox_message_message_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outbox_message_message_state"), _one_of("state", _AFTER))
        batch_op.create_check_constraint(
            op.f("ck_outbox_message_joined_names_its_carrier"), "(state = 'joined') = (joined_id IS NOT NULL)"
        )
        batch_op.create_index("ix_outbox_message_batch", ["batch_key", "state"], unique=False)
        batch_op.create_index("ix_outbox_message_recipient", ["recipient", "created_at"], unique=False)


def downgrade() -> None:
    """Take them away. A message that went with another one becomes done: it has left."""
    op.execute("UPDATE outbox_message SET state = 'done', done_at = due_at, joined_id = NULL WHERE state = 'joined'")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_recipient")
        batch_op.drop_index("ix_outbox_message_batch")
        batch_op.drop_constraint(op.f("ck_outbox_message_joined_names_its_carrier"), type_="check")
        batch_op.drop_constraint(op.f("ck_outbox_message_message_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outbox_message_message_state"), _one_of("state", _BEFORE))
        batch_op.drop_constraint(op.f("fk_outbox_message_joined_id_outbox_message"), type_="foreignkey")
        batch_op.drop_column("recipient")
        batch_op.drop_column("joined_id")
        batch_op.drop_column("batch_key")
    op.drop_table("inbound_message")
    op.drop_table("mail_choice")
    op.drop_table("mail_settings")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _text(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _add_settings() -> None:
    op.create_table(
        "mail_settings",
        sa.Column("person_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_mail_settings_quiet_hours_have_two_ends")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_settings_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_settings")),
    )
    op.create_table(
        "mail_choice",
        sa.Column("person_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("topic", _text("mail_topic", _TOPICS), nullable=False),
        sa.Column("cadence", _text("mail_cadence", _CADENCES), nullable=False),
        sa.CheckConstraint(
            "topic NOT IN ('overdue','stopped','account')", name=op.f("ck_mail_choice_some_mail_is_never_off")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_mail_choice")),
    )


def _add_inbound() -> None:
    op.create_table(
        "inbound_message",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _text("inbound_state", _INBOUND), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("person_id", _KEY, nullable=True),
        sa.Column("thing", sa.String(length=20), nullable=True),
        sa.Column("ref", sa.String(length=80), nullable=True),
        sa.Column("held_from", sa.String(length=254), nullable=True),
        sa.Column("held_text", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state = 'held' OR held_text IS NULL", name=op.f("ck_inbound_message_only_what_is_held_keeps_its_text")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inbound_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint("digest", name=op.f("uq_inbound_message_digest")),
    )
    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_message_person", ["person_id", "received_at"], unique=False)
