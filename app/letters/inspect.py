"""placeholder"""
from collections.abc import Mapping


def work(order: Mapping[str, object], body: bytes) -> tuple[dict[str, object], bytes]:
    raise NotImplementedError
