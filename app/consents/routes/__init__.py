"""Pages of standing consents: a data partner's rules, one of them with its trial on the past, and its switch."""

from app.consents.routes import pages, switching, writing
from app.consents.routes.blueprint import blueprint

__all__ = ["blueprint", "pages", "switching", "writing"]
