"""Decisions: turn what the reader says of a statement into codes, each with its words."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.codebook.match import find_hits
from helpers.coding.reading import NO_PLACE, Code, Word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from helpers.codebook.patterns import Patterns
    from helpers.coding.reading import Reading

WITH_ROLES = ("agents", "referents", "blame")  # slots whose values are words with a role
OF_THE_WHOLE = ("types", "measures")  # slots decided by the whole statement
IF_THREAT = ("agents", "types", "referents")  # slots that say nothing without a threat claim


class Attitude(NamedTuple):
    """Stance toward one mention: polarity, score in [-1, 1], the words it rests on, and the rule that decided."""

    target: str
    start: int
    end: int
    polarity: int
    score: float
    evidence: tuple[Word, ...]
    rule: str = ""


def names_in(content: str, added: Patterns) -> list[Code]:
    """Find the names that a researcher's codebook adds, in each slot that they may fill.

    Parameters
    ----------
    content : str
    added : Patterns
        From `helpers.codebook.added.added_names`.

    Returns
    -------
    list of Code
        An agent may be to blame as well; an actor may have any role and be a target of stance.
    """
    found = []
    for hit in find_hits(content, added) if added.patterns else ():
        layer, _, value = hit.entry.partition(".")
        slots = {"agents": ("agents", "blame"), "actors": (*WITH_ROLES, "stance")}.get(layer, (layer,))
        found += [Code(slot, value, hit.start, hit.end, 1.0) for slot in slots]
    return found


def decide_frames(
    reading: Reading,
    limits: Mapping[str, float],
    *,
    names: Sequence[Code] = (),
    without_threat: Collection[str] = (),
) -> list[Code]:
    """Decide which frames follow from a reading.

    Parameters
    ----------
    reading : Reading
    limits : mapping
        Slot to the probability from which a value is coded.
    names : sequence of Code
        Names of the researcher's own codebook: where such a name has a role, the code has its id.
    without_threat : collection of str
        Kinds of harm that are coded without a threat claim too.

    Returns
    -------
    list of Code
        Threat and severity first; agents, types, referents only beside a threat claim.
    """
    codes = _whole("threat", reading, limits)
    claimed = bool(codes)
    if claimed:
        second, third = reading.chance("severity.2"), reading.chance("severity.3")
        severity = 1 + (second >= limits["severity"]) + (min(second, third) >= limits["severity"])
        sure = (1 - second, max(0.0, second - third), third)[severity - 1]
        codes.append(Code("severity", str(severity), *NO_PLACE, sure))
    codes += _whole("denial", reading, limits)
    codes += [code for code in _whole("types", reading, limits) if claimed or code.value in without_threat]
    codes += _whole("measures", reading, limits)
    # What an added kind of harm or measure means only its patterns tell.
    codes += [name for name in names if name.slot == "measures" or (name.slot == "types" and claimed)]
    for slot in WITH_ROLES:
        if claimed or slot not in IF_THREAT:
            codes += _with_roles(slot, reading, limits[slot], [name for name in names if name.slot == slot])
    return codes


def _whole(slot: str, reading: Reading, limits: Mapping[str, float]) -> list[Code]:
    """Code the values of a slot that the whole statement decides, unless no word of it speaks for one."""
    return [
        Code(slot, output.partition(".")[2], *reading.words[output][:2], chance)
        for output, chance in zip(reading.outputs, reading.says.tolist(), strict=True)
        if output.startswith(f"{slot}.") and chance >= limits[slot] and output in reading.words
    ]


def _with_roles(slot: str, reading: Reading, limit: float, names: Sequence[Code]) -> list[Code]:
    """Code the values of a slot whose words have a role; a name that was added has its own id there."""
    sure = [role for role in reading.roles if role.slot == slot and role.score >= limit]
    under = [(name, [role.score for role in sure if touches(role, name)]) for name in names]
    named = [name._replace(score=max(scores)) for name, scores in under if scores]
    return named + [role for role in sure if not any(touches(role, name) for name in names)]


def touches(one: Any, other: Any) -> bool:  # noqa: ANN401 - whatever has a place
    """Tell whether two spans share a character."""
    return bool(one.start < other.end and other.start < one.end)


def decide_stance(reading: Reading, limits: Mapping[str, float], *, names: Sequence[Code] = ()) -> list[Attitude]:
    """Decide toward whom a reading has a stance, and which.

    Parameters
    ----------
    reading, limits
        As for `decide_frames`; the limit ``target`` is that of a target.
    names : sequence of Code
        Targets of the researcher's own codebook: each of their mentions is read.

    Returns
    -------
    list of Attitude
        In the order of the words.
    """
    own = [name for name in names if name.slot == "stance"]
    sure = [role for role in reading.roles if role.slot == "stance" and role.score >= limits["target"]]
    targets = own + [role for role in sure if not any(touches(role, name) for name in own)]
    found = [attitude_at(reading, target.value, target.start, target.end) for target in targets]
    return sorted(found, key=attrgetter("start", "end", "target"))


def attitude_at(reading: Reading, target: str, start: int, end: int) -> Attitude:
    """Read the stance toward a mention: by its words, and where the target is known also by the whole statement.

    Parameters
    ----------
    reading : Reading
    target : str
    start, end : int
        Half-open offsets in the content.

    Returns
    -------
    Attitude
        Its score is the probability of "for" minus that of "against".
    """
    signs = reading.signs[(reading.signs[:, 0] < end) & (start < reading.signs[:, 1]), 2:]
    against, neither, for_ = signs.mean(axis=0).tolist() if len(signs) else (0.0, 1.0, 0.0)
    if f"stance.{target}" in reading.outputs:
        whole = reading.chance(f"stance.{target}.against"), reading.chance(f"stance.{target}.for")
        total = max(1.0, sum(whole))
        against, for_ = (against + whole[0] / total) / 2, (for_ + whole[1] / total) / 2
        neither = 1 - against - for_
    chances = {-1: against, 0: neither, 1: for_}
    polarity = max(chances, key=chances.__getitem__)
    told = reading.words.get(f"stance.{target}.{'for' if polarity > 0 else 'against'}") if polarity else None
    evidence = (told._replace(adds=polarity * told.adds),) if told else ()
    return Attitude(target, start, end, polarity, round(for_ - against, 3), evidence)
