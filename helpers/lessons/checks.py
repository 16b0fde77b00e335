"""Checks that answer with a hint: does an answer agree, and if not, how is it wrong; and what several lessons need."""

import ast
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, NamedTuple

import pandas as pd

from helpers.paths import SOLUTIONS

CHECKS = ("check_answer", "check_codes", "check_change")
WRONG_TURN = re.compile(r"^- Not `(?P<code>.+?)`: (?P<hint>.+)$", re.MULTILINE)
NEXT = re.compile(r"^- Next: (.+)$", re.MULTILINE)
SHOWN = 3
TOO_LARGE = "Too large. Do you count rows that the question does not ask for, or count rows twice?"
TOO_SMALL = "Too small. Do you leave out rows that belong to the question?"
OTHER_TEXT = "The answer is another text. Sort the table by the column in question, and look at its first row."
KINDS = ((str, "a text"), (bool, "True or False"), (Integral, "a whole number"), (Real, "a number"))


@dataclass(frozen=True)
class Hint:
    """The result of a check: a sentence with a hint, and whether the answer agrees with the worked solution.

    Examples
    --------
    >>> Hint("Agrees.", agrees=True)
    Agrees.
    """

    sentence: str
    agrees: bool = False

    def __repr__(self) -> str:
        """Show the sentence alone."""
        return self.sentence

    def _repr_markdown_(self) -> str:
        return f"> **{'✓' if self.agrees else '→'}** {self.sentence}"


def check_answer(exercise: str, given: object, *, within: Mapping[str, object]) -> Hint:
    """Compare an answer with the worked solution, run on the student's own tables, and answer with a hint.

    No key is stored: the solution is run again on the tables in `within`, so that the check also fits
    another corpus. Known wrong turns (lines ``- Not `code`: hint`` in the cell behind the solution) get their own hint.

    Parameters
    ----------
    exercise : str
        Number of lesson and exercise, for example ``"01-2"``.
    given : object
        The answer: a number, a word, a list of words, or a dictionary of these; ``...`` where it is still blank.
    within : mapping of str to object
        The tables of the lesson, in a notebook ``globals()``; not changed.

    Returns
    -------
    Hint
        ``agrees`` boolean, ``sentence`` string.

    Raises
    ------
    ValueError
        If no lesson has that exercise.

    Examples
    --------
    >>> statements = pd.DataFrame({"kind": ["direct", "indirect", "direct"]})
    >>> check_answer("00-2", 2, within={"statements": statements})
    That is the other way round: all words of a direct statement are quoted.
    """
    solutions = find_solutions(exercise.partition("-")[0])
    if exercise not in solutions:
        raise ValueError(f"no worked solution of exercise {exercise!r}; the lesson has: {', '.join(solutions)}")
    cell = solutions[exercise]
    try:
        expected, namespace = cell.run(within)
    except Exception as error:  # noqa: BLE001 - whatever a changed table does to the solution becomes a sentence
        return Hint(
            f"The worked solution does not run on your tables ({type(error).__name__}: {error}). Did you "
            "change a table above, or not run its cell? Choose Run → Run All Above Selected Cell in the menu."
        )
    if is_blank(given):
        return Hint(
            f"Exercise {exercise} still has three dots: write {kind_of(expected)} in their place "
            f"(the comment says how to begin), and run the cell again."
        )
    wrong = difference(given, expected)
    if wrong is None:
        further = NEXT.search(cell.turns)
        told = f"Agrees with the worked solution: `{in_words(expected)}`. " + (further[1] if further else "")
        return Hint(told, agrees=True)
    for turn in WRONG_TURN.finditer(cell.turns):
        with suppress(Exception):  # a wrong turn that does not run on other tables is no match
            if difference(given, eval(turn["code"], dict(namespace))) is None:  # noqa: S307 - of our own lesson
                return Hint(turn["hint"][0].upper() + turn["hint"][1:])
    return Hint(wrong)


def check_codes(codes: object, *, items: Collection[object], allowed: Collection[object]) -> Hint:
    """Check codes given by hand: every item has one code, and the manual allows its value.

    No code is called wrong, because two careful people differ. The hint says what is missing and what to do next.

    Parameters
    ----------
    codes : dict
        The code of each item; ``...`` where it is still blank.
    items : collection
        What is to be coded.
    allowed : collection
        The values of the manual.

    Returns
    -------
    Hint

    Examples
    --------
    >>> check_codes({1: 0, 2: 5}, items=[1, 2], allowed=[0, 1])
    The code of 2 is 5; the manual allows 0, 1.
    """
    if not isinstance(codes, dict):
        first = next(iter(items), "item")
        return Hint(f"Write your codes in braces, one per item, such as {{{first!r}: {next(iter(allowed))!r}, …}}.")
    missing = [item for item in items if is_blank(codes.get(item, ...))]
    foreign = [item for item in codes if item not in items]
    outside = [item for item in codes if not is_blank(codes[item]) and codes[item] not in allowed]
    if missing:
        return Hint(f"Not coded yet: {listed(missing)}. If you are unsure, choose the best code and note why.")
    if outside:
        values = ", ".join(map(str, allowed))
        return Hint(f"The code of {outside[0]} is {codes[outside[0]]}; the manual allows {values}.")
    if foreign:
        return Hint(f"These are not among the items: {listed(foreign)}.")
    return Hint(
        f"All {len(codes)} are coded. Let somebody else code them without seeing yours, and look at each that differs.",
        agrees=True,
    )


