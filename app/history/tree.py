"""The Merkle tree of RFC 6962 over the history, appended to with only its right edge in hand."""

import hashlib

EMPTY_ROOT = hashlib.sha256(b"").hexdigest()


def leaf_hash(entry: bytes) -> str:
    """The hash of one entry (RFC 6962 §2.1: SHA-256 over 0x00 and the entry)."""
    return hashlib.sha256(b"\x00" + entry).hexdigest()


def node_hash(left: str, right: str) -> str:
    """The hash of an inner node (RFC 6962 §2.1: SHA-256 over 0x01, left and right)."""
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def append(edge: list[str], size: int, leaf: str) -> list[str]:
    """The right edge after one more leaf: the roots of the full subtrees, largest first."""
    grown = [*edge, leaf]
    while size & 1:
        right, left = grown.pop(), grown.pop()
        grown.append(node_hash(left, right))
        size >>= 1
    return grown


def root(edge: list[str]) -> str:
    """The root hash of the tree with this right edge."""
    if not edge:
        return EMPTY_ROOT
    result = edge[-1]
    for subtree in reversed(edge[:-1]):
        result = node_hash(subtree, result)
    return result


def edge_of(leaves: list[str]) -> list[str]:
    """The right edge of the tree over all these leaves, computed from nothing, to check a stored one."""
    edge: list[str] = []
    for size, leaf in enumerate(leaves):
        edge = append(edge, size, leaf)
    return edge
