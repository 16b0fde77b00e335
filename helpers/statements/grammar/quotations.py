"""Quotations: the stretches of a text that stand between quotation marks."""

import re

# A mark that opens, closes, or may do either; single marks only where they cannot be apostrophes.
# The search goes from mark to mark, and the groups, which are empty, tell what each is.
_MARK = re.compile(
    r"[“«„”»\"'‘](?:(?<=[“«„])(?P<open>)|(?<=[”»])(?P<close>)|(?P<both>(?<=\")|(?<=')')"
    r"|(?P<single_open>(?<=[‘'])(?<![\w’'].)(?=[\w$£€“\"\[…])))"
)
# What stands between two line ends: Unicode knows more of them than the newline.
LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CLOSE_SINGLE = re.compile(r"(?<=[\w.,!?…%\])])[’'](?!\w)")


def find_quotes(text: str) -> list[tuple[int, int]]:
    """Find the quotations of a text, outermost only.

    Curly, straight, single and doubled marks (``''``) are read alike. A quotation never runs over the end of
    its paragraph: one that goes on in the next paragraph opens again there and is found as another, and one that is
    never closed ends with its paragraph, so that a lost mark costs one quotation and never the article.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (start, end)
        Half-open offsets in code points, marks included, in order and apart.

    Examples
    --------
    >>> text = "“We met,” he said. ''It didn't help.''"
    >>> [text[start:end] for start, end in find_quotes(text)]
    ['“We met,”', "''It didn't help.''"]
    """
    found: list[tuple[int, int]] = []
    for paragraph in LINE.finditer(text):
        found += _quotes_of(text, *paragraph.span())
    return found


def _quotes_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: int | None = None
    straight = False
    closable = True
    position = start
    while (mark := _MARK.search(text, position, end)) is not None:
        position = mark.end()
        kind = mark.lastgroup
        if opened is None:
            if kind == "single_open":
                close = _CLOSE_SINGLE.search(text, position, end) if closable else None
                closable = close is not None  # none from here on: none from the next mark on
                if close is not None:
                    position = close.end()
                    found.append((mark.start(), position))
            elif kind == "open" or (kind == "both" and _may_open(text, mark.end(), end)):
                opened, straight = mark.start(), kind == "both"
        elif _closes(text, mark, end, straight=straight):
            # of three marks in a row the first closes what is quoted within
            more = mark.group() == "''" and text[mark.end() : mark.end() + 1] == "'"
            position = mark.end() + more
            found.append((opened, position))
            opened = None
    if opened is not None:
        found.append((opened, end))
    return found


def _closes(text: str, mark: re.Match[str], end: int, *, straight: bool) -> bool:
    """Tell whether a mark closes the quotation that is open; “so“ closes, too, what it looks to open."""
    if mark.lastgroup == "both":
        return straight or not _may_open(text, mark.end(), end)
    turned = mark.lastgroup == "open" and not straight and mark.group() == "“"
    return mark.lastgroup == "close" or (
        turned and not text[mark.start() - 1].isspace() and not text[mark.end() : mark.end() + 1].isalnum()
    )


def _may_open(text: str, after: int, end: int) -> bool:
    return after < end and not text[after].isspace()
