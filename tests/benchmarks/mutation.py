"""How many random changes of helpers/statements the tests notice: python -m tests.benchmarks.mutation [TRIES [ROOM]].

A change drops one member of a set of tags or words, halves or doubles a number, or leaves out an operand or a branch.
Each is written into a copy of the checkout, and tests/statements run there until one fails. The aim is 8 of 10.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.ablation import Editor
from tests.benchmarks.material import ROOT

TRIES, SEED = 20, 17
NEEDED = ("helpers", "data", "tests", "pyproject.toml")
TESTS = ("test_grammar", "test_sentences", "test_statements")


def caught(copy: Path) -> bool:
    """Tell whether a test fails in the copy."""
    tests = [f"tests/statements/{name}.py" for name in TESTS]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy), "THREAT_TALK_SHARED": str(copy / "absent")}
    try:
        done = subprocess.run(  # noqa: S603 - our own tests
            command, cwd=copy, env=environment, capture_output=True, check=False, timeout=300
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> None:
    """Print each change and whether it was noticed, and the sum."""
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else TRIES
    room = sys.argv[2] if len(sys.argv) > 2 else "grammar"
    folder = ROOT / "helpers" / "statements" / room
    pieces = []
    for path in sorted(folder.glob("[a-z]*.py")):
        editor = Editor(path.stem)
        editor.visit(ast.parse(path.read_text(encoding="utf-8")))
        pieces += editor.pieces
    noticed = 0
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for needed in NEEDED:
            source = ROOT / needed
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / needed)
        if caught(copy):
            sys.exit("the tests fail before anything is changed: mend that first")
        for piece in random.Random(SEED).sample(pieces, tries):
            original = folder / f"{piece.module}.py"
            changed = Editor(piece.module, out=piece).visit(ast.parse(original.read_text(encoding="utf-8")))
            target = copy / original.relative_to(ROOT)
            target.write_text(ast.unparse(ast.fix_missing_locations(changed)), encoding="utf-8")
            found = caught(copy)
            shutil.copy(original, target)
            noticed += found
            print(
                f"{'caught' if found else 'MISSED'}  {piece.module}:{piece.line} {piece.kind}: {piece.shown}",
                flush=True,
            )
    print(f"{noticed} of {tries} changes of {room} caught")


if __name__ == "__main__":
    main()