def check_change(before: pd.DataFrame, after: object, *, on: Sequence[str], at_least: int = 1) -> Hint:
    """Say what a changed codebook does: which rows are new and which are gone.

    Parameters
    ----------
    before : DataFrame
        Rows under the old codebook.
    after : DataFrame
        Rows under the new one; ``...`` where it is still blank.
    on : sequence of str
        The columns that tell one row from another, for example ``["doc_id", "content"]`` for statements.
    at_least : int
        How many rows the exercise asks to change.

    Returns
    -------
    Hint

    Examples
    --------
    >>> one, two = pd.DataFrame({"content": ["a", "b"]}), pd.DataFrame({"content": ["a", "b", "c"]})
    >>> check_change(one, two, on=["content"])
    1 new, 0 gone. Read each of them: a rule is judged by the rows that it changes, not by their number.
    """
    if not isinstance(after, pd.DataFrame):
        return Hint(
            "Still three dots: run the same function again with codebook=load_codebook(your folder), and "
            "write its table in their place."
        )
    if not set(on) <= set(after.columns):
        return Hint(f"The table lacks some of the columns {', '.join(on)}: is it from the same function?")
    old, new = (set(table[list(on)].itertuples(index=False, name=None)) for table in (before, after))
    counts = f"{len(new - old)} new, {len(old - new)} gone."
    if new == old:
        return Hint(
            "Nothing changed. Does the word occur in the texts in this form? Did you pass the codebook "
            "(codebook=…)? Does check_codebook(your folder) find a problem?"
        )
    if len(new ^ old) < at_least:
        return Hint(f"{counts} The exercise asks for at least {at_least}: try a more frequent word.")
    return Hint(
        f"{counts} Read each of them: a rule is judged by the rows that it changes, not by their number.", agrees=True
    )


def cast_actors(cast: pd.DataFrame) -> pd.DataFrame:
    """Turn a list of people into rows of an ``actors.csv``, one per spelling, to add to the project's actors.

    Parameters
    ----------
    cast : DataFrame
        Read from ``data/cast.csv``: ``name``, ``also_written`` (another spelling, empty or missing where there is
        none), ``country`` (ISO 3166-1 alpha-3), ``side``; all string.

    Returns
    -------
    DataFrame
        ``actor_id`` (the name in small letters, words joined by ``_``), ``alias``, ``type`` (``person``), ``country``,
        ``start``, ``end`` (empty: at any date) and ``side``, all string; first the names, then the other spellings.

    Raises
    ------
    KeyError
        If a column is missing.

    Examples
    --------
    >>> cast = pd.DataFrame({"name": ["Ana Ruiz"], "also_written": ["A. Ruiz"], "country": ["ESP"], "side": ["state"]})
    >>> cast_actors(cast)[["actor_id", "alias"]].values.tolist()
    [['ana_ruiz', 'Ana Ruiz'], ['ana_ruiz', 'A. Ruiz']]
    """
    people = cast.assign(type="person", start="", end="", alias=cast["name"])
    people["actor_id"] = people["name"].str.lower().str.replace(r"\W+", "_", regex=True)
    rows = pd.concat([people, people.assign(alias=people["also_written"])], ignore_index=True)
    columns = ["actor_id", "alias", "type", "country", "start", "end", "side"]
    return rows.loc[rows["alias"].fillna("").ne(""), columns].astype("string").reset_index(drop=True)


def is_blank(given: object) -> bool:
    """Tell whether an answer is, or contains, three dots."""
    items = list(given.values()) if isinstance(given, dict) else given
    return given is ... or (isinstance(items, list | tuple | set) and any(item is ... for item in items))


def kind_of(value: object) -> str:
    """Name the kind of an answer in plain words.

    Examples
    --------
    >>> kind_of(3), kind_of("war"), kind_of(["war"])
    ('a whole number', 'a text', 'a list of 1 entries')
    """
    if isinstance(value, dict):
        return f"a dictionary with the keys {', '.join(map(repr, value))}"
    for kind, name in KINDS:
        if isinstance(value, kind):
            return name
    return f"a list of {len(value)} entries" if hasattr(value, "__len__") else f"a {type(value).__name__}"


