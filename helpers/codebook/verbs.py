"""Verbs: the forms of a verb, from its base form and the irregular ones that a codebook gives."""

from collections.abc import Sequence


def inflect(base: str, irregular: Sequence[str] = ()) -> list[tuple[str, str]]:
    """List the forms of a verb, each with its shape: ``base``, ``s``, ``past`` or ``ing``.

    Parameters
    ----------
    base : str
    irregular : sequence of str
        The forms that the rules get wrong; an ending in -ing or -s tells which they are, any other is a past form.
        Without a past form among them the verb has no past of its own ("read").

    Returns
    -------
    list of tuple of str
        Form and shape, the base first.

    Examples
    --------
    >>> inflect("deny")
    [('deny', 'base'), ('denies', 's'), ('denied', 'past'), ('denying', 'ing')]
    >>> inflect("speak", ["spoke", "spoken"])
    [('speak', 'base'), ('speaks', 's'), ('spoke', 'past'), ('spoken', 'past'), ('speaking', 'ing')]
    """
    soft = base.endswith("y") and base[-2:-1] not in "aeou"
    silent = base.endswith("e") and not base.endswith(("ee", "oe", "ye"))
    stem = base[:-1] if silent else base
    third = base[:-1] + "ies" if soft else base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    past = base[:-1] + "ied" if soft else base + ("d" if base.endswith("e") else "ed")
    given: dict[str, list[str]] = {"s": [], "past": [], "ing": []}
    for form in irregular:
        given["ing" if form.endswith("ing") else "s" if form.endswith("s") else "past"].append(form)
    regular = {"s": [third], "past": [] if irregular else [past], "ing": [stem + "ing"]}
    return [(base, "base"), *((form, shape) for shape, forms in given.items() for form in forms or regular[shape])]
