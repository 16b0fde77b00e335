"""What each piece of the grammar and the people rooms is worth: python -m tests.benchmarks.ablation [MODULE ...].

A piece is an operand of a condition, a branch, a filter, one side of a choice, a member of a set of tags or words, or a
number (halved, doubled). One instrumented run notes for each article which pieces decide anything there; then each
piece is taken out in memory, and only the articles in which it decides are read again, at most `SAMPLE` of them, the
rest counted by proportion; what then looks worth less than `DOUBT` is read again on up to `MANY`. The table
(tests/benchmarks/ablation.csv, or where ``ABLATION_TABLE`` says) tells what F1 loses without the piece, in points: a
negative figure means that the piece does harm. The table is not kept, for each change of the rooms outdates it. What has
no figures was not weighed, for it decides in few articles. A piece that decides nothing anywhere has 0 articles.
`crash` and `hang` mean that it keeps a loop or an index within bounds.
"""

from __future__ import annotations

import ast
import csv
import importlib
import os
import random
import signal
import sys
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.codebook.load import load_codebook
from helpers.statements.extract import _rows
from helpers.statements.grammar.tokens import make_lexicon
from helpers.statements.people.actors import index_actors
from helpers.statements.people.names import make_words
from helpers.statements.people.resolve import resolve_speakers
from helpers.statements.table import make_table
from tests.benchmarks.attribution import span_of, without_none
from tests.benchmarks.material import SHARED, load_scorer, read_lines
from tests.benchmarks.speakers import align, load, load_news, named_alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

TABLE = Path(os.environ.get("ABLATION_TABLE", Path(__file__).with_suffix(".csv")))
ROOMS = ("grammar", "people")
SAMPLE = 30
MANY = 100
RARE = 3  # articles: a piece that decides in fewer is not weighed
FIRST = ("branch", "operand", "choice", "filter", "number", "member")  # the order of weighing
DOUBT = 0.06
SECONDS = 3  # for one article: more is a loop without end
GROUPS = ("polnear", "wikinews", "news")
MEASURES = ("statement", "source", "speaker")
Counts = tuple[float, ...]


@dataclass(frozen=True)
class Piece:
    """One thing that can be taken out of a module: the site in its tree (or the name of a constant), and which part."""

    module: str
    line: int
    kind: str
    site: int | str
    part: Any
    shown: str


@dataclass
class Article:
    """One coded article, and what the unchanged library finds in it."""

    group: str
    doc: str
    text: str
    date: Any
    gold: dict[str, Any]
    coded: pd.DataFrame | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)


