"""So many at a time, of whatever length the whole is."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")

STATEMENTS = 200  # read or weighed in one go: bounds the memory, whatever the corpus


def batched(items: Iterable[Item], size: int = STATEMENTS) -> Iterator[list[Item]]:
    """Gather items in lists of at most `size`, in order.

    Examples
    --------
    >>> list(batched("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    left = iter(items)
    while held := list(islice(left, size)):
        yield held
