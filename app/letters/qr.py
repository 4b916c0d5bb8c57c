"""The QR code on a letter: an SVG that says what it is, and the address inside."""

from urllib.parse import quote
from xml.sax.saxutils import escape

_QUIET = 4  # modules of white around the code, ISO/IEC 18004 §6.3.8


def verify_address(public_url: str, number: str, token: str) -> str:
    """Where a letter is verified. The host comes from the configuration, whatever a request said it was.

    `token` is 64 random bits in hexadecimal.
    """
    return f"{public_url.rstrip('/')}/v/{quote(number, safe='-')}?t={quote(token, safe='')}"


def svg(address: str, title: str) -> str:
    """The address as a QR code of error correction level M; `title` is its text alternative."""
    # Brings a library of pictures with it, which a start does not need.
    from qrcode.constants import ERROR_CORRECT_M  # noqa: PLC0415
    from qrcode.main import QRCode  # noqa: PLC0415

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows) + 2 * _QUIET
    path = "".join(_runs(row, y) for y, row in enumerate(rows, start=_QUIET))
    return (
        f'<svg class="qr-code" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img">'
        f'<title>{escape(title)}</title><path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: list[bool], y: int) -> str:
    """One rectangle per run of dark modules, so that no hairline shows between two of them."""
    parts, start = [], None
    for x, dark in enumerate([*row, False], start=_QUIET):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            parts.append(f"M{start} {y}h{x - start}v1H{start}z")
            start = None
    return "".join(parts)
