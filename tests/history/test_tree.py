"""The Merkle tree against the published test vectors of certificate transparency."""

from hypothesis import given
from hypothesis import strategies as st

from app.history import tree

# Inputs and roots of the reference tests of RFC 6962's authors (certificate-transparency, merkle_tree_test).
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def _plain_root(leaves: list[str]) -> str:
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return tree.node_hash(_plain_root(leaves[:split]), _plain_root(leaves[split:]))


def test_the_tree_of_eight_has_the_published_root() -> None:
    assert tree.root(tree.edge_of([tree.leaf_hash(leaf) for leaf in LEAVES])) == ROOT_OF_EIGHT


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert tree.root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70))
def test_appending_by_the_edge_gives_the_root_of_the_definition(entries: list[bytes]) -> None:
    leaves = [tree.leaf_hash(entry) for entry in entries]
    assert tree.root(tree.edge_of(leaves)) == _plain_root(leaves)
