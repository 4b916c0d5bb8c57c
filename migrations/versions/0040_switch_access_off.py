"""Keep whether the data partner holds access open on its side, and who switched it off."""

import sqlalchemy as sa
from alembic import op

revision = "0040_switch_access_off"
down_revision = "0039_keep_what_an_import_brought"
branch_labels = None
depends_on = None

BEFORE, SINCE = ("preparing", "provided", "arrived"), ("to_switch_off", "switched_off")
# The modes in which a result is given: a file of it ends here by itself, what has an address does not.
RESULTS = ("report", "indicator_or_model", "synthetic_data")
# The grants that something may be open for; one that was replaced handed its access on, and one that is closed is done.
MAY_BE_OPEN = ("active", "suspended", "expired", "revoked", "closing")
DELIVERY = sa.table(
    "delivery", *(sa.column(name) for name in ("grant_id", "state", "mode", "link", "provided_at", "is_open"))
)
GRANT = sa.table("grant", sa.column("id"), sa.column("state"))


def _say(states: tuple[str, ...], has_moment: str) -> None:
    with op.batch_alter_table("delivery") as table:
        for name, says in {
            "delivery_state": f"state IN ({', '.join(repr(each) for each in states)})",
            "provided_has_its_moment": has_moment,
        }.items():
            table.drop_constraint(op.f(f"ck_delivery_{name}"), type_="check")
            table.create_check_constraint(op.f(f"ck_delivery_{name}"), says)


def upgrade() -> None:
    """What was provided under a grant that is not closed is taken for open: nobody ever said that it was switched off."""
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("switched_off_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        table.create_foreign_key(
            op.f("fk_delivery_switched_off_by_id_person"), "person", ["switched_off_by_id"], ["id"]
        )
    _say((*BEFORE, *SINCE), "state NOT IN ('provided','arrived') OR provided_at IS NOT NULL")
    with op.batch_alter_table("delivery") as table:
        says = "state <> 'switched_off' OR (NOT is_open AND switched_off_at IS NOT NULL)"
        table.create_check_constraint(op.f("ck_delivery_off_has_its_moment"), says)
    grants = sa.select(GRANT.c.id).where(GRANT.c.state.in_(MAY_BE_OPEN))
    was_given = sa.and_(DELIVERY.c.provided_at.is_not(None), DELIVERY.c.grant_id.in_(grants))
    stays = sa.or_(DELIVERY.c.mode.not_in(RESULTS), DELIVERY.c.link != "")
    op.execute(DELIVERY.update().where(was_given, stays).values(is_open=sa.true()))


def downgrade() -> None:
    """What was switched off, or is to be, counts as provided; where nothing was, as being prepared."""
    is_off = DELIVERY.c.state.in_(SINCE)
    with op.batch_alter_table("delivery") as table:
        table.drop_constraint(op.f("ck_delivery_off_has_its_moment"), type_="check")
    op.execute(DELIVERY.update().where(is_off, DELIVERY.c.provided_at.is_(None)).values(state="preparing"))
    op.execute(DELIVERY.update().where(is_off).values(state="provided"))
    _say(BEFORE, "state = 'preparing' OR provided_at IS NOT NULL")
    with op.batch_alter_table("delivery") as table:
        table.drop_constraint(op.f("fk_delivery_switched_off_by_id_person"), type_="foreignkey")
        for name in ("switched_off_by_id", "switched_off_at", "is_open"):
            table.drop_column(name)
