"""Keep with each import and each reading of a source what held when it began; follow a look at a catalog once."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0023_keep_what_runs_began_with"
down_revision = "0022_add_pledges"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_STOPPED = sa.text("state <> 'failed'")
SAID = ("columns", "publishers")

IMPORT = sa.table(
    "catalog_import", sa.column("id"), sa.column("organization_id"), sa.column("file_id"), sa.column("by_page"),
    sa.column("state"), sa.column("said", sa.JSON()),
)  # fmt: skip
RUN = sa.table("harvest_run", sa.column("id"), sa.column("source_id"), sa.column("state"), sa.column("said", sa.JSON()))
SOURCE = sa.table("harvest_source", sa.column("id"), sa.column("organization_id"))
CHOICE = sa.table(
    "import_choice", sa.column("file_id"), sa.column("sheet"), *(sa.column(name, sa.JSON()) for name in SAID)
)
KEPT = sa.table("kept_choice", sa.column("organization_id"), *(sa.column(name, sa.JSON()) for name in SAID))


def upgrade() -> None:
    """Two columns and the one that ties an import to its look; what is under way goes on with what holds now."""
    for table in ("catalog_import", "harvest_run"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("said", sa.JSON(), nullable=False, server_default="{}"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("said", server_default=None)
    with op.batch_alter_table("catalog_import") as batch:
        batch.add_column(sa.Column("look_id", ID, nullable=True))
        batch.create_foreign_key(
            op.f("fk_catalog_import_look_id_catalog_import"), "catalog_import", ["look_id"], ["id"]
        )
    op.create_index(
        "uq_catalog_import_look", "catalog_import", ["look_id"], unique=True,
        sqlite_where=NOT_STOPPED, postgresql_where=NOT_STOPPED,
    )  # fmt: skip
    _fill()


def downgrade() -> None:
    """What is under way goes on with what holds at each of its parts."""
    op.drop_index("uq_catalog_import_look", table_name="catalog_import")
    with op.batch_alter_table("catalog_import") as batch:
        batch.drop_constraint(op.f("fk_catalog_import_look_id_catalog_import"), type_="foreignkey")
        batch.drop_column("look_id")
    for table in ("catalog_import", "harvest_run"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("said")


def _fill() -> None:
    """Looks that nobody has followed yet are filled too: what was shown is what will be brought in."""
    connection = op.get_bind()
    kept = {row.organization_id: row for row in connection.execute(sa.select(KEPT))}
    choices = {row.file_id: row for row in connection.execute(sa.select(CHOICE))}
    for row in connection.execute(sa.select(IMPORT).where(IMPORT.c.state != "failed")).all():
        said = _said(kept.get(row.organization_id), choices.get(row.file_id) if row.by_page else None)
        if said:
            connection.execute(IMPORT.update().where(IMPORT.c.id == row.id).values(said=said))
    runs = sa.select(RUN.c.id, SOURCE.c.organization_id).join(SOURCE, SOURCE.c.id == RUN.c.source_id)
    for row in connection.execute(runs.where(RUN.c.state.in_(("found", "taking")))).all():
        if said := _said(kept.get(row.organization_id), None):
            connection.execute(RUN.update().where(RUN.c.id == row.id).values(said=said))


def _said(kept: sa.Row[tuple[object, ...]] | None, choice: sa.Row[tuple[object, ...]] | None) -> Mapping[str, object]:
    if kept is None and choice is None:
        return {}
    return {
        "columns": choice.columns if choice else {},
        "sheet": choice.sheet if choice else "",
        "kept": kept.columns if kept else {},
        "publishers": {**(kept.publishers if kept else {}), **(choice.publishers if choice else {})},
    }
