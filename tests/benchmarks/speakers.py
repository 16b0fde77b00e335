"""Speakers against the coded speakers of news, Wikinews and our own articles: python -m tests.benchmarks.speakers.

On news two names also match if the last word of one stands in the other (Minister Lavrov, Sergey Lavrov) or both are
aliases of one actor. The training
articles are in two halves by a hash of their id: the first half is read for errors, the second one is only scored.
``news_codes.csv`` holds codes of our own of more articles, by document id and offset (machine-assisted, one pass before
any change was tried on them); its column ``part`` tells which of them are read for errors, which are only scored,
and which were scored now and then without deciding anything.
With the argument ``errors``, the errors of the first half are printed, class by class. With ``names``, only the names
that are proposed as one actor are scored, on ``same_names.csv``: pairs of speaker names from 1,000 reports, labelled by
hand (``same``: 1, 0, or empty where one is no name) before anything joined them; ``round`` says which sample a pair is of.

A name matches exactly when its words are those of the coded speaker, and loosely when the words of one are all in the
other (Angela Merkel, German Chancellor Angela Merkel); case, accents, articles, possessives and what stands in
brackets do not count. On our own articles two names also match if they are aliases of one actor, or differ in a plural. Found
statements are aligned to a coded one where each covers half of the other.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from nltk.tokenize import NLTKWordTokenizer

from helpers.articles.load import load_articles
from helpers.codebook.load import load_codebook
from helpers.lessons.checks import cast_actors
from helpers.statements.extract import extract_statements
from helpers.statements.people.actors import STATES, index_actors, keys
from helpers.statements.people.identity import propose_identities
from helpers.statements.people.names import make_words
from helpers.statements.people.resolve import resolve_speakers
from tests.benchmarks.attribution import span_of
from tests.benchmarks.material import ROOT, SHARED, load_scorer, news_texts, read_lines, read_spans

if TYPE_CHECKING:
    from helpers.codebook.load import Codebook
    from helpers.statements.people.actors import ActorIndex

# Seed of a sample of reports and its size -> the rounds of labelled pairs drawn from it.
ROUNDS = {
    (18, 1000): ("1", "2"),
    (2026, 1000): ("3",),
    (4711, 1000): ("4",),
    (4712, 1000): ("4",),
    (90210, 1500): ("5",),
    (20261130, 1500): ("6",),
    (777001, 1500): ("7",),
    (31337, 1500): ("8",),
    (5150, 1500): ("9",),
    (606060, 1500): ("10",),
    (717171, 1500): ("11",),
    (828282, 1500): ("12",),
    (939393, 1500): ("13",),
}
ARTICLES = ("the", "a", "an", "of", "and", "s", "in", "for", "from", "at", "on", "by", "to", "mr", "mrs", "ms", "dr")
PRONOUNS = {"he", "she", "it", "they", "i", "we", "him", "their", "who", "which", "them", "each"}


def load(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the coded articles: their statements with the coded speaker, and the articles."""
    rows: list[dict[str, Any]] = []
    articles = []
    for article in read_lines(path):
        text = article["text"]
        articles.append({"doc_id": article["id"], "text": text, "date": pd.Timestamp(article["date"])})
        for coded in article["attributions"]:
            row: dict[str, Any] = {"doc_id": article["id"], "kind": coded["type"], "coded": coded["speaker"]}
            for name, key in (("speaker", "source"), ("cue", "cue")):
                spans = coded[key]
                start, end = (spans[0][0], spans[-1][1]) if spans else (None, None)
                row |= {name: text[start:end] if spans else None, f"{name}_start": start, f"{name}_end": end}
            row["spans"] = tuple((start, end) for start, end in coded["content"])
            rows.append(row | {"start": row["spans"][0][0]})
    statements = pd.DataFrame(rows)
    offsets = dict.fromkeys(["speaker_start", "speaker_end", "cue_start", "cue_end", "start"], "Int64")
    return statements.astype(offsets | dict.fromkeys(["speaker", "cue", "coded"], "string")), pd.DataFrame(articles)


