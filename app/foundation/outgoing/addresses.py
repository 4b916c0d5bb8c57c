"""Which addresses may be asked: how they may be written, and to which numbers their names may lead. Denied by default."""

import re
import socket
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import idna

from app.foundation.errors import DomainError
from app.foundation.words import N_

Number = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# A name and a port to the numbers that they stand for, as the machine's resolver would say.
Resolve = Callable[[str, int], Sequence[str]]

LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
# Below these live services that speak something else; a catalog has no business there.
_LOWEST_PORT = 1024
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))+")
# A last label that is a number, in whatever notation: resolvers read such a name as an address (WHATWG URL, §3.5).
_NUMERIC = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)")
# Names that are always the machine's own (RFC 6761).
_OWN_NAMES = (".localhost", ".localdomain")
# The part of IPv6 that is handed out to networks anybody can reach, without the ways that lead into IPv4 in disguise:
# Teredo, 6to4 (RFC 4380, RFC 3056). NAT64 and mapped addresses lie outside it.
_PUBLIC_SIX = ip_network("2000::/3")
_DISGUISED = tuple(ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# What the library's own table of private networks leaves out: protocol assignments (RFC 6890), relays of 6to4 (RFC 7526).
_SPECIAL_FOUR = tuple(IPv4Network(text) for text in ("192.0.0.0/24", "192.88.99.0/24"))


class NotFetched(DomainError):
    """Nothing was brought from an address. `is_lasting`: trying again changes nothing before somebody mends it."""

    status = 422

    def __init__(self, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(message)
        self.is_lasting = is_lasting


@dataclass(frozen=True)
class WebAddress:
    """A web address that may be asked, in its plainest spelling; `host` is a name or number as it goes over the line."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def text(self) -> str:
        """The whole address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def address_of(text: str) -> WebAddress:
    """The address in its plainest spelling; nothing is looked up yet.

    Raises:
        NotFetched: it is no address of a web page, carries a name or password, or is written to be read in two ways.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or not text.isprintable() or re.search(r"[\s\\]", text):
        raise _refused(N_("Write the whole web address, without blanks: https://data.example.org/catalog.jsonld."))
    parts, port = _split(text)
    if parts.scheme not in _PORTS:
        raise _refused(N_("Only addresses that begin with https:// or http:// are read."))
    if parts.username is not None or parts.password is not None:
        raise _refused(N_("Leave out the name and password. Only catalogs that anybody can open are read."))
    if port not in _PORTS.values() and port < _LOWEST_PORT:
        raise _refused(N_("Catalogs are read at ports 80, 443, and from 1024 on."))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebAddress(parts.scheme, _host(parts.hostname or ""), port, target)


def checked(address: WebAddress, resolve: Resolve, networks: Sequence[Network] = ()) -> list[str]:
    """The numbers that an address leads to, each of which may be asked. They are looked up this once.

    Raises:
        NotFetched: nobody knows the name, or one of its numbers is not open to everybody.
    """
    try:
        found = list(dict.fromkeys(resolve(address.host, address.port)))
    except (OSError, UnicodeError) as error:
        raise NotFetched(N_("Nobody knows this name. Check its spelling, or try again later.")) from error
    if not found:
        raise NotFetched(N_("Nobody knows this name. Check its spelling, or try again later."))
    if not all(_may_be_asked(text, networks) for text in found):
        raise _refused(N_("This address leads into a network that is not open to everybody. Give a public one."))
    return found


def refuse_closed(address: WebAddress, networks: Sequence[Network] = ()) -> None:
    """Refuse what leads to no public place by its very spelling: a private number, or a name that is always this machine's own.

    Nothing is looked up: whether a name leads to a private number is found out when it is asked.

    Raises:
        NotFetched: it does.
    """
    if address.host.endswith(_OWN_NAMES):
        checked(address, lambda _host, _port: ["127.0.0.1"], networks)
    elif ":" in address.host or _NUMERIC.fullmatch(address.host):
        checked(address, lambda host, _port: [host], networks)


def system_resolver(host: str, port: int) -> list[str]:
    """What the machine's resolver answers."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(row[4][0]) for row in rows]


def allowed_networks(text: str) -> tuple[Network, ...]:
    """Networks that an operator allows by name, such as `10.20.0.0/16, fd12::/48`. Raises ValueError."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def is_public(number: Number) -> bool:
    """Whether anybody on the internet could reach it."""
    if isinstance(number, IPv4Address):
        is_special = number.is_multicast or number.is_reserved or any(number in network for network in _SPECIAL_FOUR)
        return number.is_global and not is_special
    is_handed_out = number in _PUBLIC_SIX and not any(number in network for network in _DISGUISED)
    return is_handed_out and number.is_global


def _may_be_asked(text: str, networks: Sequence[Network]) -> bool:
    try:
        number = ip_address(text)
    except ValueError:
        return False
    if isinstance(number, IPv6Address) and number.scope_id is not None:
        return False
    return is_public(number) or any(number.version == each.version and number in each for each in networks)


def _split(text: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _refused(N_("This cannot be read as an address. Check its port and brackets.")) from error
    return parts, _PORTS.get(parts.scheme, 0) if port is None else port


def _host(raw: str) -> str:
    if ":" in raw:  # in brackets: only IPv6 numbers are
        return _number_six(raw)
    name = unicodedata.normalize("NFKC", raw).lower().removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii").removesuffix(".")
        except idna.IDNAError as error:
            raise _refused(N_("This name has letters that names of servers cannot have.")) from error
    if _NUMERIC.fullmatch(name):
        return _number_four(name)
    if not _NAME.fullmatch(name):
        raise _refused(N_("Give the full name of a server, such as data.example.org."))
    return name


def _number_six(raw: str) -> str:
    try:
        return str(IPv6Address(raw))
    except ValueError as error:
        raise _refused(N_("This cannot be read as an address. Check its port and brackets.")) from error


def _number_four(name: str) -> str:
    try:
        return str(IPv4Address(name))
    except ValueError as error:
        raise _refused(N_("Write a number of a server as four parts from 0 to 255, or give its name.")) from error


def _refused(message: str) -> NotFetched:
    return NotFetched(message, is_lasting=True)
