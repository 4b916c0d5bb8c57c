"""Changing standing consents: writing one, trying it on the past, switching it on and off, and what it then does."""

from app.consents.commands.applying import apply_consents
from app.consents.commands.switching import give_up, simulate, switch_off, switch_on
from app.consents.commands.writing import Written, save, start

__all__ = ["Written", "apply_consents", "give_up", "save", "simulate", "start", "switch_off", "switch_on"]
