"""Measure loading, cleaning and the search for near duplicates: ``python -m tests.benchmarks.loading [SIZE]``.

Prints one line a measure. Pasted articles and copies are made from the constructed corpus of the project; real exports
and speeches are used where present. SIZE is the number of articles of the large run (100,000 by default).
"""

from __future__ import annotations

import io
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from helpers.articles.duplicates import find_near_duplicates
from helpers.articles.load import load_articles
from helpers.articles.readers import FAULT, read_blob
from helpers.articles.readers.archive import Blob
from helpers.articles.streams import open_articles, save_articles
from tests.benchmarks.material import ROOT, SHARED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LETTERS = 3800
# Documents in each file, counted by what opens or closes one there.
MARKERS = {
    "factiva/factiva_test.html": 2,
    "factiva/nyt_1_1993-01-03.html": 27,
    "lexis_txt/sample.DOCX": 10,
    "lexis_txt/sample.TXT": 10,
    "nexis/afp_2013-03-12_0501.html": 74,
    "nexis/guardian1.docx": 2,
    "nexis/guardian2.docx": 1,
    "nexis/usa-today.docx": 7,
}


def corpus() -> pd.DataFrame:
    """Load the English articles of the constructed corpus."""
    articles = load_articles(ROOT / "data" / "articles").articles
    return articles[articles["language"].eq("en")].reset_index(drop=True)


def pasted(articles: pd.DataFrame, number: int) -> Iterator[str]:
    """Make pasted articles of about 4,000 characters from paragraphs of the corpus."""
    rng = random.Random(1)
    rows = zip(articles["text"], articles["body_start"], strict=True)
    paragraphs = [paragraph for text, start in rows for paragraph in text[start:].split("\n\n")]
    for one in range(number):
        body: list[str] = []
        while sum(map(len, body)) < LETTERS:
            body.append(rng.choice(paragraphs))
        head = (
            f"The Herat Lantern\n\nBridge number {one} reopens after spring floods\n\nBy Nadia Sharif\n\n14 March 2012"
        )
        yield f"{head}\n\nHERAT: " + "\n\n".join(body) + "\n\nShare this article\n\nExit mobile version"


def speed(folder: Path, articles: pd.DataFrame, number: int = 3000) -> None:
    """Measure pasted files."""
    for one, text in enumerate(pasted(articles, number)):
        (folder / f"{one:06d}.txt").write_text(text, encoding="utf-8")
    start = time.process_time()
    loaded = load_articles(folder)
    seconds = time.process_time() - start
    mean = loaded.articles["text"].str.len().mean()
    print(f"pasted files: {len(loaded.articles)} of {mean:.0f} characters, {number / seconds:.0f} a CPU second")


def large(folder: Path, articles: pd.DataFrame, number: int) -> None:
    """Measure a corpus that goes through Parquet and back, and then is loaded at once."""
    rows = folder / "rows.jsonl"
    with rows.open("w", encoding="utf-8") as stream:
        for text in pasted(articles, number):
            stream.write(json.dumps({"text": text}) + "\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    counts = save_articles(rows, folder / "parts")
    written = time.process_time() - start
    back = sum(len(part.articles) for part in open_articles(folder / "parts"))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = rows.stat().st_size / 1e6
    print(
        f"{number:,} articles ({size:.0f} MB) through Parquet: {counts['articles']:,} written in {written:.0f} CPU s, "
        f"{back:,} read back after {seconds:.0f}, peak {peak / 1e3:.0f} MB ({before / 1e3:.0f} before)"
    )
    start = time.process_time()
    whole = len(load_articles(rows).articles)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"at once: {whole:,} in {time.process_time() - start:.0f} CPU s, peak {peak / 1e3:.0f} MB")


# One thing repeated; a reader that looks at a place again and again shows a ratio of 4 where it should be 2.
REPEATED = {
    "sentences": "The governor of Herat said that the bridge was safe. ",
    "an interview": "Q: Is it safe?\n\nA: It is, he said.\n\n",
    "quotation marks": '"',
    "‘a": "‘a ",
    "one word": "a",
    "!?": "!?",
    "combining marks": "e\u0301",
    "capitals": "KABUL, ",
    "dates": "14 March 2012 ",
    "lines broken at hyphens": "some words that break at the end of this li-\n",
    "labels": "Title: a\n",
    "tags": "<p>a b c d</p>",
    "comments": "<!-- -->",
    "markers of documents": "1 of 2 DOCUMENTS\n",
    "ends of documents": "Load-Date: x\nEnd of Document\n",
}


