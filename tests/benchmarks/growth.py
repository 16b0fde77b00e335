"""How the time for one article grows with its length: python -m tests.benchmarks.growth [CHARACTERS].

For each family of unlucky text t(2n) / t(n) of processor time: 2 is time in proportion to length, 4 its square. A family
is one article; the first figures are of the grammar alone, the second of the grammar and the speakers.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pandas as pd

from helpers.statements.extract import extract_statements

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 200_000  # characters at 2n
ROUNDS = 3


def repeated(piece: str, end: str = "") -> Callable[[int], str]:
    """Repeat a piece up to a length, and end with something else."""
    return lambda size: (piece * (size // len(piece) + 1))[: size - len(end)] + end


def interview(size: int) -> str:
    """Write an interview with a plain question and answer a paragraph."""
    lines = (f"Q: What of plan {i}?\n\nA: We said that the plan for dam {i} would hold.\n\n" for i in range(size // 50))
    return "".join(lines)[:size]


WORDS = "The council met in Herat and the plan went on"
FAMILIES: dict[str, Callable[[int], str]] = {
    "paragraph that ends in )": repeated(WORDS + " (as before, ", ")"),
    "paragraph that ends in a stop of another script": repeated(WORDS + " ", "۔"),
    "stops of another script": repeated(WORDS + "۔ "),
    "plain interview": interview,
    "interview in one paragraph": lambda size: interview(size).replace("\n\n", " "),
    "news": repeated(WORDS + ", Minister Noor said on Monday. “It will,” she added.\n\n"),
    "one paragraph of news": repeated(WORDS + ", Minister Noor said on Monday. “It will,” she added. "),
    "straight marks": repeated('"'),
    "straight marks apart": repeated('" '),
    "marks that open": repeated("“"),
    "single marks": repeated("‘a "),
    "single marks and plurals": repeated("‘as’ b "),
    "apostrophes": repeated("A's "),
    "apostrophes of plurals": repeated("'ministers' b "),
    "one long word": repeated("a"),
    "one long word of capitals": repeated("A"),
    "long word with dots": repeated("a."),
    "initials": repeated("A."),
    "dots": repeated("."),
    "dots apart": repeated(". "),
    "marks of surprise": repeated("!?"),
    "combining marks": repeated("á"),
    "dashes": repeated("Noor — "),
    "commas": repeated("Noor, "),
    "brackets": repeated("Noor ("),
    "brackets closed": repeated("Noor) "),
    "spaces": repeated(" ", "."),
    "signatures": repeated("“We wait.” — Ana Noor, "),
    "labels": repeated("“NOOR: "),
    "line ends": repeated("\n"),
    "colons": repeated("He said:\n\n"),
    "lost marks": repeated("Iran s "),
}


def seconds(text: str, *, resolve: bool) -> float:
    """Return the least processor time of some rounds."""
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        extract_statements(articles, resolve=resolve)
        taken.append(time.process_time() - start)
        if taken[-1] > 1:
            break
    return min(taken)


def main() -> None:
    """Print a line for each family."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    seconds("Noor said that it rained.", resolve=True)  # what is loaded once
    print(f"t({size}) in seconds and t({size}) / t({size // 2}), statements; with speakers")
    for name, make in FAMILIES.items():
        columns = []
        for resolve in (False, True):
            half, whole = (seconds(make(n), resolve=resolve) for n in (size // 2, size))
            columns.append(f"{whole:8.2f} {whole / half:5.2f}")
        print(f"{name:48s}{'   '.join(columns)}", flush=True)


if __name__ == "__main__":
    main()
