"""The HTML edition: executed lessons as a small site, without a network, for eyes, ears, keyboard and printer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notebooks.building.kit import TEMPLATES, Card, read_card, render

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]
    from nbformat import NotebookNode

ARABIC = re.compile(r"[\u0600-\u06ff]")
SCRIPTS = {"index.html": "search.js"}


@dataclass(frozen=True)
class Page:
    """A page of the edition: name, title, HTML, the card of a lesson, and its last figure with what it shows."""

    name: str
    title: str
    body: str
    card: Card | None = None
    figure: str = ""
    finding: str = ""


def write_pages(notebooks: Mapping[str, NotebookNode], folder: Path, *, texts: Mapping[str, str] | None = None) -> Path:
    """Write executed notebooks as pages that need no network, and an index of them.

    Parameters
    ----------
    notebooks : mapping of str to NotebookNode
        Executed notebooks by name, in reading order; each opens with a card.
    folder : Path
        Where the pages go; made where it is missing.
    texts : mapping of str to str, optional
        Further pages in Markdown by name, such as the teacher's kit.

    Returns
    -------
    Path
        The index, ``folder/index.html``.

    Examples
    --------
    >>> write_pages({"00_start_here": notebook}, Path("build"))  # doctest: +SKIP
    """
    from nbconvert import HTMLExporter
    from nbconvert.filters import markdown2html

    folder.mkdir(parents=True, exist_ok=True)
    exporter = HTMLExporter(template_name="basic", exclude_anchor_links=True)
    names = {*notebooks, *(texts or {})}
    pages = [
        make_page(name, exporter.from_notebook_node(lesson)[0], names, lesson) for name, lesson in notebooks.items()
    ]
    pages += [make_page(name, markdown2html(text), names) for name, text in (texts or {}).items()]
    for before, page, after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
        write_page(folder, "page.html", page.name, page=page, before=before, after=after)
    write_page(folder, "index.html", "index", pages=pages)
    return folder / "index.html"


def make_page(name: str, body: str, names: set[str], lesson: NotebookNode | None = None) -> Page:
    """Make a page of the HTML that nbconvert gives; `names` are the pages that links may lead to."""
    from lxml import html  # type: ignore[import-untyped,unused-ignore]

    tree = html.fragment_fromstring(body, create_parent="div")
    mend(tree, names)
    heading = next(iter(tree.xpath(".//h1")), None)
    title = name if heading is None else heading.text_content().strip()
    figures = tree.xpath(".//figure[img]")
    last = figures[-1][0] if figures else None
    return Page(
        name,
        title,
        str(html.tostring(tree, encoding="unicode")),
        None if lesson is None else read_card(name, lesson),
        "" if last is None else last.get("src"),
        "" if last is None else finding_of(last),
    )


def write_page(folder: Path, template: str, name: str, **values: object) -> None:
    """Write one page with its styles, and its script where it has one."""
    style = (TEMPLATES / "site.css").read_text(encoding="utf-8")
    script = (TEMPLATES / SCRIPTS[template]).read_text(encoding="utf-8") if template in SCRIPTS else ""
    page = render(template, style=style, script=script, **values)
    (folder / f"{name}.html").write_text(page, encoding="utf-8")


def mend(tree: HtmlElement, pages: set[str]) -> None:
    """Make the body of a page readable by ear and keyboard, and keep its links inside the edition; changes the tree.

    Header cells get a scope and the table a name, wide tables can be scrolled by keyboard, cells in Arabic script
    are marked as such, figures say below what they show, and links to other lessons lead to their pages; a link to a
    file that is no page becomes text.

    Parameters
    ----------
    tree : HtmlElement
        Of the HTML of nbconvert.
    pages : set of str
        Names of the pages there are.

    Examples
    --------
    >>> from lxml import html
    >>> tree = html.fromstring('<p>See <a href="../data/x.csv">x</a>.</p>')
    >>> mend(tree, set())
    >>> html.tostring(tree)
    b'<p>See x.</p>'
    """
    for extra in tree.xpath('.//style | .//a[@class="anchor-link"]'):
        extra.drop_tree()
    for link in tree.xpath(".//a[@href]"):
        target, hash_, place = link.get("href").rpartition("/")[2].partition("#")
        name, _, ending = target.partition(".")
        if name in pages and ending in ("ipynb", "md"):
            link.set("href", f"{name}.html{hash_}{place}")
        elif not link.get("href").startswith(("#", "http://", "https://", "mailto:")):
            link.drop_tag()
    for table in tree.xpath(".//table"):
        mend_table(table)
    for figure in tree.xpath(".//figure[img]"):
        describe_figure(figure)


def finding_of(picture: HtmlElement) -> str:
    """Return the title of a figure: the first sentence of its description."""
    return str(picture.get("alt", "")).partition(". ")[0]


def describe_figure(figure: HtmlElement) -> None:
    """Add the description of a figure as a caption: the finding, and all that the figure shows when it is opened."""
    from lxml import html  # type: ignore[import-untyped,unused-ignore]

    picture = figure.xpath("./img")[0]
    caption, details, summary, shown = (html.Element(tag) for tag in ("figcaption", "details", "summary", "p"))
    summary.text = f"In words: {finding_of(picture)}"
    shown.text = str(picture.get("alt", "")).partition(". ")[2]
    details.extend([summary, shown])
    caption.append(details)
    figure.append(caption)


def mend_table(table: HtmlElement) -> None:
    """Give a table scopes and a name, drop an empty head, and let it be scrolled by keyboard."""
    from lxml import html  # type: ignore[import-untyped,unused-ignore]

    table.attrib.pop("border", None)
    heads = table.xpath("./thead//th")
    if heads and not any(head.text_content().strip() for head in heads):
        for head in table.xpath("./thead"):
            head.drop_tree()
        for cell in table.xpath("./tbody/tr/td[1]"):
            cell.tag = "th"
    for cell in table.xpath("./thead//th"):
        if cell.text_content().strip():
            cell.set("scope", "col")
        else:
            cell.tag = "td"
    for cell in table.xpath("./tbody//th"):
        cell.set("scope", "row")
    for cell in table.xpath(".//td"):
        if ARABIC.search(cell.text_content()):
            cell.set("lang", "fa")
            cell.set("dir", "auto")
    names = [cell.text_content().strip() for cell in table.xpath("./thead//th")]
    words = "Table: " + ", ".join(dict.fromkeys(names)) if names else "Table"
    frame = html.Element("div", {"class": "wide", "role": "group", "aria-label": words, "tabindex": "0"})
    tail, table.tail = table.tail, None
    table.addprevious(frame)
    frame.append(table)
    frame.tail = tail
