"""Give each page of a review its own notes of a reader, and keep what went out with an answer, for taking it back."""

import sqlalchemy as sa
from alembic import op

revision = "0029_give_each_page_its_notes"
down_revision = "0028_add_undoable_acts"
branch_labels = None
depends_on = None

DESKS = ("review", "intake", "verdict")
DRAFT = sa.table(
    "review_draft", sa.column("id"), sa.column("person_id"), sa.column("proposal_id"), sa.column("desk"),
    sa.column("fields", sa.JSON()), sa.column("saved_at"),
)  # fmt: skip
BEFORE, AFTER = "uq_review_draft_person_id_proposal_id", "uq_review_draft_person_id_proposal_id_desk"


def upgrade() -> None:
    """The page that was written on last stood among the fields; where it did not, it was the data partners' review."""
    kind = sa.Enum(*DESKS, name="review_desk", native_enum=False, create_constraint=False, length=40)
    with op.batch_alter_table("review_draft") as table:
        table.add_column(sa.Column("desk", kind, nullable=False, server_default="review"))
        table.add_column(sa.Column("said", sa.JSON(), nullable=False, server_default="{}"))
    for key, fields in op.get_bind().execute(sa.select(DRAFT.c.id, DRAFT.c.fields)).all():
        page = (fields.get("page") or ["review"])[0]
        kept = {name: values for name, values in fields.items() if name != "page"}
        changed = {"desk": page if page in DESKS else "review", "fields": kept}
        op.execute(DRAFT.update().where(DRAFT.c.id == key).values(**changed))
    with op.batch_alter_table("review_draft") as table:
        table.alter_column("desk", server_default=None)
        table.alter_column("said", server_default=None)
        table.drop_constraint(op.f(BEFORE), type_="unique")
        table.create_unique_constraint(op.f(AFTER), ["person_id", "proposal_id", "desk"])
        table.create_check_constraint(
            op.f("ck_review_draft_review_desk"), "desk IN ({})".format(", ".join(f"'{desk}'" for desk in DESKS))
        )


def downgrade() -> None:
    """Of a reader with notes on several pages the newest stay."""
    newer = DRAFT.alias()
    of_the_same = sa.and_(newer.c.person_id == DRAFT.c.person_id, newer.c.proposal_id == DRAFT.c.proposal_id)
    is_newer = sa.or_(
        newer.c.saved_at > DRAFT.c.saved_at, sa.and_(newer.c.saved_at == DRAFT.c.saved_at, newer.c.id > DRAFT.c.id)
    )
    op.execute(DRAFT.delete().where(sa.exists().where(of_the_same, is_newer)))
    with op.batch_alter_table("review_draft") as table:
        table.drop_constraint(op.f("ck_review_draft_review_desk"), type_="check")
        table.drop_constraint(op.f(AFTER), type_="unique")
        table.create_unique_constraint(op.f(BEFORE), ["person_id", "proposal_id"])
        table.drop_column("said")
        table.drop_column("desk")
