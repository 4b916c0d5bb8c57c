"""The least that a page of twenty rows can cost: Flask and Jinja, no database, no rights."""

from flask import Flask, render_template
from jinja2 import DictLoader

app = Flask(__name__)
ROWS = [
    {
        "title": f"Trips between city blocks by the hour, part {number}",
        "address": f"/datasets/DS-{number:04d}",
        "summary": "Counted by the hour and rounded to five, from devices that share where they are.",
        "chips": ("Secure extract", "2019 to 2026", "City block", "Hourly"),
    }
    for number in range(20)
]
PAGE = """<!doctype html><html lang="en"><head><title>Datasets</title></head><body>
<header><a href="/">Home</a></header>
<main><h1>Datasets</h1><ul>{% for row in rows %}<li><h2><a href="{{ row.address }}">{{ row.title }}</a></h2>
<p>{{ row.summary }}</p><p>{% for chip in row.chips %}<span class="chip">{{ chip }}</span>{% endfor %}</p>{{ filler }}</li>
{% endfor %}</ul></main></body></html>"""
FILLER = (
    "Data partner, terms, typical answer and uses stand here. " * 6
)  # so that both pages weigh the same, about 13 KB

app.jinja_loader = DictLoader({"page.html": PAGE})


@app.get("/")
def page() -> str:
    """Twenty rows."""
    return render_template("page.html", rows=ROWS, filler=FILLER)
