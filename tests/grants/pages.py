"""What a person reads and sends on the pages of grants."""

import re
from html import unescape

from tests.support.application import Client


def text_of(client: Client, address: str, status: int = 200) -> str:
    """What a person reads on a page."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def key_of(client: Client, address: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', client.get(address).get_data(as_text=True))
    assert found
    return found.group(1)