def load_news(part: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the coded news: their statements with the coded speaker and the offsets of their words, and the articles."""
    coded = read_lines(SHARED / "benchmarks" / "news" / f"{part}.coder1.jsonl")
    wanted = {row["doc_id"] for row in coded}
    articles = read_lines(SHARED / "data" / "news" / "articles.jsonl.gz")
    texts = {article["id"]: article["text"] for article in articles if article["id"] in wanted}
    dates = {article["id"]: pd.to_datetime(article["date"] or None, errors="coerce") for article in articles}
    rows: list[dict[str, Any]] = []
    for one in coded:
        text = texts[one["doc_id"]]
        begin = end = paragraph_start(text, one["p"])
        spans = []
        for piece in one["content"]:
            at = text.find(piece, end)
            at = text.find(piece, begin) if at < 0 else at
            end = at + len(piece)
            spans.append((at, end))
        row: dict[str, Any] = {"doc_id": one["doc_id"], "kind": one["kind"], "coded": one["speaker"]}
        cue = nearest(text, one["cue"], [edge for span in spans for edge in span], spans, begin)
        source = nearest(text, one["source"], [spans[0][0]] if cue is None else [cue[0]], spans, begin)
        for name, span in (("speaker", source), ("cue", cue)):
            start, stop = span or (None, None)
            row |= {name: one["source" if name == "speaker" else name], f"{name}_start": start, f"{name}_end": stop}
        rows.append(row | {"spans": tuple(sorted(spans)), "start": min(spans)[0]})
    known = [doc for doc in texts if doc in wanted]
    frame = pd.DataFrame({"doc_id": known, "text": [texts[d] for d in known], "date": [dates[d] for d in known]})
    return pd.DataFrame(rows).astype(dict.fromkeys(["speaker", "cue", "coded"], "string")), frame


def load_codes() -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Read our own codes of news as `load_news` gives them, part by part; the hash tells that a text is the same."""
    coded = pd.read_csv(Path(__file__).with_name("news_codes.csv"), dtype="string").rename(columns={"speaker": "coded"})
    wanted = dict(zip(coded["doc_id"], coded["text"], strict=True))
    texts = {doc: text for doc, text in news_texts().items() if doc in wanted}
    changed = [doc for doc, text in texts.items() if hashlib.sha256(text.encode()).hexdigest()[:12] != wanted[doc]]
    if changed or len(texts) < len(wanted):
        sys.exit(f"news_codes.csv was made from other texts: {changed or set(wanted) - set(texts)}")
    for name, column in (("speaker", "source"), ("cue", "cue")):
        spans = coded[column].str.split("-", expand=True).astype("Int64")
        coded[f"{name}_start"], coded[f"{name}_end"] = spans[0], spans[1]
        coded[name] = [
            None if pd.isna(row[f"{name}_start"]) else texts[row["doc_id"]][row[f"{name}_start"] : row[f"{name}_end"]]
            for _, row in coded.iterrows()
        ]
    coded["spans"] = [read_spans(spans) for spans in coded["content"]]
    coded["start"] = [spans[0][0] for spans in coded["spans"]]
    frame = pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())})
    return {part: (rows, frame[frame["doc_id"].isin(rows["doc_id"])]) for part, rows in coded.groupby("part")}


def paragraph_start(text: str, number: int) -> int:
    """Return where a paragraph starts."""
    start = 0
    for _ in range(number):
        start = text.index("\n\n", start) + 2
    return start


def nearest(
    text: str, words: str | None, edges: list[int], content: list[tuple[int, int]], begin: int
) -> tuple[int, int] | None:
    """Return the place of some words that is nearest to some positions, outside the content where they stand there."""
    if not words:
        return None
    low, high = text.rfind("\n\n", 0, max(0, begin - 2)) + 1, max(edges) + 3000
    places = []
    start = text.find(words, low, high)
    while start >= 0:
        places.append(start)
        start = text.find(words, start + 1, high)
    outside = [place for place in places if not any(first <= place < last for first, last in content)]
    best = min(
        outside or places,
        key=lambda place: min(min(abs(place - edge), abs(place + len(words) - edge)) for edge in edges),
        default=None,
    )
    return None if best is None else (best, best + len(words))


def is_looked_at(doc: str) -> bool:
    """Tell the half of the training articles that is read for errors from the one that is only scored."""
    return hashlib.sha256(doc.encode()).digest()[0] % 2 == 0


def named_alike(found: object, coded: str, index: ActorIndex) -> tuple[bool, bool]:
    """Say whether a name is that of the coded speaker, exactly, and by its words, the last of them or an alias."""
    exact, loosely = matches(found, coded)
    mine, theirs = (words(found), words(coded)) if isinstance(found, str) else ([], [])
    last = bool(mine and theirs) and (mine[-1] in theirs or theirs[-1] in mine)
    return exact, loosely or last or same(found, coded, index)


