"""How well the search finds, on judged collections that others made. Run: make bench-relevance [DATA=folder]

Each collection is brought into a throw-away installation by the product's own importer and searched by its own command. Judged by
NDCG at 10 and recall at 100, what nobody judged counting as not relevant; two libraries for BM25 stand beside it on the same
rows, and each difference comes with its paired 95 % interval over the queries. One setting serves all collections. Exit code 1
where a goal is missed, 2 where the collections are not there.
"""

import argparse
import csv
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import bm25s
import pytrec_eval
import Stemmer
from rank_bm25 import BM25Okapi

ROOT = Path(__file__).resolve().parents[1]
FLASK = [str(ROOT / ".venv/bin/python"), "-m", "flask", "--app", "wsgi"]
MOST = 100
NDCG, RECALL = "ndcg_cut_10", "recall_100"
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r".{20,150}?[.!?](?=\s)")
_LONGEST_CELL = 10**8

Run = dict[str, dict[str, float]]
Judged = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Task:
    """Queries with judgments on one collection, and what has to be reached."""

    name: str
    queries: Mapping[str, str]
    judged: Judged
    ndcg: float
    recall: float = 0.0


def main() -> int:
    """Print each figure beside its goal and beside the others."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with the judged collections")
    data: Path = parser.parse_args().data
    if not data.is_dir():
        print(f"{data} is not there: name the folder with the collections, DATA=folder.", file=sys.stderr)
        return 2
    csv.field_size_limit(_LONGEST_CELL)
    missed = 0
    for rows, tasks in ((_acordar(data), _acordar_tasks(data)), (_ntcir(data), [_ntcir_task(data)])):
        with tempfile.TemporaryDirectory() as folder:
            environment = _installed(Path(folder), rows)
            others = {"rank_bm25": _rank_bm25(rows), "bm25s": _bm25s(rows)}
            for task in tasks:
                ours = _searched(Path(folder), environment, task.queries)
                missed += _told(task, ours, {name: ask(task.queries) for name, ask in others.items()})
    return int(missed > 0)


def _told(task: Task, ours: Run, others: Mapping[str, Run]) -> int:
    scored = _scored(task, ours)
    ndcg, recall = mean(scored[NDCG]), mean(scored[RECALL])
    holds = ndcg >= task.ndcg and recall >= task.recall
    print(f"{task.name}: {len(scored[NDCG])} queries", flush=True)
    print(
        f"  onepact    NDCG@10 {ndcg:.3f} (goal {task.ndcg})  recall@100 {recall:.3f} (goal {task.recall})  "
        f"{'holds' if holds else 'MISSED'}"
    )
    for name, run in others.items():
        other = _scored(task, run)
        differences = [one - two for one, two in zip(scored[NDCG], other[NDCG], strict=True)]
        low, high = _interval(differences)
        print(
            f"  {name:<10} NDCG@10 {mean(other[NDCG]):.3f}  recall@100 {mean(other[RECALL]):.3f}  "
            f"onepact is better by {mean(differences):+.3f} ({low:+.3f} to {high:+.3f})"
        )
    return int(not holds)


def _scored(task: Task, run: Run) -> dict[str, list[float]]:
    """Each query's figures, in the order of the queries; a query without an answer has none of it."""
    wanted = {key: task.judged[key] for key in task.queries if key in task.judged}
    found = pytrec_eval.RelevanceEvaluator(wanted, {"ndcg_cut.10", "recall.100"}).evaluate(run)
    return {name: [found.get(key, {}).get(name, 0.0) for key in wanted] for name in (NDCG, RECALL)}


def _interval(differences: Sequence[float], draws: int = 1000) -> tuple[float, float]:
    """The 95 % interval of a mean, by drawing the queries again."""
    chance = random.Random(7)  # noqa: S311 - nothing secret
    means = sorted(mean(chance.choices(differences, k=len(differences))) for _ in range(draws))
    return means[int(draws * 0.025)], means[int(draws * 0.975)]


# The product


def _installed(folder: Path, rows: Sequence[dict[str, str]]) -> dict[str, str]:
    environment = {**os.environ, "ONEPACT_HOME": str(folder / "home"), "DATABASE_URL": ""}
    table = folder / "catalog.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["identifier", "title", "description", "publisher", "keywords"])
        writer.writeheader()
        writer.writerows(rows)
    scan = folder / "agreement.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    partner = ["--kind", "partner", "--name", "Judged collection", "--slug", "judged"]
    _flask(environment, "init")
    _flask(environment, "organization", "add", *partner, "--acceded-on-paper", str(scan))
    _flask(environment, "catalog", "import", str(table), "--partner", "judged", "--publish")
    return environment


