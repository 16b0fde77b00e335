"""Checks that answer with a hint, and what several lessons need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpers.lessons.answers import difference, in_words, is_blank, kind_of, listed
from helpers.lessons.solutions import find_solution

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

WRONG_TURN = re.compile(r"^- Not `(?P<code>.+?)`: (?P<hint>.+)$", re.MULTILINE)
NEXT = re.compile(r"^- Next: (.+)$", re.MULTILINE)


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
    cell = find_solution(exercise)
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
        reached = value_of(turn["code"], namespace)
        if reached is not None and difference(given, reached) is None:
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
        columns = ", ".join(on)
        return Hint(f"The table lacks some of the columns {columns}: is it from the same function?")
    old, new = (set(table[list(on)].itertuples(index=False, name=None)) for table in (before, after))
    changed = len(new - old) + len(old - new)
    counts = f"{len(new - old)} new, {len(old - new)} gone."
    if not changed:
        return Hint(
            "Nothing changed. Does the word occur in the texts in this form? Did you pass the codebook "
            "(codebook=…)? Does check_codebook(your folder) find a problem?"
        )
    if changed < at_least:
        return Hint(f"{counts} The exercise asks for at least {at_least}: try a more frequent word.")
    return Hint(
        f"{counts} Read each of them: a rule is judged by the rows that it changes, not by their number.", agrees=True
    )


def value_of(code: str, namespace: Mapping[str, object]) -> object:
    """Return what a line of a solution gives in its namespace, or None where it does not run on these tables."""
    try:
        return eval(code, dict(namespace))  # noqa: S307 - the line stands in our own lesson
    except Exception:  # noqa: BLE001 - a wrong turn that does not run on other tables is no match
        return None


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