def growth(letters: int = 200_000) -> None:
    """Measure how the time of a reader grows where one thing repeats: time for a text by time for half of it."""
    texts = {name: (piece * letters)[:letters] for name, piece in REPEATED.items()}
    texts["attributes of one tag"] = ("<p " + " ".join(f'a{n:05d}="b"' for n in range(letters // 10)))[:letters]
    for name, text in texts.items():
        ratios = [_seconds(text) / _seconds(text[: letters // 2]) for _ in range(5)]
        print(f"growth, {name}: {sorted(ratios)[2]:.2f}")


def _seconds(text: str) -> float:
    blob = Blob(PurePosixPath("a"), "a", None, io.BytesIO(text.encode()), 10**8)
    start = time.process_time()
    for _ in read_blob(blob):
        pass
    return max(time.process_time() - start, 1e-4)


def broken(folder: Path, articles: pd.DataFrame, number: int = 20_000) -> None:
    """Load many files of which one in twenty is broken: each is an article or a reject."""
    rng = random.Random(5)
    damages = [
        lambda data: data[:0],
        lambda data: b"PK\x03\x04" + data[:200],
        lambda data: b"%PDF-1.4\n" + data[:50],
        lambda data: bytes(range(256)) + data,
        lambda data: b'{"text": "' + data[:100],
    ]
    wrong = set(rng.sample(range(number), number // 20))
    for one, text in enumerate(pasted(articles, number)):
        data = text.encode()
        name = f"{one:06d}.json" if one in wrong else f"{one:06d}.txt"
        (folder / name).write_bytes(damages[one % len(damages)](data) if one in wrong else data)
    loaded = load_articles(folder)
    faults = loaded.rejects["reason"].str.contains(FAULT).sum()
    print(
        f"{number:,} files, {len(wrong):,} of them broken: {len(loaded.articles):,} articles and "
        f"{len(loaded.rejects):,} rejects, {faults} faults"
    )


def exports() -> None:
    """Compare articles and rejects of real exports with the markers in the files."""
    for name, markers in MARKERS.items():
        path = SHARED / "benchmarks" / "exports" / name
        if path.exists():
            articles, rejects, _ = load_articles(path)
            known = [
                f"{column} {articles[column].notna().mean():.0%}"
                for column in ("title", "source", "date", "byline", "place")
            ]
            read = f"{len(articles)} articles + {len(rejects)} rejects"
            print(f"export {name}: {read} of {markers} documents; {', '.join(known)}")


def debate() -> None:
    """Load the UN General Debate."""
    archive = SHARED / "data" / "UNGDC_1996-2024.tgz"
    if archive.exists():
        start = time.process_time()
        articles, rejects, removed = load_articles(archive)
        seconds = time.process_time() - start
        counts = f"{len(articles)} speeches, {len(rejects)} rejects, {len(removed)} pieces removed"
        print(f"UN General Debate: {counts}, {seconds:.0f} CPU s")


def changes(words: list[str]) -> dict[str, Callable[[str], str]]:
    """Name the ways to make a copy; each takes a text."""
    rng = random.Random(7)

    def edit(text: str, rate: float) -> str:
        new = []
        for word in text.split(" "):
            chance = rng.random()
            if chance < rate / 3:
                continue
            new.append(rng.choice(words) if chance < 2 * rate / 3 else word)
            if chance > 1 - rate / 3:
                new.append(rng.choice(words))
        return " ".join(new)

    def cut(text: str, share: float) -> str:
        parts = text.split(" ")
        return " ".join(parts[: int(len(parts) * share)])

    return {
        "exact": lambda text: text,
        "new headline and tail": lambda text: (
            f"{' '.join(rng.sample(words, 12))}\n\n{text[text.find(chr(10)) :]}\n\nThanks"
        ),
        "every fourth paragraph out": lambda text: "\n\n".join(
            p for n, p in enumerate(text.split("\n\n")) if n % 4 != 1
        ),
        "paragraphs shuffled": lambda text: "\n\n".join(rng.sample(text.split("\n\n"), text.count("\n\n") + 1)),
        "cut to 60 %": lambda text: cut(text, 0.6),
        "cut to 35 %": lambda text: cut(text, 0.35),
        "2 % edited": lambda text: edit(text, 0.02),
        "5 % edited": lambda text: edit(text, 0.05),
        "10 % edited": lambda text: edit(text, 0.1),
        "cut to 35 %, 10 % edited": lambda text: edit(cut(text, 0.35), 0.1),
        "20 % edited": lambda text: edit(text, 0.2),
    }


def duplicates(articles: pd.DataFrame) -> None:
    """Measure the search for near duplicates on copies, and on texts that share one quotation."""
    copies = find_near_duplicates(articles)
    originals = articles[~articles["doc_id"].isin(copies.loc[~copies["first"], "doc_id"])]
    texts = originals["text"].tolist()
    rng = random.Random(3)
    kinds = changes([word for text in texts for word in text.split()])
    rows = [(n, "original", text) for n, text in enumerate(texts)]
    rows += [(n, kind, change(text)) for n, text in enumerate(texts) for kind, change in kinds.items()]
    for n, text in enumerate(texts):
        quotation = max((p for p in text.split("\n\n") if len(p.split()) <= 60), key=len)
        other = texts[(n + 1) % len(texts)].split()
        rng.shuffle(other)
        rows.append(
            (-n - 1, "shared quotation", f"{quotation}\n\n{' '.join(other)}\n\nSubscribe. All rights reserved.")
        )
    rng.shuffle(rows)
    table = pd.DataFrame(rows, columns=["base", "kind", "text"])
    table["doc_id"] = [f"d{n}" for n in range(len(table))]
    start = time.process_time()
    found = find_near_duplicates(table)
    seconds = time.process_time() - start
    table = table.merge(found, on="doc_id", how="left")
    home = table[table["kind"].eq("original")].set_index("base")["group"]
    with_original = table["group"].notna() & table["group"].eq(table["base"].map(home))
    for kind in kinds:
        print(f"near duplicates, {kind}: recall {with_original[table['kind'].eq(kind)].mean():.3f}")
    pairs = right = 0
    for _, group in table.dropna(subset=["group"]).groupby("group"):
        pairs += len(group) * (len(group) - 1) // 2
        right += sum(size * (size - 1) // 2 for size in Counter(group["base"]).values())
    print(f"near duplicates: precision of pairs {right / pairs:.4f}, {len(table) / seconds:.0f} articles a CPU second")


def main() -> None:
    """Run every measure."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    articles = corpus()
    # The large run comes first: the peak of memory is that of the whole process.
    folders = tempfile.TemporaryDirectory
    with folders() as one, folders() as other, folders() as third:
        large(Path(one), articles, number)
        speed(Path(other), articles)
        broken(Path(third), articles)
    growth()
    exports()
    debate()
    duplicates(articles)


if __name__ == "__main__":
    main()
