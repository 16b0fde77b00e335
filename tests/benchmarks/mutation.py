"""How many random changes of helpers/statements the tests notice: python -m tests.benchmarks.mutation [TRIES [ROOM [SEED]]].

A change drops one member of a set of tags or words, halves or doubles a number, or leaves out an operand or a branch.
Each is made in the memory of a process of its own, where the tests of the room run until one fails: no file changes,
and a try takes a few seconds. ROOM is ``grammar`` (the default) or ``people``. The aim is 8 of 10.
"""

from __future__ import annotations

import ast
import os
import random
import signal
import sys
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks.ablation import Editor, Piece
from tests.benchmarks.material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TRIES, SEED = 50, 17
SECONDS = 120  # a loop without end is noticed, too
TESTS = {
    "grammar": ("test_cases", "test_grammar", "test_sentences", "test_parts", "test_found", "test_statements"),
    "people": ("test_speakers", "test_identity", "test_names", "test_named"),
}
SLOW = "not workers_find and not real_articles and not lose_no_word"  # they show nothing that the others do not


def load_instead(path: Path, tree: ast.Module) -> None:
    """Let a module be loaded from a tree in place of its file."""
    usual = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> Any:
        return compile(tree, loader.path, "exec") if loader.path == str(path) else usual(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def caught(room: str, path: Path, piece: Piece | None) -> bool:
    """Tell whether a test of the room fails when a piece of a module is taken out."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    signal.alarm(SECONDS)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    for name in [name for name in sys.modules if name.split(".")[0] in ("helpers", "tests")]:
        del sys.modules[name]
    if piece is not None:
        tree = Editor(piece.module, out=piece).visit(ast.parse(path.read_text(encoding="utf-8")))
        load_instead(path, ast.fix_missing_locations(tree))
    tests = [str(ROOT / "tests" / "statements" / f"{name}.py") for name in TESTS[room]]
    os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-k", SLOW, *tests])))


def main() -> None:
    """Print each change and whether it was noticed, and the sum."""
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else TRIES
    room = sys.argv[2] if len(sys.argv) > 2 else "grammar"
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    paths = {path.stem: path for path in sorted((ROOT / "helpers" / "statements" / room).glob("[a-z]*.py"))}
    pieces: list[Piece] = []
    for name, path in paths.items():
        editor = Editor(name)
        editor.visit(ast.parse(path.read_text(encoding="utf-8")))
        pieces += editor.pieces
    if caught(room, next(iter(paths.values())), None):
        sys.exit("the tests fail before anything is changed: mend that first")
    noticed = 0
    for piece in random.Random(seed).sample(pieces, tries):
        found = caught(room, paths[piece.module], piece)
        noticed += found
        print(f"{'caught' if found else 'MISSED'}  {piece.module}:{piece.line} {piece.kind}: {piece.shown}", flush=True)
    print(f"{noticed} of {tries} changes of {room} caught")


if __name__ == "__main__":
    main()
