"""Decisions: what the reader says of a statement in, and out the codes that it comes to, each with its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.coding.reader import NO_PLACE, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from helpers.coding.reader import Reading

WITH_ROLES = ("agents", "referents", "blame")  # slots whose values are words with a role
OF_THE_WHOLE = ("types", "measures")  # slots that the whole statement tells
IF_THREAT = ("agents", "types", "referents")  # slots that say nothing without a threat claim
UNLESS = "displacement"  # the kind of harm that may be counted without a threat claim


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


def decide_frames(
    reading: Reading, limits: Mapping[str, float], *, tagged_share: float, names: Sequence[Name] = ()
) -> list[Code]:
    """Decide which frames a reading comes to.

    Parameters
    ----------
    reading : Reading
    limits : mapping
        Slot to the probability from which a value is coded.
    tagged_share : float
        Share of the tag of the words in the probability of a value that also the whole statement tells.
    names : sequence of Name
        Names of the researcher's own codebook: where such a name has a role, the code has its id.

    Returns
    -------
    list of Code
        Threat and severity first; agents, types, referents only beside a threat claim.
    """
    says = reading.says
    claimed = says["threat.1"] >= limits["threat"]
    codes = []
    if claimed:
        codes.append(_whole("threat", "1", reading))
        severity = 1 + (says["severity.2"] >= limits["severity"])
        severity += severity == 2 and says["severity.3"] >= limits["severity"]  # noqa: PLR2004 - a level
        codes.append(Code("severity", str(severity), *NO_PLACE, _sure_of(severity, says)))
    if says["denial.1"] >= limits["denial"]:
        codes.append(_whole("denial", "1", reading))
    for output, chance in says.items():
        slot, _, value = output.partition(".")
        if slot in OF_THE_WHOLE and chance >= limits[slot] and (claimed or slot != "types" or value == UNLESS):
            codes.append(_whole(slot, value, reading))
    # What an added kind of harm or measure means only its patterns tell.
    codes += [Code(*name, score=1.0) for name in names if name.slot == "measures" or (name.slot == "types" and claimed)]
    for slot in WITH_ROLES:
        if claimed or slot not in IF_THREAT:
            codes += _with_roles(slot, reading, limits[slot], tagged_share, [one for one in names if one.slot == slot])
    return codes


def _whole(slot: str, value: str, reading: Reading) -> Code:
    output = f"{slot}.{value}"
    start, end, _ = reading.words.get(output, (*NO_PLACE, 0.0))
    return Code(slot, value, start, end, reading.says[output])


def _sure_of(severity: int, says: Mapping[str, float]) -> float:
    return (1 - says["severity.2"], says["severity.2"] * (1 - says["severity.3"]), says["severity.3"])[severity - 1]


def _with_roles(slot: str, reading: Reading, limit: float, share: float, names: Sequence[Name]) -> Iterator[Code]:
    tagged = [role for role in reading.roles if role.slot == slot]
    for name in names:
        over = [role.score for role in tagged if role.start < name.end and name.start < role.end]
        if over and max(over) >= limit:
            yield Code(slot, name.value, name.start, name.end, max(over))
    for value, roles in _by_value(tagged).items():
        best = max(role.score for role in roles)
        chance = share * best + (1 - share) * reading.says[f"{slot}.{value}"]
        if chance >= limit:
            unnamed = [role for role in roles if not _touches(role, names)]
            for role in unnamed:
                yield Code(slot, value, role.start, role.end, chance)


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
    found = [attitude_at(reading, name.value, name.start, name.end) for name in names]
    tagged = [role for role in reading.roles if role.slot == "stance"]
    for target, roles in _by_value(tagged).items():
        best = max(role.score for role in roles)
        if tagged_share * best + (1 - tagged_share) * reading.says[f"stance.{target}"] >= limits["target"]:
            found += [attitude_at(reading, target, role.start, role.end) for role in roles if not _touches(role, names)]
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
        Its score is the probability of for less that of against.
    """
    words = [sign[2:] for sign in reading.signs if sign[0] < end and start < sign[1]]
    against, neither, for_ = (
        (sum(column) / max(len(words), 1) for column in zip(*words, strict=True)) if words else (0.0, 1.0, 0.0)
    )
    says = reading.says
    if f"stance.{target}" in says:
        whole = says[f"stance.{target}.against"], says[f"stance.{target}.for"]
        total = max(1.0, sum(whole))
        against, for_ = (against + whole[0] / total) / 2, (for_ + whole[1] / total) / 2
        neither = 1 - against - for_
    chances = {-1: against, 0: neither, 1: for_}
    polarity = max(chances, key=chances.__getitem__)
    told = reading.words.get(f"stance.{target}.{'for' if polarity > 0 else 'against'}") if polarity else None
    return Attitude(target, start, end, polarity, round(for_ - against, 3), told)
