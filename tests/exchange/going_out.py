"""Where a catalog goes out, what a listing carried that came from elsewhere, and reading what went out."""

from rdflib import Graph

from app.exchange.exports.site import Site

SITE = Site("https://data.example.org", "Example Consortium")
DCT, DCAT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
CARRIED = {
    "format": "dcat",
    "context": {"dct": DCT, "dcat": DCAT, "acme": "https://acme.example/terms#"},
    "kept": {
        "dct:bibliographicCitation": "Acme (2026). Trips.",
        "acme:lab": {"@id": "https://acme.example/labs/1"},
        "acme:deep": {"acme:inner": [1, 2.5, None]},
        "dcat:distribution": [{"dct:title": "Bucket", "dct:format": "S3"}, {"dcat:downloadURL": {"@id": "https://a.example/f.csv"}}],
    },
    "fuller": {
        "title": {
            "name": "dct:title",
            "value": [{"@value": "Trips", "@language": "en"}, {"@value": "Viajes", "@language": "es"}],
            "read": "Trips",
        }
    },
}  # fmt: skip
ODD = 'A "quoted" \\ text\nof two lines\twith a tab, ñ and 🚌'


def read(text: str, form: str) -> Graph:
    """What went out, as a graph."""
    return Graph().parse(data=text, format=form)
