"""Where one may be sent after signing in: to a page of this product, in the plainest spelling only."""

import re

from flask import abort, redirect, request
from werkzeug.wrappers import Response

# One slash and no second one; no backslash, blank or control character, not even encoded: what browsers read otherwise
# than servers do. Behind a question mark anything printable may stand.
_PAGE = re.compile(r"/(?!/)[\w.~!$&'()*+,;=:@/-]*(\?[!-\[\]-~]*)?", re.ASCII)
LONGEST = 2000


def is_own_page(address: str) -> bool:
    """Whether an address is a path of this product that no browser could take for another place."""
    return len(address) <= LONGEST and _PAGE.fullmatch(address) is not None


def check_next() -> Response | None:
    """Before each page of the library: take away a way on that leads elsewhere.

    It checks such addresses itself, but fails on some (`//[`), and browsers differ in what they make of others.
    """
    if request.blueprint != "security" or all(is_own_page(each) for each in request.values.getlist("next") if each):
        return None
    if request.method == "POST":
        abort(400)
    return redirect(request.path, 303)
