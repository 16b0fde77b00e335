"""What a reader hands over: a record for each article found, a reject for each that could not be read."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from helpers.articles.readers.dates import When


class Cut(NamedTuple):
    """A piece taken out of a text, and why."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One article as its source gives it, cleaned; missing fields are None.

    `title` and `subtitles` and `body` (paragraphs) become the column ``text``; `cuts` is all that cleaning took out.
    """

    body: tuple[str, ...]
    format: str
    title: str | None = None
    subtitles: tuple[str, ...] = ()
    source: str | None = None
    byline: str | None = None
    place: str | None = None
    when: When | None = None
    language: str | None = None
    own_id: str | None = None
    encoding: str | None = None
    constructed: bool = False
    cuts: tuple[Cut, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that came in and could not be read: in plain words, why, and on which line of its file it stood."""

    reason: str
    line: int | None = None


class UnreadableError(Exception):
    """What keeps a file, or a member of an archive, from being read, in plain words."""


def number_repeated(name: str, given: Counter[str]) -> str:
    """Return a name that has not been given before: itself, or the name with a number."""
    given[name] += 1
    return name if given[name] == 1 else number_repeated(f"{name} ({given[name]})", given)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Say what is broken, whatever its parser raises: a damaged file fails in as many ways as it can be damaged."""
    try:
        yield
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(f"{what} is broken or cut short: {type(error).__name__}: {str(error)[:120]}") from error
