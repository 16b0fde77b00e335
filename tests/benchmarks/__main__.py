"""Measure again and write what was seen to tests/benchmarks.md: python -m tests.benchmarks [attribution stance ...]."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
PAGE = FOLDER.with_suffix(".md")
HEAD = """# Benchmarks

What was measured, when, and by which command; each block is what the command printed. Made by
`python -m tests.benchmarks NAME`, which replaces one block. The material is not part of the project: it is looked for
in the folder that `THREAT_TALK_SHARED` names, or in `shared` beside the checkout.
[notes.md](benchmarks/notes.md) says what was tried and left out, and which errors remain.
Figures are F1 where nothing else is said; of threat, severity and stance the mean over their values ("yes" and "no" alike).
"""


def names() -> list[str]:
    """Return the names of the scripts that measure."""
    found = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}
    return sorted(
        found - {"material", "reader", "ablation", "mutation"}
    )  # the data, what fits the reader, and hours of work


def measure(name: str) -> str:
    """Run one script with one thread and return its block of the page."""
    command = [sys.executable, "-m", f"tests.benchmarks.{name}"]
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own scripts
        command, cwd=ROOT, env={**os.environ, **one_thread}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{name} stopped at an error:\n{done.stderr[-2000:]}")
    date = dt.datetime.now(dt.UTC).date().isoformat()
    return f"## {name}\n\n{date} · `python -m tests.benchmarks.{name}`\n\n```\n{done.stdout.strip()}\n```\n"


def main() -> None:
    """Measure what is asked for, or everything, and keep the other blocks as they are."""
    asked = sys.argv[1:] or names()
    unknown = sorted(set(asked) - set(names()))
    if unknown:
        sys.exit(f"nothing measures {', '.join(unknown)}; choose from {', '.join(names())}")
    for name in asked:
        block = measure(name)
        # Read only now: another run may have written its block meanwhile.
        text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
        found = re.finditer(r"^## (\w+)\n.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        blocks = {match.group(1): match.group() for match in found} | {name: block}
        PAGE.write_text(HEAD + "".join(f"\n{blocks[key].strip()}\n" for key in sorted(blocks)), encoding="utf-8")
        print(block)


if __name__ == "__main__":
    main()