def measure_news(name: str, coded: pd.DataFrame, articles: pd.DataFrame, found: pd.DataFrame) -> list[tuple[Any, Any]]:
    """Print the figures of some coded news; return the pairs of which the speaker is another."""
    scorer = load_scorer(SHARED / "benchmarks" / "attribution" / "score_attribution.py")
    texts = dict(zip(articles["doc_id"], articles["text"], strict=True))
    gold, predicted = (
        {
            doc: [
                {
                    "source": span_of(row.speaker_start, row.speaker_end) or [],
                    "cue": span_of(row.cue_start, row.cue_end) or [],
                    "content": [list(map(int, span)) for span in row.spans],
                }
                for row in frame[frame["doc_id"] == doc].itertuples()
            ]
            for doc in texts
        }
        for frame in (coded, found)
    )
    result, _ = scorer.evaluate(
        [{"id": doc, "text": texts[doc], "attributions": rows} for doc, rows in gold.items()], predicted, [], "all"
    )
    pairs = align(coded, found[found["doc_id"].isin(texts)])
    book = load_codebook()
    index = index_actors(book.actors, make_words(book.people))
    told = [
        (row, other, *named_alike(other.speaker_name, row.coded, index)) for row, other in pairs if pd.notna(row.coded)
    ]
    print(f"{name}: {result['gold']} statements coded, {result['pred']} found, {len(told)} paired with a coded speaker")
    for label, key in (("statement", "stmt"), ("statement + source", "full")):
        print("  {:20s}P {:5.1f}  R {:5.1f}  F1 {:5.1f}".format(label, *(100 * value for value in result[key])))
    print("  speaker exactly:", share([exact for _, _, exact, _ in told]))
    print("  speaker loosely:", share([loose for _, _, _, loose in told]))
    print(
        "  unknown in both, of those coded unknown:",
        share([pd.isna(o.speaker_name) for r, o in pairs if pd.isna(r.coded)]),
    )
    return [(row, other) for row, other, _, loose in told if not loose]


def news_errors(wrong: list[tuple[Any, Any]], articles: pd.DataFrame) -> None:
    """Print whom a statement was given to instead of the coded speaker, class by class, with the words around."""
    texts = dict(zip(articles["doc_id"], articles["text"], strict=True))
    for row, other in sorted(wrong, key=lambda pair: (form(pair[0]), not overlap(*pair), pair[0].doc_id)):
        at = int(other.cue_start if pd.notna(other.cue_start) else other.start)
        around = " ".join(texts[row.doc_id][max(0, at - 80) : at + 40].split())
        place = "same source" if overlap(row, other) else "other source"
        print(
            f"{form(row)} | {place} | {row.speaker} -> {row.coded} | {other.speaker} -> {other.speaker_name} | {row.doc_id} {at}: {around}"
        )


def load_own() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the reference coding of our own articles, its speakers as `coded`, and the articles."""
    coded = pd.read_csv(
        ROOT / "data" / "gold" / "statements.csv", dtype="string", na_values=[""], keep_default_na=False
    )
    offsets = dict.fromkeys(["speaker_start", "speaker_end", "cue_start", "cue_end", "start", "end"], "Int64")
    spans = [read_spans(row) for row in coded["spans"]]
    statements = coded.rename(columns={"speaker_name": "coded"}).astype(offsets).assign(spans=spans)
    return statements, load_articles(ROOT / "data" / "articles").articles


def load_cast() -> pd.DataFrame:
    """Read the people of our own articles as actors."""
    return cast_actors(pd.read_csv(ROOT / "data" / "cast.csv", dtype="string", keep_default_na=False))


def same(found: object, coded: str, index: ActorIndex) -> bool:
    """Say whether a name is that of the coded speaker, by its words or by an actor that has both as aliases."""
    if not isinstance(found, str):
        return False
    mine, theirs = ({word.removesuffix("s") for word in words(name)} for name in (found, coded))
    return mine <= theirs or theirs <= mine or bool(actors_of(found, index) & actors_of(coded, index))


def actors_of(name: str, index: ActorIndex) -> set[str]:
    """Return the actors of an alias, for a State and its government the country."""
    bare = tuple(word for word in keys(name) if word not in ARTICLES)
    rows = index.aliases.get(bare) or index.aliases.get(bare[:-1] if bare[-1:] == ("government",) else bare, ())
    return {row.country if row.kind in STATES else row.actor_id for row in rows}


def judge(statements: pd.DataFrame, articles: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Resolve coded statements of our own articles: `right`, missing where nobody is coded."""
    index = index_actors(pd.concat([book.actors, load_cast()]), make_words(book.people))
    resolved = resolve_speakers(statements, articles, codebook=book)
    pairs = zip(resolved["speaker_name"], resolved["coded"], strict=True)
    right = [same(found, coded, index) if isinstance(coded, str) else None for found, coded in pairs]
    return resolved.assign(right=pd.array(right, dtype="boolean"))