def _searched(folder: Path, environment: dict[str, str], queries: Mapping[str, str]) -> Run:
    asked = folder / "queries.tsv"
    asked.write_text("".join(f"{key}\t{text}\n" for key, text in queries.items()), encoding="utf-8")
    run: Run = defaultdict(dict)
    for line in _flask(
        environment, "catalog", "search", "--queries", str(asked), "--trec", "--limit", str(MOST)
    ).splitlines():
        key, _q0, identifier, rank, _score, _tag = line.split()
        run[key][identifier] = 1.0 / int(rank)
    return run


def _flask(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([*FLASK, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: an import refused some rows
        raise SystemExit(f"flask {' '.join(arguments[:2])} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


# The others


def _text_of(row: dict[str, str]) -> str:
    return " ".join([row["title"]] * 3 + [row["description"], row["keywords"]])


class _rank_bm25:  # noqa: N801 - named as the library is
    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        self._keys = [row["identifier"] for row in rows]
        self._index = BM25Okapi([_WORD.findall(_text_of(row).lower()) for row in rows])

    def __call__(self, queries: Mapping[str, str]) -> Run:
        return {key: self._best(_WORD.findall(text.lower())) for key, text in queries.items()}

    def _best(self, words: list[str]) -> dict[str, float]:
        scores = self._index.get_scores(words)
        order = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:MOST]
        return {self._keys[place]: 1.0 / rank for rank, place in enumerate(order, 1) if scores[place] > 0}


class _bm25s:  # noqa: N801 - named as the library is
    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        self._keys = [row["identifier"] for row in rows]
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25()
        self._index.index(self._words([_text_of(row) for row in rows]), show_progress=False)

    def __call__(self, queries: Mapping[str, str]) -> Run:
        found, _scores = self._index.retrieve(self._words(list(queries.values())), k=MOST, show_progress=False)
        return {
            key: {self._keys[int(place)]: 1.0 / rank for rank, place in enumerate(places, 1)}
            for key, places in zip(queries, found, strict=True)
        }

    def _words(self, texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


# The collections


def _acordar(data: Path) -> list[dict[str, str]]:
    with gzip.open(data / "acordar1-pool-docs.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def _acordar_tasks(data: Path) -> list[Task]:
    keywords = Task("ACORDAR, keywords", _queries(data, "acordar1"), _judged(data / "acordar1-qrels.txt"), 0.58, 0.82)
    judged, questions = _judged(data / "acordar2-qrels-in-pool.txt"), dict[str, str]()
    of_question: Judged = {}
    for entry in json.loads((data / "acordar2-question-queries.json").read_text(encoding="utf-8")):
        for number, text in enumerate(entry["questions"]):
            key = f"{entry['query_id']}-{number}"
            questions[key] = text
            if entry["query_id"] in judged:
                of_question[key] = judged[entry["query_id"]]
    return [keywords, Task("ACORDAR, questions", questions, of_question, 0.42)]


def _ntcir(data: Path) -> list[dict[str, str]]:
    """Its documents are one text each: the first sentence, or as many words, stands for the title."""
    rows = []
    with gzip.open(data / "ntcir15e-pool-docs.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            opening = _SENTENCE.match(entry["text"])
            title = opening[0] if opening else " ".join(entry["text"].split()[:14])
            rows.append(
                {
                    "identifier": entry["id"],
                    "title": title,
                    "description": entry["text"],
                    "publisher": "",
                    "keywords": "",
                }
            )
    return rows


def _ntcir_task(data: Path) -> Task:
    return Task("NTCIR-15", _queries(data, "ntcir15e"), _judged(data / "ntcir15e-qrels.txt"), 0.53)


def _queries(data: Path, name: str) -> dict[str, str]:
    return {key: text for key, text, *_ in _lines(data / f"{name}-queries.tsv", "\t")}


def _judged(path: Path) -> Judged:
    found: Judged = defaultdict(dict)
    for key, _iteration, document, grade in _lines(path, None):
        found[key][document] = int(grade)
    return dict(found)


def _lines(path: Path, mark: str | None) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as file:
        yield from (line.rstrip("\n").split(mark) for line in file if line.strip())


if __name__ == "__main__":
    raise SystemExit(main())
