"""Roles, kinds and the closed lists in the reader's language, for templates."""

from enum import StrEnum

from flask import Flask

from app.rules.roles import CAPACITY_NAMES, KIND_NAMES, ROLE_NAMES, Capacity, Kind, Role
from app.rules.vocabulary import (
    ACCESS_MODES,
    COLLABORATIVE_TYPES,
    SENSITIVITIES,
    VISIBILITIES,
    AccessMode,
    CollaborativeType,
    Sensitivity,
    Visibility,
)
from app.web.answers import told


def role_name(role: str) -> str:
    """A role as people read it."""
    return told(ROLE_NAMES[Role(role)])


def kind_name(kind: str) -> str:
    """What an organization takes part as."""
    return told(KIND_NAMES[Kind(kind)])


def capacity_name(capacity: str) -> str:
    """In what capacity an organization has signed."""
    return told(CAPACITY_NAMES[Capacity(capacity)])


_LISTS: dict[type[StrEnum], dict[str, str]] = {
    AccessMode: {key.value: name for key, name in ACCESS_MODES.items()},
    CollaborativeType: {key.value: name for key, name in COLLABORATIVE_TYPES.items()},
    Sensitivity: {key.value: name for key, name in SENSITIVITIES.items()},
    Visibility: {key.value: name for key, name in VISIBILITIES.items()},
}


def choice_name(choice: StrEnum) -> str:
    """A value of one of the closed lists that listings choose from."""
    return told(_LISTS[type(choice)][choice.value])


def register(app: Flask) -> None:
    """Let every template use them."""
    app.jinja_env.globals.update(
        role_name=role_name, kind_name=kind_name, capacity_name=capacity_name, choice_name=choice_name
    )
