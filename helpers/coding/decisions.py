"""Decisions: turn what the reader says of a statement into codes, each with its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.codebook.match import find_hits
from helpers.coding.reading import NO_PLACE, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from helpers.codebook.patterns import Patterns
    from helpers.coding.reading import Reading

WITH_ROLES = ("agents", "referents", "blame")  # slots whose values are words with a role
OF_THE_WHOLE = ("types", "measures")  # slots decided by the whole statement
IF_THREAT = ("agents", "types", "referents")  # slots that say nothing without a threat claim


class Name(NamedTuple):
    """A name that a researcher's codebook adds: the slot and id that it stands for, and where it is."""

    slot: str
    value: str
    start: int
    end: int


class Code(NamedTuple):
    """One code: slot, value, its words (-1 for none), and how probable it is."""

    slot: str
    value: str
    start: int
    end: int
    score: float


class Attitude(NamedTuple):
    """Stance toward one mention: polarity, score in [-1, 1], and the words that told it (offsets of -1: the cue)."""

    target: str
    start: int
    end: int
    polarity: int
    score: float
    told: tuple[int, int, float] | None


def names_in(content: str, added: Patterns) -> list[Name]:
    """Find the names that a researcher's codebook adds, in each slot that they may fill.

    Parameters
    ----------
    content : str
    added : Patterns
        From `helpers.codebook.added.added_names`.

    Returns
    -------
    list of Name
        An agent may be to blame as well; an actor may have any role and be a target of stance.
    """
    found = []
    for hit in find_hits(content, added) if added.patterns else ():
        layer, _, value = hit.entry.partition(".")
        slots = {"agents": ("agents", "blame"), "actors": (*WITH_ROLES, "stance")}.get(layer, (layer,))
        found += [Name(slot, value, hit.start, hit.end) for slot in slots]
    return found


def decide_frames(
    reading: Reading,
    limits: Mapping[str, float],
    *,
    tagged_share: float,
    names: Sequence[Name] = (),
    without_threat: Collection[str] = (),
) -> list[Code]:
    """Decide which frames follow from a reading.

    Parameters
    ----------
    reading : Reading
    limits : mapping
        Slot to the probability from which a value is coded.
    tagged_share : float
        Weight of the tag of the words in the probability of a value; the rest is that for the whole statement.
    names : sequence of Name
        Names of the researcher's own codebook: where such a name has a role, the code has its id.
    without_threat : collection of str
        Kinds of harm that are coded without a threat claim too.

    Returns
    -------
    list of Code
        Threat and severity first; agents, types, referents only beside a threat claim.
    """
    claimed = reading.chance("threat.1") >= limits["threat"] and "threat.1" in reading.words
    codes = []
    if claimed:
        codes += _whole("threat", "1", reading)
        second, third = reading.chance("severity.2"), reading.chance("severity.3")
        severity = 1 + (second >= limits["severity"]) + (min(second, third) >= limits["severity"])
        sure = (1 - second, max(0.0, second - third), third)[severity - 1]
        codes.append(Code("severity", str(severity), *NO_PLACE, sure))
    if reading.chance("denial.1") >= limits["denial"]:
        codes += _whole("denial", "1", reading)
    for output, chance in zip(reading.outputs, reading.says.tolist(), strict=True):
        slot, _, value = output.partition(".")
        if slot in OF_THE_WHOLE and chance >= limits[slot] and (claimed or slot != "types" or value in without_threat):
            codes += _whole(slot, value, reading)
    # What an added kind of harm or measure means only its patterns tell.
    codes += [Code(*name, score=1.0) for name in names if name.slot == "measures" or (name.slot == "types" and claimed)]
    for slot in WITH_ROLES:
        if claimed or slot not in IF_THREAT:
            codes += _with_roles(slot, reading, limits[slot], tagged_share, [one for one in names if one.slot == slot])
    return codes


def _whole(slot: str, value: str, reading: Reading) -> list[Code]:
    """Code a value of the whole statement, unless no word of it speaks for that."""
    output = f"{slot}.{value}"
    if output not in reading.words:
        return []
    start, end, _ = reading.words[output]
    return [Code(slot, value, start, end, reading.chance(output))]


def _with_roles(slot: str, reading: Reading, limit: float, share: float, names: Sequence[Name]) -> Iterator[Code]:
    """Code the values of a slot whose words have a role; a name that was added has its own id there."""
    tagged = [role for role in reading.roles if role.slot == slot]
    sure = {value: _chance(roles, reading, share) for value, roles in _by_value(tagged).items()}
    for name in names:
        over = max((sure[role.value] for role in tagged if _touches(role, [name])), default=0.0)
        if over >= limit:
            yield Code(slot, name.value, name.start, name.end, over)
    for role in tagged:
        if sure[role.value] >= limit and not _touches(role, names):
            yield Code(slot, role.value, role.start, role.end, sure[role.value])


def _chance(roles: Sequence[Role], reading: Reading, share: float) -> float:
    """Weigh the surest of the tagged words against the whole statement."""
    whole = reading.chance(f"{roles[0].slot}.{roles[0].value}")
    return share * max(role.score for role in roles) + (1 - share) * whole


def _by_value(roles: Iterable[Role]) -> dict[str, list[Role]]:
    found: dict[str, list[Role]] = {}
    for role in roles:
        found.setdefault(role.value, []).append(role)
    return found


def _touches(role: Any, names: Sequence[Any]) -> bool:  # noqa: ANN401 - whatever has a place
    return any(role.start < name.end and name.start < role.end for name in names)


def decide_stance(
    reading: Reading, limits: Mapping[str, float], *, tagged_share: float, names: Sequence[Name] = ()
) -> list[Attitude]:
    """Decide toward whom a reading has a stance, and which.

    Parameters
    ----------
    reading, limits, tagged_share
        As for `decide_frames`; the limit ``target`` is that of a target.
    names : sequence of Name
        Targets of the researcher's own codebook: each of their mentions is read.

    Returns
    -------
    list of Attitude
        In the order of the words.
    """
    targets = [name for name in names if name.slot == "stance"]
    found = [attitude_at(reading, name.value, name.start, name.end) for name in targets]
    tagged = [role for role in reading.roles if role.slot == "stance"]
    for target, roles in _by_value(tagged).items():
        if _chance(roles, reading, tagged_share) >= limits["target"]:
            unnamed = [role for role in roles if not _touches(role, targets)]
            found += [attitude_at(reading, target, role.start, role.end) for role in unnamed]
    return sorted(found, key=lambda one: (one.start, one.end, one.target))


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
    evidence = (*told[:2], polarity * told[2]) if told else None
    return Attitude(target, start, end, polarity, round(for_ - against, 3), evidence)