def in_words(answer: Any) -> str:  # noqa: ANN401 - a number, a text, a list or a dictionary
    """Write an answer as a reader would: two places, entries after commas.

    Examples
    --------
    >>> in_words(0.4567), in_words(["war", "crime"]), in_words({"rejects": 1})
    ('0.46', 'war, crime', 'rejects: 1')
    """
    if isinstance(answer, dict):
        return ", ".join(f"{key}: {in_words(value)}" for key, value in answer.items())
    if isinstance(answer, str | Integral):
        return str(answer)
    return f"{answer:.2f}" if isinstance(answer, Real) else ", ".join(map(str, answer))


def difference(given: object, expected: object) -> str | None:
    """Say in which direction an answer is wrong, without giving the answer away; None where it agrees.

    Numbers agree as far as they were written out, words and lists without regard to case and order.

    Examples
    --------
    >>> difference(9, 4)
    'Too large. Do you count rows that the question does not ask for, or count rows twice?'
    >>> difference(0.07, 0.0731), difference(["b", "A"], {"a", "b"})
    (None, None)
    """
    if isinstance(expected, dict) and isinstance(given, dict):
        off = [key for key in {**expected, **given} if difference(given.get(key), expected.get(key))]
        return f"Look again at {listed(off)}; the other entries agree." if off else None
    if isinstance(expected, Real) and isinstance(given, Real):
        direction = TOO_LARGE if float(given) > float(expected) else TOO_SMALL
        return None if close(given, expected) else direction
    if isinstance(expected, str) and isinstance(given, str):
        return None if words([given]) == words([expected]) else OTHER_TEXT
    try:
        extra, missing = words(given) - words(expected), words(expected) - words(given)
    except TypeError:
        return f"You gave {kind_of(given)}; the question asks for {kind_of(expected)}."
    example = f", for example {min(extra)}" if extra else ""
    return f"{len(missing)} missing, and {len(extra)} too many{example}." if missing or extra else None


def close(given: Real, expected: Real) -> bool:
    """Tell whether a number agrees as far as it was written out, with two places at least; whole numbers exactly."""
    a, b = float(given), float(expected)
    if isinstance(expected, Integral):
        return a == b
    places = len(repr(a).partition(".")[2]) if "e" not in repr(a) else 9
    return abs(a - b) <= 0.5 * 10.0 ** -max(places, 2) + 1e-9


def words(values: Any) -> set[str]:  # noqa: ANN401 - whatever a reader wrote that can be gone through
    """Return the entries of a list, set, column or index as a set of texts in small letters."""
    if isinstance(values, str | dict):
        raise TypeError("one text is not a list")
    return {str(value).strip().casefold() for value in values}


def listed(items: list[object]) -> str:
    """Return the first items in words."""
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(map(str, items[:SHOWN])) + more


class Solution(NamedTuple):
    """A cell tagged ``solution``: statements that lead to an answer, and one call of a check at its end.

    ``source`` is the whole cell, ``answer`` the name that the check is given, ``turns`` the text of the cell behind it,
    tagged ``turns``: wrong turns with their hints (``- Not `code`: hint``), and what comes next (``- Next: …``).
    """

    source: str
    answer: str
    turns: str

    def run(self, within: Mapping[str, object]) -> tuple[object, dict[str, object]]:
        """Run all but the check on a copy of a namespace; return the answer and the namespace."""
        tree = ast.parse(self.source)
        tree.body = [statement for statement in tree.body if check_call(statement) is None]
        namespace = dict(within)
        exec(compile(tree, "solution", "exec"), namespace)  # noqa: S102 - a cell of our own lesson
        return namespace[self.answer], namespace


def find_solutions(lesson: str) -> dict[str, Solution]:
    """Return the worked solutions of a lesson such as ``"01"`` that end with `check_answer`, by their numbers.

    Raises
    ------
    ValueError
        If there is no such lesson.
    """
    import nbformat

    path = next(SOLUTIONS.glob(f"{lesson}_*.ipynb"), None)
    if path is None:
        known = ", ".join(path.stem for path in sorted(SOLUTIONS.glob("*.ipynb")))
        raise ValueError(f"there is no lesson {lesson!r}; there are: {known}")
    found = {}
    for cell, behind in pairwise(nbformat.read(path, as_version=4).cells):
        if "solution" in cell.metadata.get("tags", []):
            match check_call(ast.parse(cell.source).body[-1]):
                case ast.Call(ast.Name("check_answer"), [ast.Constant(str(number)), ast.Name(answer)]):
                    found[number] = Solution(cell.source, answer, behind.source)
    return found


def check_call(statement: ast.stmt) -> ast.Call | None:
    """Return the call where a statement is nothing but the call of a check."""
    match statement:
        case ast.Expr(ast.Call(ast.Name(name)) as call) if name in CHECKS:
            return call
    return None
