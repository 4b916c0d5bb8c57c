"""From one entry of a foreign catalog to what a listing holds: texts, places, periods, themes; or why it cannot be taken."""

from app.exchange.foreign.describing import Described, described
from app.exchange.foreign.refused import Refused

__all__ = ["Described", "Refused", "described"]
