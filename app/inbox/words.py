"""A row of the inbox in words."""

from flask_babel import gettext as _

from app.rules.tasks import Row


def what(row: Row) -> str:
    """What is to be done, in the reader's language; and who has it, where a colleague took it."""
    facts = {name: str(_(fact)) for name, fact in row.facts}
    act = str(_(row.sentence, **facts)) if facts else str(_(row.sentence))
    return str(_("%(name)s has taken it: %(what)s", name=row.taker, what=act)) if row.taker else act