def judge_own(book: Codebook) -> pd.DataFrame:
    """Judge the reference coding of our own articles, with `country` where the cast tells it."""
    resolved = judge(*load_own(), book)
    countries = load_cast().drop_duplicates("alias").set_index("alias")["country"]
    return resolved.assign(country=resolved["coded"].map(countries))


def words(name: str) -> list[str]:
    """Return the words of a name that count."""
    outside = "".join(part.split(")", 1)[-1] for part in name.split("("))
    return [word for word in keys(outside.replace("’s ", " ").replace("'s ", " ")) if word not in ARTICLES]


def matches(found: object, coded: str) -> tuple[bool, bool]:
    """Say whether a name is that of the coded speaker, exactly and loosely."""
    if not isinstance(found, str):
        return False, False
    mine, theirs = words(found), words(coded)
    loosely = bool(mine and theirs) and (set(mine) <= set(theirs) or set(theirs) <= set(mine))
    return mine == theirs, mine == theirs or loosely


def covered(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> int:
    """Count the characters that two contents share."""
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def length(spans: tuple[tuple[int, int], ...]) -> int:
    """Count the characters of a content."""
    return sum(end - start for start, end in spans)


def overlap(one: Any, other: Any) -> bool:
    """Say whether two rows have the same source, or both none."""
    if pd.isna(one.speaker_start) or pd.isna(other.speaker_start):
        return bool(pd.isna(one.speaker_start) and pd.isna(other.speaker_start))
    return bool(one.speaker_start < other.speaker_end and other.speaker_start < one.speaker_end)


def align(coded: pd.DataFrame, found: pd.DataFrame) -> list[tuple[Any, Any]]:
    """Pair each coded statement that was found with the row that covers it best, of equals the one with its source."""
    pairs = []
    by_doc = {doc: list(rows.itertuples()) for doc, rows in found.groupby("doc_id")}
    for row in coded.itertuples():
        best: tuple[tuple[bool, int], Any] | None = None
        for other in by_doc.get(row.doc_id, []):
            shared = covered(row.spans, other.spans)
            if 2 * shared < max(length(row.spans), length(other.spans)):
                continue
            rank = (overlap(row, other), shared)
            if best is None or rank > best[0]:
                best = (rank, other)
        if best is not None:
            pairs.append((row, best[1]))
    return pairs


def form(row: Any) -> str:
    """Name the form in which a speaker stands."""
    if pd.isna(row.speaker):
        return "no source"
    if row.speaker.lower() in PRONOUNS:
        return "pronoun"
    exact, loose = matches(row.speaker, row.coded)
    return "full" if exact else "part or more" if loose else "another name"


def share(hits: list[bool]) -> str:
    """Write a share in per cent."""
    return f"{100 * sum(hits) / max(1, len(hits)):.1f} % of {len(hits)}"


def main() -> None:
    """Print what was measured."""
    if "names" in sys.argv[1:]:
        print_names()
        return
    print_news(errors="errors" in sys.argv[1:])
    statements, articles = load(SHARED / "benchmarks" / "attribution" / "wikinews-train.jsonl.gz")
    book = load_codebook()
    started = time.process_time()
    resolved = resolve_speakers(statements, articles, codebook=book)
    seconds = time.process_time() - started
    tokenizer = NLTKWordTokenizer()
    started = time.process_time()
    for text in articles["text"]:
        tokenizer.tokenize(text)
    tokenizing = time.process_time() - started
    known = resolved[resolved["coded"].notna()]
    answers = [(row, *matches(row.speaker_name, row.coded)) for row in known.itertuples()]
    print("coded sources, Wikinews train")
    print("  speaker exactly:", share([exact for _, exact, _ in answers]))
    print("  speaker loosely:", share([loose for _, _, loose in answers]))
    totals = Counter(form(row) for row, _, _ in answers)
    wrong = Counter(form(row) for row, _, loose in answers if not loose)
    missing = sum(pd.isna(row.speaker_name) for row, _, _ in answers)
    print("  not matched:", "; ".join(f"{kind} {wrong[kind]} of {totals[kind]}" for kind in sorted(totals)))
    print(f"  of these left unknown: {missing}")
    nobody = resolved[resolved["coded"].isna()]
    print("  unknown in both, of those coded unknown:", share(nobody["speaker_name"].isna().tolist()))
    pairs = align(statements[statements["coded"].notna()], extract_statements(articles, codebook=book))
    found = [(row, other, matches(other.speaker_name, row.coded)[1]) for row, other in pairs]
    print(f"found statements, Wikinews train: {len(found)} of {len(known)} coded with a speaker")
    print("  speaker loosely:", share([right for _, _, right in found]))
    same = [right for row, other, right in found if overlap(row, other)]
    print("  speaker loosely where the source is right:", share(same))
    own = judge_own(book)
    named, given = own[own["right"].notna()], own.dropna(subset=["country", "speaker_country"])
    print("coded sources, our own articles")
    print("  speaker:", share(named["right"].tolist()))
    print(
        "  unknown in both, of those coded unknown:",
        share(own.loc[own["right"].isna(), "speaker_name"].isna().tolist()),
    )
    print("  country given, and right:", share(given["country"].eq(given["speaker_country"]).tolist()))
    print(f"time: {seconds / tokenizing:.1f} times nltk's word tokenizer over the same text")


def print_names() -> None:
    """Print precision and recall of the joined names, and how many speakers the samples of reports have."""
    for (seed, reports), rounds in ROUNDS.items():
        print_names_of(seed, reports, rounds)


def print_names_of(seed: int, reports: int, rounds: tuple[str, ...]) -> None:
    """Print the figures of the pairs of names that were drawn from one sample of reports."""
    articles = random.Random(seed).sample(read_lines(SHARED / "data" / "news" / "articles.jsonl.gz"), reports)
    dates = pd.to_datetime([article["date"] or None for article in articles], errors="coerce")
    texts = {"doc_id": [a["id"] for a in articles], "text": [a["text"] for a in articles], "date": dates}
    statements = extract_statements(pd.DataFrame(texts))
    table = propose_identities(statements)
    actors = dict(zip(table["name"], table["actor"], strict=True))
    judged = pd.read_csv(Path(__file__).with_name("same_names.csv"), dtype="string").dropna()
    judged = judged[judged["a"].isin(actors) & judged["b"].isin(actors) & judged["round"].isin(rounds)]
    small = statements["speaker_name"].dropna().loc[lambda name: name.str[0].str.islower() | name.str[0].str.isdigit()]
    print(f"{reports} reports: {len(statements)} statements, {statements['speaker_name'].nunique()} speakers")
    print(
        f"  of these in small letters or digits: {small.nunique()}; names {len(table)}, actors {table['actor'].nunique()}"
    )
    for number, pairs in judged.groupby("round"):
        joined, alike = pairs["a"].map(actors) == pairs["b"].map(actors), pairs["same"] == "1"
        print(f"  round {number}: {len(pairs)} pairs that are there, of one actor {alike.sum()}, joined {joined.sum()}")
        print(f"    precision {alike[joined].mean():.3f}, recall {joined[alike].mean():.3f}")
        print(
            "    wrong:",
            [(a, b) for a, b, one, other in zip(pairs["a"], pairs["b"], joined, alike, strict=True) if one != other],
        )


def print_news(*, errors: bool) -> None:
    """Print the figures of the coded news, and with `errors` those of the half that is read."""
    for part in ("train", "dev"):
        coded, articles = load_news(part)
        found = extract_statements(articles)
        looked = articles["doc_id"].map(is_looked_at)
        halves = {"first half": looked, "second half": ~looked} if part == "train" else {"all": looked | True}
        for half, chosen in halves.items():
            some = articles[chosen]
            mine = coded[coded["doc_id"].isin(some["doc_id"])]
            wrong = measure_news(f"news {part}, {half}", mine, some, found)
            if errors and half == "first half":
                news_errors(wrong, some)
    for part, (coded, articles) in load_codes().items():
        measure_news(f"news, our own codes, {part}", coded, articles, extract_statements(articles))


if __name__ == "__main__":
    main()
