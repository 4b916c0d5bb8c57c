"""What search engines are told of a dataset's pages beside what stands on them."""

from werkzeug.wrappers import Response

from app.catalog.models import Dataset
from app.rules.listings import UNINDEXED


def for_search_engines(response: Response, row: Dataset) -> Response:
    """The answer; of a listing that is gone for good with the word that they keep it no longer."""
    if row.state in UNINDEXED:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
