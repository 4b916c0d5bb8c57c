"""Requests that leave this machine for an address that somebody typed: only to where anybody could go, and within limits.

The one door to the library that makes them. Nobody reaches the operator's own network through us (safety.md, threat 18).
"""

from app.foundation.outgoing.addresses import (
    NotFetched,
    Resolve,
    WebAddress,
    address_of,
    allowed_networks,
    checked,
    refuse_closed,
    system_resolver,
)
from app.foundation.outgoing.fetching import Caps, Fetched, Fetcher, Known

__all__ = [
    "Caps",
    "Fetched",
    "Fetcher",
    "Known",
    "NotFetched",
    "Resolve",
    "WebAddress",
    "address_of",
    "allowed_networks",
    "checked",
    "refuse_closed",
    "system_resolver",
]