class Editor(ast.NodeTransformer):
    """Walk a module in a fixed order: note its pieces, make them report when they decide, or take one of them out."""

    def __init__(self, module: str, *, watch: bool = False, out: Piece | None = None) -> None:
        self.module, self.watch, self.out = module, watch, out
        self.site = 0
        self.pieces: list[Piece] = []

    def _note(self, node: Any, kind: str, part: Any, shown: ast.AST | str) -> bool:
        """Note a piece; say whether it is the one to take out."""
        if self.watch:
            return False
        text = shown if isinstance(shown, str) else ast.unparse(shown)
        self.pieces.append(Piece(self.module, node.lineno, kind, self.site, part, text[:100]))
        return self.out is not None and (self.out.site, self.out.part) == (self.site, part)

    def _told(self, call: str, part: Any, *values: ast.expr) -> ast.expr:
        """Wrap a value so that it reports."""
        arguments = [ast.Constant(self.module), ast.Constant(self.site), ast.Constant(part), *values]
        return ast.Call(ast.Name(call, ast.Load()), arguments, [])

    def visit(self, node: ast.AST) -> Any:
        """Visit a node; what replaces it keeps its place."""
        new = super().visit(node)
        return ast.copy_location(new, node) if hasattr(node, "lineno") and not hasattr(new, "lineno") else new

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        self.site += 1
        either = isinstance(node.op, ast.Or)
        kept = [v for k, v in enumerate(node.values) if not self._note(v, "operand", k, v)]
        if self.watch:
            kept = [self._told("_told", k, ast.Constant(either), v) for k, v in enumerate(kept)]
        return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)

    def visit_If(self, node: ast.If) -> ast.stmt:
        if ast.unparse(node.test) == "TYPE_CHECKING":
            return node
        self.generic_visit(node)
        self.site += 1
        if self._note(node, "branch", 0, node.test):
            node.test = ast.Constant(value=False)
        elif self.watch:
            node.test = self._told("_told", 0, ast.Constant(value=True), node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        self.site += 1
        for part, side in ((0, node.body), (1, node.orelse)):
            if self._note(node, "choice", part, f"{ast.unparse(side)}, not {ast.unparse(node)}"):
                return node.orelse if part == 0 else node.body
        if self.watch:
            node.test = self._told("_either", 0, node.test)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        self.site += 1
        kept = []
        for k, test in enumerate(node.ifs):
            if not self._note(test, "filter", k, test):
                kept.append(self._told("_told", k, ast.Constant(value=False), test) if self.watch else test)
        node.ifs = kept
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        self.site += 1
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
            return node
        right = node.comparators[0]
        members: list[str] = []
        if isinstance(right, ast.Constant) and isinstance(right.value, str):
            members = list(right.value)
        elif isinstance(right, ast.Tuple | ast.Set) and all(isinstance(e, ast.Constant) for e in right.elts):
            members = [e.value for e in right.elts]  # type: ignore[attr-defined]
        for member in members:
            if self._note(node, "member", member, f"{member} of {ast.unparse(node)}"):
                left = [m for m in members if m != member]
                text = isinstance(right, ast.Constant)
                node.comparators = [ast.Constant("".join(left)) if text else ast.Constant(tuple(left))]
        if self.watch:
            call = self._told("_member", 0, node.left, right)
            return call if isinstance(node.ops[0], ast.In) else ast.UnaryOp(ast.Not(), call)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        self.site += 1
        if isinstance(node.op, ast.Add) and ast.unparse(node.right).removeprefix("Tag.").isupper():
            for part, side, other in ((0, node.left, node.right), (1, node.right, node.left)):
                if (part or isinstance(side, ast.Attribute | ast.Name)) and self._note(
                    node, "member", part, f"{ast.unparse(side)} of {ast.unparse(node)}"
                ):
                    return other
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        self.site += 1
        if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value > 2:
            for part, value in (("half", node.value // 2), ("double", node.value * 2)):
                if self._note(node, "number", part, f"{part} of {node.value}"):
                    return ast.Constant(value)
        return node


class Watch:
    """What decided, article by article."""

    def __init__(self) -> None:
        self.seen: dict[tuple[Any, ...], set[int]] = defaultdict(set)
        self.article = 0

    def told(self, module: str, site: int, part: Any, when: bool, value: Any) -> Any:
        if bool(value) == when:
            self.seen[module, site, part].add(self.article)
        return value

    def either(self, module: str, site: int, _: Any, value: Any) -> Any:
        self.seen[module, site, int(not value)].add(self.article)
        return value

    def member(self, module: str, site: int, _: Any, left: Any, right: Any) -> bool:
        found = left in right
        if found and isinstance(left, str):
            self.seen[module, site, left].add(self.article)
            self.seen["", id(right), left].add(self.article)
        return found


def source_of(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


@contextmanager
def edited(module: ModuleType, editor: Editor) -> Iterator[None]:
    """Let the functions of a module run as an editor leaves them."""
    tree = ast.fix_missing_locations(editor.visit(source_of(module)))
    space = {key: vars(module).get(key) for key in ("_told", "_either", "_member")} | {"__name__": module.__name__}
    exec(compile(tree, str(module.__file__), "exec"), space)  # noqa: S102 - our own module
    kept = []
    for mine, theirs in functions(vars(module), space, module.__name__):
        kept.append((mine, mine.__code__))
        mine.__code__ = theirs.__code__
    try:
        yield
    finally:
        for function, code in kept:
            function.__code__ = code


def functions(mine: dict[str, Any], theirs: dict[str, Any], name: str) -> Iterator[tuple[Any, Any]]:
    """Yield the functions and methods that two namespaces of a module share."""
    for key, value in list(mine.items()):
        other = theirs.get(key)
        bare, edit = (getattr(value, "__wrapped__", value), getattr(other, "__wrapped__", other))
        if isinstance(bare, FunctionType) and bare.__module__ == name and isinstance(edit, FunctionType):
            if bare.__code__.co_freevars == edit.__code__.co_freevars:
                yield bare, edit
        elif isinstance(value, type) and value.__module__ == name and isinstance(other, type):
            yield from functions(dict(vars(value)), dict(vars(other)), name)


@contextmanager
def replaced(module: ModuleType, name: str, value: Any) -> Iterator[None]:
    """Let a constant have another value, wherever it was imported."""
    old = getattr(module, name)
    holders = [m for k, m in sys.modules.items() if k.startswith("helpers.statements") and vars(m).get(name) is old]
    for holder in holders:
        setattr(holder, name, value)
    try:
        yield
    finally:
        for holder in holders:
            setattr(holder, name, old)


def constants(module: ModuleType) -> Iterator[tuple[Piece, Any, Any]]:
    """Yield the parts of the constants of a module: the piece, the value without it, and the old value."""
    for node in source_of(module).body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        name = node.targets[0].id
        value = getattr(module, name)
        if isinstance(value, frozenset):
            without: list[tuple[Any, Any]] = [(m, value - {m}) for m in sorted(value, key=str)]
        elif isinstance(value, dict):
            without = [(m, {k: v for k, v in value.items() if k != m}) for m in value]
        elif isinstance(value, tuple) and not name.startswith("__"):
            without = [(m, tuple(v for v in value if v != m)) for m in value]
        elif isinstance(value, str):
            without = [(m, value.replace(m, "")) for m in value]
        elif isinstance(value, int | float):
            without = [("half", type(value)(value / 2)), ("double", value * 2)]
        else:
            continue
        kind = "number" if isinstance(value, int | float) else "member"
        for part, less in without:
            yield Piece(module.__name__, node.lineno, kind, name, part, f"{part} of {name}"), less, value


class Bench:
    """The coded articles, their scores, and what they become without a piece."""

    def __init__(self) -> None:
        folder = SHARED / "benchmarks" / "attribution"
        self.scorer = load_scorer(folder / "score_attribution.py")
        self.scorer.prf = lambda *counts: counts  # type: ignore[attr-defined] - counts add up over articles, F1 does not
        self.book = load_codebook()
        self.index = index_actors(self.book.actors, make_words(self.book.people))
        self.lexicon = make_lexicon(self.book.cues)
        self.articles = [*self._polnear(folder), *self._told("wikinews", *load(folder / "wikinews-train.jsonl.gz"))]
        for part in ("train", "dev"):
            self.articles += self._told("news", *load_news(part))
        random.Random(0).shuffle(self.articles)
        self.watch = Watch()
        self.cache: dict[str, Counts] = {}

    @staticmethod
    def _polnear(folder: Path) -> Iterator[Article]:
        for part in ("train", "dev"):
            for row in without_none(read_lines(folder / f"polnear-{part}.jsonl.gz")):
                yield Article("polnear", row["id"], row["text"], pd.NaT, row, None)

    @staticmethod
    def _told(group: str, coded: pd.DataFrame, articles: pd.DataFrame) -> Iterator[Article]:
        rows = dict(list(coded.groupby("doc_id")))
        for article in articles.itertuples():
            mine = rows.get(article.doc_id, coded.iloc[:0])
            gold = [
                {
                    "source": [span] if (span := span_of(row.speaker_start, row.speaker_end)) else [],
                    "cue": [span] if (span := span_of(row.cue_start, row.cue_end)) else [],
                    "content": [list(map(int, span)) for span in row.spans],
                }
                for row in mine.itertuples()
            ]
            gold_row = {"id": article.doc_id, "text": article.text, "attributions": gold}
            yield Article(group, str(article.doc_id), str(article.text), article.date, gold_row, mine)

    def extract(self, article: Article) -> list[dict[str, Any]]:
        return _rows([(article.doc, article.text)], self.lexicon)

    def resolve(self, articles: Sequence[Article], rows: Sequence[list[dict[str, Any]]]) -> pd.DataFrame:
        """Name the speakers of some articles."""
        frame = pd.DataFrame(
            {
                "doc_id": [a.doc for a in articles],
                "text": [a.text for a in articles],
                "date": [a.date for a in articles],
            }
        )
        return resolve_speakers(make_table([r for some in rows for r in some]), frame, codebook=self.book)

    def score(self, article: Article, rows: Sequence[dict[str, Any]]) -> dict[str, Counts]:
        """Count what is right in the statements of an article."""
        predicted = [
            {
                "source": span_of(r["speaker_start"], r["speaker_end"]),
                "cue": span_of(r["cue_start"], r["cue_end"]),
                "content": [list(span) for span in r["spans"]],
            }
            for r in rows
        ]
        subset = "all" if article.group == "news" else "speech"
        result, _ = self.scorer.evaluate([article.gold], {article.doc: predicted}, [], subset)
        return {"statement": result["stmt"], "source": result["full"]}

    def score_speakers(self, article: Article, resolved: pd.DataFrame) -> dict[str, Counts]:
        """Count the statements of an article that are found and given to the coded speaker."""
        assert article.coded is not None
        coded = article.coded[article.coded["coded"].notna()]
        pairs = align(coded, resolved)
        right = sum(named_alike(other.speaker_name, row.coded, self.index)[1] for row, other in pairs)
        return {"speaker": (right, len(resolved), right, len(coded))}

    def start(self) -> None:
        """Read every article with the library as it is, noting what decides."""
        for number, article in enumerate(self.articles):
            self.watch.article = number
            article.rows = self.extract(article)
            article.counts = self.score(article, article.rows)
            if article.coded is not None:
                resolved = self.resolve([article], [article.rows])
                article.answers = (
                    resolved["speaker_name"].astype(object).where(resolved["speaker_name"].notna(), None).tolist()
                )
                article.counts |= self.score_speakers(article, resolved)

    def without(self, numbers: Sequence[int], *, people: bool) -> dict[int, dict[str, Counts]]:
        """Return the counts of the articles that change; a crash or a loop without end raises."""
        changed: dict[int, dict[str, Counts]] = {}
        again: list[int] = []
        rows: dict[int, list[dict[str, Any]]] = {}
        for n in numbers:
            article = self.articles[n]
            rows[n] = article.rows
            if not people:
                with limited():
                    rows[n] = self.extract(article)
                if rows[n] == article.rows:
                    continue
                changed[n] = article.counts | self.score(article, rows[n])
            if article.coded is not None:
                again.append(n)
        if again:
            with limited(len(again)):
                resolved = self.resolve([self.articles[n] for n in again], [rows[n] for n in again])
            by_doc = dict(list(resolved.groupby("doc_id")))
            for n in again:
                article = self.articles[n]
                mine = by_doc.get(article.doc, resolved.iloc[:0])
                names = mine["speaker_name"].astype(object).where(mine["speaker_name"].notna(), None).tolist()
                if people and names == article.answers:
                    continue
                changed[n] = changed.get(n, article.counts) | self.score_speakers(article, mine)
        return changed

    @cache  # noqa: B019 - one bench a run
    def total(self, group: str, measure: str) -> Counts:
        """Return the counts of a set."""
        mine = [a.counts[measure] for a in self.articles if a.group == group and measure in a.counts]
        return tuple(sum(column) for column in zip(*mine, strict=True))

    def worth(self, changed: dict[int, dict[str, Counts]], scale: float) -> dict[str, float]:
        """Return what F1 loses, in points, set by set and measure by measure."""
        lost = {}
        for group in GROUPS:
            for measure in MEASURES:
                before = self.total(group, measure)
                if not before:
                    continue
                after = list(before)
                for n, counts in changed.items():
                    if self.articles[n].group == group:
                        old = self.articles[n].counts[measure]
                        after = [a + scale * (c - o) for a, c, o in zip(after, counts[measure], old, strict=True)]
                lost[f"{group}_{measure}"] = f1(before) - f1(after)
        return lost


def f1(counts: Sequence[float]) -> float:
    right, found, hit, coded = counts
    precision, recall = right / max(found, 1), hit / max(coded, 1)
    return 200 * precision * recall / max(precision + recall, 1e-9)


class Hang(Exception):  # noqa: N818
    """It does not come to an end."""


@contextmanager
def limited(times: int = 1) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise Hang

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS * times)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def weigh(bench: Bench, piece: Piece, numbers: Sequence[int], taken_out: Any) -> dict[str, Any]:
    """Return a row of the table."""
    row = unweighed(piece, numbers)
    some = list(numbers[:SAMPLE])
    try:
        with taken_out():
            changed = bench.without(some, people="people" in piece.module)
            worth = bench.worth(changed, len(numbers) / len(some))
            if len(some) < len(numbers) and max(worth.values()) < DOUBT:
                some = list(numbers[:MANY])
                changed |= bench.without(some[SAMPLE:], people="people" in piece.module)
                worth = bench.worth(changed, len(numbers) / len(some))
    except Hang:
        return row | {"end": "hang"}
    except Exception:  # noqa: BLE001 - whatever it is, the piece prevents it
        return row | {"end": "crash"}
    row["changed"] = round(len(changed) * len(numbers) / len(some))
    return row | {key: round(value, 3) for key, value in worth.items()}


def modules(asked: Sequence[str]) -> list[ModuleType]:
    import helpers.statements

    folder = Path(str(helpers.statements.__file__)).parent
    names = [f"{room}.{path.stem}" for room in ROOMS for path in sorted((folder / room).glob("[a-z]*.py"))]
    return [importlib.import_module(f"helpers.statements.{name}") for name in names if not asked or name in asked]


def main() -> None:
    """Write the table, module by module."""
    bench = Bench()
    chosen = modules(sys.argv[1:])
    found: dict[str, list[Piece]] = {}
    for module in chosen:
        editor = Editor(module.__name__)
        editor.visit(source_of(module))
        found[module.__name__] = editor.pieces
    watched = [edited(module, Editor(module.__name__, watch=True)) for module in chosen]
    for module, one in zip(chosen, watched, strict=True):
        vars(module).update(_told=bench.watch.told, _either=bench.watch.either, _member=bench.watch.member)
        one.__enter__()
    bench.start()
    for one in watched:
        one.__exit__(None, None, None)
    everything = list(range(len(bench.articles)))
    todo: list[tuple[Piece, list[int], Any]] = []
    for module in chosen:
        name = module.__name__
        for piece in found[name]:
            seen = sorted(bench.watch.seen[name, piece.site, piece.part])
            numbers = everything[:SAMPLE] if piece.kind == "number" else seen
            todo.append((piece, numbers, lambda m=module, p=piece: edited(m, Editor(m.__name__, out=p))))
        for piece, less, value in constants(module):
            seen = sorted(bench.watch.seen["", id(value), piece.part])
            numbers = everything[:SAMPLE] if piece.kind == "number" or isinstance(value, dict) else seen
            todo.append((piece, numbers, lambda m=module, p=piece, v=less: replaced(m, str(p.site), v)))
    rows = [unweighed(piece, numbers) for piece, numbers, _ in todo]
    write(rows)
    order = sorted(range(len(todo)), key=lambda n: FIRST.index(todo[n][0].kind))
    for done, n in enumerate(order):
        piece, numbers, taken_out = todo[n]
        if len(numbers) >= RARE:
            rows[n] = weigh(bench, piece, numbers, taken_out)
        if done % 50 == 0:
            write(rows)
    write(rows)


def unweighed(piece: Piece, numbers: Sequence[int]) -> dict[str, Any]:
    """Return a row that says only in how many articles a piece decides."""
    row: dict[str, Any] = {"module": piece.module.removeprefix("helpers.statements."), "line": piece.line}
    return row | {"kind": piece.kind, "piece": piece.shown, "articles": len(numbers), "changed": "", "end": ""}


def write(rows: Sequence[dict[str, Any]]) -> None:
    columns = ["module", "line", "kind", "piece", "articles", "changed", "end"]
    columns += [
        f"{group}_{measure}" for group in GROUPS for measure in MEASURES if (group, measure) != ("polnear", "speaker")
    ]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
