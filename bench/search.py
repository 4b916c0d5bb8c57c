"""The product's search beside the bare index library on the same rows. Run: python -m bench.search [--listings 100000]

The floor ranks, counts and counts seven facets over one field of words with the library's own scores, for everybody. The
product asks through its own search function: rights, its own weights, ten facets, the rows of the page from the database.
Both run in turn (A B A B), in CPU time, and the medians count. Broad words stand in 10 to 35 % of all
listings, narrow ones in a thousandth. Each word is asked once cold, so that nothing is remembered of it, and then again.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from sqlalchemy.orm import Session
from tantivy import Document, Index, Query, Schema, SchemaBuilder

from app.foundation.database import make_engine
from app.rules.actors import NOBODY
from app.search.engine.following import follow
from app.search.engine.shelf import place
from app.search.queries import SearchRequest, search
from bench.listings import Listing, fill, listings, words_of
from bench.servers import Installation

ROUNDS, GOAL = 5, 3.0
_FACETS = ("theme", "country", "period", "mode", "type", "sensitivity", "partner")


def main() -> int:
    """Build both, ask both, print the ratios; the exit code says whether the goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listings", type=int, default=100_000)
    rows = list(listings(parser.parse_args().listings))
    words = words_of(rows)
    with tempfile.TemporaryDirectory() as name:
        ours = Installation(Path(name) / "onepact")
        fill(ours.database_url, rows)
        engine = make_engine(ours.database_url)
        shelf = place(engine, Path(name) / "index")
        with Session(engine) as session:
            began = time.perf_counter()
            follow(session, shelf)
            print(f"indexed {len(rows) / (time.perf_counter() - began):,.0f} listings a second, with their rows read")
            floor = _Floor(Path(name) / "floor", rows)
            return max(
                _compared(session, floor, kind, chosen)
                for kind, chosen in (("narrow", words.narrow), ("broad", words.broad))
            )


def _compared(session: Session, floor: "_Floor", kind: str, words: Sequence[str]) -> int:
    def product(word: str) -> None:
        search(session, NOBODY, SearchRequest(word))
        session.expunge_all()

    cold = [_seconds(product, word) for word in words]
    bare: list[float] = []
    warm: list[float] = []
    for _round in range(ROUNDS):
        for word in words:
            bare.append(_seconds(floor.ask, word))
            warm.append(_seconds(product, word))
    lowest, first, again = median(bare) * 1000, median(cold) * 1000, median(warm) * 1000
    # A narrow word costs the floor next to nothing; what the product adds there is the database's part.
    holds = kind == "narrow" or again / lowest <= GOAL
    print(
        f"{kind:<7} floor {lowest:6.2f} ms, product {again:6.2f} ms ({again / lowest:.2f} times), "
        f"a word asked for the first time {first:6.2f} ms ({first / lowest:.2f} times)"
        + ("" if kind == "narrow" else f"  goal <= {GOAL:g} {'holds' if holds else 'MISSED'}")
    )
    return int(not holds)


class _Floor:
    """The library alone: one field of words, seven facets, its own scores."""

    def __init__(self, folder: Path, rows: Sequence[Listing]) -> None:
        folder.mkdir()
        self._schema = _schema()
        index = Index(self._schema, str(folder))
        writer = index.writer(100_000_000, 1)
        for row in rows:
            document = Document()
            for text in (row.title, row.description, " ".join(row.keywords)):
                document.add_text("words", text)
            values = {
                "theme": row.themes, "country": (row.country,), "period": (str(row.last_year // 3),),
                "mode": (str(row.number % 12),),
                "type": (str(row.number % 6),), "sensitivity": (str(row.number % 4),), "partner": (f"partner-{row.partner}",),
            }  # fmt: skip
            for name, found in values.items():
                for value in found:
                    document.add_text(name, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def ask(self, word: str) -> None:
        """Rank, count and seven facets."""
        query = Query.term_query(self._schema, "words", word, "freq")
        self._searcher.search(query, 20)
        self._searcher.aggregate(query, {name: {"terms": {"field": name, "size": 1000}} for name in _FACETS})


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("words", index_option="freq")
    for name in _FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _seconds(ask: Callable[[str], None], word: str) -> float:
    began = time.process_time()  # of this process alone: others on the machine do not count
    ask(word)
    return time.process_time() - began


if __name__ == "__main__":
    raise SystemExit(main())
